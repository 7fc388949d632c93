"""What became of every order: terminals and hub compared, nothing lost, nothing twice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_COUNTED: Final[Mapping[str, str]] = {
    "confirmed": "confirmed",
    "confirmed_changed": "changed",
    "held": "held",
    "rejected": "rejected",
}


@dataclass(frozen=True, slots=True)
class PaperSlip:
    """One slip of an order as it came out of a printer: its first lines, whether it says COPY."""

    order: str
    heading: str
    copy: bool


@dataclass(frozen=True, slots=True)
class CounterOrder:
    """An order as its terminal's own store has it; `status` is empty without an answer.

    `lines` is what the hand at the counter asked for in this run, None for an earlier run's order.
    """

    id: str
    terminal: str
    seq: int
    status: str
    lines: int | None
    slips: tuple[PaperSlip, ...] = ()


@dataclass(frozen=True, slots=True)
class HubOrder:
    """An order as the hub lists it."""

    id: str
    terminal: str
    seq: int
    lines: int
    status: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The sums of a run, and the orders that went wrong, each with what is wrong."""

    submitted: int
    confirmed: int
    changed: int
    held: int
    rejected: int
    lines: int
    slips_printed: int
    lost: tuple[str, ...]
    duplicated: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Tell whether nothing was lost and nothing came twice."""
        return not self.lost and not self.duplicated


def reckon(
    at_counters: Sequence[CounterOrder],
    at_hub: Sequence[HubOrder],
    forgotten: Mapping[str, int] = MappingProxyType({}),
) -> Reckoning:
    """Compare what the terminals submitted with what the hub decided.

    The sums are of this run; lost and duplicated are looked for in all orders. `forgotten` is the
    newest sequence that a terminal may have let go of once it was answered.
    """
    of_this_run = [order for order in at_counters if order.lines is not None]
    statuses = Counter(order.status for order in of_this_run)
    return Reckoning(
        submitted=len(of_this_run),
        **{name: statuses[status] for status, name in _COUNTED.items()},
        lines=sum(order.lines or 0 for order in of_this_run),
        slips_printed=sum(len(order.slips) for order in at_counters),
        lost=tuple(_lost(at_counters, at_hub, forgotten)),
        duplicated=tuple(_duplicated(at_counters, at_hub)),
    )


def _lost(
    at_counters: Sequence[CounterOrder],
    at_hub: Sequence[HubOrder],
    forgotten: Mapping[str, int],
) -> Iterable[str]:
    """Name each order that is not at the hub as submitted, or whose answer is not here."""
    decided = {order.id: order for order in at_hub}
    for order in at_counters:
        if wrong := _wrong(order, decided.get(order.id)):
            yield f"order {order.seq} of {order.terminal} ({order.id}) {wrong}"
    known = {order.id for order in at_counters}
    for order_id, there in decided.items():
        if order_id not in known and there.seq > forgotten.get(there.terminal, 0):
            yield f"{order_id} is at the hub and no terminal knows it"


def _wrong(order: CounterOrder, there: HubOrder | None) -> str:
    """Say what is wrong with an order at the hub or with its answer; empty where nothing is."""
    if there is None:
        return "is not at the hub"
    if (there.terminal, there.seq) != (order.terminal, order.seq):
        return f"is order {there.seq} of {there.terminal} at the hub"
    if order.lines is not None and there.lines != order.lines:
        return f"has {order.lines} lines at the counter and {there.lines} at the hub"
    if not order.status:
        return "has no answer at the terminal"
    if there.status != order.status:
        return f"is {there.status} at the hub and {order.status} at the terminal"
    return ""


def _duplicated(at_counters: Sequence[CounterOrder], at_hub: Sequence[HubOrder]) -> Iterable[str]:
    """Name each order, number and slip that is there twice."""
    for order_id, times in Counter(order.id for order in at_hub).items():
        if times > 1:
            yield f"{order_id} is {times} times at the hub"
    for (terminal, seq), times in Counter((o.terminal, o.seq) for o in at_hub).items():
        if times > 1:
            yield f"number {seq} of {terminal} is {times} orders at the hub"
    for order in at_counters:
        originals = Counter(slip.heading for slip in order.slips if not slip.copy)
        for heading, times in originals.items():
            if times > 1:
                yield f"{heading!r} of {order.id} was printed {times} times"
