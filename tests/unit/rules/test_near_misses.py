"""What is told as nearly earned is earned by so much more; what would not hold is not told."""

from dataclasses import replace
from datetime import date

import pytest

from rules import Result, evaluate
from tests.unit.rules.making import HEAD, Setting, batch, had, pack_of, product, words_of

PRICES = "prices: [{id: BASE, level: default, rates: {A: 10.00, B: 20.00, D: 50.00}}]\n"
PRODUCTS = {sku: product(sku, brand="RED") for sku in ("A", "B", "D")}
LEAVING_OUT = HEAD[:-2] + ", stacking: {inside: compound, across: leave_out}}\n"
SOON = "slabs: [{from: 12, percent: 5}]"
GIFT = "free: {every: 10, give: 2, item: same"


def told_of(schemes: str, *lines: tuple[str, int], **setting: object) -> list[str]:
    """Give the words of all that an order has nearly earned."""
    rules = f"{PRICES}schemes:\n{schemes}"
    return near_in(Setting(rules, products=PRODUCTS, **setting).decide(*lines))  # type: ignore[arg-type]


def near_in(result: Result) -> list[str]:
    """Give the words of what is nearly earned in a decision."""
    return [words_of(miss) for miss in result.near_misses]


@pytest.mark.parametrize(
    "schemes",
    [
        f"  - {{id: S, {SOON}}}\n  - {{id: T, alone: true, percent: 10}}\n",
        f"  - {{id: S, group: G, {SOON}}}\n  - {{id: T, group: G, percent: 10}}\n",
        (
            f"  - {{id: S, group: G, {SOON}}}\n  - {{id: T, group: G, priority: 1, percent: 1}}\n"
            "groups: [{name: G, pick: priority}]\n"
        ),
        "  - {id: S, slabs: [{from: 1, percent: 10}, {from: 12, percent: 9}]}\n",
        "  - {id: S, slabs: [{from: 12, price: 11.00}]}\n",
        "  - {id: S, slabs: [{from: 1, percent: 5}, {from: 12, percent: 9}], max_discount: 5.00}\n",
        "  - {id: S, slabs: [{from: 1, percent: 5}, {from: 12, percent: 9, cap: 5.00}]}\n",
        f"  - {{id: S, if: line.quantity < 12, {SOON}}}\n",
        f"  - {{id: S, limit: {{total: {{qty: 11}}}}, when_short: none, {SOON}}}\n",
    ],
    ids=[
        *("another stands alone", "its group has a better one", "its group goes by priority"),
        *("the next slab gives less", "the price is no lower", "the most is given", "the cap"),
        *("its condition ends", "its limit gives all or nothing"),
    ],
)
def test_a_slab_that_would_not_be_given_is_not_told(schemes: str) -> None:
    assert told_of(schemes, ("A", 10)) == []


@pytest.mark.parametrize("over", ["basket", "sku"])
def test_a_slab_over_several_lines_that_would_lose_is_not_told(over: str) -> None:
    count = f"count: {{over: {over}}}"
    lone = f"  - {{id: S, {count}, {SOON}}}\n"
    beaten = f"  - {{id: S, group: G, {count}, {SOON}}}\n"
    better = f"  - {{id: T, group: G, {count}, percent: 10}}\n"

    assert len(told_of(lone, ("A", 10))) == 1
    assert told_of(beaten + better, ("A", 10)) == []


def test_a_discount_on_the_order_that_would_lose_is_not_told() -> None:
    near = "  - {id: S, stage: order, group: G, slabs: [{from: 120.00, percent: 5}]}\n"
    better = "  - {id: T, stage: order, group: G, slabs: [{from: 1.00, percent: 9}]}\n"

    assert told_of(near, ("A", 10)) == ["20.00 more and you get 5 % off"]
    assert told_of(near + better, ("A", 10)) == []


