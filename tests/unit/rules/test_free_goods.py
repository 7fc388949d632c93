"""Free goods: the three ways to count, the start, the cheapest, inside and on top."""

import pytest

from rules import Minor, Result
from tests.unit.rules.making import BASE, HEAD, Setting, faults_of, had, product, steps, words_of


def free(keys: str, *, count: str = "over: sku", beside: str = "") -> str:
    """Write one free-goods scheme beside the base prices."""
    return f"{BASE}schemes: [{{id: F, count: {{{count}}}{beside}, free: {{{keys}}}}}]\n"


def given(result: Result) -> list[tuple[str, int]]:
    """Give the free goods that come on top."""
    return [(goods.sku, goods.earned) for goods in result.free]


@pytest.mark.parametrize(
    ("by", "earned"),
    [
        ("full", [0, 2, 2, 2, 4]),
        ("proportional", [1, 2, 3, 3, 4]),
        ("multiple", [0, 2, 0, 0, 4]),
    ],
)
def test_an_incomplete_number_earns_as_the_scheme_says(by: str, earned: list[int]) -> None:
    rules = free(f"every: 10, give: 2, item: same, by: {by}")

    results = [Setting(rules).decide(("A", n)) for n in (9, 10, 15, 19, 20)]

    assert [sum(goods.earned for goods in one.free) for one in results] == earned


@pytest.mark.parametrize(("quantity", "earned"), [(19, 0), (20, 1), (39, 1), (40, 2), (59, 2)])
def test_twenty_to_one_gives_whole_pieces(quantity: int, earned: int) -> None:
    result = Setting(free("every: 20, give: 1, item: same, by: proportional")).decide(
        ("A", quantity)
    )

    assert sum(goods.earned for goods in result.free) == earned


@pytest.mark.parametrize(("quantity", "earned"), [(10, 0), (20, 0), (29, 0), (30, 1), (40, 2)])
def test_counting_begins_after_the_start(quantity: int, earned: int) -> None:
    result = Setting(free("every: 10, give: 1, item: same, start_after: 20")).decide(
        ("A", quantity)
    )

    assert sum(goods.earned for goods in result.free) == earned


@pytest.mark.parametrize(
    ("quantity", "earned"), [(1, 0), (10, 1), (11, 1), (99, 9), (100, 10), (109, 10), (110, 11)]
)
def test_a_gift_of_the_same_earns_no_further_gift(quantity: int, earned: int) -> None:
    result = Setting(free("every: 10, give: 1, item: same")).decide(("A", quantity))

    assert sum(goods.earned for goods in result.free) == earned


def test_gifts_of_schemes_that_give_each_other_s_goods_earn_nothing() -> None:
    rules = f"""{BASE}schemes:
  - {{id: F, when: {{sku: A}}, count: {{over: sku}}, free: {{every: 5, give: 5, item: B}}}}
  - {{id: G, when: {{sku: B}}, count: {{over: sku}}, free: {{every: 5, give: 5, item: A}}}}
  - {{id: S, when: {{sku: B}}, slabs: [{{from: 6, percent: 10}}]}}
"""

    alone = Setting(rules).decide(("A", 5))
    both = Setting(rules).decide(("A", 5), ("B", 5))

    assert given(alone) == [("B", 5)]
    assert sorted(given(both)) == [("A", 5), ("B", 5)]
    assert steps(both, "scheme_applied") == steps(alone, "scheme_applied") == []


@pytest.mark.parametrize(
    ("quantity", "paid"), [(10, 10), (11, 10), (21, 20), (22, 20), (120, 110), (121, 110)]
)
def test_inside_the_order_a_free_piece_is_one_of_those_that_are_counted(
    quantity: int, paid: int
) -> None:
    rules = free("every: 11, give: 1, item: same, inside: true")

    one, many = (Setting(rules).decide(("A", n)) for n in (1, quantity))

    assert many.totals.net == paid * one.totals.net


def test_whole_multiples_are_of_what_comes_after_the_start() -> None:
    rules = free("every: 10, give: 1, item: same, by: multiple, start_after: 5")

    results = [Setting(rules).decide(("A", n)) for n in (5, 10, 15)]

    assert [given(one) for one in results] == [[], [], [("A", 1)]]


def test_the_cheapest_of_the_basket_can_be_given() -> None:
    rules = free("every: 3, give: 1, item: cheapest", count="over: basket")

    result = Setting(rules).decide(("B", 2), ("A", 1))

    assert given(result) == [("A", 1)]
    assert result.totals.discount == 0


INSIDE = "every: 3, give: 1, item: cheapest, inside: true"


def test_inside_the_order_the_cheapest_pieces_are_free_and_none_come_on_top() -> None:
    result = Setting(free(INSIDE, count="over: basket")).decide(("B", 5), ("A", 1))

    assert given(result) == []
    assert [line.line_discount for line in result.lines] == [2000, 1000]
    assert [line.quantity for line in result.lines] == [5, 1]


def test_pieces_inside_are_worth_what_they_cost_after_all_discounts() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: VOL, slabs: [{from: 1, percent: 10}]}
  - {id: F, free: {every: 4, give: 1, item: same, inside: true}}
