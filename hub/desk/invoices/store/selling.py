"""Orders that are to be billed, read under lock with what invoices have billed of them so far."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from hub.base.transaction import LockRank, Transaction
from hub.desk.invoices.model.billing import LineKey, SoldLine
from hub.desk.orders.deciding import Desk
from hub.desk.orders.model.evidence import Evidence, inputs_of, read_evidence
from hub.desk.orders.model.life import Status
from hub.desk.rulepacks.store import StoredSnapshots
from rules import CompiledPack, Sale, TaxPart, evaluate

_ORDERS: Final = """
SELECT id, uuid, number, seller_id, customer_id, status, revision FROM order_ WHERE id IN
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
WHERE l.order_id = ? AND i.kind <> 'credit_note' AND i.cancelled_day IS NULL
GROUP BY l.free, l.order_line
"""
_INPUTS: Final = "SELECT inputs FROM decision WHERE order_id = ? AND revision = ?"


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
    order, uuid, number, seller, customer, status, revision = row
    newest = t.rows(_CONTENT, (order, revision))[0]
    content = named or newest[0]
    _, payment, currency, scale, digest, tax = t.rows(_CONTENT, (order, content))[0]
    pack = _pack(t, desk, digest)
    parts = _parts(t, desk, order, content=content, pack=pack) if tax and pack else {}
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
    )


def read_sale(
    t: Transaction, desk: Desk, order: int, *, content: int
) -> tuple[Sale, CompiledPack] | None:
    """Read what an order was decided from; None where that, or its rule pack, is not here."""
    digest = t.rows(_CONTENT, (order, content))[0][4]
    pack, evidence = _pack(t, desk, digest), _evidence(t, order, content)
    if pack is None or evidence is None:
        return None
    current = desk.catalogues.current(t)
    catalogue = (
        current
        if current.hash == evidence.catalogue
        else StoredSnapshots().catalogue(t.connection, evidence.catalogue)
    )
    asked, facts, counters = inputs_of(evidence, catalogue)
    return Sale(asked, facts, counters), pack


def _parts(
    t: Transaction, desk: Desk, order: int, *, content: int, pack: CompiledPack
) -> Mapping[int, tuple[TaxPart, ...]]:
    """Ask the rules again for the heads of each line."""
    found = read_sale(t, desk, order, content=content)
    if found is None:
        return {}
    sale = found[0]
    result = evaluate(sale.order, sale.facts, sale.counters, pack)
    return {one.number: one.taxes for one in result.lines}


def _pack(t: Transaction, desk: Desk, digest: str | None) -> CompiledPack | None:
    current = desk.packs.current(t)
    if current is not None and current.hash == digest:
        return current
    return StoredSnapshots().pack(t.connection, digest)


def _evidence(t: Transaction, order: int, content: int) -> Evidence | None:
    found = t.rows(_INPUTS, (order, content))
    written = bytes(found[0][0]) if found and found[0][0] else b""
    return read_evidence(written) if written else None


def day_of(value: date | str | None) -> date | None:
    """Read a day: SQLite's driver gives its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
