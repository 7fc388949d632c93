"""Tokens of programs, inside a given transaction."""

from dataclasses import dataclass

from sqlalchemy import select

from hub.base import history
from hub.base.access import Session
from hub.base.transaction import Transaction
from hub.desk.people.tables import api_token

_PUT = """
UPDATE api_token SET token_hash = ?, roles = ?, created_at = ?, revoked_at = NULL, used_at = NULL
WHERE name = ?
"""
_COLUMNS = ("name", "token_hash", "roles", "created_at")
_REVOKE = "UPDATE api_token SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL"
_OF_NO_USER = 0


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A program's token as it is listed."""

    name: str
    roles: tuple[str, ...]
    created_at: int
    revoked_at: int | None
    used_at: int | None


def put_token(t: Transaction, name: str, roles: tuple[str, ...], *, digest: str) -> bool:
    """Keep a program's token instead of the one it had; False if the program was there."""
    before = next((one for one in list_tokens(t) if one.name == name), None)
    written = ",".join(roles)
    if before is None:
        t.insert(api_token, _COLUMNS, [(name, digest, written, t.at_ms)])
        history.record(t, "api_token", name, before={}, after={"roles": written})
    else:
        t.many(_PUT, [(digest, written, t.at_ms, name)])
        history.record(
            t,
            "api_token",
            name,
            before={"roles": ",".join(before.roles), "revoked": before.revoked_at is not None},
            after={"roles": written, "revoked": False},
        )
    return before is None


def revoke_token(t: Transaction, name: str) -> bool:
    """Let a program in no more; False where there is none of this name, or it is revoked."""
    revoked = bool(t.many(_REVOKE, [(t.at_ms, name)]))
    if revoked:
        history.record(t, "api_token", name, before={"revoked": False}, after={"revoked": True})
    return revoked


def token_session(t: Transaction, digest: str) -> Session | None:
    """Give what a token opens: a session of its program, which no browser has and nothing ends."""
    query = select(api_token).where(
        api_token.c.token_hash == digest, api_token.c.revoked_at.is_(None)
    )
    row = t.connection.execute(query).one_or_none()
    if row is None:
        return None
    return Session(
        token_hash=row.token_hash,
        user_id=_OF_NO_USER,
        user=row.name,
        roles=tuple(row.roles.split(",")),
        created_at=row.created_at,
        seen_at=row.used_at or 0,
        expires_at=row.created_at,
    )


def list_tokens(t: Transaction) -> list[StoredToken]:
    """List the programs, by name."""
    query = select(api_token).order_by(api_token.c.name)
    return [
        StoredToken(
            row.name, tuple(row.roles.split(",")), row.created_at, row.revoked_at, row.used_at
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
