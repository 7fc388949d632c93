"""Free goods: piece by piece of what was paid, on top of the order or inside it."""

from decimal import Decimal
from fractions import Fraction

from tests.differential.plain.conditions import Rule, holds, if_holds, in_turn
from tests.differential.plain.desk import Desk, Row
from tests.differential.plain.prices import price_of
from tests.differential.plain.sums import EXACT, NOTHING, rounded


def give_free_goods(desk: Desk) -> None:
    """Give what the paid pieces have earned; one that became free is paid for no later scheme."""
    facts = desk.situation()
    inside: dict[int, int] = {}
    for rule in in_turn([rule for rule in desk.rules("schemes") if "free" in rule]):
        unit = rule.get("count", {}).get("in")
        rows = [row for row in desk.sold if holds(rule, desk.asker, row.product) and row.per(unit)]
        if rows and if_holds(rule, facts):
            _give(desk, rule, rows, inside)


def _groups(rule: Rule, rows: list[Row]) -> list[list[Row]]:
    over = rule.get("count", {}).get("over", "sku")
    if over == "basket":
        return [rows]
    if over == "line":
        return [[row] for row in rows]
    return [[row for row in rows if row.sku == sku] for sku in sorted({row.sku for row in rows})]


def _give(desk: Desk, rule: Rule, rows: list[Row], inside: dict[int, int]) -> None:
    free = rule["free"]
    given = 0
    for group in _groups(rule, rows):
        if desk.room(rule) == 0:
            continue
        unit = rule.get("count", {}).get("in")
        paid = sum(
            (Fraction(row.quantity - inside.get(row.number, 0), row.per(unit)) for row in group),
            Fraction(0),
        )
        earned = _earned(free, paid)
        if "max" in free:
            earned = min(earned, free["max"] - given)
        if free.get("inside"):
            given += _make_free(desk, rule, group, earned=earned, inside=inside)
        else:
            given += _put_on_top(desk, rule, group, earned=earned)


def _earned(free: Rule, paid: Fraction) -> int:
    """Count up, a full number at a time."""
    every = free["every"]
    counted = paid - free.get("start_after", 0)
    by = free.get("by", "full")
    if by == "proportional":
        pieces = 0
        while (pieces + 1) * every <= counted * free["give"]:
            pieces += 1
        return pieces
    fulls = 0
    while (fulls + 1) * every <= counted:
        fulls += 1
    if by == "multiple" and fulls * every != counted:
        return 0
    return fulls * int(free["give"])


def _put_on_top(desk: Desk, rule: Rule, group: list[Row], *, earned: int) -> int:
    item = rule["free"]["item"]
    if item == "cheapest":
        item = min(group, key=lambda row: row.price or NOTHING).sku
    elif item == "same":
        item = group[0].sku
    elif not isinstance(item, str):
        item = _chosen(desk, rule["id"], item)
    price = price_of(desk, item)
    room = desk.room(rule)
    if room is not None and price is not None:
        while earned and rounded(price * earned, desk.scale) > room:
            earned -= 1
    if earned:
        desk.free.append((item, earned, rule["id"]))
        desk.give(rule, rounded((price or NOTHING) * earned, desk.scale))
        desk.takings.append((rule["id"], group[0].number if len(group) == 1 else None, NOTHING))
    return earned


def _chosen(desk: Desk, scheme: str, item: Rule) -> str:
    """Give what the order wishes for, else the cheapest or dearest that has a price."""
    wish = desk.order.choices.get(scheme)
    offered: list[str] = sorted(item["choice"])
    if wish in offered:
        return str(wish)
    priced = [(price, sku) for sku in offered if (price := price_of(desk, sku)) is not None]
    if not priced:
        return offered[0]
    best = (max if item["pick"] == "dearest" else min)(price for price, _ in priced)
    return min(sku for price, sku in priced if price == best)


def _make_free(
    desk: Desk, rule: Rule, group: list[Row], *, earned: int, inside: dict[int, int]
) -> int:
    cheapest = rule["free"]["item"] == "cheapest"
    rows = sorted(group, key=lambda row: row.price or NOTHING) if cheapest else group
    paid = [row.quantity - inside.get(row.number, 0) for row in rows]
    earned = min(earned, sum(paid))
    room = desk.room(rule)
    while earned:
        shares, left = [], earned
        for count in paid:
            shares.append(min(count, left))
            left -= shares[-1]
        worth = [
            rounded(EXACT.divide(row.net * share, Decimal(count)), desk.scale) if count else NOTHING
            for row, share, count in zip(rows, shares, paid, strict=True)
        ]
        value = sum(worth, NOTHING)
        if room is None or value <= room:
            break
        earned -= 1
    if not earned:
        return 0
    for row, share, part in zip(rows, shares, worth, strict=True):
        inside[row.number] = inside.get(row.number, 0) + share
        row.line_off += part
    desk.give(rule, value)
    desk.takings.append((rule["id"], group[0].number if len(group) == 1 else None, value))
    return earned
