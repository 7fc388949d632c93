"""What a terminal tells of itself: no secret, never too much, the newest lines of a bounded log."""

import json
import logging
import random
from pathlib import Path

from broker.contract.messages import MAX_DIAGNOSIS_BYTES, in_pieces, text_of
from terminal.app.diagnosis import KeptLog, log_lines
from terminal.app.diagnosis.child import packed, shown_settings


def test_of_a_secret_setting_it_says_only_whether_it_is_set() -> None:
    shown = dict(
        shown_settings(
            {
                "id": "shop-9",
                "password": "hush",
                "printer": {"path": "ipp://me:hush@cups/printers/Counter", "baud": 9600},
            }
        )
    )

    assert shown == {
        "id": "shop-9",
        "password": "(set)",
        "printer.path": "ipp://(set)@cups/printers/Counter",
        "printer.baud": "9600",
    }


def test_of_a_log_that_is_too_long_the_newest_lines_are_told() -> None:
    drawn = random.Random(3)
    lines = [drawn.randbytes(300).hex() for _ in range(1_000)]

    pieces = in_pieces(packed({"facts": {}}, lines))

    told = json.loads(text_of(pieces))["log"]
    assert sum(map(len, pieces)) <= MAX_DIAGNOSIS_BYTES
    assert len(told) > 100
    assert told == lines[-len(told) :]


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("terminal", logging.INFO, "", 0, text, (), None)


def test_a_kept_log_never_grows_on_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    log = KeptLog(tmp_path)
    for number in range(4_000):
        log.emit(record(f"{number} {'x' * 100}"))
    log.close()
    again = KeptLog(tmp_path)
    again.emit(record("after a restart"))
    again.close()

    lines = log_lines(tmp_path)
    assert lines[-2:] == [f"3999 {'x' * 100}", "after a restart"]
    assert len(lines) > 1_000
    assert sum(one.stat().st_size for one in tmp_path.iterdir()) <= 256 * 1024
    assert {one.stat().st_mode & 0o077 for one in tmp_path.iterdir()} == {0}


def test_where_nothing_can_be_written_nothing_fails(tmp_path: Path) -> None:
    log = KeptLog(tmp_path / "gone")

    log.emit(record("lost"))

    assert log_lines(tmp_path / "gone") == []
