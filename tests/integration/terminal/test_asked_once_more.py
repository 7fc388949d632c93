"""What is unusual is asked for once more, and keeps the order at the counter until then."""

from pathlib import Path

import msgspec
import pytest

from tests.fixtures.counters import Counter, FakeClock, at_the_counter
from tests.fixtures.shops import COLA, NOW_MS, RICE, Shop

MUCH = f"02{COLA.zfill(14)}372000"
"""A code on 2,000 pieces, which are asked about."""


@pytest.mark.parametrize("code", ["OW-QTY-5000", "OW-ENTER"])
def test_an_unusual_quantity_counts_when_the_same_code_comes_again(folder: Path, code: str) -> None:
    async def play(counter: Counter) -> None:
        first = ["OW-5", "OW-0", "OW-0", "OW-0"] if code == "OW-ENTER" else []
        await counter.scan(COLA, *first, code)
        assert counter.screen.said == (
            "5000 x Cola 600 ml? More than 1000: scan it once more if it is meant"
        )
        assert counter.signals.beeps[-1] == "error"
        assert counter.screen.lines[0].quantity == 1
        await counter.scan(code)
        assert counter.screen.lines[0].quantity == 5_000

    at_the_counter(folder, play)


def test_an_unusual_scan_is_not_taken_when_another_code_comes(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE, MUCH, "OW-QTY-7")
        assert counter.screen.said == "The last code was not taken: scan the product again"
        assert [(one.sku, one.quantity) for one in counter.screen.lines] == [("RICE-5KG", 1)]
        await counter.scan(MUCH, MUCH)
        assert [one.quantity for one in counter.screen.lines] == [1, 2_000]

    at_the_counter(folder, play)


@pytest.mark.parametrize("code", ["OW-QTY-5000", MUCH])
@pytest.mark.parametrize("between", [[], ["OW-STATUS"], ["OW-QTY-1x"], [RICE], [RICE, "OW-QTY-2"]])
def test_an_order_is_not_sent_while_an_unusual_quantity_is_asked_about(
    folder: Path, code: str, between: list[str]
) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, code, *between, "OW-SUBMIT")
        assert counter.screen.said.startswith("Not sent, still asked about: ")
        assert "x Cola 600 ml. Scan its code again if it is meant" in counter.screen.said
        assert counter.signals.beeps[-1] == "error"
        assert counter.screen.lines[0].quantity == 1
        await counter.scan("OW-SUBMIT")
        assert counter.screen.lines == ()

    at_the_counter(folder, play)


@pytest.mark.parametrize(
    "answer",
    [
        ["OW-QTY-12"],
        ["OW-1", "OW-2", "OW-ENTER"],
        ["OW-UNDO"],
        ["OW-STATUS", "OW-UNDO"],
        ["OW-QTY-5000", "OW-QTY-5000"],
        ["OW-REMOVE", COLA, RICE],
        ["OW-CANCEL", "OW-CANCEL", RICE],
    ],
)
def test_what_is_asked_about_is_over_once_it_is_said_otherwise_or_taken_back(
    folder: Path, answer: list[str]
) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, "OW-QTY-5000", *answer, "OW-SUBMIT")
        assert counter.screen.lines == ()
        await counter.until(counter.link.orders)

    at_the_counter(folder, play)


def test_undo_takes_the_question_back_and_leaves_the_order_as_it_was(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE, "OW-QTY-2", MUCH, "OW-UNDO")
        assert counter.screen.said == "Taken back: 2000 x Cola 600 ml"
        assert [(one.sku, one.quantity) for one in counter.screen.lines] == [("RICE-5KG", 2)]
        await counter.scan(RICE, "OW-QTY-1500", MUCH, "OW-UNDO", "OW-SUBMIT")
        assert "still asked about: 1500 x Basmati rice" in counter.screen.said

    at_the_counter(folder, play)


