"""Rows of leases, and what counters say is held of them: both change in one transaction.

Whoever changes a lease has locked its counter before. So orders, which lock their counters anyway,
read there what all terminals hold, and never add up the leases of the network.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from hub.base.engine.database import holders, padded
from hub.base.transaction import LockRank, Transaction
from hub.desk.schemes.model import LimitPart
from rules import CounterKey

_OWN: Final = """
SELECT terminal, rule, scope, uses, amount, pieces FROM lease WHERE until_ms > ? AND terminal IN """
_COUNTERS: Final = """
SELECT rule, scope, used, spent, pieces, held_uses, held_amount, held_pieces
FROM scheme_counter WHERE scope IN """
_USED: Final = """
SELECT rule, scope, used, spent, bought, pieces FROM scheme_counter WHERE scope IN """
_START: Final = """
INSERT INTO scheme_counter (rule, scope, used, spent) VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING
"""
_HOLD: Final = """
UPDATE scheme_counter SET held_uses = held_uses + ?, held_amount = held_amount + ?,
    held_pieces = held_pieces + ?
WHERE rule = ? AND scope = ?
"""
_SET: Final = """
UPDATE lease SET uses = ?, amount = ?, pieces = ? WHERE terminal = ? AND rule = ? AND scope = ?
"""
_DROP: Final = "DELETE FROM lease WHERE rule = ? AND scope = ? AND terminal = ?"
_AT_ONCE: Final = 1_000

ENDED: Final = "until_ms <= ?"
"""The leases that have run out at a moment, for `take_back`."""

_ANY_ENDED: Final = f"SELECT 1 FROM lease WHERE {ENDED} LIMIT 1"  # noqa: S608  # ours

OF_TERMINAL: Final = "terminal = ?"
"""The leases of one terminal, for `take_back`."""


class Standing(NamedTuple):
    """What one counter says: what orders used, and what all terminals hold."""

    used: LimitPart
    held: LimitPart


def read_own(
    t: Transaction, terminals: Sequence[str], *, now_ms: int
) -> dict[tuple[str, str, str], LimitPart]:
    """Read the open leases of these terminals, by terminal, rule and scope."""
    if not terminals:
        return {}
    found = t.rows(f"{_OWN}({holders(len(terminals))})", (now_ms, *padded(terminals)))
    return {(terminal, rule, scope): LimitPart(*parts) for terminal, rule, scope, *parts in found}


def lock_counters(t: Transaction, keys: Collection[CounterKey]) -> dict[CounterKey, Standing]:
    """Lock the counters of these limits, which are made where there are none yet."""
    if not keys:
        return {}
    found = _locked(t, keys)
    missing = sorted(set(keys) - found.keys())
    if missing:
        t.many(_START, missing)
        found = _locked(t, keys)
    return found


def _locked(t: Transaction, keys: Collection[CounterKey]) -> dict[CounterKey, Standing]:
    scopes = sorted({scope for _, scope in keys})
    found = t.rows_in(_COUNTERS, scopes, locked_by="rule, scope")
    t.lock(LockRank.COUNTER, {(row[0], row[1]) for row in found})
    return {
        (rule, scope): Standing(LimitPart(*counts[:3]), LimitPart(*counts[3:]))
        for rule, scope, *counts in found
    }


def change_held(t: Transaction, changes: Iterable[tuple[CounterKey, Sequence[int]]]) -> None:
    """Add to what is held, or with a change below zero take off; the counters are locked."""
    sums: dict[CounterKey, tuple[int, ...]] = {}
    for key, change in changes:
        before = sums.get(key, (0,) * len(change))
        sums[key] = tuple(a + b for a, b in zip(before, change, strict=True))
    t.many(_HOLD, [(*change, *key) for key, change in sorted(sums.items()) if any(change)])


def set_parts(t: Transaction, left: Mapping[tuple[str, str, str], LimitPart]) -> None:
    """Write what is left of leases, by terminal, rule and scope; their counters are locked."""
    t.many(_SET, [(*left[key], *key) for key in sorted(left)])


def drop_leases(t: Transaction, leases: Collection[tuple[str, str, str]]) -> None:
    """Delete leases by rule, scope and terminal; what counters say is for the caller to change."""
    t.many(_DROP, sorted(leases))


def any_ended(t: Transaction, now_ms: int) -> bool:
    """Say whether any lease has run out at a moment."""
    return bool(t.rows(_ANY_ENDED, (now_ms,)))


def counters_of(t: Transaction, scopes: Sequence[str]) -> list[Any]:
    """Read rule, scope, uses, money, purchases and pieces of counters, by rule and scope."""
    return sorted(t.rows_in(_USED, scopes))


def take_back(t: Transaction, which: str, *, value: str | int) -> int:
    """Take back leases, the first to run out first, some at once; gives how many it took."""
    chosen = f"FROM lease WHERE {which}"
    first = f"SELECT rule, scope {chosen} ORDER BY until_ms LIMIT {_AT_ONCE}"
    keys = {(rule, scope) for rule, scope in t.rows(first, (value,))}
    if not keys:
        return 0
    lock_counters(t, keys)
    scopes = sorted({scope for _, scope in keys})
    # Read again: while this waited for the lock, some may have been renewed.
    statement = (
        f"SELECT rule, scope, terminal, uses, amount, pieces {chosen} "
        f"AND scope IN ({holders(len(scopes))}) ORDER BY until_ms LIMIT {_AT_ONCE}"
    )
    rows = t.rows(statement, (value, *padded(scopes)))
    drop_leases(t, [tuple(row[:3]) for row in rows])
    change_held(t, [((row[0], row[1]), [-part for part in row[3:]]) for row in rows])
    return len(rows)
