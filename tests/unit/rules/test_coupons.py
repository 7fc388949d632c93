"""Coupons: what they open, and what is told of those that open nothing."""

import pytest

from rules import Result
from tests.unit.rules.making import BASE, HEAD, Setting, faults_of, had, pack_of, steps, words_of

FESTIVAL = (
    BASE
    + """
schemes:
  - id: FESTIVAL
    when: {sku: A, coupon: [Diwali, HOLI]}
    limit: {per_customer: 1}
    slabs: [{from: 1, percent: 10}]
"""
)


def told(result: Result, code: str) -> list[str]:
    """Give the words of the trace under a code."""
    return [words_of(reason) for reason in result.trace if reason.code == code]


@pytest.mark.parametrize(
    ("coupons", "discount"),
    [
        ((), 0),
        (("DIWALI",), 100),
        (("diwali",), 100),
        (("HOLI", "DIWALI", "DIWALI"), 100),
        (("DIWALI ",), 0),
        (("",), 0),
    ],
)
def test_a_scheme_with_a_coupon_holds_for_who_shows_one_of_its_codes(
    coupons: tuple[str, ...], discount: int
) -> None:
    result = Setting(FESTIVAL, coupons=coupons).decide(("A", 1))

    assert result.totals.discount == discount


def test_an_order_can_be_left_out_by_a_coupon() -> None:
    rules = BASE + "schemes: [{id: S, when: {not: {coupon: x}}, slabs: [{from: 1, percent: 10}]}]"

    without = Setting(rules).decide(("A", 1))
    shown = Setting(rules, coupons=("X",)).decide(("A", 1))

    assert [one.totals.discount for one in (without, shown)] == [100, 0]


def test_a_coupon_that_no_scheme_knows_is_told_once_and_holds_nothing_up() -> None:
    result = Setting(FESTIVAL, coupons=("easter", "EASTER")).decide(("A", 1))

    assert told(result, "coupon_unknown") == ["no scheme knows the coupon EASTER"]
    assert (result.outcome, result.reasons) == ("accept", ())


def test_a_coupon_that_gave_nothing_is_told_with_why() -> None:
    used = had("FESTIVAL", "C1", uses=1)

    other_product = Setting(FESTIVAL, coupons=("DIWALI",)).decide(("B", 1))
    used_before = Setting(FESTIVAL, coupons=("DIWALI",), counters=used).decide(("A", 1))

    for result in (other_product, used_before):
        assert told(result, "coupon_unused") == [
            "the coupon DIWALI, for FESTIVAL, gives nothing on this order"
        ]
    assert steps(used_before, "limit_used_up") == ["FESTIVAL"]


def test_a_coupon_that_gave_something_is_not_told_of() -> None:
    result = Setting(FESTIVAL, coupons=("DIWALI",)).decide(("A", 1))

    assert steps(result, "coupon_unused") == steps(result, "coupon_unknown") == []


def test_combos_order_schemes_and_free_goods_take_coupons_too() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: SET, when: {coupon: X}, combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], amount_off: 1.00}
  - {id: BILL, stage: order, when: {coupon: X}, slabs: [{from: 1.00, amount: 2.00}]}
  - {id: FREE, when: {coupon: X}, free: {every: 1, give: 1, item: C}}
"""
    )

    without = Setting(rules).decide(("A", 1), ("B", 1))
    shown = Setting(rules, coupons=("X",)).decide(("A", 1), ("B", 1))

    assert (without.totals.discount, without.free) == (0, ())
    assert shown.totals.discount == 300
    assert [goods.rule for goods in shown.free] == ["FREE", "FREE"]


def test_only_schemes_ask_for_coupons() -> None:
    rules = "prices: [{id: P, level: default, when: {coupon: X}, rates: {A: 1}}]"

    assert faults_of(HEAD + rules)[0].endswith("unknown key 'coupon'")


def test_the_pack_names_the_schemes_of_each_coupon() -> None:
    assert pack_of(FESTIVAL).coupons == {
        "DIWALI": frozenset({"FESTIVAL"}),
        "HOLI": frozenset({"FESTIVAL"}),
    }
