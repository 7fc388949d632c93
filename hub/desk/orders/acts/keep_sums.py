"""Keep what past days come to by product and by customer, so that reports need not add it up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, literal, select

from hub.base.clock import Clock
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


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a day's rows of one table become: `gone` are keys, `come` whole rows."""

    table: Table
    gone: Sequence[Row]
    come: Sequence[Row]


@dataclass(slots=True)
class KeepSums:
    """The act, with what it needs: it makes the sums of a day anew after orders of it changed.

    The orders are added up while others write, and only what is different is written. Where an
    order of the day changed meanwhile, nothing is, and the day's turn comes again. The day that
    still runs is left out: its orders are read as they are.
    """

    transactions: Transactions
    clock: Clock
    _looked_ms: int = 0
    _days: list[date] = field(default_factory=list)

    def __call__(self) -> bool:
        """Make the sums of one day, if a minute has gone by; gives whether more days are left."""
        now_ms = self.clock.now_ms()
        if not self._days:
            if 0 <= now_ms - self._looked_ms < _EVERY_MS:
                return False
            self._looked_ms = now_ms
            self._days = self._find(now_ms)
        if self._days:
            self._keep(self._days.pop(), now_ms)
        return bool(self._days)

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
            for one in changes:
                _write(t, one)
            counted = [(*row[:_COUNTED], True, *row[_COUNTED + 1 :]) for row in taken.values()]
            t.insert(tables.order_sum, _COLUMNS, fold(counted))
            t.commit()


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
    keys = len(table.primary_key.columns)
    return _Changes(table, [row[:keys] for row in there - wanted], list(wanted - there))


def _plain(row: Sequence[Any]) -> Row:
    """Write a row alike on both engines: sums of PostgreSQL are numerics, days go as texts."""
    day, seller, warehouse, currency, scale, code, *figures = row
    named = [figures[0], *(one if isinstance(one, str) else int(one) for one in figures[1:])]
    return (str(day), seller, warehouse, currency, scale, code, *named)


def _write(t: Transaction, changes: _Changes) -> None:
    """Write what is different."""
    table = changes.table
    key = " AND ".join(f"{column.name} = ?" for column in table.primary_key.columns)
    t.many(f"DELETE FROM {table.name} WHERE {key}", changes.gone)  # noqa: S608  # names of ours
    t.insert(table, [column.name for column in table.columns], changes.come)
