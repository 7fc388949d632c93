"""Limits of schemes: uses, pieces and money, by customer and period, and how they end."""

from datetime import date

import pytest

from rules import Count, Counters, Minor, Quantity, Result
from tests.unit.rules.making import (
    BASE,
    HEAD,
    NOVEMBER,
    SCOPES,
    Setting,
    faults_of,
    had,
    pack_of,
    words_of,
)

TEN_PERCENT = "slabs: [{from: 1, percent: 10}]"


def limited(limit: str, beside: str = TEN_PERCENT) -> str:
    """Write one scheme with a limit beside the base prices."""
    return f"{BASE}schemes: [{{id: V, limit: {{{limit}}}, {beside}}}]"


def told(result: Result) -> list[tuple[str, str]]:
    """Give what the trace says of limits."""
    return [(step.code, words_of(step)) for step in result.trace if "limit" in step.code]


def counted(result: Result) -> list[tuple[str, int, int, int]]:
    """Give the scopes that the order adds to, with uses, money and pieces."""
    return [(one.scope, one.used, one.spent, one.pieces) for one in result.changes]


@pytest.mark.parametrize(("each", "scope"), SCOPES.items())
def test_a_limit_counts_in_the_period_of_the_business_date(each: str, scope: str) -> None:
    rules = limited(f"per_customer: {{uses: 2, each: {each}}}")

    last = Setting(rules, counters=had("V", scope, uses=1), on=NOVEMBER).decide(("A", 1))
    over = Setting(rules, counters=had("V", scope, uses=2), on=NOVEMBER).decide(("A", 1))

    assert (last.totals.discount, over.totals.discount) == (100, 0)
    assert counted(last) == [(scope, 1, 100, 0)]
    assert counted(over) == []


@pytest.mark.parametrize(
    ("day", "scope"),
    [
        (date(2026, 1, 1), "C1@2026-Q1"),
        (date(2026, 3, 31), "C1@2026-Q1"),
        (date(2026, 4, 1), "C1@2026-Q2"),
        (date(2026, 12, 31), "C1@2026-Q4"),
    ],
)
def test_a_quarter_starts_every_three_months(day: date, scope: str) -> None:
    rules = limited("per_customer: {uses: 1, each: quarter}")

    assert counted(Setting(rules, on=day).decide(("A", 1))) == [(scope, 1, 100, 0)]


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    rules = limited("total: {uses: 9, each: week}")

    result = Setting(rules, on=date(2027, 1, 1)).decide(("A", 1))

    assert counted(result) == [("total@2026-W53", 1, 100, 0)]


def test_what_was_used_in_another_period_or_by_another_customer_does_not_count() -> None:
    rules = limited("per_customer: {uses: 1, each: month}")
    used = [("V", "C1@2026-10"), ("V", "C2@2026-11"), ("V", "C1"), ("V", "total")]

    result = Setting(
        rules, counters=Counters(counts=dict.fromkeys(used, Count(uses=9))), on=NOVEMBER
    ).decide(("A", 1))

    assert result.totals.discount == 100


@pytest.mark.parametrize(
    ("before", "ordered", "discount", "pieces"),
    [
        (0, 39, 3900, 39),
        (0, 40, 4000, 40),
        (0, 41, 4000, 40),
        (39, 10, 100, 1),
        (40, 10, 0, None),
        (99, 10, 0, None),
    ],
)
def test_pieces_beyond_the_limit_have_no_discount(
    before: int, ordered: int, discount: int, pieces: int | None
) -> None:
    before_this = had("V", "C1@2026-11", pieces=Quantity(before))
    rules = limited("per_customer: {qty: 40, each: month}")

    result = Setting(rules, counters=before_this, on=NOVEMBER).decide(("A", ordered))

    assert result.totals.discount == discount
    assert [one.pieces for one in result.changes] == ([] if pieces is None else [pieces])


def test_pieces_are_counted_over_the_lines_of_an_order() -> None:
    result = Setting(limited("per_customer: {qty: 10}")).decide(("A", 8), ("B", 8))

    assert [line.line_discount for line in result.lines] == [800, 400]
    assert counted(result) == [("C1", 1, 1200, 10)]
    assert told(result) == [("limit_reached", "V can give only 4.00 of the 16.00 earned")]


@pytest.mark.parametrize(
    ("before", "discount", "pieces"), [(0, 700, 20), (20, 700, 20), (30, 350, 10), (39, 35, 1)]
)
def test_all_pieces_of_a_line_count_towards_a_limit_also_above_the_end_of_a_slab(
    before: int, discount: int, pieces: int
) -> None:
    rules = limited("per_customer: {qty: 40}", "slabs: [{from: 1, to: 7, percent: 10}]")
    counters = had("V", "C1", pieces=Quantity(before))

    result = Setting(rules, counters=counters).decide(("A", 20))

    # Seven of twenty have the discount; twenty are ordered with it.
    assert result.totals.discount == discount
    assert counted(result) == [("C1", 1, discount, pieces)]


