"""Orders that are to be billed, read under lock with what invoices have billed of them so far."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from hub.base.transaction import LockRank, Transaction
from hub.desk.deliveries.store.billing import delivered_of
from hub.desk.invoices.model.billing import LineKey, SoldLine
from hub.desk.orders.deciding import (
    Content,
    Desk,
    pack_of,
    read_sale,
    return_of,
    settle_back,
    undelivered,
)
from hub.desk.orders.model.life import Status
from rules import CompiledPack, TaxPart, evaluate

_ORDERS: Final = """
SELECT id, uuid, number, seller_id, customer_id, status, revision, ship_to_id
FROM order_ WHERE id IN
"""
_CONTENT: Final = """
SELECT content, payment, currency, scale, pack_hash, tax FROM order_revision
WHERE order_id = ? AND revision = ?
"""
_LINES: Final = """
SELECT l.free, l.line, l.product_id, l.sku, l.name, p.hsn, p.base_unit, l.quantity, l.unit_price,
       l.gross, l.net, l.total
FROM order_line l LEFT JOIN product p ON p.id = l.product_id
WHERE l.order_id = ? AND l.revision = ? ORDER BY l.free, l.line
"""
_BILLED: Final = """
SELECT l.free, l.order_line, sum(l.quantity), sum(l.gross), sum(l.net), sum(l.total)
FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
WHERE l.order_id = ? AND i.of_id IS NULL AND i.cancelled_day IS NULL
GROUP BY l.free, l.order_line
"""


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """An order under lock, with its lines; `pack` decided it, None where that is not known.

    `has_tax` says that it has tax in it, whatever is known of the heads.
    """

    id: int
    uuid: str
    number: str
    seller: int
    customer: int
    status: Status
    content: int
    payment: str
    currency: str
    scale: int
    has_tax: bool
    pack: CompiledPack | None
    lines: Mapping[LineKey, SoldLine]
    ship_to: int | None = None

    @property
    def left(self) -> int:
        """Give how many base units no invoice has."""
        return sum(one.left for one in self.lines.values())


def lock_orders(
    t: Transaction, desk: Desk, ids: Collection[int], *, contents: Mapping[int, int]
) -> list[SoldOrder]:
    """Lock orders by rising ids, and read them with what is billed of their lines.

    `contents` names the revision that has the lines, where it is not the newest one's.
    """
    t.lock(LockRank.ORDER, set(ids))
    rows = t.rows_in(_ORDERS, sorted(set(ids)), locked_by="id")
    return [_sold(t, desk, row, named=contents.get(row[0])) for row in rows if row[4] is not None]


def _sold(t: Transaction, desk: Desk, row: Sequence[Any], *, named: int | None) -> SoldOrder:
    order, uuid, number, seller, customer, status, revision, ship_to = row
    newest = t.rows(_CONTENT, (order, revision))[0]
    content = named or newest[0]
    _, payment, currency, scale, digest, tax = t.rows(_CONTENT, (order, content))[0]
    pack = pack_of(t, desk, digest)
    parts = _parts(t, desk, Content(order, content), pack=pack) if tax and pack else {}
    billed = {
        (order, bool(free), line): tuple(map(int, sums))
        for free, line, *sums in t.rows(_BILLED, (order,))
    }
    lines = {}
    for free, line, product, sku, name, hsn, unit, quantity, price, gross, net, total in t.rows(
        _LINES, (order, content)
    ):
        key = (order, bool(free), line)
        count, gross_before, net_before, total_before = billed.get(key, (0, 0, 0, 0))
        lines[key] = SoldLine(
            key,
            content,
            product,
            sku,
            name,
            hsn or "",
            unit or "",
            quantity,
            price,
            gross,
            net,
            total,
            () if free else parts.get(line, ()),
            count,
            gross_before,
            net_before,
            total_before,
        )
    if status == "delivered" and not billed:
        lines = _keep_delivered(t, desk, Content(order, content), lines=lines)
    return SoldOrder(
        order,
        uuid,
        number,
        seller,
        customer,
        status,
        content,
        payment,
        currency,
        scale,
        has_tax=bool(tax),
        pack=pack if parts or not tax else None,
        lines=lines,
        ship_to=ship_to,
    )


def _keep_delivered(
    t: Transaction, desk: Desk, content: Content, *, lines: Mapping[LineKey, SoldLine]
) -> dict[LineKey, SoldLine]:
    """Leave of an order what was delivered, at what the rules let it cost without the rest.

    Where the rules cannot say, the lines stay whole, and what was delivered is billed by its part.
    """
    missing = undelivered(t, content, delivered_of(t, content.order))
    result = settle_back(t, desk, content, returned=return_of(missing)) if missing else None
    if result is None or not result.lines:
        return dict(lines)
    less = {(False, one.number): one for one in result.lines}
    kept = {}
    for key, sold in lines.items():
        one = less.get(key[1:])
        gross, net, total = (one.gross, one.net, one.total) if one is not None else (0, 0, 0)
        quantity = sold.quantity - missing.get(key[1:], 0)
        if quantity:
            kept[key] = replace(
                sold,
                quantity=quantity,
                gross=sold.gross - gross,
                net=sold.net - net,
                total=sold.total - total,
            )
    return kept


def _parts(
    t: Transaction, desk: Desk, content: Content, *, pack: CompiledPack
) -> Mapping[int, tuple[TaxPart, ...]]:
    """Ask the rules again for the heads of each line."""
    found = read_sale(t, desk, content)
    if found is None:
        return {}
    sale = found[0]
    result = evaluate(sale.order, sale.facts, sale.counters, pack)
    return {one.number: one.taxes for one in result.lines}


def day_of(value: date | str | None) -> date | None:
    """Read a day: SQLite's driver gives its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