def test_a_discount_on_the_order_that_would_win_its_group_only_then_is_told() -> None:
    falling = "slabs: [{from: 1.00, amount: 10.00}, {from: 120.00, amount: 9.00}]"
    schemes = (
        f"  - {{id: S, stage: order, group: G, {falling}}}\n"
        "  - {id: T, stage: order, group: G, slabs: [{from: 1.00, amount: 9.50}]}\n"
        "groups: [{name: G, pick: cheapest}]\n"
    )

    assert told_of(schemes, ("A", 10)) == ["20.00 more and you get 9.00 off"]


def test_a_scheme_that_is_left_out_below_a_larger_priority_is_not_told() -> None:
    schemes = f"  - {{id: T, priority: 5, percent: 2}}\n  - {{id: S, {SOON}}}\n"

    assert told_of(schemes, ("A", 10), head=LEAVING_OUT) == []


def test_a_slab_that_wins_its_group_is_told() -> None:
    schemes = f"  - {{id: S, group: G, {SOON}}}\n  - {{id: T, group: G, percent: 4}}\n"

    assert told_of(schemes, ("A", 10)) == ["2 more of Product A and you get 5 % off"]


def test_gifts_are_told_as_far_as_limits_leave_them() -> None:
    limit = "limit: {total: {qty: 3}}"
    one_left, none_left = (had("F", "total", pieces=used) for used in (2, 3))

    assert told_of(f"  - {{id: F, {limit}, {GIFT}}}}}\n", ("A", 8), counters=one_left) == [
        "2 more of Product A and you get 1 free"
    ]
    assert told_of(f"  - {{id: F, {limit}, {GIFT}}}}}\n", ("A", 8), counters=none_left) == []
    assert (
        told_of(
            f"  - {{id: F, {limit}, when_short: none, {GIFT}}}}}\n", ("A", 8), counters=one_left
        )
        == []
    )
    assert told_of(f"  - {{id: F, {GIFT}, max: 3}}}}\n", ("A", 18)) == [
        "2 more of Product A and you get 1 free"
    ]
    assert told_of(f"  - {{id: F, {GIFT}, max: 2}}}}\n", ("A", 18)) == []


def test_a_gift_that_another_line_has_used_up_is_not_told() -> None:
    gift = "  - {id: F, count: {over: line}, free: {every: 10, give: 1, item: same, max: 1}}\n"

    assert told_of(gift, ("A", 8), ("A", 10)) == []


def test_a_gift_that_the_order_declines_is_not_told() -> None:
    schemes = f"  - {{id: F, {GIFT}, optional: decline}}}}\n"

    assert len(told_of(schemes, ("A", 8))) == 1
    assert told_of(schemes, ("A", 8), choices={"F": "none"}) == []


def test_no_more_of_an_offer_is_told_than_an_order_may_have() -> None:
    gift = "free: {every: 10, give: 2, item: same, optional: choose, max: 3}"

    assert told_of(f"  - {{id: F, {gift}}}\n", ("A", 18)) == [
        "2 more of Product A and you get 1 free"
    ]
    assert told_of(f"  - {{id: F, {gift}}}\n", ("A", 28)) == []


def test_a_set_that_costs_no_less_is_not_told() -> None:
    combo = "  - {{id: K, combo: [{{sku: A, qty: 2}}, {{sku: B, qty: 1}}], price: {}}}\n"

    assert told_of(combo.format("39.00"), ("A", 2)) == [
        "1 more of Product B and you get the set for 39.00"
    ]
    assert told_of(combo.format("40.00"), ("A", 2)) == []


def test_what_is_earned_and_not_ordered_is_told() -> None:
    on = "on: {sku: B, qty: 1, every: 5}"
    cup = f"  - {{id: T, when: {{sku: A}}, {on}, slabs: [{{from: 5, price: 9.00}}]}}\n"

    assert told_of(cup, ("A", 5)) == [
        "1 more of Product B and you get them for 9.00 each, on 1 of Product B"
    ]


