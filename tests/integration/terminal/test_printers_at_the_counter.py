"""Slips at the counter and printers that are away, without paper, open, off-line or unsure."""

from pathlib import Path

import pytest

from terminal.core.ports import NotSentError, PrinterStatus
from terminal.store import read_records
from tests.fixtures.counters import Counter, at_the_counter
from tests.fixtures.shops import COLA, RICE


def test_a_printer_that_cannot_be_reached_keeps_the_slip_and_the_order_goes_on(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        counter.printer.failing = NotSentError("unplugged")
        order = await counter.order(RICE)
        counter.link.answer(order)
        await counter.until(lambda: counter.screen.slips_waiting == 1)
        await counter.order(COLA)

    at_the_counter(folder, play)

    assert [slip.state for record in read_records(folder) for slip in record.slips] == ["queued"]


def test_a_printer_that_is_away_is_asked_for_and_gets_its_slips_once_it_answers(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        counter.printer.failing = NotSentError("switched off")
        counter.printer.state = "offline"
        for code in (RICE, COLA):
            order = await counter.order(code)
            counter.link.answer(order)
            await counter.until(lambda: counter.screen.slips_waiting > 0)
        asked = counter.printer.asked
        await counter.until(lambda: counter.printer.asked > asked)
        assert counter.printer.tries == 0

        counter.printer.failing = None
        counter.printer.state = "ready"

        await counter.until(lambda: len(counter.printer.slips) == 2)
        first, second = counter.printer.slips
        assert "RICE-5KG of the hub" in first
        assert "COLA-600 of the hub" in second

    at_the_counter(folder, play)


def test_a_slip_the_printer_may_hold_is_unknown_never_sent_again_and_told_to_the_hub(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        counter.printer.failing = ConnectionResetError("cable")
        order = await counter.order(RICE)
        counter.link.answer(order)
        await counter.until(lambda: counter.screen.slips_unknown == 1)
        counter.printer.failing = None
        await counter.until(
            lambda: any(
                log["data"]["code"] == "print_unknown" for log in counter.link.of_kind("log")
            )
        )
        assert counter.printer.jobs == []
        await counter.scan("OW-REPRINT")
        await counter.until(lambda: counter.printer.slips and counter.screen.slips_unknown == 0)
        assert "COPY 1" in counter.printer.slips[0]

    at_the_counter(folder, play)


@pytest.mark.parametrize("state", ["paper_out", "cover_open", "offline", "none"])
def test_a_printer_that_cannot_print_now_is_sent_nothing_until_it_can(
    folder: Path, state: PrinterStatus
) -> None:
    async def play(counter: Counter) -> None:
        counter.printer.state = state
        order = await counter.order(RICE)
        counter.link.answer(order)
        await counter.until(lambda: counter.screen.printer == state)
        asked = counter.printer.asked
        await counter.until(lambda: counter.printer.asked > asked + 1)
        assert counter.printer.tries == 0
        counter.printer.state = "ready"
        await counter.until(lambda: counter.printer.jobs and counter.screen.slips_waiting == 0)
        assert len(counter.printer.jobs) == 1

    at_the_counter(folder, play)


@pytest.mark.parametrize("state", ["paper_out", "cover_open", "offline"])
def test_a_queued_slip_whose_answer_came_first_does_not_come_out_of_a_printer_that_could_not_print(
    folder: Path, state: PrinterStatus
) -> None:
    async def play(counter: Counter) -> None:
        counter.printer.state = state
        await counter.scan(RICE, "OW-SUBMIT")
        await counter.until(lambda: counter.screen.slips_waiting == 1)
        asked = counter.printer.asked
        await counter.until(lambda: counter.printer.asked > asked + 1)
        counter.link.connect()
        await counter.until(counter.link.orders)
        counter.link.answer(counter.link.orders()[0])
        await counter.until(lambda: counter.screen.queued == 0)
        counter.printer.state = "ready"
        await counter.until(lambda: counter.screen.slips_waiting == 0)
        assert ["QUEUED" in slip.replace(" ", "") for slip in counter.printer.slips] == [False]

    at_the_counter(folder, play, online=False)


def test_paper_that_ends_in_the_middle_of_a_slip_is_waited_for(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        counter.printer.runs_out = True
        order = await counter.order(RICE)
        counter.link.answer(order)
        await counter.until(lambda: counter.screen.printer == "paper_out")
        assert counter.screen.slips_waiting == 1
        counter.printer.state = "ready"
        await counter.until(lambda: counter.screen.slips_waiting == 0)
        assert len(counter.printer.jobs) == 1

    at_the_counter(folder, play)
