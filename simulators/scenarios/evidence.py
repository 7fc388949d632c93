"""What is left after a run, gathered from terminals, paper and hub, and settled."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol

from broker.contract.ids import order_in
from simulators.devices import Slip
from simulators.devices.paper import QrCode
from simulators.fleet import Asked
from simulators.scenarios.reckoning import CounterOrder, PaperSlip, Reckoning, reckon
from simulators.scenarios.site import Site
from terminal.store.records import OrderRecord

_HEADING_LINES = 3


class Counter(Protocol):
    """A counter that somebody ordered at: in the fleet, or a program of its own."""

    @property
    def id(self) -> str:
        """Name the terminal."""
        ...

    @property
    def asked(self) -> Sequence[Asked]:
        """Give what was ordered in this run."""
        ...

    @property
    def forgotten(self) -> int:
        """Name the newest sequence that its store may have let go of, answered; 0 for none."""
        ...

    def records(self) -> tuple[OrderRecord, ...]:
        """Read the terminal's own store."""
        ...

    def faults(self) -> tuple[str, ...]:
        """Run the terminal's own audit."""
        ...

    def slips(self) -> tuple[Slip, ...]:
        """Give the paper of this run."""
        ...


@dataclass(frozen=True, slots=True)
class Settlement:
    """The sums of a run, and every broken promise that hub and terminals found in themselves."""

    reckoning: Reckoning
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Tell whether the run kept every promise."""
        return self.reckoning.sound and not self.faults

    @property
    def audit(self) -> str:
        """Give the audits' outcome in a word."""
        return "failed" if self.faults else "ok"

    def complaints(self) -> tuple[str, ...]:
        """Give everything that went wrong, a sentence each."""
        return (
            *(f"lost: {text}" for text in self.reckoning.lost),
            *(f"duplicated: {text}" for text in self.reckoning.duplicated),
            *(f"audit: {text}" for text in self.faults),
        )


def settle(site: Site, counters: Iterable[Counter]) -> Settlement:
    """Compare terminals, paper and hub, and let all of them check themselves."""
    at_counters: list[CounterOrder] = []
    faults: list[str] = []
    forgotten: dict[str, int] = {}
    for counter in counters:
        at_counters += orders_at(counter)
        faults += counter.faults()
        forgotten[counter.id] = counter.forgotten
    with site.many_commands():
        audit, at_hub = site.audit(), site.orders()
    if not audit["ok"]:
        faults.append(f"hub: {audit['said']}")
    return Settlement(reckon(at_counters, at_hub, forgotten), tuple(faults))


def orders_at(counter: Counter) -> Iterable[CounterOrder]:
    """Give a counter's orders from its store, with their paper.

    An order that was asked for and is not in the store is given as well: nothing may hide it.
    """
    paper = order_slips(counter.slips())
    lines = {asked.seq: asked.lines for asked in counter.asked}
    for record in counter.records():
        yield CounterOrder(
            id=record.order,
            terminal=counter.id,
            seq=record.seq,
            status=record.status,
            lines=lines.pop(record.seq, None),
            slips=tuple(paper.get(record.order, ())),
        )
    for seq, count in lines.items():
        yield CounterOrder("not stored", counter.id, seq, status="", lines=count)


def _is_mark(line: str) -> bool:
    """Tell whether a slip says by a line that it is not the first, or may not be."""
    return line.startswith("COPY ") or line == "MAY HAVE BEEN PRINTED BEFORE"


def order_slips(slips: Iterable[Slip]) -> dict[str, list[PaperSlip]]:
    """Sort slips by the order in their QR code; slips about no order are left out."""
    found: defaultdict[str, list[PaperSlip]] = defaultdict(list)
    for slip in slips:
        codes = [item.content.decode() for item in slip.drawn if isinstance(item, QrCode)]
        if not codes:
            continue
        order = order_in(codes[0]) or codes[0]
        lines = [line.strip() for line in slip.text.splitlines() if line.strip()]
        lines = [line for line in lines if not line.startswith("GSTIN ")]
        marks = len(list(takewhile(_is_mark, lines)))
        heading = " / ".join(lines[marks : marks + _HEADING_LINES])
        found[order].append(PaperSlip(order, heading, bool(marks)))
    return dict(found)
