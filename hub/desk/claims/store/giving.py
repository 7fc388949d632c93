"""What schemes gave, written as documents are issued, credited and cancelled."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from hub.base.transaction import LockRank, Transaction
from hub.desk.claims import tables
from hub.desk.claims.model import (
    UNREAD,
    USUAL,
    VALUE,
    Given,
    GivenKey,
    KeptLine,
    Worth,
    changes_of,
    given_on,
)
from hub.desk.deliveries.store.billing import delivered_of
from hub.desk.invoices.model.events import BillingChanged
from hub.desk.orders.deciding import Content, Desk, GoodsLine, read_sale, return_of, undelivered
from hub.desk.parties.store import business_day, set_setting, settings_of
from rules import CompiledPack, Gifts, Sale, gifts_of
from rules.engine.errors import RuleFailedError

TOPIC: Final = "claims"
_COLUMNS: Final = (
    *("invoice_id", "line", "document_id", "order_id", "seller_id", "customer_id", "day"),
    *("scheme", "funder", "kind", "quantity", "amount", "valued", "unit_worth", "pack_hash"),
)
_HEAD: Final = "SELECT seller_id, customer_id, day, cancelled_day FROM invoice WHERE id = ?"
_LINES: Final = """
SELECT line, order_id, content, free, order_line, product_id, quantity, discount
FROM invoice_line WHERE invoice_id = ? ORDER BY line
"""
_CREDITS: Final = """
SELECT l.of_line,
       sum(CASE WHEN l.free AND l.total > 0 AND i.kind <> 'debit_note' THEN -l.quantity
           ELSE l.quantity END),
       sum(CASE WHEN i.kind = 'debit_note' THEN -l.discount ELSE l.discount END)
FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
WHERE i.of_id = ? AND i.cancelled_day IS NULL GROUP BY l.of_line
"""
_ORDER_OF: Final = "SELECT DISTINCT order_id FROM invoice_line WHERE invoice_id = ?"
_BESIDE: Final = """
SELECT DISTINCT l.invoice_id FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
WHERE i.of_id IS NULL AND i.cancelled_day IS NULL AND l.order_id IN
"""
_BILLED: Final = """
SELECT l.free, l.order_line, l.quantity, coalesce((
    SELECT sum(CASE WHEN c.free AND c.total > 0 AND n.kind <> 'debit_note' THEN -c.quantity
        ELSE c.quantity END)
    FROM invoice n JOIN invoice_line c ON c.invoice_id = n.id
    WHERE n.of_id = i.id AND c.of_line = l.line AND n.cancelled_day IS NULL), 0)
FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
WHERE l.order_id = ? AND l.content = ? AND i.of_id IS NULL AND i.cancelled_day IS NULL
"""
_STATUS: Final = "SELECT status FROM order_ WHERE id = ?"
_SO_FAR: Final = """
SELECT line, scheme, kind, funder, pack_hash, order_id, valued, unit_worth,
       sum(quantity), sum(amount)
