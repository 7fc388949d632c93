"""Discounts that are asked for on a line, and what the narrowest rule gives of them."""

from decimal import Decimal

from tests.differential.plain.conditions import narrowest_first
from tests.differential.plain.desk import Desk, Held, Row
from tests.differential.plain.sums import NOTHING, percent_of, rounded

OF_A_PRICE = frozenset({"discount_cut", "discount_not_given"})
"""What is told of a price: a line that stock cuts is priced again, and tells it anew."""


def check_asked(desk: Desk) -> None:
    """Refuse what is less than nothing or more than all."""
    for row in desk.rows:
        if row.percent_off < 0 or row.percent_off > 100 or row.off_each < 0:
            desk.refusals.append(("discount_invalid", row.number))


def give_asked(desk: Desk) -> None:
    """Take off what is asked for, or what of it may be given."""
    if desk.refusals:
        return
    for row in desk.sold:
        if not row.percent_off and not row.off_each:
            continue
        asked = _worth(desk, row, row.percent_off, row.off_each)
        rules = narrowest_first(desk.rules("discounts"), desk.asker_of("schemes"), row.product)
        if not rules:
            desk.told.append(("discount_not_given", row.number))
            continue
        rule = rules[0]
        limit = _worth(desk, row, Decimal(rule.get("percent", 0)), Decimal(rule.get("amount", 0)))
        if asked > limit:
            if rule["above"] == "approve":
                desk.holds.append(Held("discount_above_limit", row.number, asked - limit))
            elif rule["above"] == "cut":
                desk.told.append(("discount_cut", row.number))
                asked = limit
            else:
                desk.refusals.append(("discount_refused", row.number))
                asked = NOTHING
        taken = min(asked, row.net)
        if taken:
            row.line_off += taken
            desk.takings.append((rule["id"], row.number, taken))


def _worth(desk: Desk, row: Row, percent: Decimal, each: Decimal) -> Decimal:
    share = rounded(percent_of(row.gross, percent), desk.scale)
    return share + rounded(each * row.quantity, desk.scale)
