"""Leases for the hub's pages to show."""

import hashlib
from typing import Any

from sqlalchemy import insert

from hub.desk.schemes.tables import lease
from tests.builders.hub_records import MINUTE, NOON, PACK, Shelves


def put_lease(shelves: Shelves, rule: str, terminal: str = "shop-1", **said: Any) -> None:
    """Let a terminal hold five of a hundred uses of a scheme for a day, or what is said."""
    values = {
        "scope": "total",
        "uses": 5,
        "of_uses": 100,
        "amount": 0,
        "pieces": 0,
        "pack_hash": hashlib.sha256(PACK).hexdigest(),
        "until_ms": NOON + 24 * 60 * MINUTE,
        **said,
    }
    with shelves.database.write() as connection:
        connection.execute(insert(lease).values(rule=rule, terminal=terminal, **values))
        connection.commit()
