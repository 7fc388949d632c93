"""Working days written inside a given transaction, with who said so and why in the history."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import Table, select

from hub.base import history
from hub.base.access import Scope
from hub.base.fields import Reason
from hub.base.transaction import LockRank, Transaction
from hub.desk.parties.store import business_day
from hub.desk.parties.store.customers import find_seller
from hub.desk.parties.tables import party
from hub.desk.workdays.model import AskedMark, AskedWeek, Mark, is_within, said_weekdays
from hub.desk.workdays.tables import HISTORY, is_in_region, marked_day, working_week

TOPIC: Final = "workdays"
_SELLER: Final = "SELECT code FROM party WHERE id = ?"
_MARK: Final = """
SELECT id, mark, name, name_hi FROM marked_day WHERE seller_id = ? AND region = ? AND day = ?
"""
_WEEK: Final = """
SELECT id, weekdays FROM working_week WHERE seller_id = ? AND region = ? AND from_day = ?
"""
_CHANGE_MARK: Final = """
UPDATE marked_day SET mark = ?, name = ?, name_hi = ?, set_by = ?, set_at = ? WHERE id = ?
"""
_CHANGE_WEEK: Final = "UPDATE working_week SET weekdays = ?, set_by = ?, set_at = ? WHERE id = ?"
_DROP_MARK: Final = "DELETE FROM marked_day WHERE id = ?"
_DROP_WEEK: Final = "DELETE FROM working_week WHERE id = ?"
_LONGEST_FIELD: Final = 64

Came = Literal["add", "change", "same"]
"""What became of what somebody said."""
Kind = Literal["mark", "week"]
"""What is said of a day: that it is marked, or that a week begins with it."""


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day of which it is kept what somebody said: what became of that."""

    day: date
    came: Came


@dataclass(frozen=True, slots=True)
class _Place:
    """A locked seller, by row id and code, and a region of it."""

    seller: int
    code: str
    region: str


def keep_mark(
    t: Transaction, asked: AskedMark, *, seller: str = "", scope: Scope
) -> KeptDay | tuple[Reason, ...]:
    """Have a day be a holiday or be worked; said twice, it stays as it is.

    A day that is over needs a reason: last month's figures change with it. A transaction that only
    reads tries it.
    """
    place = _find_place(t, asked.region, seller=seller, scope=scope)
    if isinstance(place, Reason):
        return (place,)
    found = t.rows(_MARK, (place.seller, place.region, asked.day))
    wanted = (asked.mark, asked.name, asked.name_hi)
    if found and tuple(found[0])[1:] == wanted:
        return KeptDay(asked.day, "same")
    if fault := _late_fault(t, asked.day, asked.why):
        return (fault,)
    if t.writes and found:
        t.many(_CHANGE_MARK, [(*wanted, t.actor, t.at_ms, found[0][0])])
        _tell(t, place, found[0][1], day=asked.day, old=_name_of(found[0]), why=asked.why)
    elif t.writes:
        _add(t, marked_day, place, day=asked.day, mark=asked.mark, name=asked.name,
             name_hi=asked.name_hi)  # fmt: skip
    if t.writes:
        _tell(t, place, asked.mark, day=asked.day, new=_joined(*wanted[1:]), why=asked.why)
    return KeptDay(asked.day, "change" if found else "add")


def keep_week(
    t: Transaction, asked: AskedWeek, *, seller: str = "", scope: Scope
) -> KeptDay | tuple[Reason, ...]:
    """Have these days of the week be worked from a day on; said twice, it stays as it is."""
    place = _find_place(t, asked.region, seller=seller, scope=scope)
    if isinstance(place, Reason):
        return (place,)
    found = t.rows(_WEEK, (place.seller, place.region, asked.from_day))
    if found and found[0][1] == asked.weekdays:
        return KeptDay(asked.from_day, "same")
    if fault := _late_fault(t, asked.from_day, asked.why):
        return (fault,)
    if found:
        t.many(_CHANGE_WEEK, [(asked.weekdays, t.actor, t.at_ms, found[0][0])])
    else:
        _add(t, working_week, place, from_day=asked.from_day, weekdays=asked.weekdays)
    old = said_weekdays(found[0][1]) if found else None
    new = said_weekdays(asked.weekdays)
    _tell(t, place, "week", day=asked.from_day, old=old, new=new, why=asked.why)
    return KeptDay(asked.from_day, "change" if found else "add")


def drop_day(
    t: Transaction, day: date, *, kind: Kind, region: str, why: str, seller: str, scope: Scope
) -> KeptDay | Reason:
    """Have a day be marked no more, or no week begin with it; what is said elsewhere counts."""
    place = _find_place(t, region, seller=seller, scope=scope)
    if isinstance(place, Reason):
        return place
    find, drop = (_MARK, _DROP_MARK) if kind == "mark" else (_WEEK, _DROP_WEEK)
    found = t.rows(find, (place.seller, place.region, day))
    if not found:
        return Reason("workday_gone", {"day": day.isoformat()})
    if fault := _late_fault(t, day, why):
        return fault
    t.many(drop, [(found[0][0],)])
    if kind == "mark":
        _tell(t, place, found[0][1], day=day, old=_name_of(found[0]), why=why)
    else:
        _tell(t, place, "week", day=day, old=said_weekdays(found[0][1]), why=why)
    return KeptDay(day, "change")


def _find_place(t: Transaction, region: str, *, seller: str, scope: Scope) -> _Place | Reason:
    """Lock a seller and see that the region is there, and somebody's to speak for."""
    found = find_seller(t, seller, scope=scope)
    if found is None:
        return Reason("workday_seller", {}, "seller")
    own = any(is_within(region, one) for one in scope.regions)
    if scope.narrowed and not own:
        return Reason("workday_not_yours", {}, "region")
    known = select(party.c.id).where(is_in_region(region)).limit(1)
    if region and t.connection.execute(known).first() is None:
        return Reason("workday_region", {"region": region}, "region")
    t.lock(LockRank.DOCUMENT, [f"workdays:{found}"])
    code = t.rows(f"{_SELLER}{t.row_lock}", (found,))[0][0]
    return _Place(found, str(code), region)


def _late_fault(t: Transaction, day: date, why: str) -> Reason | None:
    if day >= business_day(t) or why.strip():
        return None
    return Reason("workday_why", {"day": day.isoformat()}, "why")


def _add(t: Transaction, table: Table, place: _Place, **said: object) -> None:
    row = {
        "seller_id": place.seller,
        "region": place.region,
        **said,
        "set_by": t.actor,
        "set_at": t.at_ms,
    }
    t.connection.execute(table.insert().values(row))


def _tell(
    t: Transaction,
    place: _Place,
    what: Mark | Literal["week"],
    *,
    day: date,
    old: str | None = None,
    new: str | None = None,
    why: str,
) -> None:
    """Write in the history what was said of a day before and is now: `off 2026-11-09 IN/KA`."""
    field = f"{what} {day} {place.region}".strip()[:_LONGEST_FIELD]
    history.record(t, HISTORY, place.code, before={field: old}, after={field: new}, why=why)
    t.changed(TOPIC)


def _name_of(found: tuple[object, ...]) -> str:
    return _joined(str(found[2]), str(found[3]))


def _joined(name: str, name_hi: str) -> str:
    return f"{name} / {name_hi}" if name_hi else name
