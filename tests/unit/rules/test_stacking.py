"""Schemes side by side: groups, schemes that stand alone, adding and compounding."""

import pytest

from rules import Result
from tests.unit.rules.making import BASE, HEAD, Setting, faults_of, product, steps

GROUP = (
    BASE
    + """
schemes:
  - {id: FIRST, group: G, priority: 9, slabs: [{from: 1, percent: 2}]}
  - {id: LARGE, group: G, slabs: [{from: 1, percent: 3}]}
  - {id: SMALL, group: G, priority: 1, slabs: [{from: 1, percent: 1}]}
  - {id: FAR, group: G, priority: 10, slabs: [{from: 1000, percent: 50}]}
"""
)


def applied(result: Result) -> list[str]:
    """Give the schemes that applied, in their turn."""
    return steps(result, "scheme_applied")


@pytest.mark.parametrize(
    ("pick", "winner"), [("best", "LARGE"), ("priority", "FIRST"), ("cheapest", "SMALL")]
)
def test_a_group_says_which_of_its_schemes_wins(pick: str, winner: str) -> None:
    result = Setting(f"{GROUP}groups: [{{name: G, pick: {pick}}}]\n").decide(("A", 10))

    assert applied(result) == [winner]
    assert winner not in steps(result, "scheme_beaten")
    assert len(steps(result, "scheme_beaten")) == 2


def test_a_scheme_that_earns_nothing_wins_no_group() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: NONE, group: G, priority: 1, slabs: [{from: 1, percent: 0.0001}]}
  - {id: SOME, group: G, slabs: [{from: 1, percent: 1}]}
groups: [{name: G, pick: cheapest}]
"""
    )

    result = Setting(rules).decide(("A", 10))

    assert applied(result) == ["SOME"]


def test_equal_schemes_of_the_cheapest_group_fall_to_the_larger_priority() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: A, group: G, slabs: [{from: 1, percent: 3}]}
  - {id: Z, group: G, priority: 1, slabs: [{from: 1, percent: 3}]}
groups: [{name: G, pick: cheapest}]
"""
    )

    assert applied(Setting(rules).decide(("A", 10))) == ["Z"]


def test_a_group_wins_line_by_line() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: MANY, group: G, slabs: [{from: 10, percent: 10}]}
  - {id: FEW, group: G, slabs: [{from: 1, percent: 1}]}
"""
    )

    result = Setting(rules).decide(("A", 9), ("B", 10))

    assert applied(result) == ["FEW", "MANY"]


ALONE = (
    BASE
    + """
schemes:
  - {id: LARGE, priority: 9, slabs: [{from: 1, percent: 20}]}
  - {id: OTHER, slabs: [{from: 1, percent: 1}]}
  - {id: ALONE, alone: true, when: {sku: A}, slabs: [{from: 5, percent: 10}]}
"""
)


def test_a_scheme_alone_shuts_out_all_others_of_the_line() -> None:
    result = Setting(ALONE).decide(("A", 5), ("B", 1))

    assert [line.line_discount for line in result.lines] == [500, 420]
    assert steps(result, "scheme_excluded") == ["LARGE", "OTHER"]


def test_a_scheme_alone_that_is_not_reached_shuts_out_nothing() -> None:
    result = Setting(ALONE).decide(("A", 4))

    assert applied(result) == ["LARGE", "OTHER"]


def test_of_two_schemes_alone_the_larger_priority_stays() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: A, alone: true, slabs: [{from: 1, percent: 20}]}
  - {id: Z, alone: true, priority: 1, slabs: [{from: 1, percent: 10}]}
"""
    )

    assert applied(Setting(rules).decide(("A", 10))) == ["Z"]


def test_a_scheme_alone_that_loses_its_group_shuts_out_nothing() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: ALONE, alone: true, group: G, slabs: [{from: 1, percent: 10}]}
  - {id: BETTER, group: G, slabs: [{from: 1, percent: 11}]}
  - {id: OTHER, slabs: [{from: 1, percent: 1}]}
"""
    )

    assert applied(Setting(rules).decide(("A", 10))) == ["BETTER", "OTHER"]


def test_an_order_scheme_alone_leaves_the_line_schemes() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: LINE, slabs: [{from: 1, percent: 10}]}
  - {id: ALONE, stage: order, alone: true, slabs: [{from: 1.00, percent: 5}]}
  - {id: OTHER, stage: order, slabs: [{from: 1.00, percent: 50}]}
"""
    )

    result = Setting(rules).decide(("A", 10))

    assert applied(result) == ["LINE", "ALONE"]


THREE = """schemes:
  - {id: TOP, priority: 9, slabs: [{from: 1, percent: 10}]}
  - {id: X, slabs: [{from: 1, percent: 20}]}
  - {id: Y, slabs: [{from: 1, percent: 50}]}
"""


