"""What a scheme's slabs take off a count, slab by slab."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

from tests.differential.plain.conditions import Rule
from tests.differential.plain.desk import Desk, Row
from tests.differential.plain.prices import without_tax
from tests.differential.plain.sums import EXACT, NOTHING, percent_of, rounded


@dataclass(frozen=True)
class Pool:
    """Lines that a scheme counts together: the count in its own unit, and what they cost.

    The count runs on from what was bought `before`, where that counts too.
    """

    rule: Rule
    rows: tuple[Row, ...]
    count: Fraction
    base: Decimal
    before: Fraction = Fraction(0)
    parts: tuple[int, ...] | None = None

    @property
    def pieces(self) -> int:
        """Count the base units that have the discount."""
        return sum(row.quantity for row in self.rows) if self.parts is None else sum(self.parts)

    def weights(self, desk: Desk) -> list[Decimal]:
        """Give what is left to pay of what has the discount, line by line."""
        if self.parts is None:
            return [row.net for row in self.rows]
        return [
            part_of(row.net, row, pieces, desk)
            for row, pieces in zip(self.rows, self.parts, strict=True)
        ]


def part_of(amount: Decimal, row: Row, pieces: int, desk: Desk) -> Decimal:
    """Give what some pieces of a line have in an amount of it."""
    return rounded(EXACT.divide(amount * pieces, Decimal(row.quantity)), desk.scale)


def over_of(rule: Rule) -> str:
    """Say over what a scheme of slabs counts."""
    usual = "basket" if "on" in rule else "line"
    return str(rule.get("count", {}).get("over", usual))


def pool_of(desk: Desk, rule: Rule, rows: list[Row]) -> Pool:
    """Count lines by what the scheme counts."""
    count = rule.get("count", {})
    at_order = rule.get("stage") == "order"
    gross = sum((row.gross for row in rows), NOTHING)
    net = sum((row.net for row in rows), NOTHING)
    base = net if at_order else gross
    if not counts_pieces(rule):
        worth = {"gross": gross, "net": net}[count.get("of", "net")]
        if count.get("without_tax"):
            amounts = [row.gross if count.get("of") == "gross" else row.net for row in rows]
            pairs = zip(rows, amounts, strict=True)
            worth = sum((without_tax(desk, row, amount) for row, amount in pairs), NOTHING)
        return Pool(rule, tuple(rows), Fraction(worth), base)
    counted = sum((Fraction(row.quantity, row.per(count.get("in"))) for row in rows), Fraction(0))
    return Pool(rule, tuple(rows), counted, base)


def counts_pieces(rule: Rule) -> bool:
    """Tell a count of pieces or pack sizes from an amount."""
    return rule.get("stage") != "order" and rule.get("count", {}).get("of", "qty") == "qty"


def discount(desk: Desk, pool: Pool) -> Decimal:
    """Say what the slabs take off; never more than the base."""
    if "on" in pool.rule:
        return _elsewhere(desk, pool)
    if "percent" in pool.rule:
        return rounded(percent_of(pool.base, Decimal(pool.rule["percent"])), desk.scale)
    slabs = _reached(pool, pool.count)
    if not slabs or pool.count <= pool.before:
        return NOTHING
    if pool.rule.get("mode") == "marginal":
        taken = sum((_band(desk, pool, slab) for slab in slabs), NOTHING)
        return min(taken, pool.base)
    slab = slabs[-1]
    gate, end = slab.get("gate", False), slab.get("to")
    upper = pool.count if end is None else _exact(end)
    if gate and floor(pool.count) > upper:
        return NOTHING
    upper = pool.count if gate else min(pool.count, upper)
    taken = _taken(desk, pool, slab, part=max(upper - pool.before, Fraction(0)))
    if "amount" in slab and (had := _reached(pool, pool.before)) and pool.before:
        # Who had the amount of an earlier slab gets the difference.
        taken = max(taken - Decimal(had[-1].get("amount", 0)), NOTHING)
    return min(taken, pool.base)


def _elsewhere(desk: Desk, pool: Pool) -> Decimal:
    """Say what the slab that is reached takes off the goods that have the discount."""
    slab = reached_slab(pool)
    if slab is None:
        return NOTHING
    if "percent" in slab:
        amount = rounded(percent_of(pool.base, Decimal(slab["percent"])), desk.scale)
    elif "price" in slab:
        amount = pool.base - rounded(Decimal(slab["price"]) * pool.pieces, desk.scale)
    else:
        times = pool.pieces if "qty" in pool.rule["on"] else 1
        amount = Decimal(slab["amount"]) * times
    amount = min(max(amount, NOTHING), pool.base)
    return min(amount, Decimal(slab["cap"])) if "cap" in slab else amount


def reached_slab(pool: Pool) -> Rule | None:
    """Give the last slab that the count reaches, unless its gate is closed."""
    if "percent" in pool.rule:
        return {"from": "0", "percent": pool.rule["percent"]} if pool.count > 0 else None
    slabs = _reached(pool, pool.count)
    if not slabs or (slabs[-1].get("gate") and floor(pool.count) > _exact(slabs[-1]["to"])):
        return None
    return slabs[-1]


@cache
def _exact(text: str) -> Fraction:
    return Fraction(text)


def _reached(pool: Pool, count: Fraction) -> list[dict[str, Any]]:
    return [slab for slab in pool.rule["slabs"] if _exact(slab["from"]) <= count]


def _band(desk: Desk, pool: Pool, slab: dict[str, Any]) -> Decimal:
    """Give what one slab takes off what lies in it; the tenth piece is the first of `from: 10`."""
    slabs = pool.rule["slabs"]
    start = _exact(slab["from"])
    if "amount" in slab and pool.before and start <= pool.before:
        return NOTHING
    first = 1 if counts_pieces(pool.rule) else 0
    ends = [pool.count]
    if "to" in slab:
        ends.append(_exact(slab["to"]))
    following = slabs.index(slab) + 1
    if following < len(slabs):
        ends.append(_exact(slabs[following]["from"]) - first)
    part = min(ends) - max(start - first, pool.before)
    return _taken(desk, pool, slab, part=max(part, Fraction(0)))


def _taken(desk: Desk, pool: Pool, slab: dict[str, Any], *, part: Fraction) -> Decimal:
    """Give what one slab takes off a part of the count."""
    if "amount" in slab:
        amount = Decimal(slab["amount"])
    elif "percent" in slab:
        amount = rounded(percent_of(_worth(pool, part), Decimal(slab["percent"])), desk.scale)
    else:
        price = EXACT.multiply(Decimal(slab["price"]), Decimal(part.numerator))
        due = rounded(EXACT.divide(price, Decimal(part.denominator)), desk.scale)
        amount = max(rounded(_worth(pool, part), desk.scale) - due, NOTHING)
    return min(amount, Decimal(slab["cap"])) if "cap" in slab else amount


def _worth(pool: Pool, part: Fraction) -> Decimal:
    share = part / (pool.count - pool.before)
    parts = EXACT.multiply(pool.base, Decimal(share.numerator))
    return EXACT.divide(parts, Decimal(share.denominator))


def left_of(pool: Pool, taken: Decimal) -> Pool:
    """Give the same count with a base from which others have taken something."""
    return replace(pool, base=max(pool.base - taken, NOTHING))
