"""Goods that came back, put into stock: of the batches that went out, on the shelf they lie on."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction
from hub.desk.invoices.model.crediting import PARTS, Credited, Piece, Shelf
from hub.desk.invoices.store.writing import LockedInvoice
from hub.desk.stock.model.moves import Bucket, Move
from hub.desk.stock.store.documents import Head, LineRow, open_document, write_lines
from hub.desk.stock.store.moving import lock_batches, move
from rules import Quantity

BUCKETS: Final[Mapping[Shelf, Bucket]] = {
    "good": "good",
    "damaged": "damaged",
    "expired": "quarantine",
}
"""Where what came back lies: what is expired is kept apart from what is sold."""
_BATCHES: Final = """
SELECT g.line, b.id, b.code, b.warehouse_id, g.quantity FROM invoice_goods g
JOIN invoice_line l ON l.invoice_id = g.invoice_id AND l.line = g.line
JOIN order_ o ON o.id = l.order_id
JOIN batch b ON b.product_id = l.product_id AND b.warehouse_id = o.warehouse_id
    AND b.code = g.batch
WHERE g.invoice_id = ? ORDER BY g.line, g.part
"""
_BACK: Final = """
SELECT i.id, l.of_line, d.batch_id, d.quantity FROM invoice i
JOIN stock_document s ON s.key = i.key JOIN stock_document_line d ON d.document_id = s.id
JOIN invoice_line l ON l.invoice_id = i.id AND l.line = d.line / 1000
WHERE i.of_id = ? AND i.cancelled_day IS NULL
"""


def read_restocked(
    t: Transaction, invoice: int, *, but: Collection[int] = ()
) -> dict[tuple[int, int], int]:
    """Give what came back of each line and batch; `but` are credit notes that are left out."""
    found: dict[tuple[int, int], int] = {}
    for note, line, batch, count in t.rows(_BACK, (invoice,)):
        if note not in but:
            found[line, batch] = found.get((line, batch), 0) + int(count)
    return found


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
                part = place * PARTS + sum(row.line // PARTS == place for row in rows)
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
    had = read_restocked(t, invoice)
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
