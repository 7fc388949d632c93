"""What of orders and delivery notes is to be billed now, and the orders that follow an invoice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from hub.base.access import Scope
from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction
from hub.desk.accounts import store as accounts
from hub.desk.deliveries.reads.billing import UnbilledLine, list_unbilled
from hub.desk.deliveries.store.billing import Billed, bill
from hub.desk.invoices.model.billing import Goods, InvoiceLine, SoldLine
from hub.desk.invoices.store.selling import SoldOrder, day_of, lock_orders
from hub.desk.invoices.store.writing import Written
from hub.desk.orders.deciding import Desk, lock_order, move
from hub.desk.orders.model.events import OrderChanged
from hub.desk.orders.model.life import LIFE, Status
from hub.desk.orders.model.reasons import Reason as OrderReason
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from hub.desk.stock.store import held_by

BEFORE_DELIVERY: Final[frozenset[Status]] = frozenset({"confirmed", "allocated"})
"""States in which an order is billed before its goods have gone."""
_BATCHES: Final = "SELECT id, code, expiry FROM batch WHERE id IN "
_LINKED: Final = """
SELECT d.customer_id, l.whole FROM account_order l
JOIN account_document d ON d.id = l.document_id
WHERE l.order_id = ? AND d.voided IS NULL ORDER BY d.id DESC LIMIT 1
"""
_UNBILLED: Final = """
SELECT count(*) FROM delivery_line d JOIN delivery n ON n.id = d.delivery_id
WHERE n.order_id = ? AND d.delivered > d.billed
"""
_BALANCE: Final = "SELECT billed FROM customer_account WHERE customer_id = ?"
_NOTES: Final = """
SELECT delivery_id, delivery_number, quantity FROM invoice_goods
WHERE invoice_id = ? AND delivery_id IS NOT NULL
"""

Wanted = list[tuple[SoldLine, tuple[Goods, ...]]]


@dataclass(frozen=True, slots=True)
class ToBill:
    """Orders under lock with what of their lines is to be billed, and when the last was taken."""

    orders: tuple[SoldOrder, ...]
    lines: Wanted
    delivered: date | None = None

    def is_whole(self, order: SoldOrder) -> bool:
        """Say whether nothing of an order is left to bill after these lines."""
        taken: dict[tuple[int, bool, int], int] = {}
        for sold, goods in self.lines:
            count = sum(one.quantity for one in goods)
            taken[sold.key] = taken.get(sold.key, 0) + count
        return all(one.left == taken.get(one.key, 0) for one in order.lines.values())


def lock_to_bill(
    t: Transaction, desk: Desk, *, orders: Collection[int], notes: Collection[int], scope: Scope
) -> ToBill | Refused:
    """Lock what is to be billed: delivery notes or, without any, all that is left of orders."""
    if notes:
        unbilled = list_unbilled(t.connection, deliveries=notes, scope=scope)
        contents = {one.order: one.content for one in unbilled}
        found = lock_orders(t, desk, contents, contents=contents)
        unbilled = list_unbilled(t.connection, deliveries=notes, scope=scope)
        lines = [one for order in found for one in _of_notes(order, unbilled)]
        days = [one.closed_day for one in unbilled]
    else:
        found = lock_orders(t, desk, _seen(t, orders, scope), contents={})
        if len(found) < len(set(orders)):
            return refused("billing_unknown", what=", ".join(map(str, sorted(orders))))
        for order in found:
            if order.status == "invoiced":
                return refused("billing_done", order=order.number)
            if order.status not in BEFORE_DELIVERY | {"dispatched", "delivered"}:
                return refused("billing_state", order=order.number)
        lines, days = [], []
        for order in found:
            unbilled = list_unbilled(t.connection, order=order.id, scope=scope)
            days += [one.closed_day for one in unbilled]
            lines += _of_order(t, order, unbilled)
    return ToBill(tuple(found), lines, max(days) if days else None)


def _seen(t: Transaction, orders: Collection[int], scope: Scope) -> list[int]:
    """Give those of the orders that a person may see."""
    query = select(order_.c.id).where(order_.c.id.in_(sorted(orders)), orders_of(scope))
    return list(t.connection.execute(query).scalars())


def _of_notes(order: SoldOrder, unbilled: Sequence[UnbilledLine]) -> Wanted:
    """Take what was delivered of an order, line by line, and no more than is left to bill."""
    wanted: Wanted = []
    for key, sold in order.lines.items():
        left, goods = sold.left, []
        for one in unbilled:
            if (one.order, one.free, one.line) == key and left > 0:
                quantity = min(one.quantity, left)
                left -= quantity
                batch = one.batch or ""
                goods.append(Goods(quantity, None, batch, note=one.delivery, number=one.number))
        if goods:
            wanted.append((sold, tuple(goods)))
    return wanted


def _of_order(t: Transaction, order: SoldOrder, unbilled: Sequence[UnbilledLine]) -> Wanted:
    """Take what was delivered and, of an order that waits in the warehouse, the rest too."""
    wanted = _of_notes(order, unbilled)
    if order.status not in BEFORE_DELIVERY:
        return wanted
    taken = {sold.key: goods for sold, goods in wanted}
    held = _held(t, order)
    lines: Wanted = []
    for key, sold in order.lines.items():
        goods = taken.get(key, ())
        rest = sold.left - sum(one.quantity for one in goods)
        for batch in held.get(key, ()):
            quantity = min(batch.quantity, rest)
            if quantity > 0:
                goods = (*goods, Goods(quantity, batch.batch_id, batch.batch, batch.expiry))
                rest -= quantity
        if rest > 0:
            goods = (*goods, Goods(rest))
        if goods:
            lines.append((sold, goods))
    return lines


def _held(t: Transaction, order: SoldOrder) -> Mapping[tuple[int, bool, int], list[Goods]]:
    held = held_by(t, order.id)
    batches = {
        row: (code, day_of(expiry))
        for row, code, expiry in t.rows_in(_BATCHES, sorted({key[2] for key in held}))
    }
    found: dict[tuple[int, bool, int], list[Goods]] = {}
    for (free, line, batch), quantity in held.items():
        goods = Goods(quantity, batch, *batches[batch])
        found.setdefault((order.id, free, line), []).append(goods)
    return found


def count_delivered(t: Transaction, lines: Sequence[InvoiceLine]) -> None:
    """Count what an invoice bills of delivery notes."""
    _count(
        t,
        [
            (goods.note, goods.number, goods.quantity)
            for one in lines
            for goods in one.goods
            if goods.note is not None and goods.number is not None
        ],
    )


def give_back_delivered(t: Transaction, invoice: int) -> None:
    """Give back what an invoice billed of delivery notes: it may be billed again."""
    _count(t, [(note, number, -count) for note, number, count in t.rows(_NOTES, (invoice,))])


def _count(t: Transaction, counted: Sequence[tuple[int, int, int]]) -> None:
    notes: dict[tuple[int, int], int] = {}
    for note, number, quantity in counted:
        notes[note, number] = notes.get((note, number), 0) + quantity
    if notes:
        bill(t, [Billed(*key, count) for key, count in sorted(notes.items())])


def follow_orders(
    t: Transaction, what: ToBill, lines: Sequence[InvoiceLine], *, written: Written, payable: int
) -> None:
    """Move what orders add to the exposure to their invoice; one that is all billed is invoiced."""
    rest = payable
    for place, order in enumerate(what.orders, 1):
        own = sum(one.total for one in lines if one.key[0] == order.id)
        amount = rest if place == len(what.orders) else own
        rest -= amount
        whole = what.is_whole(order) or _is_done(t, order)
        if written.document is not None:
            accounts.bill_order(
                t,
                order.id,
                customer=order.customer,
                document=written.document,
                amount=amount,
                whole=whole,
            )
        told = OrderReason(
            "order_billed_by",
            {
                "number": written.number,
                "amount": payable,
                "balance": _balance(t, order.customer),
            },
        )
        tell_billed(t, order.uuid, told, whole=whole)


def tell_billed(t: Transaction, uuid: str, told: OrderReason, *, whole: bool) -> None:
    """Tell an order's shop of its invoice; delivered and all billed, the order is invoiced."""
    locked = lock_order(t, uuid)
    if locked is not None:
        done = whole and locked.status == "delivered"
        status: Status = "invoiced" if done else locked.status
        move(t, locked, status, cause="invoiced", reasons=(told,))


def _balance(t: Transaction, customer: int) -> int:
    """Give what a customer owes on documents by now."""
    return int(t.rows(_BALANCE, (customer,))[0][0])


def _is_done(t: Transaction, order: SoldOrder) -> bool:
    """Say whether all that was delivered of an order is billed, and nothing more will come."""
    return order.status == "delivered" and not t.rows(_UNBILLED, (order.id,))[0][0]


def invoice_order(t: Transaction, uuid: str) -> None:
    """Have a delivered order that is all billed be invoiced: it adds to no exposure itself."""
    locked = lock_order(t, uuid)
    if locked is not None and locked.status == "delivered":
        move(t, locked, "invoiced", cause="invoiced", reasons=())


def follow_order(t: Transaction, changed: OrderChanged) -> None:
    """Have invoices follow an order: delivered and all billed it is invoiced, and owes no more."""
    found = t.rows(_LINKED, (changed.order,))
    if not found:
        return
    customer, whole = found[0]
    if changed.status == "delivered" or not LIFE[changed.status].owes:
        accounts.settle_order(t, changed.order, customer=customer, whole=bool(whole))
    if changed.status == "delivered" and whole:
        invoice_order(t, changed.uuid)
