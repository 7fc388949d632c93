"""How far slabs reach and what they give: marginal slabs, ends and gates."""

import pytest

from rules import Minor, Result
from tests.unit.rules.making import BASE, HEAD, Setting, faults_of, had, product, steps, words_of


def scheme(keys: str) -> str:
    """Write one scheme beside the base prices."""
    return f"{BASE}schemes: [{{id: S, {keys}}}]\n"


def discount(result: Result) -> int:
    """Give what all schemes took off."""
    return result.totals.discount


MARGINAL = "mode: marginal, slabs: [{from: 10, percent: 5}, {from: 20, percent: 10}]"


@pytest.mark.parametrize(
    ("quantity", "taken"), [(9, 0), (10, 50), (11, 100), (19, 500), (20, 600), (21, 700)]
)
def test_a_marginal_slab_gives_on_its_own_pieces(quantity: int, taken: int) -> None:
    result = Setting(scheme(MARGINAL)).decide(("A", quantity))

    assert discount(result) == taken


def test_one_more_piece_never_makes_a_marginal_order_cheaper() -> None:
    nets = [Setting(scheme(MARGINAL)).decide(("A", n)).totals.net for n in range(1, 40)]

    assert nets == sorted(nets)


def test_marginal_slabs_of_cases_start_with_the_first_piece_of_their_case() -> None:
    keys = "count: {of: qty, in: CASE}, mode: marginal, slabs: [{from: 2, percent: 10}]"
    products = {"A": product("A", pack_sizes={"CASE": 12})}

    below, at, over = (
        Setting(scheme(keys), products=products).decide(("A", n)) for n in (23, 24, 30)
    )

    assert [discount(one) for one in (below, at, over)] == [0, 1200, 1800]


@pytest.mark.parametrize(("quantity", "taken"), [(9, 0), (10, 0), (15, 250), (20, 500), (30, 1500)])
def test_marginal_slabs_of_value_give_on_what_is_above_their_start(
    quantity: int, taken: int
) -> None:
    keys = (
        "stage: order, mode: marginal, slabs: [{from: 100.00, percent: 5}, {from: 200.00, "
        "percent: 10}]"
    )

    result = Setting(scheme(keys)).decide(("A", quantity))

    assert discount(result) == taken


def test_a_marginal_slab_of_value_may_start_at_nothing() -> None:
    keys = "count: {of: gross}, mode: marginal, slabs: [{from: 0, percent: 5}]"

    result = Setting(scheme(keys)).decide(("A", 1))

    assert discount(result) == 50


def test_marginal_amounts_are_given_once_for_each_slab_reached() -> None:
    keys = "mode: marginal, slabs: [{from: 5, amount: 3.00}, {from: 10, amount: 4.00}]"

    results = [Setting(scheme(keys)).decide(("A", n)) for n in (4, 9, 10, 99)]

    assert [discount(one) for one in results] == [0, 300, 700, 700]


def test_a_cap_of_a_marginal_slab_holds_for_that_slab_alone() -> None:
    keys = "mode: marginal, slabs: [{from: 1, percent: 10, cap: 2.00}, {from: 11, percent: 10}]"

    result = Setting(scheme(keys)).decide(("A", 20))

    assert discount(result) == 200 + 1000


@pytest.mark.parametrize(("quantity", "taken"), [(2, 0), (3, 300), (7, 700), (8, 700), (99, 700)])
def test_an_end_caps_what_a_slab_gives_on(quantity: int, taken: int) -> None:
    result = Setting(scheme("slabs: [{from: 3, to: 7, percent: 10}]")).decide(("A", quantity))

    assert discount(result) == taken


def test_an_end_in_cases_covers_whole_cases_only() -> None:
    keys = "count: {in: CASE}, slabs: [{from: 1, to: 2, percent: 10}]"
    products = {"A": product("A", pack_sizes={"CASE": 12})}

    result = Setting(scheme(keys), products=products).decide(("A", 30))

    assert discount(result) == 2400


GATE = "slabs: [{from: 3, to: 7, gate: true, percent: 10}]"


@pytest.mark.parametrize(("quantity", "taken"), [(2, 0), (3, 300), (7, 700), (8, 0)])
def test_above_its_gate_a_slab_gives_nothing(quantity: int, taken: int) -> None:
    result = Setting(scheme(GATE)).decide(("A", quantity))

    assert discount(result) == taken


def test_a_closed_gate_is_told() -> None:
    result = Setting(scheme(GATE)).decide(("A", 8))

    assert steps(result, "gate_closed") == ["S"]


