"""Targets written inside a given transaction: each change is a version of its own."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import or_, select

from hub.base.access import Scope
from hub.base.fields import Reason
from hub.base.transaction import LockRank, Transaction
from hub.desk.parties.store import business_day, seller_of
from hub.desk.parties.store.customers import find_seller, ids_of
from hub.desk.parties.tables import party
from hub.desk.people.model.reporting import above, pairs_on
from hub.desk.people.store.lines import lines_of
from hub.desk.people.tables import user_account
from hub.desk.products.tables import product
from hub.desk.targets.model import AskedTarget
from hub.desk.targets.tables import beat_table, target, target_version

TOPIC: Final = "targets"
_KEY: Final = ("seller_id", "measure", "kind", "who", "goods", "thing", "span", "first")
_COLUMNS: Final = (*_KEY, "party_id", "last", "amount", "version", "active")
_VERSION: Final = ("target_id", "version", "amount", "set_by", "set_at", "why")
_BY_KEY: Final = f"""
SELECT id, first, last, amount, version, active FROM target
WHERE {" AND ".join(f"{name} = ?" for name in _KEY)}
"""  # noqa: S608 -- all of it ours
_ADD: Final = f"""
INSERT INTO target (id, {", ".join(_COLUMNS)}) VALUES ({", ".join("?" * (len(_COLUMNS) + 1))})
ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608 -- likewise
_BY_ID: Final = "SELECT id, first, last, amount, version, active FROM target WHERE id = ?"
_CHANGE: Final = "UPDATE target SET amount = ?, version = ?, active = ? WHERE id = ?"
_BY_WHOM: Final = "SELECT set_by FROM target_version WHERE target_id = ? AND version = ?"


@dataclass(frozen=True, slots=True)
class LockedTarget:
    """A target that is held for a change."""

    id: int
    first: date
    last: date
    amount: int
    version: int
    active: bool


Came = Literal["add", "change", "same"]
"""What became of a target that somebody set."""


