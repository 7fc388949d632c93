"""Credit notes made of invoices under lock, with the debit notes that come with them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction
from hub.desk.accounts import store as accounts
from hub.desk.invoices.model.billing import Kind
from hub.desk.invoices.model.crediting import Credited, faults_of, price_line, too_much
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.model.settling import Moved, number_lines
from hub.desk.invoices.model.sides import read_side
from hub.desk.invoices.store.crediting import Billed, Settled, count_notes, settle_goods
from hub.desk.invoices.store.restocking import restock
from hub.desk.invoices.store.writing import (
    LockedInvoice,
    NewInvoice,
    Written,
    find_by_key,
    lock_invoice,
    write_invoice,
)
from hub.desk.orders.deciding import Desk, Kept, lock_order, move
from hub.desk.orders.model.reasons import Reason
from rules import CounterChange

_UUID: Final = "SELECT uuid FROM order_ WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Notes of one invoice that are ready to be written: less on `credit`, more on `debit`.

    Nothing is `asked` of an invoice whose goods are all kept, and cost otherwise from now on.
    """

    found: LockedInvoice
    asked: Credited
    credit: NewInvoice | None
    debit: NewInvoice | None

    @property
    def is_asked(self) -> bool:
        """Say whether goods of the invoice came back, or a price of it was lowered."""
        return not self.asked.is_empty


@dataclass(frozen=True, slots=True)
class Ready:
    """All notes of a return, that of the invoices that goods came back of first.

    `changes` are what goes back to the counters of schemes, by order.
    """

    notes: tuple[Prepared, ...]
    changes: Mapping[int, tuple[CounterChange, ...]]


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
    """Credit lines of an invoice under lock; `earlier` is how many notes a person saw of it.

    The same credit asked for twice, after as many or under one key, is one credit note.
    """
    count = count_notes(t, found.id)
    turn = key or (count if earlier is None else earlier)
    made = find_by_key(t, asked.key(found.id, turn))
    if made is not None and _refuse(found) is None:
        return Issued(*made, again=True)
    if earlier not in {None, count} and _refuse(found) is None:
        return refused("billing_changed")
    ready = prepare(t, desk, {found.id: (found, asked)}, why=why, key=key)
    if isinstance(ready, Refused):
        return ready
    issued = write_all(t, ready)
    return issued if isinstance(issued, Refused) else issued[0]


def prepare(
    t: Transaction,
    desk: Desk,
    wanted: Mapping[int, tuple[LockedInvoice, Credited]],
    *,
    why: str,
    key: str = "",
) -> Ready | Refused:
    """Work out the notes of what is asked for of invoices under lock, all of them together."""
    billed = _read(t, wanted)
    if isinstance(billed, Refused):
        return billed
    settled = settle_goods(t, desk, billed=billed, asked={n: one[1] for n, one in wanted.items()})
    if isinstance(settled, Refused):
        return settled
    notes = []
    for invoice in [*wanted, *sorted(settled.moved.keys() - wanted.keys())]:
        found, asked = wanted.get(invoice) or (lock_invoice(t, invoice), Credited())
        assert found is not None  # noqa: S101  # it was read in this transaction
        one = _prepare(t, found, asked=asked, billed=billed, settled=settled, why=why, key=key)
        if isinstance(one, Refused):
            return one
        if one.credit or one.debit:
            notes.append(one)
    wrong = _check(notes)
    return wrong or Ready(tuple(notes), settled.changes)


def _check(notes: Sequence[Prepared]) -> Refused | None:
    """Say why notes are not written: nothing is credited, or less than is charged."""
    if not any(one.credit and one.is_asked for one in notes):
        return refused("credit_nothing")
    cost = sum(one.debit.payable for one in notes if one.debit)
    cost -= sum(one.credit.payable for one in notes if one.credit)
    return refused("return_costs", amount=cost) if cost > 0 else None


def _read(t: Transaction, wanted: Mapping[int, tuple[LockedInvoice, Credited]]) -> Billed | Refused:
    """Read invoices of which something is asked for; refused where they do not have it."""
    billed = Billed()
    for invoice, (found, asked) in wanted.items():
        refusal = _refuse(found)
        if refusal is not None:
            return refusal
        billed.read(t, invoice)
        faults = tuple(faults_of(asked, billed.accounts[invoice].lines, billed.before[invoice]))
        if faults:
            return Refused(faults)
    return billed


