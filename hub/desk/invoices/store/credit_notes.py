"""Credit notes made of invoices under lock, and taken back: money, stock and schemes follow."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction
from hub.desk.accounts import store as accounts
from hub.desk.invoices.model.billing import InvoiceLine
from hub.desk.invoices.model.crediting import Credited, faults_of, price_line, too_much
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.model.sides import read_side
from hub.desk.invoices.store.cancelling import cancel_row
from hub.desk.invoices.store.crediting import (
    Settled,
    read_credits,
    read_lines,
    restock,
    settle_goods,
)
from hub.desk.invoices.store.writing import (
    LockedInvoice,
    NewInvoice,
    find_by_key,
    lock_invoice,
    write_invoice,
)
from hub.desk.orders.deciding import Desk, Kept, lock_order, move
from hub.desk.orders.model.reasons import Reason
from hub.desk.stock.model.moves import Move
from hub.desk.stock.store.documents import Head, LineRow, open_document, write_lines
from hub.desk.stock.store.moving import faults_of as stock_faults
from hub.desk.stock.store.moving import lock_batches
from hub.desk.stock.store.moving import move as move_stock
from rules import CounterChange

_UUID: Final = "SELECT uuid FROM order_ WHERE id = ?"
_PUT_BACK: Final = """
SELECT l.line, l.batch_id, l.to_bucket, l.quantity, s.warehouse_id FROM stock_document s
JOIN stock_document_line l ON l.document_id = s.id WHERE s.key = ? ORDER BY l.line
"""


def credit(
    t: Transaction,
    desk: Desk,
    found: LockedInvoice,
    *,
    asked: Credited,
    why: str,
    earlier: int | None = None,
) -> Issued | Refused:
    """Credit lines of an invoice under lock; `earlier` is how many credit notes a person saw of it.

    The same credit asked for twice is one credit note.
    """
    refusal = _refuse(found)
    if refusal is not None:
        return refusal
    before, count = read_credits(t, found.id)
    made = find_by_key(t, asked.key(found.id, count if earlier is None else earlier))
    if made is not None:
        return Issued(*made, again=True)
    if earlier not in {None, count}:
        return refused("billing_changed")
    lines = read_lines(t, found.id)
    faults = tuple(faults_of(asked, lines, before))
    settled = (
        Refused(faults)
        if faults
        else settle_goods(t, desk, lines=lines, asked=asked, before=before)
    )
    if isinstance(settled, Refused):
        return settled
    prices = [price_line(lines[number], amount) for number, amount in sorted(asked.prices.items())]
    credited = _numbered([*settled.lines, *(one for one in prices if one.net)])
    faults = tuple(too_much(credited, lines, before))
    if faults:
        return Refused(faults)
    new = _new_note(found, credited, asked=asked, why=why, count=count)
    return _write(t, found, replace(new, round_off=settled.round_off), asked=asked, settled=settled)


def _refuse(found: LockedInvoice) -> Refused | None:
    if found.row["kind"] == "credit_note":
        return refused("invoice_unknown", number=found.number)
    if found.row["cancelled_day"] is not None:
        return refused("invoice_cancelled", number=found.number)
    return None


def _numbered(lines: list[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    return tuple(replace(one, number=place) for place, one in enumerate(lines, 1))


def _new_note(
    found: LockedInvoice,
    lines: tuple[InvoiceLine, ...],
    *,
    asked: Credited,
    why: str,
    count: int,
) -> NewInvoice:
    row: Mapping[str, Any] = found.row
    return NewInvoice(
        key=asked.key(found.id, count),
        kind="credit_note",
        seller_id=row["seller_id"],
        customer_id=row["customer_id"],
        seller=read_side(row["seller"]),
        buyer=read_side(row["buyer"]),
        lines=lines,
        payment=row["payment"],
        currency=row["currency"],
        scale=row["scale"],
        round_off=0,
        of=found.id,
        reason="goods" if any(asked.back.values()) else "price",
        why=why.strip()[:500],
        reverse_charge=bool(row["reverse_charge"]),
    )


def _write(
    t: Transaction, found: LockedInvoice, new: NewInvoice, *, asked: Credited, settled: Settled
) -> Issued | Refused:
    """Write the credit note, put goods back, and have it pay what is open of its invoice."""
    if new.payable < 0:
        return refused("credit_nothing")
    accounts.lock_account(t, new.customer_id)
    restock(t, found, key=new.key, asked=asked, why=new.why)
    for order, changes in sorted(settled.changes.items()):
        pieces = sum(one.quantity for one in new.lines if one.key[0] == order and one.net >= 0)
        params = {"invoice": found.number, "quantity": pieces}
        _tell_order(t, order, Reason("order_returned", params), changes=changes)
    written = write_invoice(t, new)
    debit = accounts.read_debit(t, new.customer_id, kind="invoice", ref=found.id)
    if written.document is not None and debit is not None:
        amount = min(debit.open, new.payable)
        accounts.allocate(t, written.document, debit.id, amount=amount)
    return Issued(written.id, written.number)


def _tell_order(
    t: Transaction, order: int, reason: Reason, *, changes: tuple[CounterChange, ...]
) -> None:
    """Write a revision of an order that schemes count otherwise from now on; its shop hears it."""
    locked = lock_order(t, t.rows(_UUID, (order,))[0][0])
    if locked is not None:
        kept = Kept(changes=changes)
        move(t, locked, locked.status, cause="returned", reasons=(reason,), kept=kept)


def take_back(t: Transaction, desk: Desk, note: LockedInvoice, *, why: str) -> Refused | None:
    """Cancel a credit note under lock: what it credited is owed, and its goods are sold, again.

    Refused where the goods that it put back are not there any more.
    """
    invoice = lock_invoice(t, note.row["of_id"])
    assert invoice is not None  # noqa: S101  # a credit note is of an invoice
    before, _ = read_credits(t, invoice.id, but=note.id)
    settled = _settle_again(t, desk, note, invoice, before=before)
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
        _tell_order(t, order, reason, changes=back)
    if note.row["document_id"] is not None:
        accounts.void_document(t, note.row["document_id"])
    cancel_row(t, note, why=why)
    return None


def _settle_again(
    t: Transaction,
    desk: Desk,
    note: LockedInvoice,
    invoice: LockedInvoice,
    *,
    before: Mapping[int, Any],
) -> dict[int, tuple[CounterChange, ...]] | Refused:
    """Ask the rules once more what a credit note of goods gave back of schemes, by order."""
    if note.row["reason"] != "goods":
        return {}
    back: dict[int, int] = {}
    charged: dict[int, int] = {}
    for one in read_lines(t, note.id).values():
        into = charged if one.key[1] and one.total < 0 else back
        if one.quantity and one.of_line is not None:
            into[one.of_line] = into.get(one.of_line, 0) + one.quantity
    absent = dict.fromkeys(back, "absent") if not t.rows(_PUT_BACK, (note.row["key"],)) else {}
    asked = Credited(back, absent, charged)  # type: ignore[arg-type]  # words of Shelf
    settled = settle_goods(t, desk, lines=read_lines(t, invoice.id), asked=asked, before=before)
    return settled if isinstance(settled, Refused) else settled.changes


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
        note=why.strip()[:300],
    )
    document = open_document(t, head, "done")
    write_lines(
        t,
        document.id,
        [LineRow(line, batch, bucket, None, count) for line, batch, bucket, count, _ in rows],
    )
    move_stock(t, moves, document=document)
    return None
