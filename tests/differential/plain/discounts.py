"""Line, basket and order schemes: who earns, who wins, and what is left for the next one."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from tests.differential.plain.bounds import cut, give, most_of_line, scope_of
from tests.differential.plain.conditions import Rule, holds, if_holds, in_turn
from tests.differential.plain.desk import Desk
from tests.differential.plain.elsewhere import moved
from tests.differential.plain.slabs import (
    Pool,
    counts_pieces,
    discount,
    left_of,
    over_of,
    part_of,
    pool_of,
)
from tests.differential.plain.sums import NOTHING, shared_out

PARTS: Final = 72_072_000
"""In so many parts of a pack counters hold what was bought in packs."""


@dataclass(frozen=True, eq=False)
class Claim:
    """What a scheme would give if no other did."""

    pool: Pool
    amount: Decimal

    @property
    def rule(self) -> Rule:
        """Give the scheme as written."""
        return self.pool.rule

    def meets(self, other: "Claim") -> bool:
        """Tell whether two claims are on a common line; those of the order always meet."""
        return self.rule.get("stage") == "order" or any(
            row is one for row in self.pool.rows for one in other.pool.rows
        )


def _schemes(desk: Desk, *, order: bool, pooled: bool) -> list[Rule]:
    return in_turn(
        [
            rule
            for rule in desk.rules("schemes")
            if ("slabs" in rule or ("percent" in rule and "combo" not in rule))
            and (rule.get("stage") == "order") == order
            and (over_of(rule) != "line") == pooled
        ]
    )


def give_line_schemes(desk: Desk) -> None:
    """Give each line what it has earned."""
    for row in desk.sold:
        claims = []
        for rule in _schemes(desk, order=False, pooled=False):
            there = holds(rule, desk.asker_of("schemes"), row.product) and row.per(
                rule.get("count", {}).get("in")
            )
            if there and ("if" not in rule or if_holds(rule, desk.situation(row))):
                claims += _claim(desk, pool_of(desk, rule, [row]))
        _settle(desk, claims)


def give_basket_schemes(desk: Desk) -> None:
    """Give products and baskets what they have earned."""
    facts = desk.situation()
    claims = []
    for rule in _schemes(desk, order=False, pooled=True):
        unit = rule.get("count", {}).get("in")
        rows = [
            row
            for row in desk.sold
            if holds(rule, desk.asker_of("schemes"), row.product) and row.per(unit)
        ]
        pools = [rows]
        if over_of(rule) == "sku":
            skus = sorted({row.sku for row in rows})
            pools = [[row for row in rows if row.sku == sku] for sku in skus]
        for pool in pools:
            if pool and if_holds(rule, facts):
                counted = _from_before(desk, pool_of(desk, rule, pool))
                claims += _claim(desk, moved(desk, counted) if "on" in rule else counted)
    _settle(desk, claims)


def _from_before(desk: Desk, pool: Pool) -> Pool:
    """Let a cumulative scheme count on from what the customer bought in the period."""
    if over_of(pool.rule) != "period":
        return pool
    count = pool.rule["count"]
    scope = scope_of(desk.facts.customer.id, count["each"], desk.order.business_date)
    key = (pool.rule["id"], scope)
    desk.bought[key] = pool.count
    bought = desk.counters.of(key).bought
    worth = 1 if counts_pieces(pool.rule) else 10**desk.scale
    before = Fraction(bought, PARTS if "in" in count else worth)
    return replace(pool, count=before + pool.count, before=before)


def give_order_schemes(desk: Desk) -> None:
    """Give the order what its value has earned."""
    facts = desk.situation()
    claims = []
    for rule in _schemes(desk, order=True, pooled=False):
        rows = [row for row in desk.sold if holds(rule, desk.asker_of("schemes"), row.product)]
        if rows and if_holds(rule, facts):
            claims += _claim(desk, pool_of(desk, rule, rows))
    _settle(desk, claims)


def _claim(desk: Desk, pool: Pool) -> list[Claim]:
    amount = discount(desk, pool)
    if _on_a_line(pool.rule):
        amount = most_of_line(pool.rule, amount)
    amount = cut(desk, pool.rule, amount, pieces=pool.pieces)
    return [Claim(pool, amount)] if amount else []


def _on_a_line(rule: Rule) -> bool:
    return rule.get("stage") != "order" and over_of(rule) == "line"


def _winners(desk: Desk, claims: list[Claim]) -> list[Claim]:
    """Keep one of each group where they meet, then the ones that stand alone."""
    out: list[Claim] = []
    picks = {group["name"]: group["pick"] for group in desk.rules("groups")}
    for group in {claim.rule["group"] for claim in claims if "group" in claim.rule}:
        members = [claim for claim in claims if claim.rule.get("group") == group]
        pick = picks.get(group, "best")
        if pick != "priority":
            # Sorting keeps those that give the same in their turn.
            sign = 1 if pick == "cheapest" else -1
            members.sort(key=lambda claim: sign * claim.amount)
        won: list[Claim] = []
        for claim in members:
            (out if any(claim.meets(winner) for winner in won) else won).append(claim)
    for claim in claims:
        if claim.rule.get("alone") and claim not in out:
            out += [one for one in claims if one is not claim and one.meets(claim)]
    if desk.document["pack"].get("stacking", {}).get("across") == "leave_out":
        _leave_out(claims, out)
    return [claim for claim in claims if claim not in out]


def _leave_out(claims: list[Claim], out: list[Claim]) -> None:
    """Take out what meets one of a larger priority that stays."""
    for place, claim in enumerate(claims):
        mine = claim.rule.get("priority", 0)
        before = [one for one in claims[:place] if one not in out]
        if any(one.rule.get("priority", 0) > mine and one.meets(claim) for one in before):
            out.append(claim)


def _settle(desk: Desk, claims: list[Claim]) -> None:
    """Give the winners what they claim, of what those before them have left where they compound."""
    ways = desk.document["pack"].get("stacking", {})
    done: list[tuple[int, dict[int, Decimal]]] = []
    for claim in _winners(desk, claims):
        mine = claim.rule.get("priority", 0)
        before: defaultdict[int, Decimal] = defaultdict(Decimal)
        for priority, parts in done:
            way = ways.get("inside" if priority == mine else "across", "add")
            if way == "compound" or claim.rule.get("compound"):
                for number, part in parts.items():
                    before[number] += part
        taken = sum(_had(desk, claim.pool, before), NOTHING)
        rule, pool = claim.rule, claim.pool
        pooled = not _on_a_line(rule) and rule.get("stage") != "order"
        amount = discount(desk, pool) if pooled else claim.amount
        if taken:
            amount = min(amount, discount(desk, left_of(pool, taken)))
        if pooled:
            # Another pool of the scheme may have used some of its bounds by now.
            amount = cut(desk, rule, amount, pieces=pool.pieces)
        done.append((mine, _take(desk, claim, amount)))


def _had(desk: Desk, pool: Pool, taken: Mapping[int, Decimal]) -> list[Decimal]:
    """Say what of that which was taken off lines falls on what has the discount."""
    had = [taken.get(row.number, NOTHING) for row in pool.rows]
    if pool.parts is None:
        return had
    shares = zip(had, pool.rows, pool.parts, strict=True)
    return [part_of(amount, row, pieces, desk) for amount, row, pieces in shares]


def _take(desk: Desk, claim: Claim, amount: Decimal) -> dict[int, Decimal]:
    """Take an amount off the lines by what they cost, never more than that."""
    rule, rows = claim.rule, claim.pool.rows
    nets = claim.pool.weights(desk)
    parts = shared_out(min(amount, sum(nets, NOTHING)), nets, desk.scale)
    if not _on_a_line(rule):
        parts = [most_of_line(rule, part) for part in parts]
    amount = sum(parts, NOTHING)
    if not amount:
        return {}
    give(desk, rule, amount, pieces=claim.pool.pieces)
    for row, part in zip(rows, parts, strict=True):
        if rule.get("stage") == "order":
            row.order_off += part
        else:
            row.line_off += part
    desk.takings.append((rule["id"], rows[0].number if _on_a_line(rule) else None, amount))
    return {row.number: part for row, part in zip(rows, parts, strict=True)}