@pytest.mark.parametrize(
    ("spent", "discount"), [(0, 1000), (49_000, 1000), (49_001, 999), (49_999, 1), (50_000, 0)]
)
def test_money_by_customer_ends_to_the_last_cent(spent: int, discount: int) -> None:
    before_this = had("V", "C1", money=Minor(spent))

    result = Setting(limited("per_customer: {amount: 500.00}"), counters=before_this).decide(
        ("A", 10)
    )

    assert result.totals.discount == discount


def test_the_narrowest_of_several_limits_decides_and_each_counts_its_own() -> None:
    rules = limited(
        "total: {amount: 90.00, each: day}, per_customer: {uses: 5, qty: 50, amount: 7.00}"
    )

    result = Setting(rules, on=NOVEMBER).decide(("A", 10))

    assert result.totals.discount == 700
    assert counted(result) == [("total@2026-11-21", 1, 700, 0), ("C1", 1, 700, 10)]


@pytest.mark.parametrize(
    ("limit", "counters", "words"),
    [
        (
            "total: 1",
            had("V", "total", uses=1),
            "V has been used as often as it may",
        ),
        (
            "per_customer: {uses: 1, each: month}",
            had("V", "C1@2026-11", uses=1),
            "V has been used as often as it may this month",
        ),
        (
            "per_customer: {qty: 1, each: week}",
            had("V", "C1@2026-W47", pieces=Quantity(1)),
            "V has given all the pieces it may this week",
        ),
        (
            "total: {amount: 1.00, each: day}",
            had("V", "total@2026-11-21", money=Minor(100)),
            "V has given all the money it may today",
        ),
    ],
)
def test_a_limit_that_is_used_up_says_so_once(limit: str, counters: Counters, words: str) -> None:
    result = Setting(limited(limit), counters=counters, on=NOVEMBER).decide(("A", 1), ("B", 1))

    assert told(result) == [("limit_used_up", words)]
    assert result.totals.discount == 0


@pytest.mark.parametrize(
    ("bound", "left", "some"),
    [
        (
            "budget: {amount: 50.00}",
            had("V", "total", money=Minor(4500)),
            500,
        ),
        (
            "limit: {per_customer: {amount: 50.00}}",
            had("V", "C1", money=Minor(4500)),
            500,
        ),
        (
            "limit: {per_customer: {qty: 12}}",
            had("V", "C1", pieces=Quantity(7)),
            500,
        ),
    ],
)
def test_where_less_is_left_than_earned_a_scheme_gives_part_or_nothing(
    bound: str, left: Counters, some: int
) -> None:
    rules = f"{BASE}schemes: [{{id: V, {bound}, %s {TEN_PERCENT}}}]"

    part = Setting(rules % "", counters=left).decide(("A", 10))
    said = Setting(rules % "when_short: part,", counters=left).decide(("A", 10))
    none = Setting(rules % "when_short: none,", counters=left).decide(("A", 10))
    enough = Setting(rules % "when_short: none,", counters=left).decide(("A", 5))

    assert [one.totals.discount for one in (part, said, none, enough)] == [some, some, 0, some]
    assert told(none) == [
        ("limit_short", "V could give only 5.00 of the 10.00 earned, and gives nothing")
    ]
    assert none.changes == ()


def test_a_scheme_that_gives_nothing_for_want_of_money_leaves_its_group_to_the_next() -> None:
    rules = f"""{BASE}
schemes:
  - {{id: BEST, group: G, budget: {{amount: 5.00}}, when_short: none, {TEN_PERCENT}}}
  - {{id: NEXT, group: G, slabs: [{{from: 1, percent: 1}}]}}
"""

    result = Setting(rules).decide(("A", 10))

    assert result.totals.discount == 100
    assert result.changes == ()


@pytest.mark.parametrize(
    ("scheme", "second"),
    [
        (TEN_PERCENT, 150),
        (f"count: {{over: basket}}, {TEN_PERCENT}", 150),
        ("stage: order, slabs: [{from: 1.00, percent: 10}]", 150),
        ("combo: [{sku: A, qty: 10}, {sku: B, qty: 1}], percent: 5", 100),
    ],
    ids=["line", "basket", "order", "combo"],
)
def test_the_most_of_a_line_holds_on_every_line_and_goes_to_no_other(
    scheme: str, second: int
) -> None:
    rules = f"{BASE}schemes: [{{id: V, max_discount: {{line: 1.50}}, {scheme}}}]"

    result = Setting(rules).decide(("A", 10), ("B", 1))

    given = [line.line_discount + line.order_discount for line in result.lines]
    applied = [step.amount for step in result.trace if step.code == "scheme_applied"]
    assert given == [150, second]
    assert sum(amount or 0 for amount in applied) == sum(given)


def test_the_most_of_a_line_and_of_the_order_go_together() -> None:
    rules = f"{BASE}schemes: [{{id: V, max_discount: {{line: 8.00, order: 10.00}}, {TEN_PERCENT}}}]"

    result = Setting(rules).decide(("A", 10), ("B", 10))

    assert [line.line_discount for line in result.lines] == [800, 200]


