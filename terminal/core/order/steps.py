"""One event, one step: the order after it, and what the person is told."""

from dataclasses import dataclass, field, replace
from typing import Final

from broker.contract.envelope import MAX_QUANTITY
from broker.contract.messages import MAX_CHOICES, MAX_COUPONS, MAX_LINES
from terminal.core.fate import Tone
from terminal.core.order.events import (
    BatchChosen,
    CancelAsked,
    CodeUnknown,
    CouponShown,
    CustomerChosen,
    DigitScanned,
    EnterAsked,
    Event,
    FreeGoodsChosen,
    LinesRepeated,
    PaymentChosen,
    ProductRemoved,
    ProductScanned,
    QuantitySet,
    SubmitAsked,
    UndoAsked,
    UnitChosen,
)
from terminal.core.order.lines import (
    Line,
    OpenOrder,
    pay,
    put,
    recast,
    remove,
    serve,
    show_coupon,
    take_back,
    wish,
)
from terminal.core.words import Said, said, said_all

CANCEL_WITHIN_MS: Final = 10_000
_MOST_DIGITS: Final = len(str(MAX_QUANTITY))
_BESIDE_DIGITS: Final = (DigitScanned, EnterAsked, UndoAsked, CancelAsked, CodeUnknown)
"""What may follow digits that wait for ENTER: anything else would leave a quantity out."""


@dataclass(frozen=True, slots=True)
class Step:
    """What an event led to; `submitted` or `cancelled` is the order that left the counter."""

    order: OpenOrder
    said: Said
    tone: Tone = "ok"
    submitted: OpenOrder | None = field(default=None)
    cancelled: OpenOrder | None = field(default=None)


def step(order: OpenOrder, event: Event) -> Step:
    """Apply one event."""
    if not isinstance(event, CancelAsked):
        order = replace(order, cancel_asked_ms=None)
    if order.digits and not isinstance(event, _BESIDE_DIGITS):
        return _refused(order, said("order.digits_wait", digits=order.digits))
    return _stepped(order, event)


def _stepped(order: OpenOrder, event: Event) -> Step:  # noqa: C901, PLR0911, PLR0912  # one each
    match event:
        case ProductScanned():
            return _scanned(order, event)
        case CodeUnknown():
            return _lost(order, event.said)
        case QuantitySet() | UnitChosen() | BatchChosen():
            return _applied(order, event)
        case DigitScanned():
            return _digit(order, event.digit)
        case EnterAsked():
            return _entered(order)
        case CouponShown():
            return _coupon(order, event)
        case FreeGoodsChosen():
            return _wished(order, event)
        case PaymentChosen():
            return _paid(order, event)
        case CustomerChosen():
            return _served(order, event)
        case ProductRemoved():
            return _removed(order, event)
        case LinesRepeated():
            return _repeated(order, event)
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
        return _lost(order, _too_much(event.name, more.quantity))
    if not line.quantity and len(order.lines) >= MAX_LINES:
        return _lost(order, said("order.full", most=MAX_LINES))
    if not order.lines:
        order = _begun(order, event.order_id)
    changed = put(replace(order, lost=False), more, read=event.batch)
    return Step(changed, said(event.note, said=more.said) if event.note else more.said)


def _applied(order: OpenOrder, event: QuantitySet | UnitChosen | BatchChosen) -> Step:
    """Change the line just scanned."""
    line = order.last
    if line is None:
        return _refused(order, said("order.code_lost" if order.lost else "order.scan_first"))
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
        return _refused(order, said("order.no_quantity", count=count, most=most))
    read = order.last_scan.read if order.last_scan else ""
    changed = replace(line, quantity=count * line.size)
    return Step(put(order, changed, read=read), changed.said)


def _digit(order: OpenOrder, digit: int) -> Step:
    """Add a digit to the quantity that waits for ENTER."""
    line = order.last
    if line is None:
        return _refused(order, said("order.code_lost" if order.lost else "order.scan_first"))
    digits = f"{order.digits}{digit}"
    if len(digits) > _MOST_DIGITS:
        return _refused(order, said("order.digits_most", digits=order.digits))
    told = said("order.digits", digits=digits, name=line.name)
    return Step(replace(order, digits=digits), told)


def _entered(order: OpenOrder) -> Step:
    """Take the digits as the quantity; those that make none are dropped, and that is said."""
    if not order.digits:
        return _refused(order, said("order.enter_first"))
    return _applied(replace(order, digits=""), QuantitySet(int(order.digits)))


def _unit_chosen(order: OpenOrder, line: Line, event: UnitChosen) -> Step:
    if line.unit == event.unit:
        return _refused(order, said("order.counted_so", line=line.said))
    quantity = line.count * event.size
    becomes = replace(line, unit=event.unit, size=event.size, quantity=quantity)
    return _recast(order, line, becomes)


def _batch_chosen(order: OpenOrder, line: Line, named: str) -> Step:
    batch = named or (order.last_scan.read if order.last_scan else "")
    if not batch:
        return _refused(order, said("order.no_batch"))
    if line.batch == batch:
        return _refused(order, said("order.batch_already", line=line.said))
    return _recast(order, line, replace(line, batch=batch))


