"""Counters of schemes: what orders take of limits and budgets, and give back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from hub.base.transaction import LockRank, Transaction
from hub.desk.schemes import tables
from hub.desk.schemes.model import NOTHING, LimitPart
from rules import UNCOUNTED, Count, CounterChange, CounterKey, Minor, Quantity

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


class Use(NamedTuple):
    """What a revision of an order takes of a counter; below zero, gives back."""

    order: int
    revision: int
    change: CounterChange


def take(
    t: Transaction,
    uses: Sequence[Use],
    *,
    counted: Collection[CounterKey],
    spent: Mapping[CounterKey, LimitPart],
) -> None:
    """Add what orders use to the schemes' counters, and take off what terminals hold no more.

    `counted` are the counters that had a row when they were locked. One that had none is inserted,
    so that a second worker that did not see it either fails on the key, and decides its orders
    again. `spent` is what these orders took out of leases.
    """
    if not uses:
        return
    t.lock(LockRank.COUNTER, {one.change.key for one in uses})
    t.insert(
        tables.counter_change, _CHANGE, [(one.order, one.revision, *one.change) for one in uses]
    )
    sums: dict[CounterKey, Count] = {}
    for one in uses:
        key = one.change.key
        sums[key] = sums.get(key, UNCOUNTED).plus(one.change.as_count)
    new = [(*key, *counts) for key, counts in sorted(sums.items()) if key not in counted]
    old = [
        (*counts, *spent.get(key, NOTHING), *key)
        for key, counts in sorted(sums.items())
        if key in counted
    ]
    t.insert(tables.scheme_counter, _COUNTER, new)
    t.many(_COUNT, old)


def taken_by(t: Transaction, order: int) -> Mapping[CounterKey, Count]:
    """Give what an order took of each counter: what its rows add up to, unless to nothing."""
    return {key: count for key, count in _sums_of(t, order).items() if any(count)}


def _sums_of(t: Transaction, order: int) -> Mapping[CounterKey, Count]:
    """Give what an order's rows add up to, of each counter that it ever took of."""
    return {
        (rule, scope): Count(int(uses), Minor(int(money)), int(bought), Quantity(int(pieces)))
        for rule, scope, uses, money, bought, pieces in t.rows(_TAKEN, (order,))
    }


def change_to(
    t: Transaction,
    order: int,
    revision: int,
    *,
    wanted: Sequence[CounterChange],
    taken: Mapping[CounterKey, Count],
    counted: Collection[CounterKey],
    spent: Mapping[CounterKey, LimitPart] | None = None,
) -> None:
    """Bring what an order took of counters to what a revision of it uses: only differences."""
    uses = {one.key: one.as_count for one in wanted}
    differences = {
        key: uses.get(key, UNCOUNTED).less(taken.get(key, UNCOUNTED))
        for key in sorted(uses.keys() | taken.keys())
    }
    take(
        t,
        [
            Use(order, revision, CounterChange.of(key, count))
            for key, count in differences.items()
            if any(count)
        ],
        counted={*counted, *taken},
        spent=spent or {},
    )


def shift(t: Transaction, order: int, revision: int, *, changes: Sequence[CounterChange]) -> None:
    """Change what an order takes of counters that it took of before, and never below nothing.

    Of 5.00 given on 12 pieces, of which 3 came back, the rules say what goes back to the budget.
    """
    touched = _sums_of(t, order)
    moved = {one.key: one.as_count for one in changes}
    sums = {key: had.plus(moved.get(key, UNCOUNTED)) for key, had in touched.items()}
    wanted = [
        CounterChange.of(key, Count._make(max(0, part) for part in count))
        for key, count in sums.items()
    ]
    change_to(t, order, revision, wanted=wanted, taken=touched, counted=())


def give_back(t: Transaction, order: int, revision: int) -> None:
    """Give back all that an order took of counters; a second time changes nothing."""
    change_to(t, order, revision, wanted=(), taken=taken_by(t, order), counted=())
