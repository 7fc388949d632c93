"""Schemes of one group that tie: a fault at load, unless they cannot hold together."""

import pytest

from tests.unit.rules.making import BASE, HEAD, faults_of

SLABS = "slabs: [{from: 1, percent: 3}]"


def _faults(first: str, second: str, *, pick: str = "priority") -> tuple[str, ...]:
    return faults_of(
        f"{HEAD}{BASE}schemes:\n  - {{id: ONE, group: G, {first}}}\n"
        f"  - {{id: TWO, group: G, {second}}}\ngroups: [{{name: G, pick: {pick}}}]\n"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SLABS, SLABS),
        (f"when: {{sku: A}}, {SLABS}", f"when: {{brand: GOLD}}, {SLABS}"),
        (f"when: {{sku: [A, B]}}, {SLABS}", f"when: {{sku: [B, C]}}, {SLABS}"),
        (f"when: {{category: food}}, {SLABS}", f"when: {{category: food/tea}}, {SLABS}"),
        (f"when: {{geo: IN}}, {SLABS}", f"when: {{customer.type: kiosk}}, {SLABS}"),
        (f"when: {{coupon: X}}, {SLABS}", f"when: {{coupon: Y}}, {SLABS}"),
        (f"priority: 4, {SLABS}", f"priority: 4, {SLABS}"),
        (f"stage: order, when: {{sku: A}}, {SLABS}", f"stage: order, when: {{sku: B}}, {SLABS}"),
        (f"count: {{over: sku}}, {SLABS}", f"count: {{over: basket}}, {SLABS}"),
        (
            "slabs: [{from: 1, to: 5, gate: true, percent: 3}]",
            "slabs: [{from: 5, percent: 3}]",
        ),
        ("slabs: [{from: 1, to: 4, percent: 3}]", "slabs: [{from: 5, percent: 3}]"),
        (
            "count: {over: line, in: CASE}, slabs: [{from: 1, to: 2, gate: true, percent: 3}]",
            "slabs: [{from: 50, percent: 3}]",
        ),
    ],
)
def test_two_that_can_hold_together_and_of_which_none_is_larger_are_named(
    first: str, second: str
) -> None:
    faults = _faults(first, second)

    assert len(faults) == 1
    assert faults[0].startswith("pack.yaml:5:5: 'TWO' and 'ONE' (pack.yaml:4:5) can both hold")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"priority: 1, {SLABS}", SLABS),
        (f"when: {{sku: A}}, {SLABS}", f"when: {{sku: B}}, {SLABS}"),
        (f"when: {{brand: RED}}, {SLABS}", f"when: {{brand: GOLD}}, {SLABS}"),
        (f"when: {{category: food/tea}}, {SLABS}", f"when: {{category: food/oil}}, {SLABS}"),
        (f"when: {{payment: cash}}, {SLABS}", f"when: {{payment: credit}}, {SLABS}"),
        (f"when: {{brand: RED}}, {SLABS}", f"when: {{not: {{brand: [RED, BLUE]}}}}, {SLABS}"),
        (f"when: {{geo: IN/KA/BLR}}, {SLABS}", f"when: {{not: {{geo: IN/KA}}}}, {SLABS}"),
        (f"when: {{coupon: X}}, {SLABS}", f"when: {{not: {{coupon: X}}}}, {SLABS}"),
        (f"valid: {{to: 2026-04-30}}, {SLABS}", f"valid: {{from: 2026-05-01}}, {SLABS}"),
        (f"stage: order, {SLABS}", SLABS),
        (f"count: {{over: basket}}, {SLABS}", SLABS),
        (
            "slabs: [{from: 1, to: 4, gate: true, percent: 3}]",
            "slabs: [{from: 5, percent: 3}]",
        ),
    ],
)
def test_two_that_never_meet_or_of_which_one_is_larger_are_well(first: str, second: str) -> None:
    assert _faults(first, second) == ()


@pytest.mark.parametrize("pick", ["best", "cheapest"])
def test_where_the_amount_decides_no_priority_is_asked(pick: str) -> None:
    assert _faults(SLABS, SLABS, pick=pick) == ()


def test_every_pair_that_ties_is_named_once() -> None:
    rules = "".join(f"  - {{id: S{n}, group: G, when: {{sku: [A, B]}}, {SLABS}}}\n" for n in "123")

    faults = faults_of(f"{HEAD}{BASE}schemes:\n{rules}groups: [{{name: G, pick: priority}}]\n")

    assert len(faults) == 3


@pytest.mark.parametrize(
    ("section", "rule"),
    [
        ("floors", "percent: 80"),
        ("quantities", "multiple: 2, then: hold"),
        ("taxes", "heads: {VAT: 20}"),
        ("allocation", "pick: fefo"),
    ],
)
def test_rules_that_ask_for_a_product_and_for_its_brand_tie_too(section: str, rule: str) -> None:
    faults = faults_of(
        f"{HEAD}{BASE}{section}:\n  - {{id: ONE, when: {{sku: A}}, {rule}}}\n"
        f"  - {{id: TWO, when: {{brand: GOLD}}, {rule}}}\n"
    )

    assert len(faults) == 1
    assert "'TWO' and 'ONE'" in faults[0]