@pytest.mark.parametrize(
    "scheme",
    [f"{{id: S, {SOON}}}", f"{{id: S, count: {{over: basket}}, {SOON}}}", f"{{id: S, {GIFT}}}}}"],
    ids=["a line", "a basket", "a gift"],
)
def test_where_stock_has_cut_a_line_no_more_of_it_is_asked_for(scheme: str) -> None:
    schemes = f"  - {scheme}\nallocation: [{{id: L, pick: fefo, short: cut}}]\n"
    asked = 9 if "free" in scheme else 10
    stock = [batch("L", "A", asked)]

    assert told_of(schemes, ("A", asked + 1), batches=stock) == []


@pytest.mark.parametrize(
    ("scheme", "asked", "needed"),
    [
        (f"{{id: S, {SOON}}}", 10, 12),
        (f"{{id: S, count: {{over: basket}}, {SOON}}}", 10, 12),
        ("{id: S, stage: order, slabs: [{from: 120.00, percent: 5}]}", 10, 12),
        (f"{{id: S, {GIFT}}}}}", 9, 12),
        ("{id: S, free: {every: 10, give: 1, item: B}}", 9, 10),
    ],
    ids=["a line", "a basket", "the order", "a gift of the same", "a gift of another"],
)
def test_more_than_the_shelf_has_is_not_asked_for(scheme: str, asked: int, needed: int) -> None:
    schemes = f"  - {scheme}\nallocation: [{{id: L, pick: fefo, short: cut}}]\n"
    gift = batch("L", "B", 1)
    enough, short = [batch("L", "A", needed), gift], [batch("L", "A", needed - 1), gift]

    assert len(told_of(schemes, ("A", asked), batches=enough)) == 1
    assert told_of(schemes, ("A", asked), batches=short) == []


def test_a_gift_that_the_shelf_does_not_have_is_not_promised() -> None:
    schemes = (
        "  - {id: S, free: {every: 10, give: 1, item: B}}\n"
        "allocation: [{id: L, pick: fefo, short: cut}]\n"
    )

    assert told_of(schemes, ("A", 9), batches=[batch("L", "A", 99)]) == []


def test_what_follows_later_is_asked_for() -> None:
    schemes = f"  - {{id: S, {SOON}}}\nallocation: [{{id: L, pick: fefo, short: backorder}}]\n"

    assert len(told_of(schemes, ("A", 10), batches=[batch("L", "A", 10)])) == 1


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        ("{id: S, slabs: [{from: 11, percent: 5}]}", "6 more of Product A and you get 5 % off"),
        (
            "{id: S, count: {over: basket}, slabs: [{from: 11, percent: 5}]}",
            "6 more and you get 5 % off",
        ),
        (
            "{id: S, free: {every: 11, give: 2, item: same}}",
            "6 more of Product A and you get 2 free",
        ),
        (
            "{id: S, count: {of: gross}, slabs: [{from: 110.00, percent: 5}]}",
            "60.00 worth more of Product A and you get 5 % off",
        ),
        (
            "{id: S, slabs: [{from: 8, percent: 5}, {from: 12, percent: 9}]}",
            "6 more of Product A and you get 9 % off",
        ),
        (
            "{id: S, combo: [{sku: A, qty: 8}, {sku: B, qty: 1}], percent: 5}",
            "6 more of Product A and 1 more of Product B and you get 5 % off the set",
        ),
    ],
    ids=["a line", "a basket", "a gift", "money", "a slab further on", "a set"],
)
@pytest.mark.parametrize("then", ["round_up", "hold", "reject"])
def test_no_more_is_told_than_what_can_be_ordered(scheme: str, told: str, then: str) -> None:
    sixes = f"quantities: [{{id: SIXES, when: {{sku: A}}, multiple: 6, then: {then}}}]\n"

    assert told_of(f"  - {scheme}\n{sixes}", ("A", 6)) == [told]


