"""Which rule pack decides orders at a moment, as one statement that every reader shares."""

from typing import Final

from sqlalchemy import Connection, Select, select

from hub.db.tables import rule_pack

SERVING: Final = (
    "SELECT hash FROM rule_pack WHERE starts_at <= ? AND fault = '' "
    "ORDER BY starts_at DESC, id DESC LIMIT 1"
)
"""For the driver's own cursor; takes the moment in Unix milliseconds."""


def serving_pack(now_ms: int) -> Select[tuple[int, int, str]]:
    """Select id, version and hash of the pack that decides orders at a moment."""
    pack = rule_pack.c
    return (
        select(pack.id, pack.version, pack.hash)
        .where(pack.starts_at <= now_ms, pack.fault == "")
        .order_by(pack.starts_at.desc(), pack.id.desc())
        .limit(1)
    )


def serving_hash(connection: Connection, now_ms: int) -> str | None:
    """Give the hash of the pack that decides orders at a moment."""
    row = connection.execute(serving_pack(now_ms)).first()
    return row.hash if row else None
