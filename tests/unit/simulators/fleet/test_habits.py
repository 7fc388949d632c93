"""Shops are as their seed made them: a few order most, at their hours, often the same again."""

import itertools
from collections import Counter

from simulators.fleet.habits import Customs, draw_shops

TERMINALS = [f"shop-{number}" for number in range(60)]
SKUS = [f"P{number}" for number in range(80)]


def customs(seed: int = 1) -> Customs:
    return Customs(draw_shops(TERMINALS, SKUS, seed=seed), seed=seed, skus=SKUS)


def test_the_same_seed_orders_the_same() -> None:
    first, second = customs(), customs()

    names = [first.next_shop(0.5) for _ in range(50)]

    assert names == [second.next_shop(0.5) for _ in range(50)]
    assert first.next_basket("shop-3") == second.next_basket("shop-3")
    assert [customs(2).next_shop(0.5) for _ in range(50)] != names


def test_a_fifth_of_the_shops_makes_more_than_half_of_the_orders() -> None:
    drawn = customs()

    count = Counter(drawn.next_shop(0.5) for _ in range(3000))

    assert sum(many for _, many in count.most_common(12)) > 1500


def test_nobody_orders_before_opening_and_a_busy_shop_is_left_alone() -> None:
    drawn = customs()
    others = frozenset(TERMINALS[1:])

    assert drawn.next_shop(1.0) is None
    assert {drawn.next_shop(0.5, others) for _ in range(20)} == {TERMINALS[0]}


def test_shops_order_their_favourites_and_often_the_same_again() -> None:
    drawn = customs()

    baskets = [drawn.next_basket("shop-7") for _ in range(200)]

    again = sum(a == b for a, b in itertools.pairwise(baskets))
    assert 25 < again < 90
    assert all(1 <= len(basket) <= 8 for basket in baskets)
