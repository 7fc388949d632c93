"""An order's life as a row of steps: what happened, what it waits for."""

from dataclasses import dataclass
from typing import Final

from broker.contract import OrderStatus
from hub.db.views.order import OrderDetail, Told
from hub.routes.words import DELIVERIES, STATUSES

CANCELLABLE: Final[frozenset[OrderStatus]] = frozenset({"confirmed", "confirmed_changed", "held"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `at` is when it was done, `note` what there is to say instead."""

    words: str
    tone: str
    icon: str
    at: int | None = None
    note: str = ""
    current: bool = False


def ribbon_of(order: OrderDetail) -> tuple[Step, ...]:
    """Lay out captured, decided, allocated or cancelled, and told."""
    head = order.head
    steps = [Step("Captured", "ow-good", "receipt-2", at=head.captured_at)]
    look, at = STATUSES[head.status], head.decided_at
    if head.status == "cancelled":
        steps.append(Step("Decided", "ow-good", "check", at=at))
        at = max((event.at for event in order.events), default=at)
    steps.append(Step(look.words, look.tone, look.icon, at=at, current=True))
    picked = [pick for line in (*order.lines, *order.free) for pick in line.picks]
    if any(not pick.released for pick in picked):
        batches = len({pick.batch for pick in picked})
        note = f"from {batches} batch" if batches == 1 else f"from {batches} batches"
        steps.append(Step("Allocated", "ow-good", "package", note=note))
    if order.told:
        steps.append(_told(order.told[-1]))
    return tuple(steps)


def _told(told: Told) -> Step:
    look = DELIVERIES[told.delivery]
    return Step("Terminal told", look.tone, look.icon, note=look.words)
