"""Free goods: piece by piece of what was paid, on top of the order or inside it."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from tests.differential.plain.bounds import give, left_of
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
        rows = [
            row
            for row in desk.sold
            if holds(rule, desk.asker_of("schemes"), row.product) and row.per(unit)
        ]
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
        if left_of(desk, rule) is None:
            continue
        unit = rule.get("count", {}).get("in")
        paid = sum(
            (Fraction(_counting(desk, rule, row, inside), row.per(unit)) for row in group),
            Fraction(0),
        )
        earned = _of_tiers(free, paid)
        if "max" in free:
            earned = min(earned, free["max"] - given)
        if not _is_wanted(desk, rule):
            continue
        before = [_counting(desk, rule, row, inside) for row in group]
        if free.get("inside"):
            got = _make_free(desk, rule, group, earned=earned, inside=inside)
        else:
            got = _put_on_top(desk, rule, group, earned=earned)
        given += got
        if "once" in rule and got:
            after = [_counting(desk, rule, row, inside) for row in group]
            needed = _needed(rule, paid, got) - sum(
                Fraction(was - now, row.per(unit))
                for row, was, now in zip(group, before, after, strict=True)
            )
            _use_up(desk, rule, list(zip(group, after, strict=True)), needed)


def _counting(desk: Desk, rule: Rule, row: Row, inside: dict[int, int]) -> int:
    """Count the pieces of a line that are paid, and that gave nothing under the same name."""
    used = desk.used.get(rule.get("once", ""), {})
    return row.quantity - inside.get(row.number, 0) - used.get(row.number, 0)


def _needed(rule: Rule, paid: Fraction, got: int) -> Fraction:
    """Say how much of what is counted has earned so many pieces."""
    free = rule["free"]
    tier = [one for one in free.get("tiers", [free]) if paid >= one.get("from", 0)][-1]
    exact = Fraction(got * tier["every"], tier["give"])
    return min(Fraction(free.get("start_after", 0)) + exact, paid)


def _use_up(desk: Desk, rule: Rule, pieces: list[tuple[Row, int]], needed: Fraction) -> None:
    """Mark piece by piece, the first lines' first, until what was given is earned."""
    unit = rule.get("count", {}).get("in")
    used = desk.used.setdefault(rule["once"], {})
    for row, count in pieces:
        taken = 0
        while taken < count and needed > 0:
            taken += 1
            needed -= Fraction(1, row.per(unit))
        used[row.number] = used.get(row.number, 0) + taken


def _is_wanted(desk: Desk, rule: Rule) -> bool:
    """Tell whether an optional gift is taken: by silence, or only by a word."""
    wish = desk.order.choices.get(rule["id"])
    if rule["free"].get("optional") == "choose":
        return wish is not None and wish != "none"
    return "optional" not in rule["free"] or wish != "none"


def _of_tiers(free: Rule, paid: Fraction) -> int:
    """Go by the last tier that is reached; above the end nothing more counts."""
    reached = [one for one in free.get("tiers", [free]) if paid >= one.get("from", 0)]
    if not reached:
        return 0
    return _earned({**free, **reached[-1]}, min(paid, Fraction(free.get("to", paid))))


def _earned(free: Rule, paid: Fraction) -> int:
    """Count up, a full number at a time."""
    every = free["every"]
    counted = paid - free.get("start_after", 0)
    by = free.get("by", "full")
    if by == "proportional":
        pieces = 0
        # Half of a piece more is enough where halves are rounded up, any part of one where all are.
        halves = {"down": 2, "half_up": 1, "up": 0}[free.get("round", "down")]
        lacking = Fraction(halves, 2)
        share = counted * free["give"]
        while counted > 0 and (pieces + lacking) * every <= share and pieces * every < share:
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

    def cost(pieces: int) -> Decimal:
        return NOTHING if price is None else rounded(price * pieces, desk.scale)

    earned = _possible(desk, rule, cost, earned=earned)
    if earned:
        desk.free.append((item, earned, rule["id"], earned))
        desk.earners.append(group)
        give(desk, rule, cost(earned), pieces=earned)
        desk.takings.append((rule["id"], group[0].number if len(group) == 1 else None, NOTHING))
    return earned


def count_given(desk: Desk) -> None:
    """Count of goods on top what the order gets: the shelf may not have had what was earned."""
    for rule in desk.rules("schemes"):
        mine = [one for one in desk.free if one[2] == rule["id"]]
        if "free" not in rule or rule["free"].get("inside") or not mine:
            continue
        desk.given.pop(rule["id"], None)
        for sku, _, _, pieces in mine:
            price = price_of(desk, sku) or NOTHING
            if pieces:
                give(desk, rule, rounded(price * pieces, desk.scale), pieces=pieces)


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

    def worth(pieces: int) -> list[Decimal]:
        return [
            rounded(EXACT.divide(row.net * share, Decimal(count)), desk.scale) if count else NOTHING
            for row, share, count in zip(rows, _shares(paid, pieces), paid, strict=True)
        ]

    earned = _possible(desk, rule, lambda pieces: sum(worth(pieces), NOTHING), earned=earned)
    if not earned:
        return 0
    parts = worth(earned)
    value = sum(parts, NOTHING)
    for row, share, part in zip(rows, _shares(paid, earned), parts, strict=True):
        inside[row.number] = inside.get(row.number, 0) + share
        row.line_off += part
    give(desk, rule, value, pieces=earned)
    desk.takings.append((rule["id"], group[0].number if len(group) == 1 else None, value))
    return earned


def _shares(paid: list[int], pieces: int) -> list[int]:
    """Make the first lines free first."""
    shares = []
    for count in paid:
        shares.append(min(count, pieces))
        pieces -= shares[-1]
    return shares


def _possible(desk: Desk, rule: Rule, cost: Callable[[int], Decimal], *, earned: int) -> int:
    """Give fewer pieces until the limits hold; or none, where the scheme gives all or none."""
    left = left_of(desk, rule)
    if left is None:
        return 0
    possible = earned if left.pieces is None else min(earned, left.pieces)
    while possible and left.money is not None and cost(possible) > left.money:
        possible -= 1
    return 0 if possible < earned and rule.get("when_short") == "none" else possible
