"""What paper and stores say of an order is sorted under its id."""

import asyncio

from broker.contract.ids import order_code
from simulators.devices import PaperPrinter
from simulators.fleet import Asked
from simulators.scenarios.evidence import order_slips, orders_at
from terminal.core.layout import Row
from terminal.core.slip import maybe_printed, with_copy
from terminal.core.words import Voice
from terminal.devices.escpos import encode
from terminal.devices.profiles import PROFILES
from terminal.store.records import OrderRecord

ORDER = "01a20020-2b72-73c6-bbd2-01d2f0c8ce51"


def slip(word: str, code: str = order_code("http://hub:8080", ORDER)) -> tuple[Row, ...]:
    return (
        Row("Depot", style="bold", center=True),
        Row(word, style="big", center=True),
        Row("shop-1-00001", style="big", center=True),
        Row("Corner shop", center=True),
        Row(code, kind="qr", center=True),
    )


class QuietCounter:
    """A counter whose store holds one order and whose hand asked for two."""

    id = "shop-1"
    asked = (Asked(1, 3), Asked(2, 5))
    forgotten = 0

    def __init__(self) -> None:
        self.paper = PaperPrinter()

    def records(self) -> tuple[OrderRecord, ...]:
        return (OrderRecord(1, ORDER, "shop-1-00001", "answered", "confirmed", 1, ()),)

    def faults(self) -> tuple[str, ...]:
        return ()

    def slips(self) -> tuple[()]:
        return ()


async def printed(printer: PaperPrinter, *slips: tuple[Row, ...]) -> None:
    for rows in slips:
        await printer.send(encode(rows, PROFILES["80mm"]))


def test_slips_are_sorted_by_order_and_copies_are_told_from_originals() -> None:

    printer = PaperPrinter()
    about_nothing = slip("STATUS")[:-1]
    asyncio.run(
        printed(
            printer,
            slip("QUEUED"),
            slip("CONFIRMED"),
            with_copy(slip("CONFIRMED"), 1, Voice()),
            maybe_printed(slip("HELD"), Voice()),
            with_copy(maybe_printed(slip("HELD"), Voice()), 1, Voice()),
            about_nothing,
        )
    )

    found = order_slips(printer.slips())

    assert list(found) == [ORDER]
    assert [(one.heading, one.copy) for one in found[ORDER]] == [
        ("Depot / QUEUED / shop-1-00001", False),
        ("Depot / CONFIRMED / shop-1-00001", False),
        ("Depot / CONFIRMED / shop-1-00001", True),
        ("Depot / HELD / shop-1-00001", True),
        ("Depot / HELD / shop-1-00001", True),
    ]


def test_an_order_that_was_asked_for_and_not_stored_is_not_hidden() -> None:
    first, second = orders_at(QuietCounter())

    assert (first.id, first.lines, first.status) == (ORDER, 3, "confirmed")
    assert (second.seq, second.lines, second.status) == (2, 5, "")
