"""Users and their sessions, inside a given transaction."""

from collections.abc import Callable, Collection

from sqlalchemy import delete, func, insert, select, update

from hub.base import history
from hub.base.access import Scope, Session
from hub.base.transaction import Transaction
from hub.desk.people.model.accounts import Account, NewUser
from hub.desk.people.tables import user_account, user_session

ScopeOf = Callable[[Transaction, int, Collection[str]], Scope]
"""Gives the rows that a user, by the row id, may see in these roles."""


def user_named(t: Transaction, name: str) -> Account | None:
    """Find a user by the name they sign in with, in capitals or not."""
    query = select(user_account).where(func.lower(user_account.c.name) == name.lower())
    row = t.connection.execute(query).first()
    if row is None:
        return None
    return Account(
        id=row.id,
        name=row.name,
        roles=tuple(row.roles.split(",")),
        password_hash=row.password_hash,
        active=row.active,
    )


def put_user(t: Transaction, user: NewUser) -> bool:
    """Add a user, or change roles and password; False if the user was there."""
    known = user_named(t, user.name)
    roles = ",".join(user.roles)
    values = {"password_hash": user.password_hash, "roles": roles, "active": True}
    if known is not None:
        here = user_account.c.id == known.id
        t.connection.execute(update(user_account).where(here).values(values))
        before, after = {"roles": ",".join(known.roles)}, {"roles": roles}
        history.record(t, "user_account", known.name, before=before, after=after)
    else:
        t.connection.execute(
            insert(user_account).values(name=user.name, created_at=t.at_ms, **values)
        )
    return known is None


def keep_session(t: Transaction, session: Session) -> None:
    """Keep a new session, and forget those past their absolute limit."""
    table = user_session
    t.connection.execute(delete(table).where(table.c.expires_at <= session.created_at))
    t.connection.execute(
        insert(table).values(
            token_hash=session.token_hash,
            user_id=session.user_id,
            created_at=session.created_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
            origin_ip=session.address,
        )
    )


def find_stored(t: Transaction, token_hash: str) -> Session | None:
    """Find the session of an active user, as it is stored."""
    query = (
        select(user_session, user_account.c.name, user_account.c.roles)
        .join(user_account, user_account.c.id == user_session.c.user_id)
        .where(user_session.c.token_hash == token_hash, user_account.c.active)
    )
    row = t.connection.execute(query).one_or_none()
    if row is None:
        return None
    return Session(
        token_hash=row.token_hash,
        user_id=row.user_id,
        user=row.name,
        roles=tuple(row.roles.split(",")),
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        address=row.origin_ip,
    )


def touch_session(t: Transaction, token_hash: str) -> None:
    """Note that a session was used."""
    here = user_session.c.token_hash == token_hash
    t.connection.execute(update(user_session).where(here).values(seen_at=t.at_ms))


def remove_session(t: Transaction, token_hash: str) -> None:
    """End a session; one that is not there is no fault."""
    t.connection.execute(delete(user_session).where(user_session.c.token_hash == token_hash))
