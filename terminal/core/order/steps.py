"""One event, one step: the order after it, and what the person is told."""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from broker.contract.messages import MAX_CHOICES, MAX_COUPONS, MAX_LINES, MAX_QUANTITY
from terminal.core.order.events import (
    BatchChosen,
    CancelAsked,
    CodeUnknown,
    CouponShown,
    Event,
    FreeGoodsChosen,
    ProductScanned,
    QuantitySet,
    SubmitAsked,
    UndoAsked,
    UnitChosen,
)
from terminal.core.order.lines import Line, OpenOrder, put, recast, show_coupon, take_back, wish

CANCEL_WITHIN_MS: Final = 10_000

Tone = Literal["ok", "error", "done"]


@dataclass(frozen=True, slots=True)
class Step:
    """What an event led to; `submitted` or `cancelled` is the order that left the counter."""

    order: OpenOrder
    said: str
    tone: Tone = "ok"
    submitted: OpenOrder | None = field(default=None)
    cancelled: OpenOrder | None = field(default=None)


def step(order: OpenOrder, event: Event) -> Step:  # noqa: PLR0911  # one for each event
    """Apply one event."""
    if not isinstance(event, CancelAsked):
        order = replace(order, cancel_asked_ms=None)
    match event:
        case ProductScanned():
            return _scanned(order, event)
        case CodeUnknown():
            return _lost(order, event.said)
        case QuantitySet() | UnitChosen() | BatchChosen():
            return _applied(order, event)
        case CouponShown():
            return _coupon(order, event)
        case FreeGoodsChosen():
            return _wished(order, event)
        case UndoAsked():
            return _undone(order)
        case CancelAsked():
            return _cancel(order, event.mono_ms)
        case SubmitAsked():
            return _submitted(order)


def _scanned(order: OpenOrder, event: ProductScanned) -> Step:
    line = order.line_of((event.sku, event.unit, ""))
    if line is None:
        line = Line(len(order.lines) + 1, event.sku, event.name, 0, event.unit, event.size)
    more = replace(line, quantity=line.quantity + event.quantity)
    if more.quantity > MAX_QUANTITY:
        said = f"{event.name}: {more.quantity} is more than {MAX_QUANTITY}; nothing changed"
        return _lost(order, said)
    if not line.quantity and len(order.lines) >= MAX_LINES:
        return _lost(order, f"The order is full: {MAX_LINES} lines. Send it and start another")
    if not order.lines:
        order = _begun(order, event.order_id)
    changed = put(replace(order, lost=False), more, read=event.batch)
    return Step(changed, more.said)


def _applied(order: OpenOrder, event: QuantitySet | UnitChosen | BatchChosen) -> Step:
    """Change the line just scanned."""
    line = order.last
    if line is None:
        said = "Scan a product first, then its quantity, pack or batch"
        if order.lost:
            said = "The last code was not taken: scan the product again"
        return _refused(order, said)
    match event:
        case QuantitySet():
            return _quantity_set(order, line, event.quantity)
        case UnitChosen():
            return _unit_chosen(order, line, event)
        case BatchChosen():
            return _batch_chosen(order, line, event.batch)


def _quantity_set(order: OpenOrder, line: Line, count: int) -> Step:
    most = MAX_QUANTITY // line.size
    if not 1 <= count <= most:
        said = f"{count} is not a quantity: 1 to {most}. UNDO takes a line away"
        return _refused(order, said)
    read = order.last_scan.read if order.last_scan else ""
    changed = replace(line, quantity=count * line.size)
    return Step(put(order, changed, read=read), changed.said)


def _unit_chosen(order: OpenOrder, line: Line, event: UnitChosen) -> Step:
    if line.unit == event.unit:
        return _refused(order, f"{line.said}: it is counted so already")
    quantity = line.count * event.size
    becomes = replace(line, unit=event.unit, size=event.size, quantity=quantity)
    return _recast(order, line, becomes)


def _batch_chosen(order: OpenOrder, line: Line, named: str) -> Step:
    batch = named or (order.last_scan.read if order.last_scan else "")
    if not batch:
        said = "The code just scanned names no batch: scan the one on the pack that has it"
        return _refused(order, said)
    if line.batch == batch:
        return _refused(order, f"{line.said}: it is asked for already")
    return _recast(order, line, replace(line, batch=batch))


def _recast(order: OpenOrder, line: Line, becomes: Line) -> Step:
    there = order.line_of(becomes.key)
    total = becomes.quantity + (there.quantity if there else 0)
    if total > MAX_QUANTITY:
        said = f"{line.name}: {total} is more than {MAX_QUANTITY}; nothing changed"
        return _refused(order, said)
    return Step(recast(order, line, becomes), replace(becomes, quantity=total).said)


def _coupon(order: OpenOrder, event: CouponShown) -> Step:
    if event.code.upper() in {code.upper() for code in order.coupons}:
        return _refused(order, f"Coupon {event.code} is on the order already")
    if len(order.coupons) >= MAX_COUPONS:
        return _refused(order, f"An order takes {MAX_COUPONS} coupons and no more")
    if order.is_empty:
        order = _begun(order, event.order_id)
    return Step(show_coupon(order, event.code), f"Coupon {event.code}")


def _wished(order: OpenOrder, event: FreeGoodsChosen) -> Step:
    if not order.lines:
        return _refused(order, "Scan the products first, then which free goods you would like")
    if order.wishes[-1:] == (event.sku,):
        return _refused(order, f"{event.name} is wished for already")
    if len(order.wishes) >= MAX_CHOICES:
        return _refused(order, f"An order takes {MAX_CHOICES} wishes and no more")
    return Step(wish(order, event.sku), f"{event.name}, where free goods leave the choice")


def _undone(order: OpenOrder) -> Step:
    if not order.changes:
        return _refused(order, "Nothing to take back")
    undone, left = take_back(order)
    return Step(undone, f"Taken back: {left}")


def _cancel(order: OpenOrder, mono_ms: int) -> Step:
    if order.is_empty:
        return _refused(order, "Nothing to cancel")
    asked = order.cancel_asked_ms
    if asked is None or not 0 <= mono_ms - asked <= CANCEL_WITHIN_MS:
        said = "Scan CANCEL again within 10 seconds to throw the order away"
        return Step(replace(order, cancel_asked_ms=mono_ms), said)
    return Step(OpenOrder(), "Order thrown away", "done", cancelled=order)


def _submitted(order: OpenOrder) -> Step:
    if not order.lines:
        return _refused(order, "Nothing to submit")
    return Step(OpenOrder(), "Order stored", "done", submitted=order)


def _begun(order: OpenOrder, order_id: str) -> OpenOrder:
    """Give the empty order its id; what was undone before it stays undone."""
    coupons = tuple(change for change in order.changes if change.coupon)
    return OpenOrder(id=order.id or order_id, changes=coupons, coupons=order.coupons)


def _refused(order: OpenOrder, said: str) -> Step:
    return Step(order, said, "error")


def _lost(order: OpenOrder, said: str) -> Step:
    """Refuse a code; what follows it was not meant for the line before."""
    return Step(replace(order, lost=True), said, "error")
