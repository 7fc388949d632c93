"""Keep what past days come to by product and by customer, so that reports need not add it up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, func, literal, select

from hub.base.clock import Clock, Interval
from hub.base.transaction import Row, Transaction, Transactions
from hub.desk.orders import tables
from hub.desk.orders.deciding.summing import FIGURES, KEY, fold
from hub.desk.parties.store.tree import business_day

_EVERY_MS: Final = 60_000
_COLUMNS: Final = (*KEY, *FIGURES)
_COUNTED: Final = KEY.index("counted")
_TAKE: Final = f"""
DELETE FROM order_sum WHERE day = ? RETURNING id, {", ".join(_COLUMNS)}
"""  # noqa: S608  # constants of ours
_A_DAY: Final = timedelta(days=1)
_APRIL: Final = 4
_LOCK: Final = "SELECT name FROM kept_stretch WHERE first <= ? AND last >= ? ORDER BY name"
_MOVE: Final = (
    "UPDATE kept_stretch SET first = ?, last = ? WHERE name = ? AND first = ? AND last = ?"
)


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a day's rows of one table become: rows that are gone, and rows that come."""

    table: Table
    gone: Sequence[Row]
    come: Sequence[Row]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days that are kept added up, both ends included; none where the last is before the first."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Shift:
    """One step of a stretch from what it `was` to what it is `now`; one that is made was none.

    `day` is taken in, with a `sign` of -1 out of it, or none where no order is of the days between;
    with `clears` all days are taken out.
    """

    was: _Stretch | None
    now: _Stretch
    day: date | None = None
    sign: int = 1
    clears: bool = False


@dataclass(slots=True)
class KeepSums:
    """The act, with what it needs: it makes the sums of a day anew after orders of it changed.

    The orders are added up while others write, and only what is different is written. Where an
    order of the day changed meanwhile, nothing is, and the day's turn comes again. The day that
    still runs is left out: its orders are read as they are. Then the stretches of days are brought
    up to today, one day of one stretch at a time, so that no order waits for long.
    """

    transactions: Transactions
    clock: Clock
    _minute: Interval = field(default_factory=partial(Interval, _EVERY_MS), init=False)
    _days: list[date] = field(default_factory=list)
    _has_more: bool = False

    def __call__(self) -> bool:
        """Make the sums of one day, if a minute has gone by; gives whether there is more to do."""
        now_ms = self.clock.now_ms()
        if not self._has_more:
            if not self._minute.has_passed(self.clock.mono_ms()):
                return False
            self._minute.begin(self.clock.mono_ms())
            self._days = self._find(now_ms)
        if self._days:
            self._keep(self._days.pop(), now_ms)
            self._has_more = True
        else:
            self._has_more = self._shift(now_ms)
        return self._has_more

    def _find(self, now_ms: int) -> list[date]:
        """Name the past days whose sums say nothing; the newest is the last."""
        with self.transactions.reading(at_ms=now_ms) as t:
            past = tables.order_sum.c.day < literal(business_day(t))
            query = tables.STALE.where(past).distinct().order_by(tables.order_sum.c.day)
            return list(t.connection.execute(query).scalars())

    def _keep(self, day: date, now_ms: int) -> None:
        with self.transactions.reading(at_ms=now_ms) as t:
            seen = _rows_of(t.connection, day)
            changes = [
                _compare(t.connection, day, table=table, made=made)
                for table, made in tables.KEPT_SUMS
            ]
        with self.transactions.open(actor="hub", at_ms=now_ms) as t:
            taken = {row[0]: _as_added(row[1:]) for row in t.rows(_TAKE, (str(day),))}
            if taken != seen:
                return
            stretches = [name for (name,) in t.rows(_LOCK + t.row_lock, (str(day), str(day)))]
            for one in changes:
                _write(t, one)
                for name in stretches:
                    _write_stretch(t, one, name)
            counted = [(*row[:_COUNTED], True, *row[_COUNTED + 1 :]) for row in taken.values()]
            t.insert(tables.order_sum, _COLUMNS, fold(counted))
            t.commit()

    def _shift(self, now_ms: int) -> bool:
        """Take one day into a stretch or out of it; gives whether there was one."""
        with self.transactions.reading(at_ms=now_ms) as t:
            found = _find_shift(t.connection, business_day(t))
        if found is None:
            return False
        with self.transactions.open(actor="hub", at_ms=now_ms) as t:
            if not _write_shift(t, found):
                return True
            t.commit()
        return True