@pytest.mark.parametrize(
    ("limit", "before", "earned"),
    [
        ("qty: 5, each: month", 0, 5),
        ("qty: 5, each: month", 3, 2),
        ("qty: 5, each: month", 5, 0),
        ("qty: 10, each: month", 3, 7),
    ],
)
def test_free_pieces_are_limited_by_customer_and_period(
    limit: str, before: int, earned: int
) -> None:
    before_this = had("V", "C1@2026-11", pieces=Quantity(before))
    free = "free: {every: 1, give: 1, item: B}"
    rules = limited(f"per_customer: {{{limit}}}", free)

    result = Setting(rules, counters=before_this, on=NOVEMBER).decide(("A", 7))

    assert sum(goods.earned for goods in result.free) == earned
    assert [one.pieces for one in result.changes] == ([earned] if earned else [])


def test_free_goods_too_are_given_whole_or_not_at_all_where_the_scheme_says_so() -> None:
    free = "when_short: none, free: {every: 1, give: 1, item: same}"
    rules = limited("total: {qty: 5}", free)

    short = Setting(rules).decide(("A", 6))
    enough = Setting(rules).decide(("A", 5))

    assert (short.free, short.changes) == ((), ())
    assert told(short) == [
        ("limit_short", "V could give only 5 of the 6 earned, and gives nothing")
    ]
    assert [goods.earned for goods in enough.free] == [5]


def test_pieces_inside_the_order_are_limited_too() -> None:
    free = "free: {every: 2, give: 1, item: same, inside: true}"
    rules = limited("per_customer: {qty: 3}", free)

    result = Setting(rules).decide(("A", 10))

    assert (result.totals.discount, counted(result)) == (3000, [("C1", 1, 3000, 3)])


def test_a_huge_gift_is_bounded_by_its_money() -> None:
    free = "budget: {amount: 25.00}, free: {every: 1, give: 1000000000, item: same}"
    rules = f"{BASE}schemes: [{{id: V, {free}}}]"

    result = Setting(rules).decide(("A", 10**12))

    assert [goods.earned for goods in result.free] == [2]


def test_the_pieces_of_complete_sets_count_towards_a_limit() -> None:
    combo = "combo: [{sku: A, qty: 2}, {sku: B, qty: 1}], amount_off: 3.00"

    result = Setting(limited("per_customer: {qty: 4}", combo)).decide(("A", 5), ("B", 2))

    assert (result.totals.discount, counted(result)) == (400, [("C1", 1, 400, 4)])


def test_the_pack_names_the_periods_its_counters_are_read_for() -> None:
    rules = limited("total: 5, per_customer: {uses: 1, each: month}")

    assert pack_of(rules).periods == {"scheme", "month"}
    assert pack_of(BASE).periods == frozenset()


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("limit: {per_customer: {}}", "2:41: a limit is of 'uses', 'qty' or 'amount'"),
        ("limit: {per_customer: {each: month}}", "a limit is of 'uses', 'qty' or 'amount'"),
        ("limit: {total: {uses: 0}}", "0 is below 1"),
        ("limit: {total: {uses: 1.5}}", "no whole number"),
        ("limit: {total: {uses: 1, each: fortnight}}", "'fortnight' is not one of day, week"),
        ("limit: {total: {use: 1, qty: 1}}", "unknown key 'use'; did you mean 'uses'?"),
        ("limit: {total: []}", "'total' is a number"),
        ("max_discount: {}", "needs 'order', 'line' or both"),
        ("max_discount: {lines: 1}", "unknown key 'lines'; did you mean 'line'?"),
        ("max_discount: {line: 0}", "0 is below 0.01"),
        ("when_short: none", "'when_short' goes with a budget, or a limit of 'qty' or 'amount'"),
        ("limit: {total: 5}, when_short: none", "'when_short' goes with a budget"),
        ("budget: {amount: 5}, when_short: some", "'some' is not one of part, none"),
    ],
)
def test_a_limit_that_says_nothing_is_refused(keys: str, fault: str) -> None:
    found = faults_of(f"{HEAD}schemes: [{{id: V, {keys}, {TEN_PERCENT}}}]")

    assert len(found) >= 1
    assert any(fault in one for one in found), found


@pytest.mark.parametrize("over", ["line", "sku", "basket", "period, each: month"])
def test_a_limit_of_pieces_cuts_what_was_earned_once_whatever_is_counted(over: str) -> None:
    rules = limited("total: {qty: 5}", f"count: {{over: {over}}}, {TEN_PERCENT}")

    result = Setting(rules).decide(("A", 10))

    # Ten pieces would have 10.00 off; five of them may.
    assert result.totals.discount == 500


def test_two_products_share_what_a_limit_of_pieces_leaves() -> None:
    rules = limited("total: {qty: 15}", f"count: {{over: sku}}, {TEN_PERCENT}")

    result = Setting(rules).decide(("A", 10), ("B", 10))

    # All of A; of B five pieces, which is half of its 20.00.
    assert result.totals.discount == 1000 + 1000