def test_goods_of_a_set_that_stock_has_cut_are_not_asked_for() -> None:
    schemes = (
        "  - {id: K, combo: [{sku: A, qty: 2}, {sku: B, qty: 1}], price: 30.00}\n"
        "allocation: [{id: L, pick: fefo, short: cut}]\n"
    )
    plenty = batch("L", "A", 2)

    assert len(told_of(schemes, ("A", 2), batches=[plenty, batch("L", "B", 1)])) == 1
    assert told_of(schemes, ("A", 2), batches=[plenty]) == []
    assert told_of(schemes, ("A", 2), ("B", 1), batches=[plenty]) == []


def test_goods_at_a_discount_that_stock_has_cut_are_not_asked_for() -> None:
    schemes = (
        "  - {id: T, when: {sku: A}, on: {sku: B, qty: 1}, slabs: [{from: 5, percent: 10}]}\n"
        "allocation: [{id: L, pick: fefo, short: cut}]\n"
    )
    plenty = batch("L", "A", 5)

    assert len(told_of(schemes, ("A", 5), batches=[plenty, batch("L", "B", 1)])) == 1
    assert told_of(schemes, ("A", 5), batches=[plenty]) == []
    assert told_of(schemes, ("A", 5), ("B", 1), batches=[plenty]) == []


@pytest.mark.parametrize(
    ("on_the_shelf", "told"),
    [
        ({"A": 10, "B": 99}, []),
        ({"A": 11, "B": 11}, ["1 more of Product A and you get 1 free"]),
    ],
    ids=["no gift of the line that grows", "no other gift of another line"],
)
def test_stock_is_asked_for_the_gift_of_the_line_that_grows(
    on_the_shelf: dict[str, int], told: list[str]
) -> None:
    limit, gift = "limit: {total: {qty: 100}}", "free: {every: 10, give: 1, item: same}"
    schemes = (
        f"  - {{id: F, {limit}, count: {{over: line}}, {gift}}}\n"
        "allocation: [{id: L, pick: fefo, short: cut}]\n"
    )
    batches = [batch("L", sku, count) for sku, count in on_the_shelf.items()]

    assert told_of(schemes, ("A", 9), ("B", 10), batches=batches) == told


def test_one_gift_on_the_shelf_is_not_promised_twice() -> None:
    schemes = (
        "  - {id: F, free: {every: 10, give: 1, item: B}}\n"
        "  - {id: G, free: {every: 10, give: 1, item: B}}\n"
        "allocation: [{id: L, pick: fefo, short: cut}]\n"
    )
    one, two = ([batch("L", "A", 99), batch("L", "B", count)] for count in (1, 2))

    assert told_of(schemes, ("A", 9), batches=one) == []
    assert len(told_of(schemes, ("A", 9), batches=two)) == 2


@pytest.mark.parametrize(("most", "told"), [(1, 0), (2, 1)])
def test_no_more_gifts_are_promised_than_may_follow_later(most: int, told: int) -> None:
    later = f"pick: fefo, short: backorder, backorder_most: {most}"
    schemes = (
        f"  - {{id: F, free: {{every: 10, give: 1, item: B}}}}\nallocation: [{{id: L, {later}}}]\n"
    )

    assert len(told_of(schemes, ("A", 19), batches=[batch("L", "A", 99)])) == told


def test_what_follows_later_is_not_asked_for_where_the_order_ships_whole() -> None:
    schemes = (
        f"  - {{id: S, when: {{sku: A}}, {SOON}}}\n"
        "allocation:\n"
        "  - {id: W, when: {sku: B}, pick: fefo, ship: all_or_nothing}\n"
        "  - {id: L, pick: fefo, short: backorder}\n"
    )
    stock = [batch("L", "A", 10), batch("L", "B", 5)]

    assert len(told_of(schemes, ("A", 10), batches=stock)) == 1
    assert told_of(schemes, ("A", 10), ("B", 1), batches=stock) == []


