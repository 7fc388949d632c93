"""Targets read for pages, programs and reports: a person's own, or all of those one looks after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select

from hub.base.access import Scope, visible
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.parties.tables import party
from hub.desk.people.tables import reporting_line, user_account
from hub.desk.targets.tables import target, target_version

NEWEST: Final = Sorting("first", descending=True)
_T: Final = target.c
_CUSTOMER: Final = party.alias("customer")
_SELLER: Final = party.alias("seller")
_ROW: Final = (
    *(_T.id, _T.seller_id, _SELLER.c.code.label("seller"), _T.measure, _T.kind, _T.who),
    func.coalesce(_CUSTOMER.c.name, "").label("name"),
    *(_T.goods, _T.thing, _T.span, _T.first, _T.last, _T.amount, _T.version, _T.active),
)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target; `name` is its customer's, `amount` of the minor unit where it is money."""

    id: int
    seller_id: int
    seller: str
    measure: str
    kind: str
    who: str
    name: str
    goods: str
    thing: str
    span: str
    first: date
    last: date
    amount: int
    version: int
    active: bool


@dataclass(frozen=True, slots=True)
class TargetVersion:
    """A target as it was from a moment on; no amount where it was withdrawn."""

    version: int
    amount: int | None
    by: str
    at: int
    why: str


@dataclass(frozen=True, slots=True)
class TargetDetail:
    """One target with all its versions, the oldest first."""

    row: TargetRow
    versions: tuple[TargetVersion, ...]


def targets_of(scope: Scope, *, day: date) -> ColumnElement[bool]:
    """Give the condition under which somebody sees a target.

    Who sees the rows of sellers sees their targets; whoever else sees one's own, those of who
    reports to oneself on the day, and those of one's own customers and regions.
    """
    whole = visible(scope, seller=_T.seller_id)
    if scope.everything or not scope.narrowed:
        return whole
    named = select(user_account.c.name)
    is_rep = _T.kind == "rep"
    own = and_(is_rep, _T.who.in_(named.where(user_account.c.id == scope.user)))
    team = and_(is_rep, _T.who.in_(named.where(user_account.c.id.in_(_below(scope, day)))))
    of_customer = and_(_T.kind == "customer", visible(scope, party=_T.party_id))
    regions = [
        or_(_T.who == one, _T.who.startswith(f"{one}/", autoescape=True))
        for one in sorted(scope.regions)
    ]
    of_region = and_(_T.kind == "area", or_(false(), *regions))
    return or_(own, and_(whole, or_(team, of_customer, of_region)))


def _below(scope: Scope, day: date) -> Select[Any]:
    """Find the users who report to somebody on a day, and those who report to these."""
    line = reporting_line.c
    holds = and_(line.since <= day, or_(line.until.is_(None), line.until >= day))
    own = select(line.user_id).where(line.manager_id == scope.user, holds)
    found = own.cte("below", recursive=True)
    more = select(line.user_id).join(found, line.manager_id == found.c.user_id).where(holds)
    return select(found.union(more).c.user_id)


def list_targets(
    connection: Connection, wanted: Wanted, *, day: date, scope: Scope
) -> Slice[TargetRow]:
    """Read one page of the targets that somebody sees."""
    return page_of(
        connection,
        _filtered(select(*_ROW), wanted, day=day, scope=scope),
        wanted,
        sorts={"first": _T.first, "who": _T.who, "measure": _T.measure, "amount": _T.amount},
        key=_T.id,
        make=lambda row: TargetRow(*row[: len(_ROW)]),
    )


def count_targets(connection: Connection, wanted: Wanted, *, day: date, scope: Scope) -> int:
    """Count the targets of a list."""
    query = _filtered(select(func.count()), wanted, day=day, scope=scope)
    return int(connection.execute(query).scalar_one())


def targets_between(
    connection: Connection, first: date, last: date, *, day: date, scope: Scope
) -> Sequence[TargetRow]:
    """Read the targets that stand and whose days touch a period, in their order."""
    query = _filtered(select(*_ROW), Wanted(NEWEST), day=day, scope=scope).where(
        _T.active, _T.first <= last, _T.last >= first
    )
    return [TargetRow(*row) for row in connection.execute(query.order_by(_T.id))]


def read_target(
    connection: Connection, number: int, *, day: date, scope: Scope
) -> TargetDetail | None:
    """Read one target; None where nobody sees one of this id."""
    query = _filtered(select(*_ROW), Wanted(NEWEST), day=day, scope=scope)
    row = connection.execute(query.where(_T.id == number)).first()
    if row is None:
        return None
    kept = target_version.c
    versions = (
        select(kept.version, kept.amount, kept.set_by, kept.set_at, kept.why)
        .where(kept.target_id == number)
        .order_by(kept.version)
    )
    return TargetDetail(
        TargetRow(*row), tuple(TargetVersion(*one) for one in connection.execute(versions))
    )


def sees_target(connection: Connection, number: int, *, day: date, scope: Scope) -> bool:
    """Say whether somebody sees a target."""
    query = select(_T.id).where(_T.id == number, targets_of(scope, day=day))
    return connection.execute(query).first() is not None


def _filtered(query: Select[Any], wanted: Wanted, *, day: date, scope: Scope) -> Select[Any]:
    query = (
        query.select_from(target)
        .join(_SELLER, _SELLER.c.id == _T.seller_id)
        .outerjoin(_CUSTOMER, _CUSTOMER.c.id == _T.party_id)
        .where(targets_of(scope, day=day))
    )
    if text := wanted.text.strip().lower():
        found = (_T.who, _T.thing, _CUSTOMER.c.name)
        query = query.where(
            or_(*(func.lower(one).contains(text, autoescape=True) for one in found))
        )
    for name, column in (("measure", _T.measure), ("kind", _T.kind), ("span", _T.span)):
        if chosen := wanted.chosen.get(name):
            query = query.where(column.in_(chosen))
    if state := wanted.one("state"):
        query = query.where(_T.active if state == "stands" else ~_T.active)
    first, last = wanted.dates("days")
    if first is not None:
        query = query.where(_T.last >= first)
    if last is not None:
        query = query.where(_T.first <= last)
    return query
