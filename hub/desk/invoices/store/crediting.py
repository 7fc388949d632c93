"""What of an invoice may be credited, settled by the rules, and goods that go back into stock."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction
from hub.desk.deliveries.store.billing import delivered_of
from hub.desk.invoices.model.billing import InvoiceLine
from hub.desk.invoices.model.crediting import (
    Credited,
    LineCredits,
    Piece,
    Shelf,
    lines_of_return,
    not_absent,
    return_of,
)
from hub.desk.invoices.store.writing import LockedInvoice
from hub.desk.orders.deciding import Content, Desk, GoodsLine, settle_back, undelivered
from hub.desk.stock.model.moves import Bucket, Move
from hub.desk.stock.store.documents import Head, LineRow, open_document, write_lines
from hub.desk.stock.store.moving import lock_batches, move
from rules import CounterChange, Quantity, ReturnResult, TaxPart

BUCKETS: Final[Mapping[Shelf, Bucket]] = {
    "good": "good",
    "damaged": "damaged",
    "expired": "quarantine",
}
"""Where what came back lies: what is expired is kept apart from what is sold."""
_LINES: Final = """
SELECT line, order_id, free, order_line, content, product_id, sku, name, hsn, unit, quantity,
       unit_price, gross, discount, net, of_line
FROM invoice_line WHERE invoice_id = ? ORDER BY line
"""
_TAXES: Final = """
SELECT line, head, rate, amount, per_unit FROM invoice_tax WHERE invoice_id = ? ORDER BY line, head
"""
_CREDITS: Final = """
SELECT l.of_line, sum(CASE WHEN l.total < 0 AND l.free THEN 0 ELSE l.quantity END), sum(l.total),
       sum(CASE WHEN l.total < 0 AND l.free THEN l.quantity ELSE 0 END)
FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
WHERE i.of_id = ? AND i.id <> ? AND i.cancelled_day IS NULL
GROUP BY l.of_line
"""
_COUNT: Final = "SELECT count(*) FROM invoice WHERE of_id = ?"
_ORDER: Final = """
SELECT number, status FROM order_ WHERE id = ?
"""
_BATCHES: Final = """
SELECT g.line, b.id, b.code, b.warehouse_id, g.quantity FROM invoice_goods g
JOIN invoice_line l ON l.invoice_id = g.invoice_id AND l.line = g.line
JOIN order_ o ON o.id = l.order_id
JOIN batch b ON b.product_id = l.product_id AND b.warehouse_id = o.warehouse_id
    AND b.code = g.batch
