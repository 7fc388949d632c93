"""Payments written, and what they pay: the accounts book alone keeps what is open."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.fields import LONGEST_REASON, Reason, Refused, refused
from hub.base.numbering import financial_year
from hub.base.transaction import Transaction
from hub.desk.accounts import store as accounts
from hub.desk.accounts.model import DocumentKind
from hub.desk.invoices.store.letterheads import number_next
from hub.desk.parties.store import business_day, seller_of
from hub.desk.parties.tables import party
from hub.desk.payments import tables
from hub.desk.payments.model import Kind, NewPayment, PaymentMoved, State, Taken, reference_key
from hub.desk.payments.store.telling import expect_telling

TOPIC: Final = "payments"
_COLUMNS: Final = (
    *("id", "key", "kind", "number", "financial_year", "seller_id", "customer_id", "document_id"),
    *("mode", "state", "amount", "reference", "reference_key", "collector", "place", "paid_on"),
    *("day", "note", "made_by", "made_at", "settled_day", "settled_by"),
)
_BY_KEY: Final = "SELECT id, number, state, kind, customer_id, amount FROM payment WHERE key = ?"
_BY_REFERENCE: Final = """
SELECT number FROM payment
WHERE reference_key = ? AND mode = ? AND state NOT IN ('bounced', 'voided')
ORDER BY id LIMIT 1
"""
_ALIKE: Final = """
SELECT number FROM payment
WHERE customer_id = ? AND kind = 'payment' AND mode = ? AND amount = ? AND made_at >= ?
  AND (reference_key = '' OR ? = '') AND state NOT IN ('bounced', 'voided')
