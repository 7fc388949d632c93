"""What terminals fetch, and what lets them fetch it."""

from sqlalchemy import Connection, select

from hub.base.engine.columns import table_of
from hub.desk.products.tables import snapshot
from hub.desk.terminals.tables import Terminal

_terminals = table_of(Terminal)


def read_secret(connection: Connection, terminal: str) -> str | None:
    """Read the SHA-256, in hex, of a terminal's password; None for an unknown or revoked one."""
    query = select(_terminals.c.secret_sha256).where(
        _terminals.c.id == terminal, _terminals.c.revoked_at.is_(None)
    )
    return connection.execute(query).scalar_one_or_none()


def read_snapshot(connection: Connection, digest: str) -> bytes | None:
    """Read a snapshot by its hash."""
    query = select(snapshot.c.body).where(snapshot.c.hash == digest)
    body = connection.execute(query).scalar_one_or_none()
    return None if body is None else bytes(body)
