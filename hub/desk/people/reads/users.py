"""Users as lists and records show them, in somebody's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, func, or_, select

from hub.base.access import Scope
from hub.base.listing import Slice, Wanted
from hub.base.listing.paging import page_of
from hub.desk.people.tables import (
    ceiling,
    recovery_code,
    reporting_line,
    role_setting,
    second_factor,
    shown_users,
    stand_in,
    user_account,
    user_grant,
    user_session,
)

ACTIVE_MS: Final = 15 * 60_000
"""Who did something of their own in this time is active; pages that renew themselves are not."""
_SHOWN: Final = func.coalesce(user_account.c.shown, user_account.c.name)
_SEEN: Final = func.coalesce(
    select(func.max(user_session.c.seen_at))
    .where(user_session.c.user_id == user_account.c.id)
    .scalar_subquery(),
    0,
)
_MOST_NAMES: Final = 500
_SORTS: Final[dict[str, ColumnElement[Any]]] = {
    "name": user_account.c.name,
    "shown": _SHOWN,
    "seen": _SEEN,
    "added": user_account.c.created_at,
}


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user as listed; `seen_at` is the last use of a browser that is signed in, 0 for none."""

    id: int
    name: str
    shown: str
    roles: tuple[str, ...]
    active: bool
    has_factor: bool
    one_time: bool
    seen_at: int
    created_at: int


@dataclass(frozen=True, slots=True)
class DatedName:
    """Another user from one day to another; `until` None has no end."""

    name: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class UserDetail:
    """All that is kept of a user, but the password."""

    row: UserRow
    language: str | None
    managers: tuple[DatedName, ...]
    stand_ins: tuple[DatedName, ...]
    ceilings: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser that is signed in; `key` is the hash of its token."""

    key: str
    browser: str
    address: str
    created_at: int
    seen_at: int


def active_since(now_ms: int) -> str:
    """Give the moment since which whoever did something is active now, for `seen_since`."""
    return str(now_ms - ACTIVE_MS)


def list_users(connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[UserRow]:
    """Read one page of users.

    `wanted` may choose `state` (active, ended), `role`, and `seen_since`, a moment in Unix ms.
    """
    query = _rows().where(and_(shown_users(scope), *_conditions(wanted)))
    return page_of(connection, query, wanted, sorts=_SORTS, key=user_account.c.id, make=_row)


def list_names(connection: Connection, *, scope: Scope) -> Sequence[tuple[str, str]]:
    """Give the active users that somebody may name: how each signs in, and what others read."""
    table = user_account.c
    query = select(table.name, func.coalesce(table.shown, table.name))
    found = query.where(shown_users(scope), table.active).order_by(table.name).limit(_MOST_NAMES)
    return [(row[0], row[1]) for row in connection.execute(found)]


def count_users(connection: Connection, wanted: Wanted, *, scope: Scope) -> int:
    """Count the users that a filter shows."""
    query = select(func.count()).select_from(user_account)
    found = query.where(and_(shown_users(scope), *_conditions(wanted)))
    return connection.execute(found).scalar_one()


def read_user(connection: Connection, user: int, *, scope: Scope) -> UserDetail | None:
    """Read all that is kept of a user; None for one who is not there, or not shown."""
    query = _rows().add_columns(user_account.c.language)
    row = connection.execute(query.where(user_account.c.id == user, shown_users(scope))).first()
    if row is None:
        return None
    measures = select(ceiling.c.measure, ceiling.c.amount).where(ceiling.c.user_id == user)
    rows = (
        select(user_grant.c.kind, user_grant.c.ref)
        .where(user_grant.c.user_id == user)
        .order_by(user_grant.c.kind, user_grant.c.ref)
    )
    return UserDetail(
        _row(row),
        row.language,
        _dated(connection, reporting_line, reporting_line.c.manager_id, user=user),
        _dated(connection, stand_in, stand_in.c.substitute_id, user=user),
        tuple((one.measure, one.amount) for one in connection.execute(measures)),
        tuple((one.kind, one.ref) for one in connection.execute(rows)),
    )


def find_user(connection: Connection, name: str, *, scope: Scope) -> int | None:
    """Find the row's id of a user by the name as it was kept."""
    query = select(user_account.c.id).where(user_account.c.name == name, shown_users(scope))
    return connection.execute(query).scalar_one_or_none()


def list_sessions(connection: Connection, user: int, *, scope: Scope) -> list[OpenSession]:
    """List the browsers that a user is signed in with, the last used first."""
    query = (
        select(user_session)
        .join(user_account, user_account.c.id == user_session.c.user_id)
        .where(user_session.c.user_id == user, shown_users(scope))
        .order_by(user_session.c.seen_at.desc(), user_session.c.token_hash)
    )
    return [
        OpenSession(row.token_hash, row.browser or "", row.origin_ip, row.created_at, row.seen_at)
        for row in connection.execute(query)
    ]


def count_recovery(connection: Connection, user: int, *, scope: Scope) -> int | None:
    """Count a user's spare codes that were not used; None where no second factor is asked for."""
    asked = (
        select(second_factor.c.user_id)
        .join(user_account, user_account.c.id == second_factor.c.user_id)
        .where(
            second_factor.c.user_id == user,
            second_factor.c.confirmed_at.is_not(None),
            shown_users(scope),
        )
    )
    if connection.execute(asked).first() is None:
        return None
    left = select(func.count()).where(
        recovery_code.c.user_id == user, recovery_code.c.used_at.is_(None)
    )
    return connection.execute(left).scalar_one()


def list_factor_roles(connection: Connection) -> frozenset[str]:
    """List the roles that ask for a second factor."""
    query = select(role_setting.c.role).where(role_setting.c.needs_factor)
    return frozenset(connection.execute(query).scalars())


def _rows() -> Select[Any]:
    return select(
        user_account.c.id,
        user_account.c.name,
        _SHOWN.label("shown"),
        user_account.c.roles,
        user_account.c.active,
        user_account.c.one_time_until,
        user_account.c.created_at,
        _SEEN.label("seen_at"),
        second_factor.c.confirmed_at,
    ).outerjoin(second_factor, second_factor.c.user_id == user_account.c.id)


def _row(row: Row[Any]) -> UserRow:
    return UserRow(
        row.id,
        row.name,
        row.shown,
        tuple(row.roles.split(",")),
        row.active,
        row.confirmed_at is not None,
        row.one_time_until is not None,
        row.seen_at,
        row.created_at,
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    state, role = wanted.one("state"), wanted.one("role")
    if state is not None:
        found.append(user_account.c.active.is_(state == "active"))
    if role is not None:
        listed = "," + user_account.c.roles + ","
        found.append(listed.contains(f",{role},", autoescape=True))
    if (since := wanted.one("seen_since")) is not None:
        found.append(int(since) <= _SEEN)
    if wanted.text:
        text = wanted.text.lower()
        found.append(
            or_(
                func.lower(user_account.c.name).contains(text, autoescape=True),
                user_account.c.key.contains(wanted.text.casefold(), autoescape=True),
                func.lower(_SHOWN).contains(text, autoescape=True),
            )
        )
    return found


def _dated(
    connection: Connection, table: Table, other: ColumnElement[int], *, user: int
) -> tuple[DatedName, ...]:
    query = (
        select(user_account.c.name, table.c.since, table.c.until)
        .join(user_account, user_account.c.id == other)
        .where(table.c.user_id == user)
        .order_by(table.c.since)
    )
    return tuple(DatedName(row.name, row.since, row.until) for row in connection.execute(query))
