"""Users and their sessions, inside a given transaction."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, insert, select, update

from hub.base import history
from hub.base.access import Scope, Session
from hub.base.transaction import Transaction
from hub.desk.people.model.accounts import OWNER, Account, NewUser, key_of_name
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.tables import (
    known_browser,
    second_factor,
    shown_users,
    user_account,
    user_session,
)

_OWNERS: Final = frozenset({OWNER})
_MAY_CHANGE_USERS: Final = frozenset({OWNER, "admin"})
_NEEDED: Final = "SELECT role FROM role_setting WHERE needs_factor"
_STORED: Final = (
    select(
        user_session,
        user_account.c.name,
        user_account.c.roles,
        user_account.c.language,
        user_account.c.one_time_until,
        second_factor.c.confirmed_at,
    )
    .join(user_account, user_account.c.id == user_session.c.user_id)
    .outerjoin(second_factor, second_factor.c.user_id == user_account.c.id)
    .where(user_session.c.token_hash == bindparam("token_hash"), user_account.c.active)
)
"""A session with its user; each request reads one, so the statement is made once."""
_KNOWN: Final = "SELECT 1 FROM known_browser WHERE digest = ? AND user_id = ?"
_SEEN: Final = "UPDATE known_browser SET seen_at = ? WHERE digest = ? AND user_id = ?"

ScopeOf = Callable[[Transaction, int, Collection[str]], Scope]
"""Gives the rows that a user, by the row id, may see in these roles."""


def user_named(t: Transaction, name: str) -> Account | None:
    """Find a user by the name they sign in with, however it is spelled."""
    query = select(user_account).where(user_account.c.key == key_of_name(name))
    row = t.connection.execute(query).first()
    return None if row is None else _account(row)


def user_numbered(t: Transaction, user: int, *, scope: Scope) -> Account | None:
    """Find a user by the row's id, among those whom a scope shows."""
    query = select(user_account).where(user_account.c.id == user, shown_users(scope))
    row = t.connection.execute(query).first()
    return None if row is None else _account(row)


def maker_numbered(t: Transaction, user: int) -> Account | None:
    """Find who made something, by the row's id: for what the hub itself looks up."""
    row = t.connection.execute(select(user_account).where(user_account.c.id == user)).first()
    return None if row is None else _account(row)


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        roles=tuple(row.roles.split(",")),
        password_hash=row.password_hash,
        active=row.active,
        shown=row.shown or row.name,
        language=row.language,
        one_time_until=row.one_time_until,
    )


def put_user(t: Transaction, user: NewUser) -> bool:
    """Add a user, or change roles and password; False if the user was there."""
    known = user_named(t, user.name)
    roles = ",".join(user.roles)
    values: dict[str, Any] = {
        "password_hash": user.password_hash,
        "roles": roles,
        "active": True,
        "one_time_until": user.one_time_until,
    }
    if known is not None:
        change_user(t, known, **values)
        end_sessions(t, known.id)
    else:
        t.connection.execute(
            insert(user_account).values(
                name=user.name,
                key=key_of_name(user.name),
                shown=user.shown or None,
                created_at=t.at_ms,
                **values,
            )
        )
        after: dict[str, history.Value] = {"roles": roles, "active": True}
        history.record(t, "user_account", user.name, before={}, after=after)
    t.changed("users")
    return known is None