"""
    )

    result = Setting(rules).decide(("A", 4))

    assert result.totals.net == 2700


def test_pieces_inside_count_as_paid_for_no_later_scheme() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: FIRST, priority: 1, free: {every: 10, give: 1, item: same, inside: true}}
  - {id: THEN, free: {every: 10, give: 1, item: same}}
"""
    )

    ten, twelve = (Setting(rules).decide(("A", n)) for n in (10, 12))

    assert (given(ten), given(twelve)) == ([], [("A", 1)])


def test_two_schemes_inside_never_make_more_pieces_free_than_there_are() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: ONE, free: {every: 1, give: 1, item: same, inside: true}}
  - {id: TWO, free: {every: 1, give: 1, item: same, inside: true}}
"""
    )

    result = Setting(rules).decide(("A", 3), ("B", 2))

    assert result.totals.net == 0
    assert steps(result, "free_goods_given") == ["ONE", "ONE"]


def test_the_second_scheme_inside_takes_its_share_of_what_is_still_paid() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: ONE, free: {every: 10, give: 5, item: same, inside: true}}
  - {id: TWO, free: {every: 5, give: 1, item: same, inside: true}}
"""
    )

    result = Setting(rules).decide(("A", 10))

    assert result.totals.net == 4000


def test_a_budget_makes_no_more_pieces_free_than_it_pays_for() -> None:
    beside = ", budget: {amount: 25.00}"

    result = Setting(free("every: 1, give: 1, item: same, inside: true", beside=beside)).decide(
        ("A", 10)
    )

    assert result.totals.discount == 2000
    assert [change.spent for change in result.changes] == [Minor(2000)]


def test_a_budget_pays_for_every_piece_that_rounding_lets_it_pay_for() -> None:
    beside = ", budget: {amount: 0.33}"

    # Two of C are 0.67, one is 0.33: half of the budget for two would be less than one.
    result = Setting(free("every: 1, give: 1, item: same, max: 2", beside=beside)).decide(("C", 2))

    assert [goods.earned for goods in result.free] == [1]


def test_the_most_of_a_scheme_holds_inside_too() -> None:
    result = Setting(free("every: 1, give: 1, item: same, inside: true, max: 3")).decide(
        ("A", 2), ("B", 2)
    )

    assert result.totals.discount == 2 * 1000 + 2000


@pytest.mark.parametrize(
    ("lines", "earned"),
    [
        ([("A", 6), ("B", 12)], [1]),  # half a case of each
        ([("A", 6), ("B", 11)], []),
        ([("A", 12), ("B", 24), ("C", 50)], [2]),  # C has no case and does not count
    ],
)
def test_cases_of_different_sizes_are_counted_together(
    lines: list[tuple[str, int]], earned: list[int]
) -> None:
    products = {
        "A": product("A", pack_sizes={"CASE": 12}),
        "B": product("B", pack_sizes={"CASE": 24}),
        "C": product("C"),
    }
    rules = free("every: 1, give: 1, item: A", count="over: basket, in: CASE")

    result = Setting(rules, products=products).decide(*lines)

    assert [goods.earned for goods in result.free] == earned


def test_what_is_missing_of_cases_of_different_sizes_is_told_in_cases() -> None:
    products = {
        "A": product("A", pack_sizes={"CASE": 12}),
        "B": product("B", pack_sizes={"CASE": 24}),
    }
    rules = free("every: 2, give: 1, item: A", count="over: basket, in: CASE")

    result = Setting(rules, products=products).decide(("A", 12), ("B", 12))

    assert [words_of(miss) for miss in result.near_misses] == [
        "1 CASE more and you get 1 Product A free"
    ]


def test_more_pieces_for_a_case_than_it_holds_make_all_of_it_free() -> None:
    rules = free("every: 1, give: 9, item: same, inside: true", count="over: sku, in: CASE")
    products = {"A": product("A", pack_sizes={"CASE": 6})}

    result = Setting(rules, products=products).decide(("A", 7))

    assert result.totals.net == 0


def test_a_used_up_scheme_gives_nothing_inside() -> None:
    rules = free("every: 1, give: 1, item: same, inside: true", beside=", limit: {total: 1}")

    result = Setting(rules, counters=had("F", "total", uses=1)).decide(("A", 1))

    assert result.totals.discount == 0


