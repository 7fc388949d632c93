"""The order being scanned: one event makes one step, a new order and what to tell the person."""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from broker.contract.messages import MAX_LINES, MAX_QUANTITY

CANCEL_WITHIN_MS: Final = 10_000
_KEPT_CHANGES: Final = 200

Tone = Literal["ok", "error", "done"]


@dataclass(frozen=True, slots=True)
class Line:
    """One product and how many base units of it."""

    number: int
    sku: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Change:
    """What UNDO takes back: the quantity a product had before, 0 where it had no line."""

    sku: str
    before: int


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """The order at the counter, empty until the first scan gives it its id.

    `cancel_asked_ms` is a monotonic time and is not kept over a restart. `lost` says that the last
    code was not taken: a quantity scanned now was not meant for the line before it.
    """

    id: str = ""
    lines: tuple[Line, ...] = ()
    changes: tuple[Change, ...] = ()
    cancel_asked_ms: int | None = None
    lost: bool = False

    @property
    def last(self) -> Line | None:
        """The line just scanned: the one a quantity applies to."""
        if self.lost or not self.changes:
            return None
        return self.line_of(self.changes[-1].sku)

    def line_of(self, sku: str) -> Line | None:
        """Find a product's line."""
        return next((line for line in self.lines if line.sku == sku), None)


@dataclass(frozen=True, slots=True)
class ProductScanned:
    """A product of the catalogue; `order_id` is used where the order is still empty."""

    sku: str
    name: str
    order_id: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class QuantitySet:
    """The line just scanned shall have this quantity."""

    quantity: int


@dataclass(frozen=True, slots=True)
class CodeUnknown:
    """A code was read that is nothing here; `said` tells what and why."""

    said: str


@dataclass(frozen=True, slots=True)
class UndoAsked:
    """Take the last change back."""


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """Throw the order away; it takes two, within ten seconds."""

    mono_ms: int


@dataclass(frozen=True, slots=True)
class SubmitAsked:
    """Freeze the order and send it."""


Event = ProductScanned | CodeUnknown | QuantitySet | UndoAsked | CancelAsked | SubmitAsked


@dataclass(frozen=True, slots=True)
class Step:
    """What an event led to; `submitted` or `cancelled` is the order that left the counter."""

    order: OpenOrder
    said: str
    tone: Tone = "ok"
    submitted: OpenOrder | None = field(default=None)
    cancelled: OpenOrder | None = field(default=None)


def step(order: OpenOrder, event: Event) -> Step:
    """Apply one event."""
    if not isinstance(event, CancelAsked):
        order = replace(order, cancel_asked_ms=None)
    match event:
        case ProductScanned():
            return _scanned(order, event)
        case CodeUnknown():
            return Step(replace(order, lost=True), event.said, "error")
        case QuantitySet():
            return _quantity_set(order, event.quantity)
        case UndoAsked():
            return _undone(order)
        case CancelAsked():
            return _cancel(order, event.mono_ms)
        case SubmitAsked():
            return _submitted(order)


def _scanned(order: OpenOrder, event: ProductScanned) -> Step:
    line = order.line_of(event.sku)
    before = line.quantity if line else 0
    quantity = before + event.quantity
    if quantity > MAX_QUANTITY:
        said = f"{event.name}: {quantity} is more than {MAX_QUANTITY}; nothing changed"
        return Step(replace(order, lost=True), said, "error")
    if line is None and len(order.lines) >= MAX_LINES:
        said = f"The order is full: {MAX_LINES} lines. Send it and start another"
        return Step(replace(order, lost=True), said, "error")
    if not order.lines:
        order = OpenOrder(id=order.id or event.order_id)
    changed = _with_quantity(
        replace(order, lost=False), event.sku, name=event.name, quantity=quantity
    )
    return Step(_remember(changed, Change(event.sku, before)), f"{quantity} x {event.name}")


def _quantity_set(order: OpenOrder, quantity: int) -> Step:
    line = order.last
    if line is None and order.lost:
        return Step(order, "The last code was not taken: scan the product again", "error")
    if line is None:
        return Step(order, "Scan a product first, then its quantity", "error")
    if not 1 <= quantity <= MAX_QUANTITY:
        said = f"{quantity} is not a quantity: 1 to {MAX_QUANTITY}. UNDO takes a line away"
        return Step(order, said, "error")
    changed = _with_quantity(order, line.sku, name=line.name, quantity=quantity)
    return Step(_remember(changed, Change(line.sku, line.quantity)), f"{quantity} x {line.name}")


def _undone(order: OpenOrder) -> Step:
    if not order.changes:
        return Step(order, "Nothing to take back", "error")
    change = order.changes[-1]
    line = order.line_of(change.sku)
    name = line.name if line else change.sku
    changed = _with_quantity(order, change.sku, name=name, quantity=change.before)
    left = f"{change.before} x {name}" if change.before else f"{name} removed"
    undone = replace(changed, changes=order.changes[:-1], lost=False)
    return Step(undone, f"Taken back: {left}")


def _cancel(order: OpenOrder, mono_ms: int) -> Step:
    if not order.lines:
        return Step(order, "Nothing to cancel", "error")
    asked = order.cancel_asked_ms
    if asked is None or not 0 <= mono_ms - asked <= CANCEL_WITHIN_MS:
        said = "Scan CANCEL again within 10 seconds to throw the order away"
        return Step(replace(order, cancel_asked_ms=mono_ms), said)
    return Step(OpenOrder(), "Order thrown away", "done", cancelled=order)


def _submitted(order: OpenOrder) -> Step:
    if not order.lines:
        return Step(order, "Nothing to submit", "error")
    return Step(OpenOrder(), "Order stored", "done", submitted=order)


def _with_quantity(order: OpenOrder, sku: str, *, name: str, quantity: int) -> OpenOrder:
    """Give `sku` that quantity; 0 takes its line away and closes the gap in the numbers."""
    line = order.line_of(sku)
    if line is None:
        lines = (*order.lines, Line(len(order.lines) + 1, sku, name, quantity))
    else:
        changed = (replace(old, quantity=quantity) if old is line else old for old in order.lines)
        kept = [item for item in changed if item.quantity > 0]
        lines = tuple(replace(item, number=at) for at, item in enumerate(kept, 1))
    return replace(order, lines=lines)


def _remember(order: OpenOrder, change: Change) -> OpenOrder:
    return replace(order, changes=(*order.changes, change)[-_KEPT_CHANGES:])