FROM scheme_given WHERE invoice_id = ?
GROUP BY line, scheme, kind, funder, pack_hash, order_id, valued, unit_worth
"""
_COSTS: Final = "SELECT id, cost FROM product WHERE cost IS NOT NULL AND id IN "
_NEXT: Final = """
SELECT id FROM invoice WHERE of_id IS NULL AND id <= ? ORDER BY id DESC LIMIT ?
"""
_UNREAD: Final = "SELECT value FROM setting WHERE key = ?"
_ORDERS: Final = "SELECT DISTINCT order_id FROM invoice_line WHERE invoice_id IN "
_AT_ONCE: Final = 50


class _Source(NamedTuple):
    """Where a gift comes from: the order, its rule pack, and who pays for the scheme."""

    order: int
    pack: str
    funder: str


@dataclass(slots=True)
class _Told:
    """What is known of the gifts of an invoice: each with where it comes from."""

    given: dict[GivenKey, Given]
    sources: dict[GivenKey, _Source]


class _Line(NamedTuple):
    """A line of an invoice as it was issued."""

    line: int
    order: int
    content: int
    free: bool
    number: int
    product: int | None
    quantity: int
    discount: int


def keep_given(t: Transaction, desk: Desk, event: BillingChanged) -> None:
    """Write what a document changed of what schemes gave on an invoice, and beside it.

    Where an order has several invoices, what comes back of one may change how schemes share the
    discounts of the others.
    """
    orders = [int(one) for (one,) in t.rows(_ORDER_OF, (event.invoice,))]
    beside = set() if event.late else {int(one) for (one,) in t.rows_in(_BESIDE, orders)}
    for invoice in sorted({event.invoice, *beside}):
        _keep(t, desk, replace(event, invoice=invoice))


def _keep(t: Transaction, desk: Desk, event: BillingChanged) -> None:
    seller, customer, day, cancelled = t.rows(_HEAD, (event.invoice,))[0]
    head = (seller, customer, day if event.late else business_day(t))
    so_far = _read_so_far(t, event.invoice)
    wanted = _Told({}, {})
    if cancelled is None:
        wanted = _read_given(t, desk, event.invoice, so_far=so_far)
    rows = []
    for key, change in changes_of(wanted.given, so_far.given):
        source = so_far.sources.get(key) or wanted.sources[key]
        rows.append(
            (
                *(event.invoice, key.line, event.document, source.order, *head),
                *(key.scheme, source.funder, key.kind, change.quantity, change.amount),
                *(change.valued, change.each, source.pack),
            )
        )
    if rows:
        t.insert(tables.scheme_given, _COLUMNS, rows)
        t.changed(TOPIC)


def gather(t: Transaction, desk: Desk, *, most: int = _AT_ONCE) -> bool:
    """Read invoices of before there were claims, the newest first; says whether more are left."""
    t.lock(LockRank.SOURCE, {UNREAD})
    rows = t.rows(_UNREAD + t.row_lock, (UNREAD,))
    unread = int(rows[0][0]) if rows else 0
    found = [int(one) for (one,) in t.rows(_NEXT, (unread, most))] if unread else []
    orders = sorted({int(one) for (one,) in t.rows_in(_ORDERS, found)})
    t.lock(LockRank.ORDER, set(orders))  # as whoever credits or cancels one of these invoices does
    t.rows_in("SELECT id FROM order_ WHERE id IN ", orders, locked_by="id")
    for invoice in found:
        keep_given(t, desk, BillingChanged(invoice, invoice, late=True))
    left = found[-1] - 1 if len(found) == most else 0
    if unread:
        set_setting(t, UNREAD, str(left))
    return bool(left)


def _read_so_far(t: Transaction, invoice: int) -> _Told:
    told = _Told({}, {})
    for row in t.rows(_SO_FAR, (invoice,)):
        line, scheme, kind, funder, pack, order, valued, each, quantity, amount = row
        key = GivenKey(line, scheme, kind)
        told.given[key] = Given(int(quantity), int(amount), valued, each)
        told.sources[key] = _Source(order, pack, funder)
    return told


def _read_given(t: Transaction, desk: Desk, invoice: int, *, so_far: _Told) -> _Told:
    lines = [_Line(*row) for row in t.rows(_LINES, (invoice,))]
    told = _Told({}, {})
    if not any(one.free or one.discount for one in lines):
        return told
    credits_ = {
        line: (int(quantity), int(discount))
        for line, quantity, discount in t.rows(_CREDITS, (invoice,))
    }
    for content in sorted({Content(one.order, one.content) for one in lines}):
        own = [one for one in lines if (one.order, one.content) == content]
        kept = [_kept(one, *credits_.get(one.line, (0, 0))) for one in own]
        sale = read_sale(t, desk, content)
        if sale is not None:
            _tell(t, content, kept, own=own, sale=sale, so_far=so_far, told=told)
    return told


def _kept(one: _Line, quantity: int, discount: int) -> KeptLine:
    """Take off a line what its credit notes credited."""
    left = one.quantity - quantity
    off = max(one.discount - discount, 0)
    return KeptLine(one.line, one.number, bool(one.free), left, off)


def _tell(
    t: Transaction,
    content: Content,
    kept: list[KeptLine],
    *,
    own: list[_Line],
    sale: tuple[Sale, CompiledPack],
    so_far: _Told,
    told: _Told,
) -> None:
    """Add what the schemes of one order gave on its lines."""
    asked, pack = sale
    try:
        gifts = gifts_of(asked, pack)
        back = _read_back(t, content)
        left = gifts_of(asked, pack, back=return_of(back)) if back else gifts
    except RuleFailedError:
        return  # a rule that fails prices nothing: such an order was held, and gave nothing
    worth = _worth(t, own, gifts, so_far=so_far)
    for key, given in given_on(kept, gifts, kept=left, worth=worth).items():
        told.given[key] = given
        told.sources[key] = _Source(content.order, pack.hash, pack.funders.get(key.scheme, ""))


def _read_back(t: Transaction, content: Content) -> dict[GoodsLine, int]:
    """Give what of an order came back, over all its invoices, or never came and is not billed.

    What is not billed yet is still to come: of 20 of which one invoice bills 12, the 8 count too.
    """
    back: dict[GoodsLine, int] = {}
    billed: dict[GoodsLine, int] = {}
    for free, line, quantity, credited in t.rows(_BILLED, content):
        key = bool(free), int(line)
        billed[key] = billed.get(key, 0) + int(quantity)
        back[key] = back.get(key, 0) + int(credited)
    if t.rows(_STATUS, (content.order,))[0][0] in {"delivered", "invoiced"}:
        unbilled = undelivered(t, content, billed)
        for key, missing in undelivered(t, content, delivered_of(t, content.order)).items():
            back[key] = back.get(key, 0) + min(missing, unbilled.get(key, 0))
    return {key: count for key, count in back.items() if count > 0}


def _worth(t: Transaction, own: list[_Line], gifts: Gifts, *, so_far: _Told) -> Mapping[int, Worth]:
    """Value free goods: as they were valued before, else by the setting of today."""
    before: dict[int, Worth | None] = {
        key.line: Worth(given.each, given.valued) if given.each is not None else None
        for key, given in so_far.given.items()
        if key.kind == "goods"
    }
    new = [one for one in own if one.free and one.line not in before]
    costs: dict[Any, int] = {}
    if new and settings_of(t).get(VALUE, USUAL) == "cost":
        costs = dict(map(tuple, t.rows_in(_COSTS, sorted({one.product or 0 for one in new}))))
    prices = {one.number: one.unit_price for one in gifts.free}
    for one in new:
        price = prices.get(one.number)
        if one.product in costs:
            before[one.line] = Worth(int(costs[one.product]), "cost")
        elif price is not None:
            before[one.line] = Worth(price, "list")
    return {line: worth for line, worth in before.items() if worth is not None}