def _recast(order: OpenOrder, line: Line, becomes: Line) -> Step:
    there = order.line_of(becomes.key)
    total = becomes.quantity + (there.quantity if there else 0)
    if total > MAX_QUANTITY:
        return _refused(order, _too_much(line.name, total))
    return Step(recast(order, line, becomes), replace(becomes, quantity=total).said)


def _coupon(order: OpenOrder, event: CouponShown) -> Step:
    if event.code.upper() in {code.upper() for code in order.coupons}:
        return _refused(order, said("order.coupon_already", code=event.code))
    if len(order.coupons) >= MAX_COUPONS:
        return _refused(order, said("order.coupons_most", most=MAX_COUPONS))
    if not order.lines and not order.coupons:
        order = _begun(order, event.order_id)
    return Step(show_coupon(order, event.code), said("slip.coupon", code=event.code))


def _wished(order: OpenOrder, event: FreeGoodsChosen) -> Step:
    if not order.lines:
        return _refused(order, said("order.wish_first"))
    if order.wishes[-1:] == (event.sku,):
        return _refused(order, said("order.wish_already", name=event.name))
    if len(order.wishes) >= MAX_CHOICES:
        return _refused(order, said("order.wishes_most", most=MAX_CHOICES))
    return Step(wish(order, event.sku, event.name), said("order.wish", name=event.name))


def _paid(order: OpenOrder, event: PaymentChosen) -> Step:
    word = said(f"payment.{event.payment}")
    if event.payment not in event.accepted:
        accepted = said_all([said(f"payment.{one}") for one in event.accepted])
        return _refused(order, said("order.payment_barred", payment=word, payments=accepted))
    told = said("order.payment", payment=word)
    return Step(order if order.payment == event.payment else pay(order, event.payment), told)


def _served(order: OpenOrder, event: CustomerChosen) -> Step:
    told = said("order.customer", name=event.name)
    return Step(order if order.customer == event.customer else serve(order, event.customer), told)


def _removed(order: OpenOrder, event: ProductRemoved) -> Step:
    lines = [line for line in order.lines if line.sku == event.sku]
    if not lines:
        return _lost(order, said("order.not_on_it", name=event.name))
    line = ([one for one in lines if one.unit == event.unit] or lines)[-1]
    told = said("order.removed", line=line.said)
    if len(lines) > 1:
        told = said("order.removed_one", removed=told, count=len(lines) - 1, name=event.name)
    return Step(remove(replace(order, lost=False), line), told)


def _repeated(order: OpenOrder, event: LinesRepeated) -> Step:
    if order.lines:
        return _refused(order, said("order.repeat_open"))
    if not event.lines:
        return _refused(order, said("order.repeat_gone", number=event.number))
    order = replace(_begun(order, event.order_id), lost=False)
    for number, line in enumerate(event.lines, 1):
        order = put(order, replace(line, number=number))
    told = said("order.repeated", number=event.number, count=len(order.lines))
    if event.gone:
        told = said("order.repeated_without", repeated=told, gone=", ".join(event.gone))
    return Step(order, told)


def _undone(order: OpenOrder) -> Step:
    if order.digits:
        told = said("order.taken_back", what=said("undo.digits", digits=order.digits))
        return Step(replace(order, digits=""), told)
    if not order.changes:
        return _refused(order, said("order.nothing_back"))
    undone, left = take_back(order)
    return Step(undone, said("order.taken_back", what=left))


def _cancel(order: OpenOrder, mono_ms: int) -> Step:
    if order.is_empty:
        return _refused(order, said("order.nothing_to_cancel"))
    asked = order.cancel_asked_ms
    if asked is None or not 0 <= mono_ms - asked <= CANCEL_WITHIN_MS:
        return Step(replace(order, cancel_asked_ms=mono_ms), said("order.cancel_again"))
    return Step(OpenOrder(), said("order.thrown_away"), "done", cancelled=order)


def _submitted(order: OpenOrder) -> Step:
    if not order.lines:
        return _refused(order, said("order.nothing_to_submit"))
    return Step(OpenOrder(), said("order.stored"), "done", submitted=order)


def _begun(order: OpenOrder, order_id: str) -> OpenOrder:
    """Give the empty order its id; what was undone before it stays undone."""
    kept = tuple(
        one
        for one in order.changes
        if one.coupon or one.payment is not None or one.customer is not None
    )
    return OpenOrder(
        id=order.id or order_id,
        changes=kept,
        coupons=order.coupons,
        payment=order.payment,
        customer=order.customer,
    )


def _too_much(name: str, quantity: int) -> Said:
    return said("order.too_much", name=name, quantity=quantity, most=MAX_QUANTITY)


def _refused(order: OpenOrder, why: Said) -> Step:
    return Step(order, why, "error")


def _lost(order: OpenOrder, why: Said) -> Step:
    """Refuse a code; what follows it was not meant for the line before."""
    return Step(replace(order, lost=True, digits=""), why, "error")