def test_a_line_that_leaves_from_one_batch_does_not_grow_by_what_another_batch_has() -> None:
    schemes = (
        f"  - {{id: S, {SOON}}}\nallocation: [{{id: L, pick: fefo, split: false, short: cut}}]\n"
    )
    june = batch("JUNE", "A", 5, expiry=date(2026, 6, 1))
    enough, short = (batch("JULY", "A", count, expiry=date(2026, 7, 1)) for count in (12, 11))

    assert len(told_of(schemes, ("A", 10), ("A", 3), batches=[june, enough])) == 1
    assert told_of(schemes, ("A", 10), ("A", 3), batches=[june, short]) == []


@pytest.mark.parametrize(
    ("scheme", "lines"),
    [
        ("when: {sku: A}, on: {sku: [B, D], qty: 1}, slabs: [{from: 5, percent: 10}]", ("A", 5)),
        ("when: {sku: A}, on: {sku: [B, D], qty: 1}, slabs: [{from: 5, percent: 10}]", ("A", 4)),
        ("combo: [{sku: A, qty: 4}, {sku: [B, D], qty: 1}], price: 30.00", ("A", 4)),
    ],
    ids=["at a discount", "at a discount for some more", "of a set"],
)
def test_goods_that_the_shelf_does_not_have_are_not_named(
    scheme: str, lines: tuple[str, int]
) -> None:
    schemes = f"  - {{id: T, {scheme}}}\nallocation: [{{id: L, pick: fefo, short: cut}}]\n"
    stock = [batch("L", "A", 9), batch("L", "D", 1)]

    (told,) = told_of(schemes, lines, batches=stock)
    both = told_of(schemes, lines, batches=[*stock, batch("L", "B", 1)])

    assert "Product B or Product D" in both[0]
    assert told == both[0].replace("Product B or Product D", "Product D")


def test_another_line_may_grow_where_the_shelf_has_no_more_of_the_first() -> None:
    schemes = (
        "  - {id: S, stage: order, slabs: [{from: 250.00, percent: 5}]}\n"
        "allocation: [{id: L, pick: fefo, short: cut}]\n"
    )
    stock = [batch("L", "A", 10), batch("L", "B", 1), batch("L", "D", 99)]

    told = told_of(schemes, ("A", 10), ("B", 1), ("D", 2), batches=stock)

    assert told == ["30.00 more and you get 5 % off"]


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        ("count: {over: basket}, slabs: [{from: 12, percent: 5}]", "2 more and you get 5 % off"),
        (
            "count: {over: basket}, free: {every: 12, give: 1, item: D}",
            "2 more and you get 1 Product D free",
        ),
    ],
    ids=["a basket", "a gift"],
)
def test_the_least_that_earns_it_is_told(scheme: str, told: str) -> None:
    sixes = "quantities: [{id: SIXES, when: {sku: A}, multiple: 6, then: hold}]\n"

    assert told_of(f"  - {{id: S, {scheme}}}\n{sixes}", ("A", 6), ("B", 4)) == [told]


@pytest.mark.parametrize(
    ("parts", "lines", "told"),
    [
        (
            "{sku: [A, B], qty: 2}, {sku: B, qty: 2}",
            [("B", 3)],
            "1 more of Product A or Product B and you get 5 % off the set",
        ),
        (
            "{sku: D, qty: 2}, {sku: B, qty: 5}, {sku: D, qty: 1}",
            [("B", 3), ("D", 3)],
            "2 more of Product B and you get 5 % off the set",
        ),
    ],
    ids=["what two parts share", "beside parts that share"],
)
def test_a_set_asks_for_no_more_than_it_lacks(
    parts: str, lines: list[tuple[str, int]], told: str
) -> None:
    assert told_of(f"  - {{id: K, combo: [{parts}], percent: 5}}\n", *lines) == [told]