@pytest.mark.parametrize(
    ("keys", "quantity", "told"),
    [
        (
            "every: 10, give: 1, item: same, start_after: 20",
            26,
            ["4 more of Product A and you get 1 free"],
        ),
        ("every: 10, give: 1, item: same, start_after: 20", 19, []),
        (
            "every: 10, give: 2, item: same, by: proportional",
            13,
            ["2 more of Product A and you get 1 free"],
        ),
        ("every: 10, give: 2, item: same, by: proportional", 11, []),
        (
            "every: 10, give: 2, item: same, by: multiple",
            18,
            ["2 more of Product A and you get 4 free"],
        ),
        (
            "every: 3, give: 1, item: cheapest, inside: true",
            2,
            ["1 more of Product A and you get 1 Product A free"],
        ),
    ],
)
def test_what_is_almost_free_is_told(keys: str, quantity: int, told: list[str]) -> None:
    result = Setting(free(keys)).decide(("A", quantity))

    assert [words_of(miss) for miss in result.near_misses] == told


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("every: 1, give: 1, item: same, by: half", "'half' is not one of"),
        ("every: 1, give: 1, item: A, inside: true", "the 'same' or the 'cheapest'"),
        ("every: 1, give: 2, item: same, inside: true", "more pieces would be free"),
        ("every: 1, give: 1, item: same, start_after: 0", "0 is below 1"),
    ],
)
def test_free_goods_that_could_not_work_are_refused(keys: str, fault: str) -> None:
    faults = faults_of(HEAD + free(keys))

    assert len(faults) == 1, faults
    assert fault in faults[0]


TIERS = "tiers: [{from: 10, every: 10, give: 1}, {from: 50, every: 10, give: 2}], item: same"


@pytest.mark.parametrize(
    ("free", "quantity", "given"),
    [
        ("every: 10, give: 1, item: same, from: 20", 19, 0),
        ("every: 10, give: 1, item: same, from: 20", 20, 2),
        ("every: 10, give: 1, item: same, to: 60", 60, 6),
        ("every: 10, give: 1, item: same, to: 60", 999, 6),
        ("every: 10, give: 1, item: same, by: proportional, to: 65", 70, 6),
        (TIERS, 9, 0),
        (TIERS, 49, 4),
        (TIERS, 50, 10),
        (f"{TIERS}, to: 60", 500, 12),
        (f"{TIERS}, start_after: 5", 50, 8),
        (f"{TIERS}, inside: true", 50, 0),
        (f"{TIERS}, max: 7", 50, 7),
    ],
)
def test_free_goods_have_a_minimum_an_end_and_tiers(free: str, quantity: int, given: int) -> None:
    result = Setting(BASE + f"schemes: [{{id: F, free: {{{free}}}}}]\n").decide(("A", quantity))

    assert sum(one.quantity for one in result.free) == given
    if "inside" in free:
        assert result.totals.discount == 10 * 1_000


@pytest.mark.parametrize(
    ("free", "quantity", "told"),
    [
        ("every: 10, give: 1, item: same, from: 20", 11, "9 more of Product A and you get 2 free"),
        ("every: 10, give: 1, item: same, from: 20", 10, ""),
        ("every: 10, give: 1, item: same, to: 60", 66, ""),
        (TIERS, 46, "4 more of Product A and you get 6 free"),
        (TIERS, 27, "3 more of Product A and you get 1 free"),
    ],
)
def test_the_next_count_that_earns_more_is_told(free: str, quantity: int, told: str) -> None:
    result = Setting(BASE + f"schemes: [{{id: F, free: {{{free}}}}}]\n").decide(("A", quantity))

    assert [words_of(miss) for miss in result.near_misses] == ([told] if told else [])


@pytest.mark.parametrize(
    ("free", "fault"),
    [
        ("tiers: [], item: same", "there is no tier"),
        ("tiers: [{every: 1, give: 1}], item: same", "'from' is missing"),
        (
            "tiers: [{from: 10, every: 1, give: 1}, {from: 10, every: 1, give: 1}], item: same",
            "tiers rise: this one starts no later than the one before",
        ),
        (f"{TIERS}, every: 5", "unknown key 'every'"),
        (f"{TIERS}, to: 40", "ends before its last tier starts"),
        ("every: 10, give: 1, item: same, from: 20, to: 19", "ends before its last tier starts"),
        (
            "tiers: [{from: 1, every: 2, give: 3}], item: same, inside: true",
            "more pieces would be free than are ordered",
        ),
    ],
)
def test_tiers_that_overlap_or_end_early_are_faults(free: str, fault: str) -> None:
    found = faults_of(f"{HEAD}{BASE}schemes: [{{id: F, free: {{{free}}}}}]\n")

    assert any(fault in one for one in found), found


@pytest.mark.parametrize(
    ("rounding", "counts"),
    [
        ("down", {9: 0, 10: 1, 14: 1, 15: 1, 19: 1, 20: 2}),
        ("half_up", {4: 0, 5: 1, 14: 1, 15: 2, 24: 2, 25: 3}),
        ("up", {1: 1, 10: 1, 11: 2, 20: 2, 21: 3}),
    ],
)
def test_a_share_is_rounded_as_the_scheme_says(rounding: str, counts: dict[int, int]) -> None:
    rules = (
        f"{BASE}schemes: [{{id: F, free: {{every: 10, give: 1, item: same, by: proportional,"
        f" round: {rounding}}}}}]\n"
    )
    setting = Setting(rules)

    found = {
        count: sum(goods.earned for goods in setting.decide(("A", count)).free) for count in counts
    }

    assert found == counts


def test_only_a_share_is_rounded() -> None:
    rules = "schemes: [{id: F, free: {every: 10, give: 1, item: same, round: up}}]\n"

    assert "only a share is rounded" in faults_of(HEAD + rules)[0]
