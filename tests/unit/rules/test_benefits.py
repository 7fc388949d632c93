"""The most that one order gets of a scheme, where the scheme's own words bound it."""

import pytest

from rules import Minor, Quantity
from rules.engine.schemes.benefits import Benefit, benefits_of
from tests.unit.rules.making import BASE, pack_of

SLABS = """
schemes:
  - id: S
    when: {sku: A}
    SAID
    limit: {total: 5}
"""
UNKNOWN = Benefit()


@pytest.mark.parametrize(
    ("said", "benefit"),
    [
        ("slabs: [{from: 1, percent: 10}]", UNKNOWN),
        ("slabs: [{from: 1, amount: 5.00}, {from: 10, amount: 60.00}]", Benefit(Minor(6_000))),
        ("slabs: [{from: 1, amount: 5.00}, {from: 10, percent: 10}]", UNKNOWN),
        ("slabs: [{from: 1, percent: 10, cap: 30.00}]", Benefit(Minor(3_000))),
        ("slabs: [{from: 1, price: 9.00}]", UNKNOWN),
        ("slabs: [{from: 1, percent: 10}]\n    max_discount: 20.00", Benefit(Minor(2_000))),
        ("slabs: [{from: 1, amount: 5.00}]\n    max_discount: 20.00", Benefit(Minor(500))),
        (
            "mode: marginal\n    slabs: [{from: 1, amount: 1.00}, {from: 9, amount: 2.00}]",
            Benefit(Minor(300)),
        ),
        ("free: {every: 10, give: 2, item: A}", Benefit(None, Quantity(2))),
        ("free: {every: 10, give: 2, item: A, max: 6}", Benefit(None, Quantity(6))),
    ],
)
def test_what_one_order_gets_is_bounded_where_the_scheme_says_so(
    said: str, benefit: Benefit
) -> None:
    pack = pack_of(BASE + SLABS.replace("SAID", said))

    assert benefits_of(pack) == {"S": benefit}


@pytest.mark.parametrize(
    ("gives", "benefit"),
    [
        ("amount_off: 7.00", Benefit(Minor(700))),
        ("amount_off: 7.00\n    max_sets: 3", Benefit(Minor(2_100))),
        ("price: 5.00", UNKNOWN),
    ],
)
def test_a_combo_gives_for_each_set(gives: str, benefit: Benefit) -> None:
    said = f"combo: [{{sku: A, qty: 2}}, {{sku: B, qty: 1}}]\n    {gives}"

    pack = pack_of(BASE + SLABS.replace("when: {sku: A}\n    SAID", said))

    assert benefits_of(pack) == {"S": benefit}


def test_schemes_without_limits_are_left_out() -> None:
    said = SLABS.replace("SAID", "slabs: [{from: 1, amount: 5.00}]")

    pack = pack_of(BASE + said.replace("limit: {total: 5}", ""))

    assert benefits_of(pack) == {}
