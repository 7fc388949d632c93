"""A board as the bench shows it: its lamps go by what the board itself says."""

from pathlib import Path

import pytest

from simulators.scenarios.board import BoardCounter, Heard, Tools
from simulators.scenarios.site import Layout
from terminal.core.screen import Screen, state_of
from tests.fixtures.firmware import ROOT
from tests.fixtures.printers import eventually


@pytest.mark.needs("micropython")
def test_the_bench_is_told_all_of_a_board_that_it_shows_of_a_terminal(
    micropython: Path, mpy_cross: Path, tmp_path: Path
) -> None:
    paths = Layout(tmp_path)
    config = paths.config("shop-2")
    config.parent.mkdir(parents=True)
    paths.logs.mkdir()
    config.write_text('password = "x"\n')
    tools = Tools(ROOT / "firmware", micropython, mpy_cross)

    with BoardCounter("shop-2", paths, tools=tools, broker_port=1) as board:
        board.scanner.scan("OW-TEST")
        eventually(lambda: (board.screen() or {})["printer"] == "ready", "a printed slip")
        shown = board.screen()

    assert shown is not None
    assert shown.keys() == state_of(Screen(terminal="shop-2")).keys()
    assert [one["light"] for one in shown["banners"]] == ["amber"]
    assert (shown["link"], shown["queued"]) == ("offline", 0)


def test_what_waits_on_a_board_is_what_the_board_says() -> None:
    heard = Heard().after("done stored shop-2-00007").after("outbox 3").after("printer paper_out")

    assert (heard.waiting, heard.printer) == (3, "paper_out")