def test_what_a_limit_takes_from_another_line_is_not_told() -> None:
    slabs = "slabs: [{from: 3, amount: 1.00}, {from: 7, amount: 2.00}]"
    scheme = f"  - {{id: S, limit: {{total: {{qty: 4}}}}, {slabs}}}\n"

    assert told_of(scheme, ("A", 4)) == ["3 more of Product A and you get 2.00 off"]
    assert told_of(scheme, ("A", 4), ("A", 4)) == []


@pytest.mark.parametrize("gives", [SOON, "free: {every: 12, give: 1, item: A}"])
@pytest.mark.parametrize("over", ["line", "basket"])
def test_a_whole_case_without_a_price_is_not_asked_for(over: str, gives: str) -> None:
    cases = "  - {id: CASES, level: customer, for_all: true, per: CASE, rates: {A: %s}}\n"
    rules = (
        "prices:\n  - {id: BASE, level: default, rates: {A: 10.00}}\n"
        + cases
        + f"schemes: [{{id: S, count: {{over: {over}}}, {gives}}}]\n"
    )

    def told(price: str) -> list[str]:
        setting = Setting(rules % price, products={"A": product("A", pack_sizes={"CASE": 12})})
        order = setting.order(("A", 10))
        order = replace(order, lines=(replace(order.lines[0], unit="CASE"),))
        result = evaluate(order, setting.facts(), setting.counters, pack_of(setting.rules))
        return near_in(result)

    assert len(told("110.00")) == 1
    assert told("0.0001") == []


def test_what_the_largest_orders_nearly_earn_is_told() -> None:
    skus = [f"P{n}" for n in range(1_200)]
    prices = f"prices: [{{id: BASE, level: default, rates: {dict.fromkeys(skus, 10)}}}]\n"
    scheme = "schemes: [{id: S, stage: order, slabs: [{from: 15000.00, percent: 5}]}]\n"
    setting = Setting(prices + scheme, products={sku: product(sku) for sku in skus})

    result = setting.decide(*((sku, 1) for sku in skus))

    assert near_in(result) == ["3000.00 more and you get 5 % off"]


@pytest.mark.parametrize("rest", ["", "quantities: [{id: TWOS, multiple: 2, then: hold}]\n"])
def test_what_a_line_nearly_earned_is_found_once(rest: str) -> None:
    setting = Setting(f"{PRICES}schemes: [{{id: S, {SOON}}}]\n{rest}", products=PRODUCTS)
    pack = pack_of(setting.rules)

    first, again = (setting.decide_with(pack, ("A", 10)).near_misses for _ in range(2))
    beside = setting.decide_with(pack, ("A", 10), ("A", 1)).near_misses

    assert len(first) == 1
    assert again[0] is first[0]
    more = [words_of(miss).split()[0] for miss in beside]
    assert more == (["3"] if rest else ["2"])


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("count", "scheme"),
    [
        (1_000, "group: G"),
        (200, "limit: {total: {qty: 1000000}}"),
        (2, "group: G, count: {over: sku}"),
    ],
    ids=["of one group", "with limits", "of pools that never meet"],
)
def test_what_many_schemes_nearly_give_on_many_lines_is_told_in_good_time(
    count: int, scheme: str
) -> None:
    slabs = "slabs: [{from: 1, percent: 0.01}, {from: 601, percent: 0.02}]"
    skus = [f"P{n}" for n in range(299)]
    prices = f"prices: [{{id: BASE, level: default, rates: {dict.fromkeys(skus, 10)}}}]\n"
    schemes = "".join(f"  - {{id: S{n}, {scheme}, {slabs}}}\n" for n in range(count))
    setting = Setting(f"{prices}schemes:\n{schemes}", products={sku: product(sku) for sku in skus})

    told = setting.decide(*((sku, 301 + n) for n, sku in enumerate(skus))).near_misses

    assert len(told) >= len(skus)
