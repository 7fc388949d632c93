"""Credit notes taken back under lock, with the notes that came with them."""

import hashlib
from collections.abc import Collection
from typing import Final

from hub.base.fields import LONGEST_REASON, Refused, refused
from hub.base.transaction import Transaction
from hub.desk.accounts import store as accounts
from hub.desk.invoices.model.crediting import ABSENT, Credited
from hub.desk.invoices.store.cancelling import cancel_row
from hub.desk.invoices.store.credit_notes import tell_order
from hub.desk.invoices.store.crediting import Billed, read_lines, settle_goods
from hub.desk.invoices.store.writing import LockedInvoice, lock_invoice
from hub.desk.orders.deciding import Desk
from hub.desk.orders.model.reasons import Reason
from hub.desk.stock.model.moves import Move
from hub.desk.stock.store.documents import Head, LineRow, open_document, write_lines
from hub.desk.stock.store.moving import faults_of as stock_faults
from hub.desk.stock.store.moving import lock_batches
from hub.desk.stock.store.moving import move as move_stock
from rules import CounterChange

_PUT_BACK: Final = """
SELECT l.line, l.batch_id, l.to_bucket, l.quantity, s.warehouse_id FROM stock_document s
JOIN stock_document_line l ON l.document_id = s.id WHERE s.key = ? ORDER BY l.line
"""
_WITH: Final = "SELECT id FROM invoice WHERE comes_with = ? AND cancelled_day IS NULL ORDER BY id"
_CREDIT: Final = "SELECT number FROM invoice WHERE id = ?"
_LATER: Final = """
SELECT DISTINCT n.id, n.number FROM invoice n JOIN invoice_line l ON l.invoice_id = n.id
WHERE n.of_id IS NOT NULL AND n.cancelled_day IS NULL AND n.id > ?
    AND l.order_id IN (SELECT m.order_id FROM invoice_line m WHERE m.invoice_id = ?)
ORDER BY n.id DESC
"""


def lock_with(t: Transaction, note: LockedInvoice) -> list[LockedInvoice]:
    """Lock the invoice of a note, and give the notes that came with it and are not cancelled."""
    lock_invoice(t, note.row["of_id"])
    found = (lock_invoice(t, int(one)) for (one,) in t.rows(_WITH, (note.id,)))
    return [one for one in found if one is not None]


def take_back(
    t: Transaction, desk: Desk, note: LockedInvoice, *, others: Collection[LockedInvoice], why: str
) -> Refused | None:
    """Cancel a credit note under lock: what it credited is owed, and its goods are sold, again.

    The `others` that came with it are cancelled, too. Refused where the goods that it put back are
    not there any more, and where a later return was settled on prices that a debit note raised.
    """
    if note.row["comes_with"] is not None:
        number = t.rows(_CREDIT, (note.row["comes_with"],))[0][0]
        return refused("note_comes_with", number=note.number, credit=number)
    own = {note.id, *(one.id for one in others)}
    later = [number for row, number in t.rows(_LATER, (note.id, note.id)) if row not in own]
    if others and later:
        return refused("note_settled_on", number=note.number, later=later[0])
    settled = _settle_again(t, desk, note, others=others)
    if isinstance(settled, Refused):
        return settled
    accounts.lock_account(t, note.row["customer_id"])
    wrong = _take_goods(t, note, why=why)
    if wrong is not None:
        return wrong
    for order, changes in sorted(settled.items()):
        back = tuple(
            CounterChange._make((*one[:2], *(-count for count in one[2:]))) for one in changes
        )
        reason = Reason("order_return_cancelled", {"number": note.number})
        tell_order(t, order, reason, changes=back)
    for one in (note, *others):
        if one.row["document_id"] is not None:
            accounts.void_document(t, one.row["document_id"])
        cancel_row(t, one, why=why)
    return None


def _settle_again(
    t: Transaction, desk: Desk, note: LockedInvoice, *, others: Collection[LockedInvoice]
) -> dict[int, tuple[CounterChange, ...]] | Refused:
    """Ask the rules once more what a credit note of goods gave back of schemes, by order."""
    if note.row["reason"] != "goods":
        return {}
    is_absent = not t.rows(_PUT_BACK, (note.row["key"],))
    but = {note.id, *(one.id for one in others)}
    asked: dict[int, Credited] = {}
    billed = Billed()
    for one in (note, *others):
        invoice = one.row["of_id"]
        back, charged = _counts(t, one.id)
        had = asked.get(invoice, Credited())
        shelf = dict.fromkeys(back, ABSENT) if is_absent else {}
        asked[invoice] = Credited({**had.back, **back}, shelf, {**had.charged, **charged})
        billed.read(t, invoice, but=but)
    settled = settle_goods(t, desk, billed=billed, asked=asked, but=but)
    return settled if isinstance(settled, Refused) else settled.changes


def _counts(t: Transaction, note: int) -> tuple[dict[int, int], dict[int, int]]:
    """Count what a note credits and charges by its invoice's lines, in base units."""
    back: dict[int, int] = {}
    charged: dict[int, int] = {}
    for one in read_lines(t, note).values():
        into = charged if one.key[1] and one.total else back
        if one.quantity and one.of_line is not None:
            into[one.of_line] = into.get(one.of_line, 0) + one.quantity
    return back, charged


def _take_goods(t: Transaction, note: LockedInvoice, *, why: str) -> Refused | None:
    """Take goods out of the stock again that a credit note put back."""
    rows = t.rows(_PUT_BACK, (note.row["key"],))
    if not rows:
        return None
    moves = [Move(batch, bucket, None, quantity) for _, batch, bucket, quantity, _ in rows]
    faults = stock_faults(t, moves, lock_batches(t, {one.batch for one in moves}))
    if faults:
        return Refused(tuple(faults))
    key = hashlib.sha256(f"cancelled {note.row['key']}".encode()).hexdigest()
    head = Head(
        "adjustment",
        key,
        note.row["seller_id"],
        rows[0][4],
        reason="wrong_entry",
        reference=note.number,
        note=why.strip()[:LONGEST_REASON],
    )
    document = open_document(t, head, "done")
    write_lines(
        t,
        document.id,
        [LineRow(line, batch, bucket, None, count) for line, batch, bucket, count, _ in rows],
    )
    move_stock(t, moves, document=document)
    return None
