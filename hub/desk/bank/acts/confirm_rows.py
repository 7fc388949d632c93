"""Book rows of a statement: each is a payment of the customer that a person confirms, once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import store as accounts
from hub.desk.bank.reads import find_rows
from hub.desk.bank.store import (
    LockedRow,
    book_row,
    find_same_money,
    is_booked,
    lock_rows,
    return_row,
)
from hub.desk.parties.store import business_day
from hub.desk.payments.model import Mode, NewPayment, reference_key
from hub.desk.payments.reads import find_payment
from hub.desk.payments.store.paying import (
    Locked,
    Payer,
    bounce_cheque,
    faults_of,
    find_payer,
    find_sent,
    lock_payment,
    move_payment,
    write_payment,
)

_PAYMENT: Final = "="
_LEFT: Final = frozenset({"bounced", "voided"})
_BANKED: Final = frozenset({"upi", "cheque", "bank"})
"""Modes of money that comes to the bank by itself."""


class _ToBook(NamedTuple):
    """A row with what it is: money of a customer, for a document or what is due; or a payment.

    Of a row that went out, it is the cheque that was `returned`.
    """

    row: LockedRow
    payer: Payer | None = None
    document: int | None = None
    payment: Locked | None = None
    returned: Locked | None = None


@dataclass(slots=True)
class ConfirmRows:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, statement: int, choices: Mapping[int, str], *, by: str, scope: Scope
    ) -> int | Refused:
        """Book rows as a person chose, all of them or none, and give how many were booked.

        A choice is a customer's code, a code with the document that is paid, `C-1/12`, or a payment
        that is this money, `=PAY26-27/000002`: a cheque of it is cleared or, where the row went
        out, bounces. What is booked as chosen already is booked no second time.
        """
        if not choices:
            return refused("bank_nothing_chosen")
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                own = find_rows(t.connection, statement, scope=scope)
                if own is None:
                    return refused("bank_unknown", statement=str(statement))
                foreign = [one for one in choices if one not in own]
                if foreign:
                    return refused("bank_row_unknown", row=str(foreign[0]))
                rows = lock_rows(t, choices)
                wanted, faults = _read(t, rows, choices, scope=scope)
                done = 0 if faults else _book(t, wanted, faults, scope=scope)
                if faults:
                    return Refused(tuple(faults))
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return done


def _read(
    t: Transaction, rows: Mapping[int, LockedRow], choices: Mapping[int, str], *, scope: Scope
) -> tuple[list[_ToBook], list[Reason]]:
    """Find what each row is to be; a fault names its row."""
    wanted: list[_ToBook] = []
    faults: list[Reason] = []
    payments: list[tuple[LockedRow, int]] = []
    for row_id, choice in sorted(choices.items()):
        row, field = rows[row_id], f"row.{row_id}"
        if row.state != "open":
            faults.append(Reason("bank_row_settled", {"line": row.line}, field))
            continue
        if choice.startswith(_PAYMENT):
            payment = find_payment(t.connection, choice[1:], scope=scope)
            if payment is not None:
                payments.append((row, payment))
                continue
        code, _, document = choice.rpartition("/") if _has_document(choice) else (choice, "", "")
        payer = find_payer(t, code.strip(), scope=scope)
        if payer is None or payer.seller != row.seller or row.amount < 0:
            faults.append(Reason("bank_choice_unknown", {"choice": choice[:64]}, field))
            continue
        wanted.append(_ToBook(row, payer, int(document) if document else None))
    if faults:
        return [], faults
    for customer in sorted({one.payer.customer for one in wanted if one.payer}):
        accounts.lock_account(t, customer)
    return [*wanted, *_read_payments(t, payments, choices, faults=faults, scope=scope)], faults


def _read_payments(
    t: Transaction,
    payments: Sequence[tuple[LockedRow, int]],
    choices: Mapping[int, str],
    *,
    faults: list[Reason],
    scope: Scope,
) -> Iterator[_ToBook]:
    """Lock the payments that rows are said to be; each is the money of one row, in and out."""
    taken: set[int] = set()
    for row, payment in sorted(payments, key=lambda one: one[1]):
        locked, field = lock_payment(t, payment, scope=scope), f"row.{row.id}"
        if locked is None or not _is_money(locked, row):
            faults.append(Reason("bank_choice_unknown", {"choice": choices[row.id][:64]}, field))
        elif row.amount < 0:
            yield _ToBook(row, returned=locked)
        elif payment in taken or is_booked(t, payment):
            faults.append(Reason("bank_payment_booked", {"number": locked.number}, field))
        else:
            taken.add(payment)
            yield _ToBook(row, payment=locked)


def _has_document(choice: str) -> bool:
    return choice.rpartition("/")[2].isdecimal() and "/" in choice


def _is_money(payment: Locked, row: LockedRow) -> bool:
    """Say whether a payment may be the money of a row; only a cheque's goes out again."""
    own = (payment.amount, payment.seller, payment.kind)
    modes = {"cheque"} if row.amount < 0 else _BANKED
    return (
        own == (abs(row.amount), row.seller, "payment")
        and payment.state not in _LEFT
        and payment.mode in modes
    )


