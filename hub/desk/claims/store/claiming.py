"""Claims written, moved on and paid short; the accounts book alone keeps what of them is open."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.fields import LONGEST_REASON, Refused, refused
from hub.base.ids import new_id
from hub.base.numbering import financial_year
from hub.base.transaction import LockRank, StoringError, Transaction
from hub.desk.accounts import store as accounts
from hub.desk.accounts.tables import customer_account
from hub.desk.claims import tables
from hub.desk.claims.model import Made, ShortLine, ToMake
from hub.desk.claims.store.giving import TOPIC
from hub.desk.invoices.model.billing import due_day
from hub.desk.invoices.store.letterheads import number_next, read_buyer
from hub.desk.parties.store import business_day, seller_of
from hub.desk.parties.tables import party
from hub.desk.payments.model import NewPayment
from hub.desk.payments.store.paying import Payer, write_payment

_COLUMNS: Final = (
    *("id", "key", "number", "financial_year", "seller_id", "funder_id", "day", "from_day"),
    *("until_day", "state", "amount", "made_by", "made_at"),
)
_LINE: Final = ("claim_id", "line", "given_id", "quantity", "amount")
_SHORT: Final = ("payment_id", "claim_id", "line", "amount", "why")
_BY_KEY: Final = "SELECT id, number, funder_id FROM claim WHERE key = ?"
_OPEN: Final = """
SELECT id, quantity, amount, day FROM scheme_given
WHERE funder = ? AND seller_id = ? AND claim_id IS NULL AND day <= ?
ORDER BY scheme, invoice_id, line, id
"""
_TAKE: Final = "UPDATE scheme_given SET claim_id = ? WHERE id = ? AND claim_id IS NULL"
_FREE: Final = "UPDATE scheme_given SET claim_id = NULL WHERE claim_id = ?"
_MOVE: Final = "UPDATE claim SET state = ? WHERE id = ? AND state = ?"
_OWED: Final = "UPDATE claim SET document_id = ? WHERE id = ?"
_LEFT: Final = """
SELECT l.line, l.amount - coalesce((
    SELECT sum(s.amount) FROM claim_short s JOIN payment p ON p.id = s.payment_id
    WHERE s.claim_id = l.claim_id AND s.line = l.line AND p.state <> 'voided'), 0)
FROM claim_line l WHERE l.claim_id = ?
"""
_SHORTED: Final = """
SELECT p.id FROM payment p JOIN claim_short s ON s.payment_id = p.id
WHERE p.key = ? AND s.claim_id = ? LIMIT 1
"""
_NOUN: Final = "claim"


class Sides(NamedTuple):
    """A funder, by its row's id and its code, and the seller that it pays."""

    funder: int
    code: str
    seller: int


class Locked(NamedTuple):
    """A claim under lock of its funder's account."""

    id: int
    number: str
    state: str
    amount: int
    seller: int
    funder: int
    document: int | None


def find_sides(t: Transaction, asked: ToMake, *, scope: Scope) -> Sides | Refused:
    """Find the party whose code the rule packs name as a funder, and the seller that asks it.

    It has an account, as whoever buys has one: what it owes is kept as what they owe.
    """
    found = t.connection.execute(
        select(party.c.id, party.c.code)
        .join(customer_account, customer_account.c.customer_id == party.c.id)
        .where(party.c.code == asked.funder)
    ).first()
    seller = seller_of(t, asked.funder, scope=scope)
    if scope.narrowed:
        return refused("claim_narrowed", field="funder")
    if found is None or seller is None:
        return refused("claim_funder_unknown", field="funder", funder=asked.funder)
    if asked.seller:
        query = select(party.c.id).where(party.c.code == asked.seller, party.c.sells)
        seller = t.connection.execute(query.where(visible(scope, seller=party.c.id))).scalar()
    if seller is None:
        return refused("billing_unknown", field="seller", what=asked.seller)
    return Sides(int(found.id), found.code, int(seller))


def find_sent(t: Transaction, key: str, *, funder: int) -> Made | Refused | None:
    """Find the claim that was made before under this key; None of a new one."""
    found = t.rows(_BY_KEY, (key,))
    if not found:
        return None
    row_id, number, owner = found[0]
    return (
        Made(row_id, number, again=True)
        if owner == funder
        else refused("claim_key_used", number=number)
    )


