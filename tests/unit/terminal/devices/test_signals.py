"""What a person who types codes reads in reply."""

from dataclasses import replace

from terminal.core.screen import Screen, ScreenLine
from terminal.devices.signals import PromptSignals

EMPTY = Screen(terminal="shop-1")
LINE = ScreenLine(1, "TEA", "Tea 500 g", 3, "240.00", unpriced=False)
OPEN = replace(EMPTY, lines=(LINE,), currency="INR", payable="252.00")


def test_each_code_gets_one_line_with_the_order_so_far() -> None:
    written: list[str] = []
    signals = PromptSignals(written.append)

    signals.beep("ok")
    signals.show(replace(OPEN, said="3 x Tea 500 g"))

    assert written == ["  3 x Tea 500 g   (1 lines, INR 252.00)"]


def test_an_error_said_twice_is_written_twice_and_marked() -> None:
    written: list[str] = []
    signals = PromptSignals(written.append)

    for _ in range(2):
        signals.beep("error")
        signals.show(replace(EMPTY, said="Nothing to submit", tone="error"))

    assert written == ["! Nothing to submit"] * 2


def test_a_screen_that_only_counts_anew_is_not_written() -> None:
    written: list[str] = []
    signals = PromptSignals(written.append)

    signals.show(replace(EMPTY, queued=2))

    assert written == []


def test_an_order_s_fate_is_told_once_when_it_changes() -> None:
    written: list[str] = []
    signals = PromptSignals(written.append)
    decided = replace(EMPTY, last_order="shop-1-00001", last_status="CONFIRMED")

    signals.show(decided)
    signals.show(replace(decided, queued=1))

    assert written == ["  shop-1-00001: CONFIRMED"]


def test_a_line_without_a_price_has_no_total() -> None:
    written: list[str] = []
    signals = PromptSignals(written.append)

    signals.beep("ok")
    signals.show(replace(OPEN, said="1 x Tea 500 g", payable=""))

    assert written == ["  1 x Tea 500 g   (1 lines)"]
