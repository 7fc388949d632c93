"""What a scheme may still give: limits by whom and in which period, budgets, the most at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from tests.differential.plain.conditions import Rule
from tests.differential.plain.desk import Desk
from tests.differential.plain.sums import EXACT, NOTHING, rounded


@dataclass(frozen=True)
class Limit:
    """One limit, and the scope of the counter it is held against."""

    scope: str
    uses: int | None
    pieces: int | None
    amount: Decimal | None


class Left(NamedTuple):
    """The money and pieces that are left; None is without end."""

    money: Decimal | None
    pieces: int | None


@cache
def scope_of(who: str, each: str, day: date) -> str:
    """Name what a counter counts: for whom, and in which period of the calendar."""
    week = day.isocalendar()
    periods = {
        "scheme": "",
        "day": f"@{day:%Y-%m-%d}",
        "week": f"@{week.year}-W{week.week:02}",
        "month": f"@{day:%Y-%m}",
        "quarter": f"@{day.year}-Q{1 + (day.month - 1) // 3}",
        "year": f"@{day.year}",
    }
    return who + periods[each]


def limits_of(desk: Desk, rule: Rule) -> Iterator[Limit]:
    """Give all limits of a scheme; a budget is one too."""
    for key, who in (("total", "total"), ("per_customer", desk.facts.customer.id)):
        written: Any = rule.get("limit", {}).get(key)
        if isinstance(written, int):
            written = {"uses": written}
        if written is not None:
            amount = Decimal(written["amount"]) if "amount" in written else None
            scope = scope_of(who, written.get("each", "scheme"), desk.order.business_date)
            yield Limit(scope, written.get("uses"), written.get("qty"), amount)
    if "budget" in rule:
        yield Limit("total", None, None, Decimal(rule["budget"]["amount"]))


def _most(rule: Rule, key: str) -> Decimal | None:
    most = rule.get("max_discount")
    if isinstance(most, dict):
        most = most.get(key)
    elif key == "line":
        return None
    return None if most is None else Decimal(most)


def most_of_line(rule: Rule, amount: Decimal) -> Decimal:
    """Give no more than a scheme takes off one line."""
    most = _most(rule, "line")
    return amount if most is None else min(amount, most)


def left_of(desk: Desk, rule: Rule) -> Left | None:
    """Say what is left of a scheme; None where one of its limits is used up."""
    name = rule["id"]
    given, pieces_given = desk.given.get(name, (NOTHING, 0))
    money: list[Decimal] = []
    pieces: list[int] = []
    for limit in limits_of(desk, rule):
        had = desk.counters.of((name, limit.scope))
        if limit.uses is not None and had.uses >= limit.uses:
            return None
        if limit.pieces is not None:
            pieces.append(limit.pieces - had.pieces - pieces_given)
        if limit.amount is not None:
            money.append(limit.amount - desk.money(had.money) - given)
    most = _most(rule, "order")
    if any(amount <= 0 for amount in money) or any(count <= 0 for count in pieces):
        return None
    if most is not None and given >= most:
        return None
    return Left(min(money) if money else None, min(pieces) if pieces else None)


def cut(desk: Desk, rule: Rule, amount: Decimal, *, pieces: int) -> Decimal:
    """Give what the bounds leave of an amount earned on so many pieces."""
    left = left_of(desk, rule)
    if left is None:
        return NOTHING
    most = _most(rule, "order")
    if most is not None:
        amount = min(amount, most - desk.given.get(rule["id"], (NOTHING, 0))[0])
    possible = amount
    if left.pieces is not None and left.pieces < pieces:
        possible = rounded(EXACT.divide(amount * left.pieces, Decimal(pieces)), desk.scale)
    if left.money is not None:
        possible = min(possible, left.money)
    return NOTHING if possible < amount and rule.get("when_short") == "none" else possible


def give(desk: Desk, rule: Rule, amount: Decimal, *, pieces: int) -> None:
    """Note what a scheme has given; pieces above a limit had nothing."""
    name = rule["id"]
    money_before, before = desk.given.get(name, (NOTHING, 0))
    for limit in limits_of(desk, rule):
        if limit.pieces is not None:
            had = desk.counters.of((name, limit.scope)).pieces
            pieces = min(pieces, limit.pieces - had - before)
    desk.given[name] = (money_before + amount, before + pieces)