ORDER BY id DESC LIMIT 1
"""
_MOVE: Final = """
UPDATE payment SET state = ?, settled_day = ?, settled_by = ? WHERE id = ? AND state = ?
"""


_VOID: Final = """
UPDATE payment SET state = 'voided', settled_day = ?, settled_by = ?, settled_why = ?
WHERE id = ? AND state = ?
"""
_REFUND: Final = """
SELECT p.number FROM account_allocation a JOIN payment p ON p.document_id = a.debit_id
WHERE a.credit_id = ? GROUP BY p.id, p.number HAVING sum(a.amount) <> 0 ORDER BY p.id LIMIT 1
"""


class Payer(NamedTuple):
    """A customer that pays, and the seller that it pays, by their row ids."""

    customer: int
    seller: int


def find_payer(t: Transaction, code: str, *, scope: Scope) -> Payer | None:
    """Find a customer that a person sees; None where there is none."""
    seller = seller_of(t, code, scope=scope)
    found = t.connection.execute(select(party.c.id).where(party.c.code == code)).first()
    return Payer(int(found.id), seller) if found and seller is not None else None


def find_sent(t: Transaction, key: str, *, customer: int, amount: int) -> Taken | Refused | None:
    """Find what came of a payment that was sent before under this key; None of a new one."""
    found = t.rows(_BY_KEY, (key,))
    if not found:
        return None
    row_id, number, state, _, payer, paid = found[0]
    if (payer, paid) != (customer, amount):
        return refused("payment_key_used", number=number)
    return Taken(row_id, number, state, again=True)


def find_reference(t: Transaction, new: NewPayment) -> str | None:
    """Name the payment that has the same reference and did not bounce; None where none has."""
    key = reference_key(new.reference)
    found = t.rows(_BY_REFERENCE, (key, new.mode)) if key else []
    return found[0][0] if found else None


def find_alike(t: Transaction, payer: Payer, new: NewPayment, *, since_ms: int) -> str | None:
    """Name the newest payment of as much by the same mode that two references do not tell apart."""
    key = reference_key(new.reference)
    found = t.rows(_ALIKE, (payer.customer, new.mode, new.amount, since_ms, key))
    return found[0][0] if found else None


def faults_of(
    new: NewPayment, debits: Mapping[int, accounts.Debit], *, today: date
) -> list[Reason]:
    """Tell what of a payment does not fit what is open, each with its field."""
    faults = []
    if new.paid_on is not None and new.paid_on > today:
        faults.append(Reason("payment_day_ahead", {"day": new.paid_on.isoformat()}, "paid_on"))
    return [*faults, *faults_of_parts(new.parts, debits)]


def faults_of_parts(parts: Mapping[int, int], debits: Mapping[int, accounts.Debit]) -> list[Reason]:
    """Tell which parts go to nothing, or to a document of which less is open."""
    faults = []
    for document, amount in sorted(parts.items()):
        debit = debits.get(document)
        field = f"part.{document}"
        if debit is None:
            faults.append(Reason("payment_document_unknown", {"document": str(document)}, field))
        elif amount > debit.open:
            params = {"number": debit.number or debit.kind, "open": debit.open}
            faults.append(Reason("payment_part_above", params, field))
    return faults


def write_payment(
    t: Transaction, payer: Payer, new: NewPayment, *, key: str, kind: Kind = "payment"
) -> tuple[Taken, int]:
    """Write a payment of a locked account with its document, whose id is given too."""
    day = business_day(t)
    number = number_next(t, payer.seller, "payment")
    (row_id,) = t.next_ids(tables.payment, 1)
    owed = new.amount if kind == "refund" else -new.amount
    kinds: dict[Kind, DocumentKind] = {
        "payment": "payment",
        "refund": "refund",
        "write_off": "write_off",
    }
    document = accounts.add_document(
        t,
        accounts.NewDocument(payer.seller, payer.customer, kinds[kind], number, row_id, owed),
        clear=new.state == "cleared",
    )
    row = (
        *(row_id, key, kind, number, financial_year(day), payer.seller, payer.customer, document),
        *(new.mode, new.state, new.amount, new.reference, reference_key(new.reference)),
        *(new.collector or t.actor, new.place, new.paid_on or day, day, new.note, t.actor, t.at_ms),
        *(None, None),
    )
    t.insert(tables.payment, _COLUMNS, [row])
    t.say(PaymentMoved(row_id, new.state))
    t.changed(TOPIC)
    return Taken(row_id, number, new.state), document


class Locked(NamedTuple):
    """A payment under lock of its account."""

    id: int
    number: str
    kind: Kind
    mode: str
    state: State
    amount: int
    customer: int
    seller: int
    document: int


def lock_payment(t: Transaction, row_id: int, *, scope: Scope) -> Locked | None:
    """Lock the account of a payment that a person sees, and read it."""
    table = tables.payment.c
    columns = (table.id, table.number, table.kind, table.mode, table.state, table.amount)
    query = select(*columns, table.customer_id, table.seller_id, table.document_id).where(
        table.id == row_id, visible(scope, seller=table.seller_id, party=table.customer_id)
    )
    found: Any = t.connection.execute(query).first()
    if found is None:
        return None
    accounts.lock_account(t, found.customer_id)
    return Locked(*t.connection.execute(query).one())


def move_payment(t: Transaction, one: Locked, state: State, *, why: str = "") -> bool:
    """Move a cheque on; False where somebody else did meanwhile."""
    day = business_day(t) if state in {"cleared", "bounced"} else None
    by = t.actor if day else None
    t.changed(TOPIC)
    is_moved = t.many(_MOVE, [(state, day, by, one.id, one.state)]) == 1
    if is_moved:
        t.say(PaymentMoved(one.id, state, was=one.state))
        _tell(t, one, state, why=why)
    return is_moved


def bounce_cheque(t: Transaction, one: Locked, *, why: str) -> bool:
    """Have a cheque bounce: what it paid is open again from today, also after it was cleared.

    Its shop is told soon after.
    """
    is_moved = move_payment(t, one, "bounced", why=why)
    if is_moved:
        expect_telling(t, one.id, paid=accounts.paid_by(t, one.document), why=why)
        accounts.void_document(t, one.document)
    return is_moved


def refund_of(t: Transaction, one: Locked) -> str | None:
    """Name the refund that gave money of a payment back; None where none did."""
    found = t.rows(_REFUND, (one.document,))
    return found[0][0] if found else None


def void_payment(t: Transaction, one: Locked, *, why: str) -> bool:
    """Write that a payment never was, and why; False where somebody else moved it meanwhile."""
    t.changed(TOPIC)
    row = (business_day(t), t.actor, why.strip()[:LONGEST_REASON], one.id, one.state)
    is_voided = t.many(_VOID, [row]) == 1
    if is_voided:
        t.say(PaymentMoved(one.id, "voided", was=one.state))
        _tell(t, one, "voided", why=why.strip()[:LONGEST_REASON])
    return is_voided


def _tell(t: Transaction, one: Locked, state: State, *, why: str = "") -> None:
    """Write down from which state to which a payment went, for its timeline."""
    before, after = {"state": one.state}, {"state": state}
    history.record(t, "payment", one.id, before=before, after=after, why=why)
