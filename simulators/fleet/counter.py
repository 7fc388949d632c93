"""One simulated counter: a real terminal, a hand at its scanner, paper in its printer."""

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.data import Pick
from simulators.devices import PaperPrinter, Slip
from simulators.errors import MisreadError
from simulators.fleet.clocks import WrongClock
from simulators.fleet.encoding import SharedEncoder
from simulators.fleet.hands import HandScanner, WatchedScreen
from simulators.fleet.watching import OrderWatch
from terminal.app import Settings, Terminal
from terminal.core.codes import PREFIX
from terminal.core.codes.reading import shown
from terminal.core.screen import Screen
from terminal.store import audit, read_records
from terminal.store.records import OrderRecord

SUBMIT: Final = f"{PREFIX}SUBMIT"
_CANCEL: Final = f"{PREFIX}CANCEL"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the hand at a counter ordered: the order's sequence there and its number of lines."""

    seq: int
    lines: int


def codes_of(picks: Iterable[Pick]) -> Iterable[str]:
    """Give the codes that order `picks`: each product, and its quantity where it is not one more.

    A quantity is the line's whole quantity, so a product that comes again asks for the sum.
    """
    total: Tally[str] = Tally()
    for pick in picks:
        total[pick.sku] += pick.quantity
        yield pick.sku
        if pick.quantity != 1:
            yield f"{PREFIX}QTY-{total[pick.sku]}"


class SimulatedCounter:
    """A terminal with its own folder, and somebody who orders at it."""

    forgotten: Final = 0
    """Its store keeps more than a run orders."""

    def __init__(self, settings: Settings) -> None:
        self.id = settings.id
        self.asked: list[Asked] = []
        self.printer = PaperPrinter()
        self._folder = settings.data
        self._scanner = HandScanner()
        self._watched = WatchedScreen(settings.id)
        self.watch = OrderWatch(settings.id)
        self.clock = WrongClock()
        self._terminal = Terminal(
            settings,
            scanner=self._scanner,
            printer=self.printer,
            signals=self._watched,
            encoder=SharedEncoder(settings.printer.profile),
            clock=self.clock,
            make_link=self.watch.make_link,
        )

    @property
    def screen(self) -> Screen:
        """What the terminal shows now."""
        return self._watched.screen

    async def run(self) -> None:
        """Run the terminal until cancelled."""
        await self._terminal.run()

    async def order(self, picks: Sequence[Pick]) -> None:
        """Scan products and quantities and submit; raises MisreadError."""
        await self.scan(*codes_of(picks))
        at_s = time.monotonic()
        await self.scan(SUBMIT)
        seq = self._terminal.store.orders.last_seq()
        self.watch.submitted(seq, at_s)
        self.asked.append(Asked(seq, len({pick.sku for pick in picks})))

    async def scan(self, *codes: str) -> None:
        """Scan codes one by one; raises MisreadError with what the screen says of the first error.

        A code after one that was misread is not scanned.
        """
        for code in codes:
            errors = len(self._watched.errors)
            await self._scanner.scan(code)
            # An answer of an earlier order may sound like an error too, and is not of this code.
            for seen in self._watched.errors[errors:]:
                if seen.read == shown(code):
                    raise MisreadError(f"{self.id}: {seen.said}")

    async def clear(self) -> None:
        """Take off the counter what an earlier hand left open: CANCEL, and once more."""
        if self.screen.lines:
            await self._scanner.scan(_CANCEL, _CANCEL)

    async def ready(self) -> None:
        """Wait until the terminal is connected and has customer, catalogue and prices."""
        store = self._terminal.store
        await self._watched.until(
            lambda seen: (
                seen.link == "online"
                and bool(seen.customer)
                and store.catalogue() is not None
                and bool(store.packs())
            )
        )

    async def until(self, seen: Callable[[Screen], bool]) -> None:
        """Wait until the screen shows what `seen` looks for; the caller sets the deadline."""
        await self._watched.until(seen)

    async def quiet(self) -> None:
        """Wait until every order has its answer and every slip is on paper."""
        await self._watched.until(lambda seen: seen.queued == 0 and seen.slips_waiting == 0)

    def records(self) -> tuple[OrderRecord, ...]:
        """Read the orders from the terminal's own store."""
        return read_records(self._folder)

    def slips(self) -> tuple[Slip, ...]:
        """Give what came out of the printer in this run."""
        return self.printer.slips()

    def faults(self) -> tuple[str, ...]:
        """Let the terminal's own audit look for broken promises."""
        return tuple(f"{self.id}: {fault}" for fault in audit(self._folder).faults)
