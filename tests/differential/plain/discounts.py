"""Line, basket and order schemes: who earns, who wins, and what is left for the next one."""

from dataclasses import dataclass
from decimal import Decimal

from tests.differential.plain.conditions import Rule, holds, if_holds, in_turn
from tests.differential.plain.desk import Desk
from tests.differential.plain.slabs import Pool, discount, left_of, pool_of
from tests.differential.plain.sums import NOTHING, shared_out


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
            if "slabs" in rule
            and (rule.get("stage") == "order") == order
            and (rule.get("count", {}).get("over", "line") != "line") == pooled
        ]
    )


def give_line_schemes(desk: Desk) -> None:
    """Give each line what it has earned."""
    for row in desk.sold:
        claims = []
        for rule in _schemes(desk, order=False, pooled=False):
            there = holds(rule, desk.asker, row.product) and row.per(
                rule.get("count", {}).get("in")
            )
            if there and if_holds(rule, desk.situation(row)):
                claims += _claim(desk, pool_of(rule, [row]))
        _settle(desk, claims)


def give_basket_schemes(desk: Desk) -> None:
    """Give products and baskets what they have earned."""
    facts = desk.situation()
    claims = []
    for rule in _schemes(desk, order=False, pooled=True):
        unit = rule["count"].get("in")
        rows = [row for row in desk.sold if holds(rule, desk.asker, row.product) and row.per(unit)]
        pools = [rows]
        if rule["count"]["over"] == "sku":
            skus = sorted({row.sku for row in rows})
            pools = [[row for row in rows if row.sku == sku] for sku in skus]
        for pool in pools:
            if pool and if_holds(rule, facts):
                claims += _claim(desk, pool_of(rule, pool))
    _settle(desk, claims)


def give_order_schemes(desk: Desk) -> None:
    """Give the order what its value has earned."""
    facts = desk.situation()
    claims = []
    for rule in _schemes(desk, order=True, pooled=False):
        rows = [row for row in desk.sold if holds(rule, desk.asker, row.product)]
        if rows and if_holds(rule, facts):
            claims += _claim(desk, pool_of(rule, rows))
    _settle(desk, claims)


def _claim(desk: Desk, pool: Pool) -> list[Claim]:
    room = desk.room(pool.rule)
    amount = discount(desk, pool)
    if room is not None:
        amount = min(amount, room)
    return [Claim(pool, amount)] if amount else []


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
    return [claim for claim in claims if claim not in out]


def _settle(desk: Desk, claims: list[Claim]) -> None:
    """Give the winners what they claim, of what those before them have left where they compound."""
    ways = desk.document["pack"].get("stacking", {})
    done: list[tuple[int, dict[int, Decimal]]] = []
    for claim in _winners(desk, claims):
        mine = claim.rule.get("priority", 0)
        taken = NOTHING
        for priority, parts in done:
            way = ways.get("inside" if priority == mine else "across", "add")
            if way == "compound":
                taken += sum((parts.get(row.number, NOTHING) for row in claim.pool.rows), NOTHING)
        amount = claim.amount
        if taken:
            amount = min(amount, discount(desk, left_of(claim.pool, taken)))
        done.append((mine, _take(desk, claim, amount)))


def _take(desk: Desk, claim: Claim, amount: Decimal) -> dict[int, Decimal]:
    """Take an amount off the lines by what they cost, never more than that."""
    rule, rows = claim.rule, claim.pool.rows
    room = desk.room(rule)
    nets = [row.net for row in rows]
    amount = min([amount, sum(nets, NOTHING), *([] if room is None else [room])])
    if not amount:
        return {}
    desk.give(rule, amount)
    parts = shared_out(amount, nets, desk.scale)
    for row, part in zip(rows, parts, strict=True):
        if rule.get("stage") == "order":
            row.order_off += part
        else:
            row.line_off += part
    alone = rule.get("stage") != "order" and rule.get("count", {}).get("over", "line") == "line"
    desk.takings.append((rule["id"], rows[0].number if alone else None, amount))
    return {row.number: part for row, part in zip(rows, parts, strict=True)}
