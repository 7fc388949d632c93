"""Tokens of programs, inside a given transaction."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from hub.base import history
from hub.base.access import Scope, Session
from hub.base.transaction import Transaction
from hub.desk.people.model.accounts import Account
from hub.desk.people.store.rows import maker_numbered
from hub.desk.people.tables import api_token, shown_users, user_account

_PUT = """
UPDATE api_token SET token_hash = ?, roles = ?, created_at = ?, maker_id = ?,
revoked_at = NULL, used_at = NULL WHERE name = ?
"""
_COLUMNS = ("name", "token_hash", "roles", "created_at", "maker_id")
_REVOKE = "UPDATE api_token SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL"
_OF_NO_USER = 0
NOUN: Final = "api_token"
"""What programs are called in the history."""


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A program's token as it is listed; `maker` is None where a command made it."""

    name: str
    roles: tuple[str, ...]
    created_at: int
    revoked_at: int | None
    used_at: int | None
    maker: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token opens, and who made it: None where a command at the hub's own machine did."""

    session: Session
    maker: Account | None


def put_token(
    t: Transaction, name: str, roles: tuple[str, ...], *, digest: str, maker: int | None
) -> bool:
    """Keep a program's token instead of the one it had; False if the program was there."""
    query = (
        select(api_token.c.roles, api_token.c.revoked_at, user_account.c.name.label("maker"))
        .outerjoin(user_account, user_account.c.id == api_token.c.maker_id)
        .where(api_token.c.name == name)
    )
    before = t.connection.execute(query).one_or_none()
    written = ",".join(roles)
    made_by = None if maker is None else t.actor
    if before is None:
        t.insert(api_token, _COLUMNS, [(name, digest, written, t.at_ms, maker)])
        history.record(t, NOUN, name, before={}, after={"roles": written, "maker": made_by})
    else:
        t.many(_PUT, [(digest, written, t.at_ms, maker, name)])
        history.record(
            t,
            NOUN,
            name,
            before={
                "roles": before.roles,
                "revoked": before.revoked_at is not None,
                "maker": before.maker,
            },
            after={"roles": written, "revoked": False, "maker": made_by},
        )
    return before is None


def revoke_token(t: Transaction, name: str) -> bool:
    """Let a program in no more; False where there is none of this name, or it is revoked."""
    revoked = bool(t.many(_REVOKE, [(t.at_ms, name)]))
    if revoked:
        history.record(t, NOUN, name, before={"revoked": False}, after={"revoked": True})
    return revoked


def is_hidden(t: Transaction, name: str, *, scope: Scope) -> bool:
    """Say whether there is a program of this name that a scope does not show."""
    here = select(api_token.c.id).where(api_token.c.name == name)
    there = t.connection.execute(here).first() is not None
    return there and all(one.name != name for one in list_tokens(t, scope=scope))


def token_session(t: Transaction, digest: str) -> Opened | None:
    """Give what a token opens: a session of its program, which no browser has.

    It ends with its maker: None once that user may not sign in.
    """
    query = select(api_token).where(
        api_token.c.token_hash == digest, api_token.c.revoked_at.is_(None)
    )
    row = t.connection.execute(query).one_or_none()
    if row is None:
        return None
    maker = None
    if row.maker_id is not None:
        maker = maker_numbered(t, row.maker_id)
        if maker is None or not maker.active:
            return None
    session = Session(
        token_hash=row.token_hash,
        user_id=_OF_NO_USER,
        user=row.name,
        roles=tuple(row.roles.split(",")),
        created_at=row.created_at,
        seen_at=row.used_at or 0,
        expires_at=row.created_at,
    )
    return Opened(session, maker)


def list_tokens(t: Transaction, *, scope: Scope) -> list[StoredToken]:
    """List programs by name, of makers whom a scope shows; a command's are the company's."""
    query = (
        select(api_token, user_account.c.name.label("maker"))
        .outerjoin(user_account, user_account.c.id == api_token.c.maker_id)
        .where(shown_users(scope))
        .order_by(api_token.c.name)
    )
    return [
        StoredToken(
            name=row.name,
            roles=tuple(row.roles.split(",")),
            created_at=row.created_at,
            revoked_at=row.revoked_at,
            used_at=row.used_at,
            maker=row.maker,
        )
        for row in t.connection.execute(query)
    ]


def roles_of_token(t: Transaction, name: str) -> tuple[str, ...]:
    """Give the roles of the token that a program has; none where it has none that is in use."""
    found = t.rows("SELECT roles FROM api_token WHERE name = ? AND revoked_at IS NULL", (name,))
    return tuple(found[0][0].split(",")) if found else ()


def touch_token(t: Transaction, digest: str) -> None:
    """Note that a token was used."""
    t.many("UPDATE api_token SET used_at = ? WHERE token_hash = ?", [(t.at_ms, digest)])