def write_claim(t: Transaction, sides: Sides, *, key: str, until: date) -> Made | Refused:
    """Write a draft of all that a funder has not been asked for up to a day, and take its rows.

    What came back since the claim before is in it as less. Where that makes it nothing or less,
    there is no claim: it waits for what is given next.
    """
    t.lock(LockRank.DOCUMENT, {("claims", sides.seller, sides.code)})
    found = t.rows(_OPEN + t.row_lock, (sides.code, sides.seller, until))
    amount = sum(int(row[2]) for row in found)
    if amount == 0:
        return refused("claim_none", field="until", funder=sides.code, day=until.isoformat())
    if amount < 0:
        params = {"funder": sides.code, "day": until.isoformat(), "amount": -amount}
        return refused("claim_nothing", field="until", **params)
    number, day = number_next(t, sides.seller, "claim"), business_day(t)
    (row_id,) = t.next_ids(tables.claim, 1)
    first = min(_day(row[3]) for row in found)
    row = (
        *(row_id, key, number, financial_year(day), sides.seller, sides.funder, day, first),
        *(until, "draft", amount, t.actor, t.at_ms),
    )
    t.insert(tables.claim, _COLUMNS, [row])
    lines = [
        (row_id, place, given, quantity, amount)
        for place, (given, quantity, amount, _) in enumerate(found, 1)
    ]
    t.insert(tables.claim_line, _LINE, lines)
    if t.many(_TAKE, [(row_id, one[2]) for one in lines]) != len(lines):
        raise StoringError("what was given is in another claim already")
    _record(t, row_id, before="", after="draft")
    return Made(row_id, number)


def lock_claim(t: Transaction, row_id: int, *, scope: Scope) -> Locked | None:
    """Lock the account of the funder of a claim that a person sees, and read the claim."""
    table = tables.claim.c
    columns = (table.id, table.number, table.state, table.amount, table.seller_id)
    query = select(*columns, table.funder_id, table.document_id).where(
        table.id == row_id, visible(scope, seller=table.seller_id)
    )
    found: Any = None if scope.narrowed else t.connection.execute(query).first()
    if found is None:
        return None
    accounts.lock_account(t, found.funder_id)
    return Locked(*t.connection.execute(query).one())


def move_claim(t: Transaction, one: Locked, state: str, *, why: str = "") -> bool:
    """Move a claim on; False where somebody else did meanwhile."""
    if t.many(_MOVE, [(state, one.id, one.state)]) != 1:
        return False
    _record(t, one.id, before=one.state, after=state, why=why)
    return True


def owe_claim(t: Transaction, one: Locked) -> None:
    """Have the funder of a claim owe it from today on, by the terms that the funder has."""
    _, terms = read_buyer(t, one.funder)
    due = due_day(business_day(t), terms, payment="credit", delivered=None)
    new = accounts.NewDocument(one.seller, one.funder, "claim", one.number, one.id, one.amount, due)
    t.many(_OWED, [(accounts.add_document(t, new), one.id)])


def give_back(t: Transaction, one: Locked) -> None:
    """Have the next claim take what a withdrawn one asked for, and nobody owe it."""
    if one.document is not None:
        accounts.void_document(t, one.document)
    t.many(_FREE, [(one.id,)])


def left_of(t: Transaction, claim: int) -> Mapping[int, int]:
    """Give what of each line is not given up yet."""
    return {int(line): int(left) for line, left in t.rows(_LEFT, (claim,))}


def was_shorted(t: Transaction, one: Locked, key: str) -> bool:
    """Say whether lines of a claim were given up under a key before."""
    return bool(t.rows(_SHORTED, (_short_key(one, key), one.id)))


def _short_key(one: Locked, key: str) -> str:
    return hashlib.sha256(f"claim_short:{one.id}:{key}".encode()).hexdigest()


def write_shorts(
    t: Transaction, one: Locked, shorts: Sequence[ShortLine], *, why: str, key: str
) -> None:
    """Give up what a funder does not pay of some lines: a write-off of its account."""
    assert one.document is not None  # noqa: S101  # it was sent
    amount = sum(short.amount for short in shorts)
    new = NewPayment(amount, "adjustment", note=f"{one.number}: {why}"[:LONGEST_REASON])
    taken, written = write_payment(
        t,
        Payer(one.funder, one.seller),
        new,
        key=_short_key(one, key) if key else new_id(t.at_ms),
        kind="write_off",
    )
    accounts.allocate(t, written, one.document, amount=amount)
    rows = [(taken.payment, one.id, short.line, short.amount, why[:500]) for short in shorts]
    t.insert(tables.claim_short, _SHORT, rows)
    for short in shorts:
        history.record(
            t, _NOUN, one.id, before={}, after={f"short.{short.line}": short.amount}, why=why
        )
    t.changed(TOPIC)


def _record(t: Transaction, row_id: int, *, before: str, after: str, why: str = "") -> None:
    old = {"state": before} if before else {}
    history.record(t, _NOUN, row_id, before=old, after={"state": after}, why=why)
    t.changed(TOPIC)


def _day(value: date | str) -> date:
    """Read a day: SQLite's driver gives its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