def test_a_gate_in_cases_closes_with_the_first_case_above_it() -> None:
    keys = "count: {in: CASE}, slabs: [{from: 1, to: 2, gate: true, percent: 10}]"
    products = {"A": product("A", pack_sizes={"CASE": 12})}

    results = [Setting(scheme(keys), products=products).decide(("A", n)) for n in (24, 35, 36)]

    assert [discount(one) for one in results] == [2400, 3500, 0]


def test_a_gate_on_value_lets_the_end_itself_pass() -> None:
    keys = "stage: order, slabs: [{from: 10.00, to: 50.00, gate: true, amount: 5.00}]"

    at, above = (Setting(scheme(keys)).decide(("A", n)) for n in (5, 6))

    assert (discount(at), discount(above)) == (500, 0)


def test_the_next_slab_opens_above_a_gate() -> None:
    keys = "slabs: [{from: 3, to: 7, gate: true, percent: 10}, {from: 10, percent: 1}]"

    results = [Setting(scheme(keys)).decide(("A", n)) for n in (7, 8, 10)]

    assert [discount(one) for one in results] == [700, 0, 100]


def test_a_near_miss_of_a_marginal_slab_says_that_it_gives_from_there_on() -> None:
    result = Setting(scheme(MARGINAL)).decide(("A", 9))

    assert [words_of(miss) for miss in result.near_misses] == [
        "1 more of Product A and you get 5 % off from there on"
    ]


@pytest.mark.parametrize(("quantity", "net"), [(4, 4000), (5, 4495), (6, 5394)])
def test_a_slab_can_give_a_price(quantity: int, net: int) -> None:
    result = Setting(scheme("slabs: [{from: 5, price: 8.99}]")).decide(("A", quantity))

    assert result.totals.net == net


def test_a_price_is_for_one_of_what_is_counted() -> None:
    keys = "count: {in: CASE}, slabs: [{from: 1, price: 100.00}]"
    products = {"A": product("A", pack_sizes={"CASE": 12})}

    case, more = (Setting(scheme(keys), products=products).decide(("A", n)) for n in (12, 13))

    assert [one.totals.net for one in (case, more)] == [10_000, 10_833]


def test_a_price_above_the_list_changes_nothing() -> None:
    result = Setting(scheme("slabs: [{from: 1, price: 10.01}]")).decide(("A", 5))

    assert (discount(result), steps(result, "scheme_applied")) == (0, [])


def test_a_price_may_have_four_decimals_and_is_rounded_once_a_line() -> None:
    result = Setting(scheme("slabs: [{from: 1, price: 0.1111}]")).decide(("C", 100))

    assert result.totals.net == 1111


def test_a_price_up_to_an_end_leaves_the_rest_at_the_list_price() -> None:
    result = Setting(scheme("slabs: [{from: 1, to: 3, price: 5.00}]")).decide(("A", 5))

    assert result.totals.net == 3 * 500 + 2 * 1000


def test_marginal_prices_hold_for_their_own_pieces() -> None:
    keys = "mode: marginal, slabs: [{from: 3, price: 9.00}, {from: 5, price: 8.00}]"

    result = Setting(scheme(keys)).decide(("A", 6))

    assert result.totals.net == 2 * 1000 + 2 * 900 + 2 * 800


def test_a_near_miss_of_a_price_names_the_price() -> None:
    keys = "count: {in: CASE}, slabs: [{from: 1, price: 99.50}]"
    products = {"A": product("A", pack_sizes={"CASE": 12})}

    each = Setting(scheme("slabs: [{from: 5, price: 0.0125}]")).decide(("A", 4))
    case = Setting(scheme(keys), products=products).decide(("A", 11))

    assert [words_of(miss) for miss in (*each.near_misses, *case.near_misses)] == [
        "1 more of Product A and you get them for 0.0125 each",
        "1 more of Product A and you get them for 99.50 a CASE",
    ]


def test_a_scheme_gives_no_more_than_its_most_on_one_order() -> None:
    result = Setting(scheme("max_discount: 25.00, slabs: [{from: 1, percent: 10}]")).decide(
        ("A", 20), ("B", 20), ("C", 20)
    )

    assert [line.line_discount for line in result.lines] == [2000, 500, 0]
    assert steps(result, "max_discount_given") == ["S"]


