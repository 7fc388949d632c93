"""Which batches of a product a rule may sell, and which of them leaves first."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from rules.engine.inputs import Batch
from rules.engine.settlement.tables import AllocationRule
from rules.values.rounding import MILLION
from rules.values.units import Quantity

Key = tuple[str, str]
"""A batch of one product, as (warehouse, batch): two warehouses may use one code."""

NEVER: Final = date.max
"""When a batch without an expiry expires."""

_Sellable = tuple[int, int, date, str, int, int]


class Terms:
    """What one rule asks of batches on the day of one order; `warehouses` are named in turn."""

    __slots__ = ("day", "earliest", "ranks", "rule")

    def __init__(self, rule: AllocationRule, day: date, warehouses: Sequence[str]) -> None:
        self.rule = rule
        self.day = day
        last = min(day.toordinal() + rule.min_life_days, date.max.toordinal())
        self.earliest = date.fromordinal(last)
        self.ranks = {name: place for place, name in enumerate(warehouses)}

    def lives(self, batch: Batch) -> bool:
        """Tell whether a batch keeps long enough; one without an expiry does."""
        expiry = batch.expiry
        if expiry is None:
            return True
        if expiry < self.earliest or not self.rule.min_life:
            return expiry >= self.earliest
        shelf_life = (expiry - (batch.manufactured or batch.received)).days
        return (expiry - self.day).days * MILLION >= self.rule.min_life * shelf_life


def first_of(
    batches: tuple[Batch, ...], taken: dict[Key, int] | None, terms: Terms
) -> tuple[int, Batch] | None:
    """Give what is left of the batch that `in_turn` puts first, where no sorting tells it.

    That is where all lie in one warehouse and the oldest leaves: most lines of most orders.
    """
    rule = terms.rule
    if not batches or rule.pick == "lifo" or rule.min_life or rule.safety:
        return None
    by_expiry = rule.pick == "fefo"
    earliest, warehouse = terms.earliest, batches[0].warehouse
    best, most, least = None, 0, NEVER
    for batch in batches:
        if batch.warehouse != warehouse:
            return None
        expiry, left = batch.expiry, batch.available
        if expiry is None:
            expiry = NEVER
        if taken is not None:
            left = Quantity(left - taken.get((warehouse, batch.id), 0))
        if left < 1 or expiry < earliest or batch.blocked:
            continue
        turn = expiry if by_expiry else batch.manufactured or batch.received
        if best is None or turn < least or (turn == least and _received_before(batch, best)):
            best, most, least = batch, left, turn
    return None if best is None else (most, best)


def _received_before(batch: Batch, other: Batch) -> bool:
    return (batch.received, batch.id) < (other.received, other.id)


def in_turn(
    batches: Sequence[Batch], taken: Mapping[Key, int] | None, terms: Terms
) -> list[tuple[int, Batch]]:
    """Give what is left of the batches that may be sold, by warehouse, then as the rule picks."""
    ranks, pick = dict(terms.ranks), terms.rule.pick
    sellable: list[_Sellable] = []
    for place, batch in enumerate(batches):
        rank = ranks.setdefault(batch.warehouse, len(ranks))
        left = batch.available - (taken or {}).get((batch.warehouse, batch.id), 0)
        if left > 0 and not batch.blocked and terms.lives(batch):
            turn = turn_of(batch, pick)
            sellable.append((rank, turn, batch.received, batch.id, place, left))
    if terms.rule.biggest_first:
        sellable = _biggest_first(sellable)
    sellable.sort()
    return [(one[-1], batches[one[-2]]) for one in sellable]


def kept_back(
    turns: list[tuple[int, Batch]], used: list[tuple[int, Batch]], rule: AllocationRule
) -> list[tuple[int, Batch]]:
    """Give what may be taken of the batches `used` so that of all `turns` the safety stock stays.

    Of 8 and 5 with a safety stock of 3 the first gives 8 and the second 2; one that has to serve a
    line alone gives up to 10.
    """
    if not rule.safety:
        return used
    spare = sum(left for left, _ in turns) - rule.safety
    found = []
    for left, batch in used:
        part = min(left, spare)
        if part > 0:
            found.append((part, batch))
            if rule.split:
                spare -= part
    return found


def turn_of(batch: Batch, pick: str) -> int:
    """Give the day to sort by; what was made on an unknown day was made on receipt."""
    if pick == "fefo":
        return (batch.expiry or NEVER).toordinal()
    made = (batch.manufactured or batch.received).toordinal()
    return made if pick == "fifo" else -made


def _biggest_first(sellable: list[_Sellable]) -> list[_Sellable]:
    """Rank warehouses anew by what they can sell of the product; equal ones stay as they are."""
    stock: dict[int, int] = {}
    for rank, *_, left in sellable:
        stock[rank] = stock.get(rank, 0) + left
    ranks = {rank: at for at, rank in enumerate(sorted(stock, key=lambda one: (-stock[one], one)))}
    return [(ranks[one[0]], *one[1:]) for one in sellable]