def _rows_of(connection: Connection, day: date) -> Mapping[int, Row]:
    """Read what was added to a day, by the ids of the rows."""
    column = tables.order_sum.c
    query = select(column.id, *(column[name] for name in _COLUMNS)).where(column.day == day)
    return {row[0]: _as_added(row[1:]) for row in connection.execute(query)}


def _as_added(row: Sequence[Any]) -> Row:
    """Write a row alike, however it was read: the driver of SQLite gives days as texts."""
    return (str(row[0]), *row[1:_COUNTED], bool(row[_COUNTED]), *row[_COUNTED + 1 :])


def _compare(connection: Connection, day: date, *, table: Table, made: Select[Any]) -> _Changes:
    """Compare a day's sums with its orders: rows that are no more go, those that are new come."""
    columns = list(table.columns)
    query = made.where(tables.order_.c.business_date == day)
    wanted = {_plain(row) for row in connection.execute(query)}
    there = {_plain(row) for row in connection.execute(select(*columns).where(table.c.day == day))}
    return _Changes(table, list(there - wanted), list(wanted - there))


def _plain(row: Sequence[Any]) -> Row:
    """Write a row alike on both engines: sums of PostgreSQL are numerics, days go as texts."""
    day, seller, warehouse, currency, scale, code, *figures = row
    named = [figures[0], *(one if isinstance(one, str) else int(one) for one in figures[1:])]
    return (str(day), seller, warehouse, currency, scale, code, *named)


def _write(t: Transaction, changes: _Changes) -> None:
    """Write what is different."""
    table = changes.table
    names = [column.name for column in table.primary_key.columns]
    key = " AND ".join(f"{name} = ?" for name in names)
    gone = [row[: len(names)] for row in changes.gone]
    t.many(f"DELETE FROM {table.name} WHERE {key}", gone)  # noqa: S608  # names of ours
    t.insert(table, [column.name for column in table.columns], changes.come)