def test_the_most_of_an_order_is_no_counter_and_starts_anew_with_each_order() -> None:
    spent = had("S", "total", money=Minor(2500))
    rules = scheme("max_discount: 25.00, slabs: [{from: 1, percent: 10}]")

    result = Setting(rules, counters=spent).decide(("A", 100))

    assert (discount(result), result.changes) == (2500, ())


@pytest.mark.parametrize(("budget", "taken"), [("30.00", 2500), ("20.00", 2000)])
def test_the_smaller_of_budget_and_most_ends_a_scheme(budget: str, taken: int) -> None:
    keys = f"budget: {{amount: {budget}}}, max_discount: 25.00, slabs: [{{from: 1, percent: 10}}]"

    result = Setting(scheme(keys)).decide(("A", 100))

    assert discount(result) == taken


def test_the_most_of_an_order_scheme_holds_too() -> None:
    keys = "stage: order, max_discount: 25.00, slabs: [{from: 1.00, percent: 10}]"

    result = Setting(scheme(keys)).decide(("A", 100))

    assert discount(result) == 2500


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("mode: graded, slabs: [{from: 1, percent: 1}]", "'graded' is not one of"),
        ("slabs: [{from: 1, percent: 1, gate: true}]", "a gate needs 'to'"),
        ("slabs: [{from: 1, price: 1, percent: 1}]", "needs exactly one of"),
        ("count: {of: gross}, slabs: [{from: 1, price: 1}]", "only with 'of: qty'"),
        ("stage: order, slabs: [{from: 1, price: 1}]", "only with 'of: qty'"),
        ("max_discount: 0, slabs: [{from: 1, percent: 1}]", "0 is below 0.01"),
        ("max_discount: 1, free: {every: 1, give: 1, item: same}", "unknown key 'max_discount'"),
        ("slabs: [{from: 5, to: 4, percent: 1}]", "4 is below 5"),
        ("slabs: [{from: 1, to: 5, amount: 1}]", "an amount is given once"),
        ("slabs: [{from: 1, to: 5, percent: 1}, {from: 5, percent: 2}]", "slabs overlap"),
        ("mode: marginal, slabs: [{from: 1, to: 5, gate: true, percent: 1}]", "not with 'mode"),
        ("mode: marginal, slabs: [{from: 0, percent: 1}]", "0 is below 1"),
    ],
)
def test_a_slab_that_could_not_work_is_refused(keys: str, fault: str) -> None:
    faults = faults_of(HEAD + scheme(keys))

    assert len(faults) == 1, faults
    assert fault in faults[0]


def test_a_slab_from_nothing_on_gives_nothing_on_goods_that_cost_nothing() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: ALL, slabs: [{from: 1, percent: 100}]}
  - {id: BILL, stage: order, mode: marginal, slabs: [{from: 0, percent: 10}]}
"""
    )

    result = Setting(rules).decide(("A", 3))

    assert (result.totals.net, steps(result, "scheme_applied")) == (0, ["ALL"])


def test_an_amount_from_nothing_on_is_given_to_whoever_bought_nothing_before() -> None:
    slabs = "slabs: [{from: 0, amount: 2.00}, {from: 50, percent: 10}]"

    result = Setting(scheme(f"count: {{of: gross}}, mode: marginal, {slabs}")).decide(("A", 6))

    # 2.00, and a tenth of the 10.00 above 50.00.
    assert result.totals.discount == 300


@pytest.mark.parametrize(
    ("keys", "net"),
    [
        ("percent: 10", 900),
        ("count: {over: basket}, percent: 10", 900),
        ("count: {of: gross}, percent: 10", 900),
        ("stage: order, percent: 10", 900),
        ("percent: 10, max_discount: 0.50", 950),
        ("percent: 10, group: G", 900),
    ],
)
def test_a_plain_percent_is_off_whatever_is_bought(keys: str, net: int) -> None:
    result = Setting(scheme(keys)).decide(("A", 1))

    assert result.totals.net == net
    assert result.near_misses == ()


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("percent: 10, slabs: [{from: 1, percent: 1}]", "unknown key 'percent'"),
        ("percent: 10, free: {every: 1, give: 1, item: same}", "unknown key 'percent'"),
        ("percent: 10, mode: marginal", "a plain 'percent' counts nothing"),
        ("percent: 10, count: {over: line, in: CASE}", "a plain 'percent' counts nothing"),
        ("percent: 0", "0 is below 0.0001"),
        ("percent: 101", "101 is above 100"),
    ],
)
def test_a_plain_percent_goes_with_nothing_that_counts(keys: str, fault: str) -> None:
    assert any(fault in one for one in faults_of(HEAD + scheme(keys)))
