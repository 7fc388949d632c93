"""Saved views: the address of a list under a name, for who saved it or for everybody."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Connection, Table, Text, UniqueConstraint, delete, or_, select

from hub.base.clock import Clock
from hub.base.engine.columns import BigId, Flag, Moment, Name, Word, metadata
from hub.base.engine.database import Database
from hub.base.transaction import Transactions

saved_view: Final = Table(
    "saved_view",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("list", Word, nullable=False),
    Column("name", Name, nullable=False),
    Column("query", Text, nullable=False),
    Column("user_id", BigId, nullable=False),
    Column("shared", Flag, nullable=False),
    Column("saved_at", Moment, nullable=False),
    UniqueConstraint("list", "user_id", "name"),
)
"""`query` is what stands in the list's address behind the question mark."""


@dataclass(frozen=True, slots=True)
class View:
    """A saved view of a list; `own` says that the reader saved it, and so may take it away."""

    id: int
    name: str
    query: str
    shared: bool
    own: bool


class Views:
    """Saves views of lists, and finds a person's own and those that others share."""

    def __init__(self, database: Database, transactions: Transactions, clock: Clock) -> None:
        self._database: Final = database
        self._transactions: Final = transactions
        self._clock: Final = clock

    def of(self, name: str, *, user: int) -> list[View]:
        """Find a person's views of a list, and the shared ones, by name."""
        with self._database.read() as connection:
            return _views(connection, name, user=user)

    def save(self, of: str, *, name: str, query: str, user: int, actor: str, shared: bool) -> None:
        """Save a view under a name; a person's earlier one of that name gives way."""
        with self._transactions.open(actor=actor, at_ms=self._clock.now_ms()) as t:
            same = (saved_view.c.list == of) & (saved_view.c.name == name)
            t.connection.execute(delete(saved_view).where(same, saved_view.c.user_id == user))
            t.connection.execute(
                saved_view.insert().values(
                    list=of,
                    name=name,
                    query=query,
                    user_id=user,
                    shared=shared,
                    saved_at=t.at_ms,
                )
            )
            t.commit()

    def drop(self, view: int, *, user: int, actor: str) -> bool:
        """Take a person's own view away; say whether there was one."""
        with self._transactions.open(actor=actor, at_ms=self._clock.now_ms()) as t:
            own = (saved_view.c.id == view) & (saved_view.c.user_id == user)
            dropped = t.connection.execute(delete(saved_view).where(own)).rowcount
            t.commit()
        return dropped > 0


def _views(connection: Connection, name: str, *, user: int) -> list[View]:
    table = saved_view.c
    query = (
        select(saved_view)
        .where(table.list == name, or_(table.user_id == user, table.shared))
        .order_by(table.name, table.id)
    )
    return [
        View(row.id, row.name, row.query, row.shared, own=row.user_id == user)
        for row in connection.execute(query)
    ]