@dataclass(frozen=True, slots=True)
class KeptTarget:
    """A target that is kept as it was asked: its row's id, and what became of it."""

    id: int
    came: Came


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a target is: its seller's row, and its customer's where it is of one."""

    seller: int
    party: int | None = None


def keep_target(
    t: Transaction,
    asked: AskedTarget,
    *,
    seller: str = "",
    seen: int | None = None,
    scope: Scope,
) -> KeptTarget | tuple[Reason, ...]:
    """Keep a target, a new one or another amount of one that is there; or say why not.

    What has begun is changed with a reason only, and so is what is over. Where `seen` names the
    version that somebody looked at, a newer one stays. A transaction that only reads tries it.
    """
    owner = find_owner(t, asked, seller=seller, scope=scope)
    if isinstance(owner, tuple):
        return owner
    if not may_set(t, asked.kind, asked.who, scope=scope):
        return (Reason("target_not_yours", {}, "who"),)
    there = lock_target(t, owner, asked)
    if there is not None and there.active and there.amount == asked.amount:
        return KeptTarget(there.id, "same")
    fault = _late_fault(t, asked, there, seen=seen)
    if fault is not None:
        return (fault,)
    return _write(t, asked, owner, there=there) or keep_target(
        t, asked, seller=seller, seen=seen, scope=scope
    )


def _late_fault(
    t: Transaction, asked: AskedTarget, there: LockedTarget | None, *, seen: int | None
) -> Reason | None:
    """Say that somebody else changed a target meanwhile, or that it has begun without a reason."""
    if there is not None and seen is not None and there.version != seen:
        return Reason("target_changed", {"who": who_set(t, there)})
    day = business_day(t)
    is_late = asked.last < day or (there is not None and there.first <= day)
    return Reason("target_why", {}, "why") if is_late and not asked.why else None


def _write(
    t: Transaction, asked: AskedTarget, owner: Owner, *, there: LockedTarget | None
) -> KeptTarget | None:
    """Write a target; None where somebody else added the very same meanwhile."""
    if there is None:
        number = add_target(t, owner, asked) if t.writes else 0
        return None if number is None else KeptTarget(number, "add")
    if t.writes:
        change_target(t, there, amount=asked.amount, why=asked.why)
    return KeptTarget(there.id, "change")


def may_set(t: Transaction, kind: str, who: str, *, scope: Scope) -> bool:
    """Say whether a target of this kind is somebody's to set.

    Who sees all rows of a seller sets each of its targets; whoever sees some, those of the
    customers and regions among them, and of the people who report to oneself.
    """
    if scope.everything or not scope.narrowed or kind == "customer":
        return True
    if kind == "area":
        return any(who == one or who.startswith(f"{one}/") for one in scope.regions)
    if kind != "rep":
        return False
    found = t.connection.execute(select(user_account.c.id).where(user_account.c.name == who))
    pairs = pairs_on(lines_of(t), business_day(t))
    return any(one == scope.user for one in above(int(found.scalar_one()), pairs))


def find_owner(
    t: Transaction, asked: AskedTarget, *, seller: str, scope: Scope
) -> Owner | tuple[Reason, ...]:
    """Find the rows that a target names, as somebody sees them, or say which are not there."""
    faults = [*_who_faults(t, asked), *_thing_faults(t, asked)]
    found: int | None
    party_id: int | None = None
    if asked.kind == "customer":
        party_id = ids_of(t, [asked.who], scope=scope).get(asked.who)
        found = None if party_id is None else seller_of(t, asked.who, scope=scope)
        if found is None:
            faults.append(_unknown(asked.kind, asked.who, "who"))
    else:
        found = find_seller(t, seller, scope=scope)
        if found is None:
            faults.append(Reason("target_seller", {}, "seller"))
    if faults or found is None:
        return tuple(faults)
    return Owner(found, party_id)


def _who_faults(t: Transaction, asked: AskedTarget) -> list[Reason]:
    """Say that there is no such person, beat or region; a customer is found with its seller."""
    if asked.kind == "rep":
        named = (user_account.c.name == asked.who) & user_account.c.active
        known = select(user_account.c.id).where(named)
    elif asked.kind == "beat":
        walked = (beat_table.c.code == asked.who) & beat_table.c.active
        known = select(beat_table.c.code).where(walked)
    elif asked.kind == "area":
        below = party.c.geo.startswith(f"{asked.who}/", autoescape=True)
        known = select(party.c.id).where(or_(party.c.geo == asked.who, below))
    else:
        return []
    there = t.connection.execute(known.limit(1)).first()
    return [] if there else [_unknown(asked.kind, asked.who, "who")]


def _thing_faults(t: Transaction, asked: AskedTarget) -> list[Reason]:
    if asked.goods == "all":
        return []
    column = {"brand": product.c.brand, "category": product.c.category}.get(
        asked.goods, product.c.sku
    )
    known = column == asked.thing
    if asked.goods == "category":
        known = or_(known, column.startswith(f"{asked.thing}/", autoescape=True))
    there = t.connection.execute(select(product.c.id).where(known).limit(1)).first()
    return [] if there else [_unknown(asked.goods, asked.thing, "thing")]


def _unknown(kind: str, value: str, at: str) -> Reason:
    return Reason("target_unknown", {"kind": kind, "value": value}, at)


def lock_target(t: Transaction, owner: Owner, asked: AskedTarget) -> LockedTarget | None:
    """Lock the target of just this measure, owner, goods and days; None where there is none."""
    key = _values(owner, asked)[: len(_KEY)]
    t.lock(LockRank.DOCUMENT, [f"target:{key}"])
    return _locked(t, f"{_BY_KEY}{t.row_lock}", key)


def lock_numbered(t: Transaction, number: int) -> LockedTarget | None:
    """Lock a target by its row's id; None where there is none."""
    t.lock(LockRank.DOCUMENT, [f"target:{number}"])
    return _locked(t, f"{_BY_ID}{t.row_lock}", (number,))


def _locked(t: Transaction, statement: str, values: tuple[object, ...]) -> LockedTarget | None:
    rows = t.rows(statement, values)
    if not rows:
        return None
    number, first, last, amount, version, active = rows[0]
    return LockedTarget(number, _day(first), _day(last), amount, version, active=bool(active))


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def add_target(t: Transaction, owner: Owner, asked: AskedTarget) -> int | None:
    """Keep a new target, in its first version; None where just this one was added meanwhile."""
    (number,) = t.next_ids(target, 1)
    if not t.rows(_ADD, (number, *_values(owner, asked))):
        return None
    _write_version(t, number, version=1, amount=asked.amount, why=asked.why)
    return number


def change_target(t: Transaction, one: LockedTarget, *, amount: int | None, why: str) -> None:
    """Give a target another amount, or withdraw it where there is none."""
    version = one.version + 1
    kept = one.amount if amount is None else amount
    t.many(_CHANGE, [(kept, version, amount is not None, one.id)])
    _write_version(t, one.id, version=version, amount=amount, why=why)


def who_set(t: Transaction, one: LockedTarget) -> str:
    """Name who said the newest version."""
    return str(t.rows(_BY_WHOM, (one.id, one.version))[0][0])


def _write_version(
    t: Transaction, number: int, *, version: int, amount: int | None, why: str
) -> None:
    row = (number, version, amount, t.actor, t.at_ms, why)
    t.insert(target_version, _VERSION, [row])
    t.changed(TOPIC)


def _values(owner: Owner, asked: AskedTarget) -> tuple[object, ...]:
    return (
        *(owner.seller, asked.measure, asked.kind, asked.who, asked.goods, asked.thing),
        *(asked.span, asked.first, owner.party, asked.last, asked.amount, 1, True),
    )
