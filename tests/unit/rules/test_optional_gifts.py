"""Gifts that an order may decline or has to choose, and pieces that give once."""

import pytest

from rules import Result
from tests.unit.rules.making import BASE, HEAD, Setting, faults_of, words_of

ITEM = {"decline": "item: B", "choose": "item: {choice: [B, C], pick: dearest}"}


def decided(optional: str, wish: str | None) -> Result:
    """Decide an order that earns one gift, with what it says of it."""
    free = f"every: 3, give: 1, {ITEM[optional]}, optional: {optional}"
    setting = Setting(
        f"{BASE}schemes: [{{id: G, limit: {{total: 1}}, free: {{{free}}}}}]\n",
        choices={} if wish is None else {"G": wish},
    )
    return setting.decide(("A", 3))


@pytest.mark.parametrize(
    ("optional", "wish", "gift", "told"),
    [
        ("decline", None, ["B"], "free_goods_given"),
        ("decline", "take", ["B"], "free_goods_given"),
        ("decline", "none", [], "free_goods_declined"),
        ("choose", None, [], "free_goods_offered"),
        ("choose", "none", [], "free_goods_declined"),
        ("choose", "C", ["C"], "free_goods_given"),
        ("choose", "take", ["B"], "free_goods_given"),
        ("choose", "X", ["B"], "choice_unknown"),
    ],
)
def test_an_optional_gift_goes_by_what_the_order_says(
    optional: str, wish: str | None, gift: list[str], told: str
) -> None:
    result = decided(optional, wish)

    assert [goods.sku for goods in result.free] == gift
    assert told in {reason.code for reason in result.trace}
    assert len(result.changes) == len(gift)


def test_a_gift_that_is_only_offered_says_what_it_would_be() -> None:
    told = [one for one in decided("choose", None).trace if one.code == "free_goods_offered"]

    assert [words_of(one) for one in told] == ["G gives 1 Product B free, if they are wanted"]


ONCE = """
schemes:
  - {id: SET, combo: [{sku: A, qty: 2}, {sku: B, qty: 1}], amount_off: 1.00, once: P}
  - {id: FREE, when: {sku: A}, free: {every: 3, give: 1, item: B}, once: @}
"""


@pytest.mark.parametrize(
    ("name", "pieces", "gifts"), [("P", 4, 0), ("P", 5, 1), ("P", 8, 2), ("Q", 4, 1), ("Q", 8, 2)]
)
def test_pieces_of_a_set_count_for_no_gift_of_the_same_name(
    name: str, pieces: int, gifts: int
) -> None:
    result = Setting(f"{BASE}{ONCE}".replace("@", name)).decide(("A", pieces), ("B", 1))

    assert sum(goods.quantity for goods in result.free) == gifts


def test_pieces_that_earned_a_gift_earn_no_other_one_of_the_name() -> None:
    both = (
        "{id: F1, priority: 1, free: {every: 5, give: 1, item: B}, once: P}, "
        "{id: F2, free: {every: 3, give: 1, item: C}, once: P}"
    )

    result = Setting(f"{BASE}schemes: [{both}]\n").decide(("A", 9))

    # Five of nine earned the first one; three of the other four earn the second.
    assert [(goods.sku, goods.quantity) for goods in result.free] == [("B", 1), ("C", 1)]


def test_pieces_that_became_free_inside_are_not_taken_twice() -> None:
    both = (
        "{id: F1, priority: 1, free: {every: 4, give: 1, item: same, inside: true}, once: P}, "
        "{id: F2, free: {every: 2, give: 1, item: C}, once: P}"
    )

    result = Setting(f"{BASE}schemes: [{both}]\n").decide(("A", 6))

    # Of six, four earned and one of them is free; the two that are left earn the other gift.
    assert [(goods.sku, goods.quantity) for goods in result.free] == [("C", 1)]


def test_other_words_for_optional_are_a_fault() -> None:
    free = "free: {every: 3, give: 1, item: B, optional: maybe}"

    found = faults_of(f"{HEAD}schemes: [{{id: G, {free}}}]\n")

    assert "'maybe' is not one of decline, choose" in found[0]
