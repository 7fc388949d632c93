"""Who floods a broker of our own is kept out for a minute, and then let in as before."""

import queue
from pathlib import Path

import pytest

from broker.embedded import OUT_S, Credentials, Door, KeptBroker, hold_folder, is_held
from tests.builders.clocks import Stopwatch


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    credentials = Credentials(tmp_path)
    for user in ("hub", "shop-a", "shop-b"):
        credentials.set(user, f"secret of {user}")
    return credentials


def test_a_terminal_is_out_for_a_minute_and_the_broker_hears_of_both(
    credentials: Credentials,
) -> None:
    stopwatch, heard = Stopwatch(), list[set[str]]()
    door = Door(credentials, lambda: heard.append(set(credentials.read())), monotonic_s=stopwatch)

    news = [door.keep_out("shop-a"), door.keep_out("shop-a")]
    door.turn()
    stopwatch.now_s += OUT_S / 2
    news.append(door.keep_out("shop-a"))
    news.append(door.keep_out("shop-b"))
    door.turn()
    stopwatch.now_s += OUT_S / 2
    door.turn()
    door.turn()
    news.append(door.keep_out("shop-a"))

    assert heard == [{"hub", "shop-b"}, {"hub"}, {"hub", "shop-a"}]
    assert news == [True, False, False, True, True]


def test_nobody_is_kept_out_where_no_broker_reads_the_files(
    credentials: Credentials, tmp_path: Path
) -> None:
    door = Door(credentials, lambda: None, serves=lambda: is_held(tmp_path, "broker"))

    before = door.keep_out("shop-a")
    with hold_folder(tmp_path, "broker"):
        meanwhile = door.keep_out("shop-a")
    afterwards = door.keep_out("shop-b")

    assert (before, meanwhile, afterwards) == (False, True, False)


def test_a_door_lets_in_who_was_kept_out_by_the_one_before_and_at_its_end_everybody(
    credentials: Credentials,
) -> None:
    heard = queue.Queue[tuple[str, ...]]()
    credentials.keep_out(["shop-a"])
    door = Door(credentials, lambda: heard.put(credentials.kept_out()))

    door.start()
    at_first = credentials.kept_out()
    door.keep_out("shop-b")
    meanwhile = heard.get(timeout=10)
    door.stop()

    assert (at_first, meanwhile, credentials.kept_out()) == ((), ("shop-b",), ())


def test_files_that_cannot_be_written_let_nobody_be_forgotten(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopwatch = Stopwatch()
    door = Door(credentials, lambda: None, monotonic_s=stopwatch)
    door.keep_out("shop-a")
    door.turn()
    stopwatch.now_s += OUT_S

    with monkeypatch.context() as full:
        full.setattr("os.fsync", _fail)
        with pytest.raises(OSError, match="no space"):
            door.turn()
    door.turn()

    assert credentials.users() == ("hub", "shop-a", "shop-b")
    assert credentials.kept_out() == ()


def _fail(_handle: int) -> None:
    raise OSError(28, "no space left on device")


@pytest.mark.needs("mosquitto")
def test_a_broker_that_starts_lets_in_who_was_kept_out_of_the_one_before(
    credentials: Credentials, tmp_path: Path
) -> None:
    credentials.keep_out(["shop-a"])

    KeptBroker(tmp_path, port=0).stop()

    assert credentials.kept_out() == ()
    assert credentials.verify("shop-a", "secret of shop-a")
