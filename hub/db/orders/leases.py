"""Rows of leases, and what counters say is held of them: both change in one transaction.

Whoever changes a lease has locked its counter before. So orders, which lock their counters anyway,
read there what all terminals hold, and never add up the leases of the network.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy.engine.interfaces import DBAPICursor

from hub.base.engine.database import Database, holders, padded
from hub.domain.leases import Key, Slice

_OWN: Final = """
SELECT terminal, rule, scope, uses, amount, pieces FROM lease WHERE until_ms > ? AND terminal IN """
_COUNTERS: Final = """
SELECT rule, scope, used, spent, pieces, held_uses, held_amount, held_pieces
FROM scheme_counter WHERE scope IN """
_START: Final = """
INSERT INTO scheme_counter (rule, scope, used, spent) VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING
"""
_HOLD: Final = """
UPDATE scheme_counter SET held_uses = held_uses + ?, held_amount = held_amount + ?,
    held_pieces = held_pieces + ?
WHERE rule = ? AND scope = ?
"""
_DROP: Final = "DELETE FROM lease WHERE rule = ? AND scope = ? AND terminal = ?"
_AT_ONCE: Final = 1_000

ENDED: Final = "until_ms <= ?"
"""The leases that have run out at a moment, for `take_back`."""

OF_TERMINAL: Final = "terminal = ?"
"""The leases of one terminal, for `take_back`."""


class Standing(NamedTuple):
    """What one counter says: what orders used, and what all terminals hold."""

    used: Slice
    held: Slice


def read_own(
    database: Database, cursor: DBAPICursor, terminals: Sequence[str], *, now_ms: int
) -> dict[tuple[str, str, str], Slice]:
    """Read the open leases of these terminals, by terminal, rule and scope."""
    if not terminals:
        return {}
    cursor.execute(database.sql(f"{_OWN}({holders(len(terminals))})"), (now_ms, *padded(terminals)))
    return {
        (terminal, rule, scope): Slice(*parts)
        for terminal, rule, scope, *parts in cursor.fetchall()
    }


def lock_counters(
    database: Database, cursor: DBAPICursor, keys: Collection[Key]
) -> dict[Key, Standing]:
    """Lock the counters of these limits, which are made where there are none yet."""
    if not keys:
        return {}
    found = _locked(database, cursor, keys)
    missing = sorted(set(keys) - found.keys())
    if missing:
        cursor.executemany(database.sql(_START), missing)
        found = _locked(database, cursor, keys)
    return found


def _locked(database: Database, cursor: DBAPICursor, keys: Collection[Key]) -> dict[Key, Standing]:
    scopes = sorted({scope for _, scope in keys})
    statement = f"{_COUNTERS}({holders(len(scopes))}) ORDER BY rule, scope{database.lock}"
    cursor.execute(database.sql(statement), padded(scopes))
    return {
        (rule, scope): Standing(Slice(*counts[:3]), Slice(*counts[3:]))
        for rule, scope, *counts in cursor.fetchall()
    }


def change_held(
    database: Database, cursor: DBAPICursor, changes: Iterable[tuple[Key, Sequence[int]]]
) -> None:
    """Add to what is held, or with a change below zero take off; the counters are locked."""
    sums: dict[Key, tuple[int, ...]] = {}
    for key, change in changes:
        before = sums.get(key, (0,) * len(change))
        sums[key] = tuple(a + b for a, b in zip(before, change, strict=True))
    rows = [(*change, *key) for key, change in sorted(sums.items()) if any(change)]
    if rows:
        cursor.executemany(database.sql(_HOLD), rows)


def drop_leases(
    database: Database, cursor: DBAPICursor, leases: Collection[tuple[str, str, str]]
) -> None:
    """Delete leases by rule, scope and terminal; what counters say is for the caller to change."""
    if leases:
        cursor.executemany(database.sql(_DROP), sorted(leases))


def take_back(database: Database, cursor: DBAPICursor, which: str, *, value: str | int) -> int:
    """Take back leases, the first to run out first, some at once; gives how many it took."""
    chosen = f"FROM lease WHERE {which}"
    first = f"SELECT rule, scope {chosen} ORDER BY until_ms LIMIT {_AT_ONCE}"
    cursor.execute(database.sql(first), (value,))
    keys = {(rule, scope) for rule, scope in cursor.fetchall()}
    if not keys:
        return 0
    lock_counters(database, cursor, keys)
    scopes = sorted({scope for _, scope in keys})
    # Read again: while this waited for the lock, some may have been renewed.
    statement = (
        f"SELECT rule, scope, terminal, uses, amount, pieces {chosen} "
        f"AND scope IN ({holders(len(scopes))}) ORDER BY until_ms LIMIT {_AT_ONCE}"
    )
    cursor.execute(database.sql(statement), (value, *padded(scopes)))
    rows = cursor.fetchall()
    drop_leases(database, cursor, [tuple(row[:3]) for row in rows])
    change_held(database, cursor, [((row[0], row[1]), [-part for part in row[3:]]) for row in rows])
    return len(rows)
