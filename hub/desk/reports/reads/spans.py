"""Stretches of time as both engines group by them: the day, the week, the month or the quarter."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, String, case, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

Of = ColumnElement[Any]

_DAY_MS: Final = 86_400_000
_SQLITE: Final = {
    "day": "date({0})",
    "week": "date({0}, 'weekday 0', '-6 days')",
    "month": "date({0}, 'start of month')",
    "quarter": ("date({0}, 'start of month', '-' || ((strftime('%m', {0}) - 1) % 3) || ' months')"),
}
SPANS: Final = tuple(_SQLITE)
"""The stretches that rows may be put together by."""


class SpanOf(ColumnElement[Any]):
    """The first day of the stretch that a date lies in, as `2026-11-01`; weeks begin on Monday."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  # SQLAlchemy's own: what a kept statement depends on
        ("span", InternalTraversal.dp_string),
        ("day", InternalTraversal.dp_clauseelement),
    ]
    type = String()

    def __init__(self, span: str, day: Of) -> None:
        self.span: Final = span
        self.day: Final = day

    def get_children(self, **_: Any) -> Sequence[Any]:  # noqa: ANN401 -- SQLAlchemy's own
        """Give the date, whose table a query has to name."""
        return (self.day,)


@compiles(SpanOf, "sqlite")
def _sqlite(element: SpanOf, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    return _SQLITE[element.span].format(compiler.process(element.day, **how))


@compiles(SpanOf)
def _postgresql(element: SpanOf, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    day = compiler.process(element.day, **how)
    return f"to_char(date_trunc('{element.span}', {day}), 'YYYY-MM-DD')"


class EpochDay(ColumnElement[Any]):
    """The date that lies so many days after 1 January 1970."""

    inherit_cache = True
    _traverse_internals = [("number", InternalTraversal.dp_clauseelement)]  # noqa: RUF012  # likewise
    type = String()

    def __init__(self, number: Of) -> None:
        self.number: Final = number

    def get_children(self, **_: Any) -> Sequence[Any]:  # noqa: ANN401 -- SQLAlchemy's own
        """Give the number, whose table a query has to name."""
        return (self.number,)


@compiles(EpochDay, "sqlite")
def _sqlite_day(element: EpochDay, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    return f"date(({compiler.process(element.number, **how)}) * 86400, 'unixepoch')"


@compiles(EpochDay)
def _postgresql_day(element: EpochDay, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    return f"(DATE '1970-01-01' + CAST({compiler.process(element.number, **how)} AS integer))"


class DaysBetween(ColumnElement[Any]):
    """How many days lie between two dates, nothing where one of them is not known."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  # likewise
        ("first", InternalTraversal.dp_clauseelement),
        ("last", InternalTraversal.dp_clauseelement),
    ]
    type = BigInteger()

    def __init__(self, first: Of, last: Of) -> None:
        self.first: Final = first
        self.last: Final = last

    def get_children(self, **_: Any) -> Sequence[Any]:  # noqa: ANN401 -- SQLAlchemy's own
        """Give the dates, whose tables a query has to name."""
        return (self.first, self.last)


@compiles(DaysBetween, "sqlite")
def _sqlite_days(element: DaysBetween, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    first, last = (compiler.process(one, **how) for one in (element.first, element.last))
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(DaysBetween)
def _postgresql_days(element: DaysBetween, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    first, last = (compiler.process(one, **how) for one in (element.first, element.last))
    return f"({last} - {first})"


def local_day(moment: Of, zone: ZoneInfo, *, first: date, last: date) -> Of:
    """Give the local date of a moment in Unix ms, right for moments from `first` to `last`.

    23:45 in Kolkata is of that day, though it is 18:15 of it in Greenwich; where clocks are turned
    in between, each moment is read by the offset of its own time.
    """
    offsets = _offsets(zone, first, last)
    shift: Of = _number(offsets[-1][1])
    if len(offsets) > 1:
        turns = pairwise(offsets)
        shift = case(
            *((moment < following, _number(offset)) for (_, offset), (following, _) in turns),
            else_=shift,
        )
    return EpochDay((moment + shift) // _number(_DAY_MS))


def _number(value: int) -> Of:
    return literal_column(str(value), BigInteger)


def ends_ms(zone: ZoneInfo, first: date, last: date) -> tuple[int, int]:
    """Give the moments at which `first` begins and `last` is over, in Unix ms."""
    return _midnight(zone, first), _midnight(zone, last + timedelta(days=1))


def _midnight(zone: ZoneInfo, day: date) -> int:
    return int(datetime.combine(day, time(), zone).timestamp() * 1_000)


def _offsets(zone: ZoneInfo, first: date, last: date) -> list[tuple[int, int]]:
    """Give since when which offset from Greenwich counts, in ms, between two days."""
    at, end = ends_ms(zone, first, last)
    found = [(at, _offset(zone, at))]
    while at < end:
        following = min(at + _DAY_MS, end)
        offset = _offset(zone, following)
        if offset != found[-1][1]:
            found.append((_turn(zone, at, following), offset))
        at = following
    return found


def _turn(zone: ZoneInfo, before: int, after: int) -> int:
    """Find the moment between two at which clocks are turned."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at_ms: int) -> int:
    local = datetime.fromtimestamp(at_ms / 1_000, UTC).astimezone(zone)
    offset = local.utcoffset()
    return int(offset.total_seconds() * 1_000) if offset is not None else 0
