"""What reports are made from: tables with their joins, what rows are put together by, filters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, case, func, or_, select
from sqlalchemy.sql import visitors

from hub.base.access import NOTHING, Scope
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.requests import FilterValue, ReportRequest, names_of

Of = ColumnElement[Any]
Kind = Literal["text", "day", "word", "money", "moment", "count"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with who asks, and when it is where the distributor is.

    `roles` are those of who asks. `scope` has no row at all until it is answered for somebody.
    `known` is what was worked out before for a report that asks for it, a row of figures each, and
    `waiting` asks for the ids of the orders that wait for the reader's word.
    """

    request: ReportRequest
    reader: str
    today: date
    now_ms: int
    zone: ZoneInfo
    scope: Scope = NOTHING
    known: Sequence[tuple[object, ...]] = ()
    roles: tuple[str, ...] = ()
    waiting: Select[Any] | None = None

    @property
    def first(self) -> date | None:
        """Give the first day that is asked about."""
        return self.request.period.first if self.request.period else None

    @property
    def last(self) -> date | None:
        """Give the last day that is asked about."""
        return self.request.period.last if self.request.period else None


@dataclass(frozen=True, slots=True)
class Join:
    """A table that a source may need, and how its rows are found."""

    table: FromClause
    on: ColumnElement[bool]
    outer: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What a row says besides its name; `family` names the words of a `word`."""

    name: str
    of: Of
    kind: Kind = "text"
    family: str = ""

    @property
    def label(self) -> str:
        """Give the id of its heading."""
        return f"report_fact.{self.name}"


@dataclass(frozen=True, slots=True)
class Grain:
    """What one row is of: a customer, a month, an order.

    `key` tells rows apart, and `code` is what a person would name the row by; with `alone` each row
    of the source is one row of the report. With `shared` a row of the source may be in several, as
    the orders of a shop on two beats: what all come to is then no sum of the rows. `link` begins
    the address of its record, which its code or its `linked` ends. `names` are looked up for what
    is shown alone: the row id of what names a row, and the columns of row id and name to find it
    by. `parts` are numbers that add up in rows of this grain, and in no other.
    """

    key: Of
    label: Of
    kind: Kind = "text"
    family: str = ""
    code: Of | None = None
    facts: tuple[Fact, ...] = ()
    alone: bool = False
    shared: bool = False
    link: str = ""
    linked: Of | None = None
    names: tuple[Of, Of, Of] | None = None
    parts: Mapping[str, "Part"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A number of each row of the source, and how rows come together.

    A `price` is in 1/10,000 of the major unit, and is written in the minor one. Rows that are not
    `alike` come to no number.
    """

    of: Of
    how: Literal["sum", "distinct", "latest"] = "sum"
    price: bool = False
    alike: Of | None = None

    def together(self) -> Of:
        """Write the number of several rows."""
        if self.how == "distinct":
            return func.count(self.of.distinct())
        if self.alike is not None:
            is_one = func.min(self.alike) == func.max(self.alike)
            return case((is_one, func.sum(self.of)), else_=None)
        return func.max(self.of) if self.how == "latest" else func.coalesce(func.sum(self.of), 0)


class AnswerAsked(Protocol):
    """Answers a request out of a scope, some measures of it: what a report is worked out from."""

    def __call__(
        self, connection: Connection, asked: Asked, *, scope: Scope, measures: tuple[str, ...]
    ) -> Answer:
        """Answer it."""


FilterBy = Callable[[FilterValue], ColumnElement[bool]]


def keep_nothing(_grain: str) -> "tuple[Source, ...]":
    """Give what is kept of past days for rows of a grain, where nothing is."""
    return ()


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that reports are made from; `where` says which of them a reader sees.

    `day` is the date that counts, and `in_period` another way to keep to a period. `money` names
    the columns of currency and scale; a source without them is in the distributor's currency.
    `quick` has the sums of some parts ready, by some of the grains; in its rows `there` says that
    several come to something, and `rows` names the part that counts their orders. `kept` gives
    sources that have some parts of past days ready, in rows of a grain, or of none for what all
    come to.
    With `worked_out` its rows cost more to make than to carry: rows and totals are read at once.
    """

    start: FromClause
    joins: tuple[Join, ...]
    where: Sequence[ColumnElement[bool]]
    grains: Mapping[str, Grain]
    parts: Mapping[str, Part]
    filters: Mapping[str, FilterBy]
    day: Of | None = None
    in_period: ColumnElement[bool] | None = None
    money: tuple[Of, Of] | None = None
    quick: "Source | None" = None
    there: ColumnElement[bool] | None = None
    rows: str = ""
    kept: "Callable[[str], tuple[Source, ...]]" = keep_nothing
    worked_out: bool = False

    def select(
        self, columns: Sequence[Of], conditions: Sequence[ColumnElement[bool]]
    ) -> Select[Any]:
        """Ask for columns under conditions, joining what these name and nothing else."""
        wanted = [*self.where, *conditions]
        return (
            select(*columns)
            .select_from(self._joined([*columns, *wanted]))
            .where(and_(True, *wanted))
        )

    def _joined(self, named: Sequence[Of]) -> FromClause:
        needed = {table for one in named for table in tables_of(one)}
        kept: list[Join] = []
        for join in reversed(self.joins):
            if join.table in needed:
                kept.append(join)
                needed |= set(tables_of(join.on))
        found = self.start
        for join in reversed(kept):
            found = found.join(join.table, join.on, isouter=join.outer)
        return found


def tables_of(element: Of) -> Iterator[FromClause]:
    """Name the tables whose columns an expression uses, those of its subqueries too."""
    for one in visitors.iterate(element):
        table = getattr(one, "table", None)
        if isinstance(table, FromClause):
            yield table


def narrowed_by(request: ReportRequest, source: Source) -> list[ColumnElement[bool]]:
    """Write the filters of a request, each of which may name several records."""
    return [
        or_(*(source.filters[name](one) for one in names_of(value) or (value,)))
        for name, value in request.filters
    ]


NO_NAME: Final = ""
"""What stands for a row that has no customer, no brand, no warehouse."""