def change_user(t: Transaction, account: Account, *, why: str = "", **values: Any) -> None:  # noqa: ANN401 -- columns
    """Change columns of a user; the history has all of them but the password."""
    query = select(*(user_account.c[name] for name in values))
    before = dict(
        t.connection.execute(query.where(user_account.c.id == account.id)).mappings().one()
    )
    here = user_account.c.id == account.id
    t.connection.execute(update(user_account).where(here).values(values))
    history.record(
        t, "user_account", account.name, before=_told(before), after=_told(values), why=why
    )
    t.changed("users")


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the history tells of columns: of a password, only whether it is a one-time word."""
    told = {name: value for name, value in values.items() if name != "password_hash"}
    if "one_time_until" in told:
        told["one_time"] = told.pop("one_time_until") is not None
    return told


@contextmanager
def keeping_owner(t: Transaction) -> Iterator[None]:
    """See that what is changed inside leaves an active owner, where there was one.

    Only an owner makes an owner: an administrator could bring none back. Of a hub that never had
    an owner, an administrator has to stay. Raises PeopleError.
    """
    owned, changed = _is_left(t, _OWNERS), _is_left(t, _MAY_CHANGE_USERS)
    yield
    if owned and not _is_left(t, _OWNERS):
        raise PeopleError("last_owner")
    if changed and not _is_left(t, _MAY_CHANGE_USERS):
        raise PeopleError("last_administrator")


def _is_left(t: Transaction, roles: frozenset[str]) -> bool:
    """Say whether an active user has one of the roles."""
    query = select(user_account.c.roles).where(user_account.c.active)
    found = t.connection.execute(query).scalars()
    return any(not roles.isdisjoint(one.split(",")) for one in found)


def has_users(t: Transaction) -> bool:
    """Say whether anybody was ever added."""
    return bool(t.rows("SELECT 1 FROM user_account LIMIT 1"))


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
            browser=session.browser[:200] or None,
        )
    )


def find_stored(t: Transaction, token_hash: str) -> Session | None:
    """Find the session of an active user, as it is stored, and what is to be done first in it."""
    row = t.connection.execute(_STORED, {"token_hash": token_hash}).one_or_none()
    if row is None:
        return None
    roles = tuple(row.roles.split(","))
    return Session(
        token_hash=row.token_hash,
        user_id=row.user_id,
        user=row.name,
        roles=roles,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        address=row.origin_ip,
        browser=row.browser or "",
        language=row.language,
        step=_step(t, row, roles),
    )


def _step(t: Transaction, row: Row[Any], roles: tuple[str, ...]) -> str:
    """Name what has to be done in a session before it opens anything."""
    if row.confirmed_at is not None and row.factor_at is None:
        return "code"
    if row.one_time_until is not None:
        return "password"
    if row.confirmed_at is None and needs_factor(t, roles):
        return "factor"
    return ""


def needs_factor(t: Transaction, roles: Collection[str]) -> bool:
    """Say whether one of the roles asks for a second factor."""
    return not factor_roles(t).isdisjoint(roles)


def factor_roles(t: Transaction) -> frozenset[str]:
    """Give the roles that ask for a second factor."""
    return frozenset(role for (role,) in t.rows(_NEEDED))


def touch_session(t: Transaction, token_hash: str) -> None:
    """Note that a session was used."""
    here = user_session.c.token_hash == token_hash
    t.connection.execute(update(user_session).where(here).values(seen_at=t.at_ms))


def remove_session(t: Transaction, token_hash: str) -> None:
    """End a session; one that is not there is no fault."""
    t.connection.execute(delete(user_session).where(user_session.c.token_hash == token_hash))


def end_sessions(t: Transaction, user: int, *, but: str = "") -> int:
    """End all sessions of a user but one, if its hash is given; gives how many ended."""
    ended = delete(user_session).where(
        user_session.c.user_id == user, user_session.c.token_hash != but
    )
    return t.connection.execute(ended).rowcount


def end_all_sessions(t: Transaction) -> int:
    """End all sessions of all users; gives how many ended."""
    return t.connection.execute(delete(user_session)).rowcount


def end_session(t: Transaction, user: int, token_hash: str) -> bool:
    """End one session of a user; False where the user has no such session."""
    ended = delete(user_session).where(
        user_session.c.user_id == user, user_session.c.token_hash == token_hash
    )
    return bool(t.connection.execute(ended).rowcount)


def note_factor(t: Transaction, token_hash: str) -> None:
    """Note that the second factor was shown in a session."""
    here = user_session.c.token_hash == token_hash
    t.connection.execute(update(user_session).where(here).values(factor_at=t.at_ms))


def is_known_browser(t: Transaction, user: int, digest: str) -> bool:
    """Say whether a user signed in from this browser before."""
    return bool(t.rows(_KNOWN, (digest, user)))


def keep_browser(t: Transaction, user: int, digest: str) -> None:
    """Remember that a user signed in from a browser."""
    if not t.many(_SEEN, [(t.at_ms, digest, user)]):
        t.insert(known_browser, ("digest", "user_id", "seen_at"), [(digest, user, t.at_ms)])


def forget_browsers(t: Transaction, user: int) -> None:
    """Forget from where a user signed in: the password was reset, perhaps since it was known."""
    t.many("DELETE FROM known_browser WHERE user_id = ?", [(user,)])