def _prepare(
    t: Transaction,
    found: LockedInvoice,
    *,
    asked: Credited,
    billed: Billed,
    settled: Settled,
    why: str,
    key: str,
) -> Prepared | Refused:
    """Write the lines of one invoice's notes, and what rounds them off."""
    account = billed.accounts[found.id]
    moved = settled.moved.get(found.id, Moved())
    has_goods = bool(moved.credits or moved.debits)
    prices = (price_line(account.lines[n], amount) for n, amount in sorted(asked.prices.items()))
    moved.credits += [one for one in prices if one.net]
    faults = tuple(too_much(moved.credits, account.lines, billed.before[found.id]))
    if faults:
        return Refused(faults)
    less, more = moved.round_off(account, step=settled.step) if has_goods else (0, 0)
    turn = key or count_notes(t, found.id)
    credited = _new_note(found, "credit_note", moved, key=asked.key(found.id, turn), why=why)
    reason = "goods" if any(asked.back.values()) else "price"
    credited = replace(credited, round_off=less, reason=reason)
    name = hashlib.sha256(f"debit {credited.key} {found.id}".encode()).hexdigest()
    debited = replace(_new_note(found, "debit_note", moved, key=name, why=why), round_off=more)
    if credited.payable < 0:
        return refused("credit_nothing")
    return Prepared(
        found,
        asked,
        credited if credited.lines else None,
        debited if debited.lines and debited.payable > 0 else None,
    )


def _refuse(found: LockedInvoice) -> Refused | None:
    if found.row["of_id"] is not None:
        return refused("invoice_unknown", number=found.number)
    if found.row["cancelled_day"] is not None:
        return refused("invoice_cancelled", number=found.number)
    return None


def _new_note(found: LockedInvoice, kind: Kind, moved: Moved, *, key: str, why: str) -> NewInvoice:
    row: Mapping[str, Any] = found.row
    is_debit = kind == "debit_note"
    return NewInvoice(
        key=key,
        kind=kind,
        seller_id=row["seller_id"],
        customer_id=row["customer_id"],
        seller=read_side(row["seller"]),
        buyer=read_side(row["buyer"]),
        lines=number_lines(moved.debits if is_debit else moved.credits),
        payment=row["payment"],
        currency=row["currency"],
        scale=row["scale"],
        round_off=0,
        due=row["due"] if is_debit else None,
        of=found.id,
        reason="price",
        why=why.strip()[:500],
        reverse_charge=bool(row["reverse_charge"]),
    )


def write_all(t: Transaction, ready: Ready) -> list[Issued] | Refused:
    """Write the notes of a return: goods go back, orders hear of it, invoices are paid.

    Step by step for all of them, as everybody locks: account, batches, counters, numbers. Gives
    the credit notes of the goods.
    """
    for one in ready.notes:
        accounts.lock_account(t, one.found.row["customer_id"])
    for one in ready.notes:
        if one.credit is not None and one.asked.back:
            wrong = restock(t, one.found, key=one.credit.key, asked=one.asked, why=one.credit.why)
            if wrong is not None:
                return wrong
    for order, changes in sorted(ready.changes.items()):
        back = changes  # the first revision of them gives back to schemes, the others nothing
        for invoice, pieces in _pieces_of(ready, order):
            params = {"invoice": invoice, "quantity": pieces}
            tell_order(t, order, Reason("order_returned", params), changes=back)
            back = ()
    return _issue_all(t, ready)


def _pieces_of(ready: Ready, order: int) -> Iterator[tuple[str, int]]:
    """Count what came back of an order, by the number of the invoice that it was billed on."""
    for one in ready.notes:
        if one.credit is not None and one.is_asked:
            own = (line for line in one.credit.lines if line.key[0] == order)
            pieces = sum(line.quantity for line in own)
            if pieces:
                yield one.found.number, pieces


def _issue_all(t: Transaction, ready: Ready) -> list[Issued]:
    """Write credit notes, then debit notes; what is credited pays these, and then the invoices."""
    written: list[tuple[Prepared, Written]] = []
    first: int | None = None
    for one in ready.notes:
        if one.credit is not None:
            is_own = one.is_asked or first is None
            new = one.credit if is_own else replace(one.credit, comes_with=first)
            written.append((one, write_invoice(t, new)))
            first = written[0][1].id
    credits_ = {one.found.id: note for one, note in written}
    debits = []
    for one in ready.notes:
        if one.debit is not None:
            note = credits_.get(one.found.id, written[0][1])
            debits.append(write_invoice(t, replace(one.debit, comes_with=note.id)))
    _pay(t, written, debits)
    return [Issued(note.id, note.number) for one, note in written if one.is_asked]


def _pay(t: Transaction, written: list[tuple[Prepared, Written]], debits: list[Written]) -> None:
    for one, note in written:
        if note.document is None or one.credit is None:
            continue
        customer, left = one.credit.customer_id, one.credit.payable
        wanted = [accounts.read_debit(t, customer, kind="debit_note", ref=two.id) for two in debits]
        wanted.append(accounts.read_debit(t, customer, kind="invoice", ref=one.found.id))
        for debit in wanted:
            amount = min(debit.open, left) if debit is not None else 0
            if debit is not None and amount:
                accounts.allocate(t, note.document, debit.id, amount=amount)
                left -= amount


def tell_order(
    t: Transaction, order: int, reason: Reason, *, changes: tuple[CounterChange, ...]
) -> None:
    """Write a revision of an order that schemes count otherwise from now on; its shop hears it."""
    locked = lock_order(t, t.rows(_UUID, (order,))[0][0])
    if locked is not None:
        kept = Kept(changes=changes)
        move(t, locked, locked.status, cause="returned", reasons=(reason,), kept=kept)