WHERE g.invoice_id = ? ORDER BY g.line, g.part
"""
_BACK: Final = """
SELECT l.of_line, d.batch_id, sum(d.quantity) FROM invoice i
JOIN stock_document s ON s.key = i.key JOIN stock_document_line d ON d.document_id = s.id
JOIN invoice_line l ON l.invoice_id = i.id AND l.line = d.line / 1000
WHERE i.of_id = ? AND i.id <> ? AND i.cancelled_day IS NULL GROUP BY l.of_line, d.batch_id
"""
_PARTS: Final = 1000
"""A line of a credit note takes lines of its stock document from here on: line 2 is 2000 on."""


def read_lines(t: Transaction, invoice: int) -> dict[int, InvoiceLine]:
    """Read the lines of a document with their heads of tax, by number."""
    heads: dict[int, list[TaxPart]] = {}
    for line, head, rate, amount, per_unit in t.rows(_TAXES, (invoice,)):
        heads.setdefault(line, []).append(TaxPart(head, rate, amount, per_unit))
    found = {}
    for number, order, free, place, *rest in t.rows(_LINES, (invoice,)):
        content, product, sku, name, hsn, unit, quantity, price, gross, discount, net, of = rest
        found[number] = InvoiceLine(
            number=number,
            key=(order, bool(free), place),
            content=content,
            product=product,
            sku=sku,
            name=name,
            hsn=hsn,
            unit=unit,
            quantity=quantity,
            unit_price=price,
            gross=gross,
            discount=discount,
            net=net,
            heads=tuple(heads.get(number, ())),
            of_line=of,
        )
    return found


def read_credits(
    t: Transaction, invoice: int, *, but: int | None = None
) -> tuple[dict[int, LineCredits], int]:
    """Read what is credited of each line, and by how many credit notes, cancelled ones too.

    What is cancelled credits nothing; `but` is a credit note that is left out.
    """
    restocked: dict[int, int] = {}
    for line, _, count in t.rows(_BACK, (invoice, but or 0)):
        restocked[line] = restocked.get(line, 0) + int(count)
    found = {
        line: LineCredits(int(quantity), int(total), int(charged), restocked.get(line, 0))
        for line, quantity, total, charged in t.rows(_CREDITS, (invoice, but or 0))
    }
    return found, int(t.rows(_COUNT, (invoice,))[0][0])


class Settled(NamedTuple):
    """What the rules made of goods that came back: lines, and what rounds them off.

    `changes` are what goes back to the counters of schemes, by order.
    """

    lines: list[InvoiceLine]
    round_off: int
    changes: dict[int, tuple[CounterChange, ...]]


def settle_goods(
    t: Transaction,
    desk: Desk,
    *,
    lines: Mapping[int, InvoiceLine],
    asked: Credited,
    before: Mapping[int, LineCredits],
) -> Settled | Refused:
    """Have the rules settle what came back, order by order."""
    wanted = {number for counts in (asked.back, asked.charged) for number in counts}
    orders = sorted({lines[number].key[0] for number in wanted})
    settled = Settled([], 0, {})
    for order in orders:
        own = {one.number: one for one in lines.values() if one.key[0] == order}
        result = _settle(t, desk, order, own=own, asked=asked, before=before)
        if isinstance(result, Refused):
            return result
        settled.lines.extend(lines_of_return(order, result, lines=own.values(), back=asked.back))
        settled.changes[order] = result.changes
        settled = settled._replace(round_off=settled.round_off + result.totals.round_off)
    return settled


def _settle(
    t: Transaction,
    desk: Desk,
    order: int,
    *,
    own: Mapping[int, InvoiceLine],
    asked: Credited,
    before: Mapping[int, LineCredits],
) -> ReturnResult | Refused:
    content = Content(order, next(iter(own.values())).content)
    number, status = t.rows(_ORDER, (order,))[0]
    if status not in {"delivered", "invoiced"}:
        return refused("credit_goods_not_delivered", order=number)
    missing = undelivered(t, content, delivered_of(t, order))
    unbilled = undelivered(t, content, _billed(own.values()))
    if unbilled not in ({}, missing):
        return refused("credit_order_parts", order=number)
    never = {(order, *key): count for key, count in missing.items()} if not unbilled else {}
    faults = tuple(not_absent(_of(asked, own), own, before, missing=never))
    if faults:
        return Refused(faults)
    earlier = return_of(
        order,
        own.values(),
        back={one: had.quantity for one, had in before.items()},
        charged={one: had.charged for one, had in before.items()},
        unbilled=unbilled,
    )
    returned = return_of(order, own.values(), back=asked.back, charged=asked.charged)
    result = settle_back(t, desk, content, returned=returned, before=earlier)
    if result is None:
        return refused("billing_tax_unknown", order=number)
    return _refuse(result, number, own=own.values()) or result


def _of(asked: Credited, own: Mapping[int, InvoiceLine]) -> Credited:
    return replace(asked, back={one: n for one, n in asked.back.items() if one in own})


def _billed(own: Collection[InvoiceLine]) -> dict[GoodsLine, int]:
    billed: dict[GoodsLine, int] = {}
    for one in own:
        billed[one.key[1:]] = billed.get(one.key[1:], 0) + one.quantity
    return billed


def _refuse(result: ReturnResult, order: str, *, own: Collection[InvoiceLine]) -> Refused | None:
    """Say why the rules credit nothing: they refuse, or free goods have to come back first."""
    if result.outcome != "accept":
        reasons = tuple(Reason(one.code, dict(one.params)) for one in result.reasons[:1])
        return Refused(reasons) if reasons else refused("billing_tax_unknown", order=order)
    if not result.owed:
        return None
    owed = result.owed[0]
    name = next((one.name for one in own if one.sku == owed.sku), owed.sku)
    return refused("credit_goods_owed", product=name, quantity=owed.quantity)


def restock(
    t: Transaction, found: LockedInvoice, *, key: str, asked: Credited, why: str
) -> Refused | None:
    """Put what came back into stock: good, damaged, or kept apart where it is expired.

    Refused where a batch is named that the line's goods are not of.
    """
    rows: list[LineRow] = []
    places: set[int] = set()
    there = _there(t, found.id)
    for place, line in enumerate(sorted(n for n, count in asked.back.items() if count), 1):
        if line not in asked.restocked:
            continue
        for piece in asked.pieces_of(line):
            taken = list(_take(there.get(line, []), piece))
            if piece.batch and sum(one.quantity for one in taken) < piece.quantity:
                return refused("credit_batch_unknown", batch=piece.batch, line=line)
            for one in taken:
                part = place * _PARTS + sum(row.line // _PARTS == place for row in rows)
                bucket = BUCKETS[piece.shelf]
                rows.append(LineRow(part, one.batch, None, bucket, one.quantity))
                places.add(one.warehouse)
    if rows:
        _put_back(t, found, rows, key=key, why=why, warehouse=min(places))
    return None


def _put_back(
    t: Transaction,
    found: LockedInvoice,
    rows: list[LineRow],
    *,
    key: str,
    why: str,
    warehouse: int,
) -> None:
    head = Head(
        "receipt",
        key,
        found.row["seller_id"],
        warehouse,
        reason="returned",
        reference=found.number,
        note=why,
    )
    document = open_document(t, head, "done")
    write_lines(t, document.id, rows)
    lock_batches(t, [one.batch for one in rows])
    move(
        t,
        [Move(one.batch, None, one.target, Quantity(one.quantity)) for one in rows],
        document=document,
    )


@dataclass(slots=True)
class _Lot:
    """Base units of a batch that went out on a line, and did not come back yet."""

    batch: int
    code: str
    warehouse: int
    quantity: int


def _there(t: Transaction, invoice: int) -> dict[int, list[_Lot]]:
    """Give the batches that the goods of each line were of, less what came back before."""
    had = {(line, batch): int(count) for line, batch, count in t.rows(_BACK, (invoice, 0))}
    found: dict[int, list[_Lot]] = {}
    for line, batch, code, warehouse, quantity in t.rows(_BATCHES, (invoice,)):
        left = quantity - had.pop((line, batch), 0)
        found.setdefault(line, []).append(_Lot(batch, code, warehouse, left))
    return found


def _take(lots: list[_Lot], piece: Piece) -> Iterator[_Lot]:
    """Take as many units as came back, of the batch that is named or of any."""
    left = piece.quantity
    for lot in lots:
        count = min(left, lot.quantity) if piece.batch in {"", lot.code} else 0
        if count > 0:
            left -= count
            lot.quantity -= count
            yield replace(lot, quantity=count)
