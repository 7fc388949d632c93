"""Numbers that one process at a time holds, by PostgreSQL's advisory locks.

A lock belongs to a connection: whoever is killed lets go of all at once, and no clock is asked.
"""

from typing import Final

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import SQLAlchemyError

from hub.base.engine.database import Database

_HELD: Final = 742_065
_HOLDERS: Final = 742_066
"""The first halves of our lock numbers: of what is held, and of who holds."""
_TAKE: Final = text("SELECT pg_try_advisory_lock(:kind, :number)")
_GIVE: Final = text("SELECT pg_advisory_unlock(:kind, :number)")
_COUNT: Final = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :kind AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_OWN: Final = text("SELECT pg_backend_pid()")


class Holding:
    """What this process holds, over one connection that is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None

    def count_holders(self) -> int:
        """Count the processes that hold or want to hold numbers, this one among them.

        Raises LostHoldError where the database cannot be asked: then nothing is held any more.
        """
        return self._ask(_COUNT, _HOLDERS, None)

    def take(self, number: int) -> bool:
        """Hold a number if nobody else does; raises LostHoldError."""
        return bool(self._ask(_TAKE, _HELD, number))

    def give(self, number: int) -> None:
        """Let go of a number; raises LostHoldError."""
        self._ask(_GIVE, _HELD, number)

    def close(self) -> None:
        """Let go of everything."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _ask(self, statement: TextClause, kind: int, number: int | None) -> int:
        given = {"kind": kind} if number is None else {"kind": kind, "number": number}
        try:
            connection = self._connection or self._connect()
            return int(connection.execute(statement, given).scalar_one())
        except SQLAlchemyError as error:
            self.close()
            raise LostHoldError(type(error).__name__) from error

    def _connect(self) -> Connection:
        """Open the connection, and say on it that this process is there."""
        opened = self._database.keep_open()
        own = opened.execute(_OWN).scalar_one()
        opened.execute(_TAKE, {"kind": _HOLDERS, "number": own})
        self._connection = opened
        return opened


class LostHoldError(Exception):
    """The database went away, and what was held with it."""
