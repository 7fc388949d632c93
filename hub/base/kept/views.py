"""Saved views: the address of a list under a name, for who saved it or for everybody."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Table,
    Text,
    UniqueConstraint,
    column,
    delete,
    func,
    or_,
    select,
    table,
)

from hub.base.access import Session
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
_author: Final = table("user_account", column("id"), column("name"), column("shown"))
_MAY_DROP: Final = "users.change"


@dataclass(frozen=True, slots=True)
class View:
    """A saved view of a list, with who saved it; `removable` by the reader."""

    id: int
    name: str
    query: str
    shared: bool
    own: bool
    author: str
    removable: bool


class Views:
    """Saves views of lists, and finds a person's own and those that others share."""

    def __init__(self, database: Database, transactions: Transactions, clock: Clock) -> None:
        self._database: Final = database
        self._transactions: Final = transactions
        self._clock: Final = clock

    def of(self, name: str, *, reader: Session) -> list[View]:
        """Find a person's views of a list and, for staff, those that staff share, by name."""
        with self._database.read() as connection:
            return _views(connection, name, reader=reader)

    def find_own(self, of: str, name: str, *, reader: Session) -> str:
        """Give what a person saved of a list under a name; empty where there is nothing."""
        row = saved_view.c
        wanted = (row.list == of) & (row.name == name) & (row.user_id == reader.user_id)
        with self._database.read() as connection:
            return connection.execute(select(row.query).where(wanted)).scalar() or ""

    def save(self, of: str, *, name: str, query: str, by: Session, shared: bool) -> None:
        """Save a view under a name; a person's earlier one of that name gives way.

        Only staff share one: what somebody else saves stays that person's own.
        """
        with self._transactions.open(actor=by.user, at_ms=self._clock.now_ms()) as t:
            same = (saved_view.c.list == of) & (saved_view.c.name == name)
            t.connection.execute(delete(saved_view).where(same, saved_view.c.user_id == by.user_id))
            t.connection.execute(
                saved_view.insert().values(
                    list=of,
                    name=name,
                    query=query,
                    user_id=by.user_id,
                    shared=shared and by.is_staff,
                    saved_at=t.at_ms,
                )
            )
            t.commit()

    def drop(self, view: int, *, by: Session) -> bool:
        """Take away a view of one's own or, as an administrator, a shared one; say if it was."""
        with self._transactions.open(actor=by.user, at_ms=self._clock.now_ms()) as t:
            own = saved_view.c.user_id == by.user_id
            theirs = or_(own, saved_view.c.shared) if by.may(_MAY_DROP) else own
            here = (saved_view.c.id == view) & theirs
            dropped = t.connection.execute(delete(saved_view).where(here)).rowcount
            t.commit()
        return dropped > 0


def _views(connection: Connection, name: str, *, reader: Session) -> list[View]:
    own = saved_view.c.user_id == reader.user_id
    query = (
        select(saved_view, func.coalesce(_author.c.shown, _author.c.name, "").label("author"))
        .outerjoin(_author, _author.c.id == saved_view.c.user_id)
        .where(saved_view.c.list == name, or_(own, saved_view.c.shared) if reader.is_staff else own)
        .order_by(saved_view.c.name, saved_view.c.id)
    )
    return [
        View(
            row.id,
            row.name,
            row.query,
            row.shared,
            own=row.user_id == reader.user_id,
            author=row.author,
            removable=row.user_id == reader.user_id or reader.may(_MAY_DROP),
        )
        for row in connection.execute(query)
    ]
