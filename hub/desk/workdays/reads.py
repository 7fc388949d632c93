"""Working days read: the calendar that figures are counted by, and what was said, as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, false, func, or_, select

from hub.base import history
from hub.base.access import Scope, concerning, visible
from hub.base.fields import Reason
from hub.desk.parties.tables import HOUSE, party, party_closure
from hub.desk.people.tables import shown_users, user_account, user_grant
from hub.desk.workdays.model import Calendar, Mark, MarkedDay, Week, Workdays, is_within
from hub.desk.workdays.tables import HISTORY, is_in_region, marked_day, working_week

_MOST_HISTORY: Final = 50
_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class SaidWeek:
    """The days of the week that a seller works from a day on, as somebody said.

    They are `own` where the reader may take them back: those of a seller above are not.
    """

    seller: str
    region: str
    from_day: date
    weekdays: int
    by: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A marked day as somebody said it; the company's seller code is empty.

    It is `own` where the reader may take it back: that of a seller above is not.
    """

    seller: str
    region: str
    day: date
    mark: Mark
    name: str
    name_hi: str
    by: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person works: the seller's row id, and the region that is granted alone, or none."""

    seller: int
    region: str = ""


def read_calendar(connection: Connection, *, scope: Scope) -> Calendar:
    """Read what is said of working days by the sellers that somebody sees, and those above them."""
    weeks, marks = working_week.c, marked_day.c
    seller = party.alias("seller")
    above: dict[int, list[int]] = {}
    pairs = (
        select(party_closure.c.descendant_id, party_closure.c.ancestor_id)
        .join(seller, seller.c.id == party_closure.c.descendant_id)
        .where(seller.c.sells, party_closure.c.depth > 0)
        .order_by(party_closure.c.descendant_id, party_closure.c.depth)
    )
    for node, over in connection.execute(pairs):
        above.setdefault(node, []).append(over)
    said = select(weeks.seller_id, weeks.region, weeks.from_day, weeks.weekdays)
    marked = select(
        *(marks.seller_id, marks.region, marks.day, marks.mark, marks.name, marks.name_hi)
    )
    return Calendar(
        tuple(Week(*row) for row in connection.execute(said.where(_heard(scope, weeks.seller_id)))),
        tuple(
            MarkedDay(*row)
            for row in connection.execute(marked.where(_heard(scope, marks.seller_id)))
        ),
        {node: tuple(over) for node, over in above.items()},
    )


def read_homes(connection: Connection, *, scope: Scope) -> Mapping[str, Home]:
    """Give where each user whom somebody sees works.

    Where no seller is granted, or several are, it is at the company.
    """
    table, node = user_grant.c, party.alias("node")
    house = connection.execute(select(party.c.id).where(party.c.code == HOUSE)).scalar() or 0
    query = (
        select(user_account.c.name, table.kind, table.ref, node.c.id)
        .join(user_grant, table.user_id == user_account.c.id)
        .outerjoin(node, (node.c.code == table.ref) & (table.kind == "seller"))
    )
    query = query.where(shown_users(scope))
    sellers: dict[str, list[int]] = {}
    regions: dict[str, list[str]] = {}
    for name, kind, ref, number in connection.execute(query):
        if kind == "seller" and number is not None:
            sellers.setdefault(name, []).append(number)
        elif kind == "region":
            regions.setdefault(name, []).append(ref)
    names = select(user_account.c.name).where(shown_users(scope))
    return {
        name: Home(
            _only(sellers.get(name, []), house),
            _only(regions.get(name, []), ""),
        )
        for name in connection.execute(names).scalars()
    }


def read_house(connection: Connection, *, scope: Scope) -> int:
    """Give the row id of the seller whose days a reader goes by: one's own, else the company's."""
    if len(scope.sellers) == 1:
        return next(iter(scope.sellers))
    return connection.execute(select(party.c.id).where(party.c.code == HOUSE)).scalar() or 0


def fault_of_region(connection: Connection, region: str, *, scope: Scope) -> Reason | None:
    """Refuse a region that no party is in, else it would be told the days of the whole country."""
    del scope  # which regions there are is everybody's to know, as where days are said
    known = select(party.c.id).where(is_in_region(region))
    if not region or connection.execute(known.limit(1)).first() is not None:
        return None
    return Reason("workday_region", {"region": region[:64]}, "region")


def read_own(connection: Connection, *, region: str = "", scope: Scope) -> Workdays:
    """Read the working days that a reader goes by, or those of the reader's seller in a region."""
    house = read_house(connection, scope=scope)
    return read_calendar(connection, scope=scope).of(house, region)


def list_weeks(connection: Connection, *, scope: Scope) -> Sequence[SaidWeek]:
    """List the weeks that sellers of somebody's work, the newest first of each place."""
    table = working_week.c
    query = (
        select(_code(), table.region, table.from_day, table.weekdays, table.set_by)
        .add_columns(visible(scope, seller=table.seller_id))
        .join(party, party.c.id == table.seller_id)
        .where(_heard(scope, table.seller_id, listed=True))
        .order_by(party.c.code != HOUSE, party.c.code, table.region, table.from_day.desc())
    )
    return [
        SaidWeek(*(*tuple(row)[:-1], _may_set(row, scope))) for row in connection.execute(query)
    ]


def list_marks(
    connection: Connection, first: date, last: date, *, scope: Scope
) -> Sequence[SaidDay]:
    """List the marked days of a period, the first first."""
    table = marked_day.c
    query = (
        select(_code(), table.region, table.day, table.mark, table.name, table.name_hi)
        .add_columns(table.set_by, visible(scope, seller=table.seller_id))
        .join(party, party.c.id == table.seller_id)
        .where(_heard(scope, table.seller_id, listed=True), table.day.between(first, last))
        .order_by(table.day, party.c.code != HOUSE, party.c.code, table.region)
    )
    return [SaidDay(*(*tuple(row)[:-1], _may_set(row, scope))) for row in connection.execute(query)]


def read_changes(connection: Connection, *, scope: Scope) -> Sequence[history.Entry]:
    """Read what was changed last in the working days of somebody's sellers, the newest first."""
    codes = select(party.c.code).where(party.c.sells, concerning(scope, seller=party.c.id))
    found: list[history.Entry] = []
    for code in connection.execute(codes.order_by(party.c.code)).scalars():
        found += history.read(connection, HISTORY, code)
    found.reverse()  # of one moment, what was said last stands first
    return sorted(found, key=lambda one: one.at_ms, reverse=True)[:_MOST_HISTORY]


def _may_set(row: Any, scope: Scope) -> bool:  # noqa: ANN401 -- a row; whose it is stands last
    """Say whether somebody may say otherwise: of their seller and, if narrowed, their region."""
    own = not scope.narrowed or any(is_within(row.region, one) for one in scope.regions)
    return own and bool(row[-1])


def _code() -> ColumnElement[str]:
    return func.replace(party.c.code, HOUSE, "")


def _heard(
    scope: Scope, seller: ColumnElement[int], *, listed: bool = False
) -> ColumnElement[bool]:
    """Say that somebody hears of what a seller said: of their own, or one above their own.

    Figures are counted by more than is `listed`: a narrowed person reads of the sellers that
    concern this person alone.
    """
    one = concerning(scope, seller=seller) if listed else visible(scope, seller=seller)
    own = sorted(scope.sellers)
    over = select(party_closure.c.ancestor_id).where(party_closure.c.descendant_id.in_(own))
    return or_(one, seller.in_(over) if own else false())


def _only(found: Sequence[_One], usual: _One) -> _One:
    return found[0] if len(found) == 1 else usual