def _book(t: Transaction, wanted: list[_ToBook], faults: list[Reason], *, scope: Scope) -> int:
    due = {one.payer.customer for one in wanted if one.payer}
    open_ = {one.id for customer in due for one in accounts.open_debits(t, customer)}
    for one in wanted:
        if one.payment is not None:
            _link(t, one.row, one.payment)
        elif one.payer is not None:
            reason = _take(t, one.row, one.payer, document=one.document, open_=open_)
            if reason is not None:
                faults.append(reason._replace(field=f"row.{one.row.id}"))
    for one in wanted:
        if one.returned is not None and not _return(t, one.row, one.returned, scope=scope):
            params = {"number": one.returned.number}
            faults.append(Reason("payment_bounced", params, f"row.{one.row.id}"))
    return len(wanted)


def _link(t: Transaction, row: LockedRow, payment: Locked) -> None:
    """Have a payment that was taken be this money; a cheque of it is cleared."""
    if payment.state != "cleared":
        move_payment(t, payment, "cleared")
        accounts.clear_document(t, payment.document)
    book_row(t, row, payment.id, number=payment.number)


def _return(t: Transaction, row: LockedRow, cheque: Locked, *, scope: Scope) -> bool:
    """Have a cheque bounce that a row took out again; False of one that another row took.

    A row that is confirmed at the same time may have cleared it: then that money came and went.
    """
    now = lock_payment(t, cheque.id, scope=scope)
    if now is None or now.state in _LEFT or not bounce_cheque(t, now, why=row.narration):
        return False
    return_row(t, row, now.id, number=now.number)
    return True


def _take(
    t: Transaction, row: LockedRow, payer: Payer, *, document: int | None, open_: Collection[int]
) -> Reason | None:
    """Take a row as a payment: for the document that is named first, then for what is due.

    Where rows before it paid that document, of those that were `open_`, all of it is for the rest.
    """
    debits = accounts.open_debits(t, payer.customer)
    chosen = [one for one in debits if one.id == document]
    new = NewPayment(
        row.amount,
        _mode_of(row),
        reference=row.reference or row.narration[:64],
        paid_on=row.day,
        note=row.narration,
    )
    faults = faults_of(new, {one.id: one for one in debits}, today=business_day(t))
    if document is not None and not chosen and document not in open_:
        number = accounts.number_of(t, document, customer=payer.customer) or str(document)
        faults.append(Reason("payment_document_unknown", {"document": number}))
    used = find_same_money(t, row, reference_key(new.reference)) if row.reference else None
    if used is not None:
        params = {"reference": new.reference, "number": used}
        faults.append(Reason("payment_reference_used", params))
    sent = find_sent(t, row.payment_key, customer=payer.customer, amount=row.amount)
    if isinstance(sent, Refused):
        faults += sent.reasons
    if faults:
        return faults[0]
    taken, credit = write_payment(t, payer, new, key=row.payment_key)
    others = [one for one in debits if one.id != document]
    for debit, amount in accounts.oldest_first([*chosen, *others], row.amount):
        accounts.allocate(t, credit, debit.id, amount=amount)
    book_row(t, row, taken.payment, number=taken.number)
    return None


def _mode_of(row: LockedRow) -> Mode:
    said = f"{row.narration} {row.reference}".casefold()
    return "upi" if said.startswith("upi") else "bank"
