"""Users and their sessions, as signing in needs them."""

from typing import cast

from sqlalchemy import Row, delete, insert, select, update

from hub.base.access import Session
from hub.base.engine.columns import table_of
from hub.base.engine.database import Database
from hub.db.tables import UserAccount, UserSession
from hub.domain.access import Role
from hub.services.sign_in import Account

_users = table_of(UserAccount)
_sessions = table_of(UserSession)


class StoredAccounts:
    """Accounts in the hub's database; each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def user_named(self, name: str) -> Account | None:
        """Find a user by the name they sign in with."""
        query = select(_users).where(_users.c.name == name)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Account(
            id=row.id,
            name=row.name,
            role=cast("Role", row.role),
            password_hash=row.password_hash,
            active=row.active,
        )

    def add_session(self, session: Session) -> None:
        """Keep a new session, and forget those past their absolute limit."""
        with self._database.write() as connection:
            connection.execute(
                delete(_sessions).where(_sessions.c.expires_at <= session.created_at)
            )
            connection.execute(
                insert(_sessions).values(
                    token_hash=session.token_hash,
                    user_id=session.user_id,
                    created_at=session.created_at,
                    seen_at=session.seen_at,
                    expires_at=session.expires_at,
                    origin_ip=session.address,
                )
            )
            connection.commit()

    def session(self, token_hash: str) -> Session | None:
        """Find the session of an active user."""
        query = (
            select(_sessions, _users.c.name, _users.c.role)
            .join(_users, _users.c.id == _sessions.c.user_id)
            .where(_sessions.c.token_hash == token_hash, _users.c.active)
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _session(row)

    def touch_session(self, token_hash: str, at_ms: int) -> None:
        """Note that the session was used."""
        with self._database.write() as connection:
            connection.execute(
                update(_sessions).where(_sessions.c.token_hash == token_hash).values(seen_at=at_ms)
            )
            connection.commit()

    def remove_session(self, token_hash: str) -> None:
        """End a session; one that is not there is no fault."""
        with self._database.write() as connection:
            connection.execute(delete(_sessions).where(_sessions.c.token_hash == token_hash))
            connection.commit()


def _session(row: Row[tuple[object, ...]]) -> Session:
    """Read a session as stored, with its user's name and role."""
    return Session(
        token_hash=row.token_hash,
        user_id=row.user_id,
        user=row.name,
        role=cast("Role", row.role),
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        address=row.origin_ip,
    )
