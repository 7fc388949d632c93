"""The unit of work: one transaction, its lock order, the events said in it, and one commit."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Table

from hub.base.changes import Changes
from hub.base.engine.database import Database, Lock, is_outage

Row = Sequence[object]
Listener = Callable[["Transaction", Any], None]
"""Writes, inside the transaction in which the event was said, what follows from it."""


class LockRank(IntEnum):
    """What is locked before what: everybody locks in this order, so that nobody waits in a circle.

    A number series is locked last, as all documents of a seller want it.
    """

    SOURCE = 1
    ORDER = 2
    DOCUMENT = 3
    ACCOUNT = 4
    BATCH = 5
    COUNTER = 6
    LEASE = 7
    SERIES = 8


class LockOrderError(AssertionError):
    """A lock of a lower rank was asked for after one of a higher rank: two could wait for ever."""

    def __init__(self, wanted: LockRank, held: LockRank) -> None:
        super().__init__(f"{wanted.name} is locked before {held.name}, which is locked already")
        self.wanted = wanted
        self.held = held


class StoringError(Exception):
    """The database did not take rows; it would not take them another time."""


class Transaction:
    """One unit of work, done by `actor` at `at_ms`; without `commit` nothing of it is kept.

    One that only reads `writes` nothing, and locks no row: its `row_lock` is empty.
    """

    def __init__(
        self,
        database: Database,
        connection: Connection,
        *,
        actor: str,
        at_ms: int,
        listeners: Mapping[type, Sequence[Listener]],
        note: Callable[["Transaction"], None] | None = None,
        writes: bool = True,
    ) -> None:
        self.database: Final = database
        self.connection: Final = connection
        self.actor = actor
        self.at_ms: Final = at_ms
        self.writes: Final = writes
        self.row_lock: Final[Lock] = database.lock if writes else ""
        self.topics: Final[set[str]] = set()
        self.committed = False
        self._is_given_up = False
        self._listeners = listeners
        self._note = note
        self._cursor = database.cursor(connection)
        self._rank = LockRank.SOURCE
        self._held: dict[LockRank, set[object]] = {}

    def act_for(self, actor: str) -> None:
        """Have what follows be this person's work: a job does what somebody wanted done."""
        self.actor = actor

    # --- reading and writing through the driver's own cursor -----------------------------------

    def rows(self, statement: str, values: Row = ()) -> list[Any]:
        """Run a statement with `?` for each value, and give the rows that it finds."""
        self._cursor.execute(self.database.sql(statement), values)
        return list(self._cursor.fetchall())

    def rows_in(
        self, statement: str, values: Row, *, locked_by: str | None = None, of: str = ""
    ) -> list[Any]:
        """Run a statement that ends with IN over these values; none where there are no values.

        With `locked_by`, the columns that put rows in order, the rows are locked in that order;
        `of` names the table whose rows are, where the statement joins several.
        """
        if not values:
            return []
        tail = ""
        if locked_by is not None:
            lock = self.row_lock
            tail = f" ORDER BY {locked_by}{lock}{of if lock else ''}"
        condition, given = self.database.among(values)
        return self.rows(f"{statement.rstrip().removesuffix('IN')}{condition}{tail}", given)

    def many(self, statement: str, rows: Sequence[Row]) -> int:
        """Run a statement once for each row of values; gives how many rows it changed in all."""
        if not rows:
            return 0
        self._cursor.executemany(self.database.sql(statement), rows)
        return self._cursor.rowcount

    def insert(self, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Write rows, each with a value for each of the columns."""
        if rows:
            self.database.write_rows(self._cursor, table, *columns, rows=rows)

    def next_ids(self, table: Table, count: int) -> Sequence[int]:
        """Take `count` rising ids of a table; those that are not used are gone."""
        return self.database.next_ids(self._cursor, table, count)

    # --- order, parts and end of the work ------------------------------------------------------

    def lock(self, rank: LockRank, keys: Collection[object]) -> None:
        """Say what is locked next; raises LockOrderError where it should have been locked before.

        With accounts locked, batches may follow, and another order may not any more. What is locked
        already may be named again.
        """
        held = self._held.setdefault(rank, set())
        if held.issuperset(keys):
            return
        if rank < self._rank:
            raise LockOrderError(rank, self._rank)
        self._rank = rank
        held.update(keys)

    @contextmanager
    def part(self) -> Iterator[None]:
        """Keep all of what is written in it or, with StoringError, none; the locks stay.

        A failure of the database itself is raised as it is: nothing of it is about the rows.
        """
        topics = set(self.topics)
        self._cursor.execute("SAVEPOINT part")
        try:
            yield
        except Exception as error:
            if is_outage(error):
                raise
            self._undo(topics, error)
        self._cursor.execute("RELEASE SAVEPOINT part")

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Give up the whole transaction, with StoringError, where any of what is in it fails.

        It is `part` for whoever keeps nothing else then either: no page is kept as it was, which is
        a twentieth of what an order costs. A failure of the database itself is raised as it is.
        """
        try:
            yield
        except Exception as error:
            self._is_given_up = True
            if is_outage(error):
                raise
            raise StoringError(str(error)) from error

    def _undo(self, topics: set[str], error: Exception) -> NoReturn:
        self._cursor.execute("ROLLBACK TO SAVEPOINT part")
        self.topics.intersection_update(topics)
        raise StoringError(str(error)) from error

    def say(self, event: object) -> None:
        """Tell the listeners of the event's type at once; where one of them fails, all fails."""
        for listener in self._listeners.get(type(event), ()):
            listener(self, event)

    def changed(self, topic: str) -> None:
        """Have open pages, in whatever process, told of a change of this topic once it is kept."""
        self.topics.add(topic)

    def commit(self) -> None:
        """Keep everything, durably; other processes hear of what changed, to the last of it."""
        if self._is_given_up:
            raise AssertionError("what was given up as a whole is not kept")
        if self._note is not None:
            self._note(self)
        self.connection.commit()
        self.committed = True


class Transactions:
    """Opens units of work on one database, with the listeners that the nouns registered."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes
        self._listeners: dict[type, list[Listener]] = {}

    def listen(self, event: type, listener: Listener) -> None:
        """Have a listener called in each transaction in which an event of this type is said."""
        self._listeners.setdefault(event, []).append(listener)

    @contextmanager
    def open(self, *, actor: str, at_ms: int) -> Iterator[Transaction]:
        """Open a unit of work; what it changed and kept is announced at its end."""
        with self._database.write() as connection:
            transaction = Transaction(
                self._database,
                connection,
                actor=actor,
                at_ms=at_ms,
                listeners=self._listeners,
                note=self._changes.note,
            )
            yield transaction
        if transaction.committed:
            for topic in sorted(transaction.topics):
                self._changes.publish(topic)

    @contextmanager
    def reading(self, *, at_ms: int = 0) -> Iterator[Transaction]:
        """Open a transaction that only reads, and sees everything as of one moment."""
        with self._database.read() as connection:
            yield Transaction(
                self._database,
                connection,
                actor="",
                at_ms=at_ms,
                listeners=self._listeners,
                writes=False,
            )