def _usual(today: date) -> Sequence[_Stretch]:
    """Give the past days of the periods that people ask about most; the financial year's too.

    On 21 November, `last_30_days` is 23 October to 20 November: the day that runs is not kept.
    """
    past, month = today - _A_DAY, today.replace(day=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    year = date(today.year if today.month >= _APRIL else today.year - 1, _APRIL, 1)
    month_before, quarter_before = month - _A_DAY, quarter - _A_DAY
    begun = date(quarter_before.year, (quarter_before.month - 1) // 3 * 3 + 1, 1)
    return (
        _Stretch("last_30_days", today - 29 * _A_DAY, past),
        _Stretch("this_month", month, past),
        _Stretch("last_month", month_before.replace(day=1), month_before),
        _Stretch("this_quarter", quarter, past),
        _Stretch("last_quarter", begun, quarter_before),
        _Stretch("fy", year, past),
        _Stretch("last_fy", year.replace(year=year.year - 1), year - _A_DAY),
    )


def _find_shift(connection: Connection, today: date) -> _Shift | None:
    """Give the next step that brings a stretch nearer to what is wanted of it today."""
    row = tables.kept_stretch.c
    found = connection.execute(select(row.name, row.first, row.last))
    there = {name: _Stretch(name, first, last) for name, first, last in found}
    for wanted in _usual(today):
        step = _step(connection, there.get(wanted.name), wanted)
        if step is not None:
            return step
    return None


def _step(connection: Connection, was: _Stretch | None, wanted: _Stretch) -> _Shift | None:
    empty = _Stretch(wanted.name, wanted.first, wanted.first - _A_DAY)
    if was is None:
        return _Shift(None, empty)
    if was == wanted or (was == empty and wanted.last < wanted.first):
        return None
    is_past = was != empty and was.last <= empty.last
    if is_past or wanted.first < was.first or was.last > max(wanted.last, empty.last):
        return _Shift(was, empty, clears=True)
    if was.first < wanted.first:
        day = _next_day(connection, was.first, empty.last)
        first = wanted.first if day is None else day + _A_DAY
        return _Shift(was, _Stretch(was.name, first, was.last), day, -1)
    day = _next_day(connection, was.last + _A_DAY, wanted.last)
    return _Shift(was, _Stretch(was.name, was.first, day or wanted.last), day)


def _next_day(connection: Connection, first: date, last: date) -> date | None:
    """Give the first day that has sums, among some days."""
    day = tables.buyer_sum.c.day
    return connection.execute(select(func.min(day)).where(day >= first, day <= last)).scalar()


def _write_shift(t: Transaction, step: _Shift) -> bool:
    """Write a step, unless the stretch is another one by now; gives whether it was written."""
    now = (str(step.now.first), str(step.now.last))
    if step.was is None:
        t.insert(tables.kept_stretch, ("name", "first", "last"), [(step.now.name, *now)])
        return True
    was = (step.was.name, str(step.was.first), str(step.was.last))
    if t.many(_MOVE, [(*now, *was)]) != 1:
        return False
    for kept, stretch in tables.STRETCHED:
        if step.clears:
            t.many(f"DELETE FROM {stretch.name} WHERE stretch = ?", [(step.now.name,)])  # noqa: S608  # names of ours
        elif step.day is not None:
            t.many(_add_day(kept, stretch, step.sign), [(step.now.name, str(step.day))])
            if step.sign < 0:
                t.many(_none_left(stretch), [(step.now.name,)])
    return True


def _write_stretch(t: Transaction, changes: _Changes, name: str) -> None:
    """Bring a stretch that has the day to what the day has now."""
    kept, stretch = next(pair for pair in tables.STRETCHED if pair[0] is changes.table)
    values = ", ".join("?" for _ in stretch.columns)
    statement = f"INSERT INTO {stretch.name} VALUES ({values}) {_on_conflict(stretch)}"  # noqa: S608  # names of ours
    figures = len(kept.columns) - len(_figures(kept))
    rows = [
        (name, *row[1:figures], *(sign * int(str(one)) for one in row[figures:]))
        for sign, found in ((-1, changes.gone), (1, changes.come))
        for row in found
    ]
    t.many(statement, rows)
    keys = [column.name for column in stretch.primary_key.columns][1:]
    none_left = f"{_none_left(stretch)} AND {' AND '.join(f'{key} = ?' for key in keys)}"
    t.many(none_left, [(name, *row[1 : len(keys) + 1]) for row in changes.gone])


def _add_day(kept: Table, stretch: Table, sign: int) -> str:
    figures = _figures(kept)
    same = [one.name for one in kept.columns if one.name != "day" and one.name not in figures]
    read = [*same, *(f"{sign} * {name}" for name in figures)]
    return (
        f"INSERT INTO {stretch.name} (stretch, {', '.join([*same, *figures])}) "  # noqa: S608  # names of ours
        f"SELECT ?, {', '.join(read)} FROM {kept.name} WHERE day = ? {_on_conflict(stretch)}"
    )


def _on_conflict(stretch: Table) -> str:
    key = ", ".join(column.name for column in stretch.primary_key.columns)
    added = (f"{name} = {stretch.name}.{name} + excluded.{name}" for name in _figures(stretch))
    return f"ON CONFLICT ({key}) DO UPDATE SET {', '.join(added)}"


def _figures(table: Table) -> Sequence[str]:
    """Name the columns that are added up."""
    return [one.name for one in table.columns if not one.primary_key and one.name != "name"]


def _none_left(stretch: Table) -> str:
    """Write the statement that takes rows away which are of no line or order any more."""
    return f"DELETE FROM {stretch.name} WHERE stretch = ? AND {_figures(stretch)[0]} = 0"  # noqa: S608  # names of ours