@pytest.mark.parametrize(
    ("stacking", "amounts"),
    [
        ("{}", [1000, 2000, 5000]),
        ("{inside: add, across: add}", [1000, 2000, 5000]),
        ("{inside: compound}", [1000, 2000, 4000]),
        ("{across: compound}", [1000, 1800, 4500]),
        ("{inside: compound, across: compound}", [1000, 1800, 3600]),
    ],
)
@pytest.mark.parametrize("stage", ["line", "order"])
def test_the_pack_says_whether_schemes_add_or_compound_inside_and_across_priorities(
    stage: str, stacking: str, amounts: list[int]
) -> None:
    head = HEAD.replace("Kolkata}", f"Kolkata, stacking: {stacking}}}")
    rules = BASE + THREE.replace("slabs", f"stage: {stage}, slabs")

    result = Setting(rules, head=head).decide(("A", 10))

    given = [step.amount for step in result.trace if step.code == "scheme_applied"]
    assert given == amounts


COMPOUND = HEAD.replace("Kolkata}", "Kolkata, stacking: {inside: compound, across: compound}}")


def test_amounts_take_the_same_off_whatever_stands_before_them() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: A, priority: 1, slabs: [{from: 1, percent: 10}]}
  - {id: B, slabs: [{from: 1, amount: 5.00}]}
"""
    )

    result = Setting(rules, head=COMPOUND).decide(("A", 10))

    assert result.totals.discount == 1500


def test_a_price_after_a_discount_goes_down_to_the_price_and_no_further() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: A, priority: 1, slabs: [{from: 1, percent: 10}]}
  - {id: B, slabs: [{from: 1, price: 8.50}]}
"""
    )

    compound = Setting(rules, head=COMPOUND).decide(("A", 10))
    add = Setting(rules).decide(("A", 10))

    assert (compound.totals.net, add.totals.net) == (8500, 7500)


def test_order_schemes_of_other_products_do_not_compound() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: A, stage: order, priority: 1, when: {category: tea}, slabs: [{from: 1.00, percent: 10}]}
  - {id: B, stage: order, when: {category: rice}, slabs: [{from: 1.00, percent: 10}]}
"""
    )
    products = {"A": product("A", category=("tea",)), "B": product("B", category=("rice",))}

    result = Setting(rules, head=COMPOUND, products=products).decide(("A", 10), ("B", 10))

    assert [line.order_discount for line in result.lines] == [1000, 2000]


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        (GROUP + "groups: [{name: G, pick: dearest}]", "'dearest' is not one of"),
        (GROUP + "groups: [{pick: best}]", "'name' is missing"),
        (GROUP + "groups: [{name: H, pick: best}]", "no scheme is in group 'H'"),
        (GROUP + "groups: [{name: G}, {name: G}]", "group 'G' is already given"),
        (BASE + "schemes: [{id: F, alone: true, free: {every: 1, give: 1, item: A}}]", "'alone'"),
    ],
)
def test_a_group_that_could_not_work_is_refused(rules: str, fault: str) -> None:
    faults = faults_of(f"{HEAD}{rules}\n")

    assert len(faults) == 1, faults
    assert fault in faults[0]


def test_a_way_of_stacking_that_nobody_knows_is_refused() -> None:
    head = HEAD.replace("Kolkata}", "Kolkata, stacking: {inside: multiply, between: add}}")

    faults = faults_of(head)

    assert [fault.split(": ", 1)[1] for fault in faults] == [
        "'multiply' is not one of add, compound",
        "unknown key 'between'",
    ]


LEVELS = (
    BASE
    + """
schemes:
  - {id: TOP, priority: 2, slabs: [{from: 1, percent: 10}]}
  - {id: ALSO, priority: 2, slabs: [{from: 1, percent: 10}]}
  - {id: LOW, priority: 1, slabs: [{from: 5, percent: 50}]}
  - {id: LEAST, @slabs: [{from: 1, percent: 10}]}
"""
)
HIGHEST = HEAD.replace("}", ", stacking: {inside: compound, across: leave_out}}")


def test_the_largest_priority_compounds_and_smaller_ones_are_left_out() -> None:
    result = Setting(LEVELS.replace("@", ""), head=HIGHEST).decide(("A", 10))

    assert (applied(result), result.totals.discount) == (["ALSO", "TOP"], 1900)
    assert sorted(steps(result, "scheme_excluded")) == ["LEAST", "LOW"]


def test_pools_of_smaller_priorities_are_left_out_only_where_they_meet_a_larger_one() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: TOP, when: {sku: A}, priority: 1, count: {over: basket}, slabs: [{from: 1, percent: 10}]}
  - {id: LOW, count: {over: sku}, slabs: [{from: 1, percent: 10}]}
"""
    )

    result = Setting(rules, head=HIGHEST).decide(("A", 10), ("B", 10))

    assert [line.line_discount for line in result.lines] == [1000, 2000]
    assert applied(result) == ["TOP", "LOW"]


def test_one_scheme_compounds_where_the_others_add() -> None:
    result = Setting(LEVELS.replace("@", "compound: true, ")).decide(("A", 1))

    assert result.totals.discount == 100 + 100 + 80
