"""Credit notes made of invoices under lock, and taken back: money, stock and schemes follow."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction
from hub.desk.accounts import store as accounts
from hub.desk.invoices.model.billing import InvoiceLine
from hub.desk.invoices.model.crediting import Credited, LineCredits, faults_of, price_line, too_much
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


@dataclass(frozen=True, slots=True)
class Prepared:
    """A credit note that is ready to be written."""

    found: LockedInvoice
    new: NewInvoice
    asked: Credited
    settled: Settled


def credit(
    t: Transaction,
    desk: Desk,
    found: LockedInvoice,
    *,
    asked: Credited,
    why: str,
    earlier: int | None = None,
    key: str = "",
) -> Issued | Refused:
    """Credit lines of an invoice under lock; `earlier` is how many credit notes a person saw of it.

    The same credit asked for twice, after as many or under one key, is one credit note.
    """
    prepared = prepare(t, desk, found, asked=asked, why=why, earlier=earlier, key=key)
    if not isinstance(prepared, Prepared):
        return prepared
    issued = write_all(t, [prepared])
    return issued if isinstance(issued, Refused) else issued[0]


def prepare(
    t: Transaction,
    desk: Desk,
    found: LockedInvoice,
    *,
    asked: Credited,
    why: str,
    earlier: int | None = None,
    key: str = "",
) -> Prepared | Issued | Refused:
    """Work out a credit note of an invoice under lock; Issued is one that was made before."""
    refusal = _refuse(found)
    if refusal is not None:
        return refusal
    before, count = read_credits(t, found.id)
    seen = count if earlier is None else earlier
    made = find_by_key(t, asked.key(found.id, key or seen))
    if made is not None:
        return Issued(*made, again=True)
    if earlier not in {None, count}:
        return refused("billing_changed")
    lines = read_lines(t, found.id)
    faults = tuple(faults_of(asked, lines, before))
    settled: Settled | Refused = Refused(faults)
    if not faults:
        settled = settle_goods(t, desk, lines=lines, asked=asked, before=before)
    if isinstance(settled, Refused):
        return settled
    prices = [price_line(lines[number], amount) for number, amount in sorted(asked.prices.items())]
    credited = _numbered([*settled.lines, *(one for one in prices if one.net)])
    faults = tuple(too_much(credited, lines, before))
    if faults:
        return Refused(faults)
    new = _new_note(found, credited, asked=asked, why=why, turn=key or count)
    new = replace(new, round_off=settled.round_off)
    done = Prepared(found, new, asked, settled)
    return done if new.payable >= 0 else refused("credit_nothing")


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
    turn: int | str,
) -> NewInvoice:
    row: Mapping[str, Any] = found.row
    return NewInvoice(
        key=asked.key(found.id, turn),
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


def write_all(t: Transaction, notes: Sequence[Prepared]) -> list[Issued] | Refused:
    """Write credit notes of one customer: goods go back, orders hear of it, invoices are paid.

    Step by step for all of them, as everybody locks: account, batches, counters, numbers.
    """
    for one in notes:
        accounts.lock_account(t, one.new.customer_id)
    for one in notes:
        wrong = restock(t, one.found, key=one.new.key, asked=one.asked, why=one.new.why)
        if wrong is not None:
            return wrong
    for one in notes:
        for order, changes in sorted(one.settled.changes.items()):
            own = (line for line in one.new.lines if line.key[0] == order and line.net >= 0)
            pieces = sum(line.quantity for line in own)
            params = {"invoice": one.found.number, "quantity": pieces}
            _tell_order(t, order, Reason("order_returned", params), changes=changes)
    return [_issue(t, one) for one in notes]


def _issue(t: Transaction, one: Prepared) -> Issued:
    """Write a credit note, and have it pay what is open of its invoice."""
    written = write_invoice(t, one.new)
    debit = accounts.read_debit(t, one.new.customer_id, kind="invoice", ref=one.found.id)
    if written.document is not None and debit is not None:
        amount = min(debit.open, one.new.payable)
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
    settled = _settle_again(t, desk, note, invoice=invoice, before=before)
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
    *,
    invoice: LockedInvoice,
    before: Mapping[int, LineCredits],
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
