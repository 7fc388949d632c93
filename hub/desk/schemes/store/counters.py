"""Counters of schemes: what orders take of limits and budgets, and give back."""

from collections.abc import Collection, Mapping, Sequence
from operator import add, sub
from typing import Final, NamedTuple

from hub.base.transaction import LockRank, Transaction
from hub.desk.schemes import tables
from hub.desk.schemes.model import NOTHING, Key, LimitPart
from rules import CounterChange

_CHANGE: Final = ("order_id", "revision", "rule", "scope", "used", "spent", "bought", "pieces")
_COUNTER: Final = ("rule", "scope", "used", "spent", "bought", "pieces")
_COUNT: Final = """
UPDATE scheme_counter
SET used = used + ?, spent = spent + ?, bought = bought + ?, pieces = pieces + ?,
    held_uses = held_uses - ?, held_amount = held_amount - ?, held_pieces = held_pieces - ?
WHERE rule = ? AND scope = ?
"""
_TAKEN: Final = """
SELECT rule, scope, sum(used), sum(spent), sum(bought), sum(pieces) FROM counter_change
WHERE order_id = ? GROUP BY rule, scope ORDER BY rule, scope
"""

Counts = tuple[int, ...]
"""Uses, money spent, what was bought, pieces."""

_ZERO: Final[Counts] = (0, 0, 0, 0)


class Use(NamedTuple):
    """What a revision of an order takes of a counter; below zero, gives back."""

    order: int
    revision: int
    change: CounterChange


def take(
    t: Transaction,
    uses: Sequence[Use],
    *,
    counted: Collection[Key],
    spent: Mapping[Key, LimitPart],
) -> None:
    """Add what orders use to the schemes' counters, and take off what terminals hold no more.

    `counted` are the counters that had a row when they were locked. One that had none is inserted,
    so that a second worker that did not see it either fails on the key, and decides its orders
    again. `spent` is what these orders took out of leases.
    """
    if not uses:
        return
    t.lock(LockRank.COUNTER, {(one.change.rule, one.change.scope) for one in uses})
    t.insert(
        tables.counter_change, _CHANGE, [(one.order, one.revision, *one.change) for one in uses]
    )
    sums: dict[Key, Counts] = {}
    for one in uses:
        key = (one.change.rule, one.change.scope)
        sums[key] = tuple(map(add, sums.get(key, _ZERO), one.change[2:]))
    new = [(*key, *counts) for key, counts in sorted(sums.items()) if key not in counted]
    old = [
        (*counts, *spent.get(key, NOTHING), *key)
        for key, counts in sorted(sums.items())
        if key in counted
    ]
    t.insert(tables.scheme_counter, _COUNTER, new)
    t.many(_COUNT, old)


def taken_by(t: Transaction, order: int) -> Mapping[Key, Counts]:
    """Give what an order took of each counter: what its rows add up to, unless to nothing."""
    found = {(row[0], row[1]): tuple(map(int, row[2:])) for row in t.rows(_TAKEN, (order,))}
    return {key: counts for key, counts in found.items() if any(counts)}


def change_to(
    t: Transaction,
    order: int,
    revision: int,
    *,
    wanted: Sequence[CounterChange],
    taken: Mapping[Key, Counts],
    counted: Collection[Key],
    spent: Mapping[Key, LimitPart] | None = None,
) -> None:
    """Bring what an order took of counters to what a revision of it uses: only differences."""
    uses = {(one.rule, one.scope): tuple(one[2:]) for one in wanted}
    differences = {
        key: tuple(map(sub, uses.get(key, _ZERO), taken.get(key, _ZERO)))
        for key in sorted(uses.keys() | taken.keys())
    }
    take(
        t,
        [
            Use(order, revision, CounterChange(*key, *counts))
            for key, counts in differences.items()
            if any(counts)
        ],
        counted={*counted, *taken},
        spent=spent or {},
    )


def shift(t: Transaction, order: int, revision: int, *, changes: Sequence[CounterChange]) -> None:
    """Change what an order takes of counters that it took of before, and never below nothing.

    Of 5.00 given on 12 pieces, of which 3 came back, the rules say what goes back to the budget.
    """
    touched = {(row[0], row[1]): tuple(map(int, row[2:])) for row in t.rows(_TAKEN, (order,))}
    moved = {(one.rule, one.scope): one[2:] for one in changes}
    wanted = [
        CounterChange._make(
            (*key, *(max(0, had + by) for had, by in zip(counts, more, strict=True)))
        )
        for key, counts in touched.items()
        for more in (moved.get(key, _ZERO),)
    ]
    change_to(t, order, revision, wanted=wanted, taken=touched, counted=())


def give_back(t: Transaction, order: int, revision: int) -> None:
    """Give back all that an order took of counters; a second time changes nothing."""
    change_to(t, order, revision, wanted=(), taken=taken_by(t, order), counted=())