def test_a_question_about_an_empty_order_is_not_answered_by_the_fate_of_the_one_before(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        counter.link.answer(await counter.order(RICE))
        await counter.scan(MUCH, "OW-SUBMIT")
        assert counter.screen.said.startswith("Not sent, still asked about: 2000 x Cola 600 ml")
        await counter.scan("OW-CANCEL")
        assert counter.screen.said == "Taken back: 2000 x Cola 600 ml"

    at_the_counter(folder, play)


def test_a_question_that_was_left_lying_ends(folder: Path, shop: Shop) -> None:
    clock = FakeClock(NOW_MS)

    async def play(counter: Counter) -> None:
        await counter.scan(MUCH)
        clock.mono += 11 * 60_000
        counter.link.configure(msgspec.structs.replace(shop.config, ask_amount=50_000_000))
        await counter.scan(RICE, "OW-SUBMIT")
        assert counter.screen.lines == ()

    at_the_counter(folder, play, clock=clock)


def test_what_was_asked_before_the_counter_was_left_is_asked_anew(folder: Path) -> None:
    clock = FakeClock(NOW_MS)

    async def play(counter: Counter) -> None:
        await counter.scan(MUCH)
        clock.mono += 11 * 60_000
        await counter.scan(MUCH)
        assert counter.screen.said.startswith("2000 x Cola 600 ml? More than 1000")
        assert [one.quantity for one in counter.screen.lines] == []
        await counter.scan(MUCH)
        assert [one.quantity for one in counter.screen.lines] == [2_000]

    at_the_counter(folder, play, clock=clock)


@pytest.mark.parametrize("before", [[], [RICE]], ids=["an empty order", "a line"])
def test_a_question_stands_over_a_restart(folder: Path, before: list[str]) -> None:
    async def ask(counter: Counter) -> None:
        await counter.scan(*before, MUCH)

    async def go_on(counter: Counter) -> None:
        assert counter.screen.said == (
            "Restarted. Still asked about: 2000 x Cola 600 ml."
            " Scan its code again if it is meant, UNDO if not"
        )
        assert counter.screen.tone == "error"
        await counter.scan("OW-SUBMIT")
        assert counter.screen.said.startswith("Not sent, still asked about: 2000 x Cola 600 ml")
        await counter.scan(MUCH, MUCH, "OW-SUBMIT")
        assert counter.screen.lines == ()
        await counter.until(counter.link.orders)
        assert counter.link.orders()[-1].data.lines[-1].qty == 2_000

    at_the_counter(folder, ask)
    at_the_counter(folder, go_on)


def test_a_question_that_was_answered_or_taken_back_is_over_after_a_restart(folder: Path) -> None:
    async def answer(counter: Counter) -> None:
        await counter.scan(RICE, "OW-QTY-1500", "OW-QTY-1500", MUCH, "OW-UNDO")

    async def go_on(counter: Counter) -> None:
        assert counter.screen.said == "Open order with 1 lines from before the restart"

    at_the_counter(folder, answer)
    at_the_counter(folder, go_on)


@pytest.mark.parametrize("code", [MUCH, "8999999999994"], ids=["asked about", "unknown"])
def test_a_quantity_after_a_restart_is_not_of_the_line_before_a_code_that_was_not_taken(
    folder: Path, code: str
) -> None:
    async def scan(counter: Counter) -> None:
        await counter.scan(RICE, code)

    async def go_on(counter: Counter) -> None:
        await counter.scan("OW-QTY-7")
        assert [one.quantity for one in counter.screen.lines] == [1]

    at_the_counter(folder, scan)
    at_the_counter(folder, go_on)


def test_an_unusual_sum_is_asked_for_once_more(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(msgspec.structs.replace(shop.config, ask_amount=500_000))
        await counter.scan(RICE, "OW-QTY-20")
        assert counter.screen.said == (
            "INR 7,182.00? More than INR 5,000.00: scan it once more if it is meant"
        )
        await counter.scan("OW-QTY-20", "OW-QTY-21")
        assert counter.screen.lines[0].quantity == 21

    at_the_counter(folder, play)
