"""Conditions that take little memory hold for the same customers and products as any other."""

import random

import pytest

from rules.engine.bitmaps import Scope, dimensions
from rules.values.sparse import Sparse


@pytest.mark.parametrize("count", [0, 1, 2, 300])
def test_a_value_has_the_bitmap_of_the_rules_that_ask_for_it(count: int) -> None:
    asking = {f"SKU-{n}": [n, n + 7, 900] for n in range(count)} | {"चाय": [3]}

    kept = Sparse(asking)

    assert {value: kept.mask(value) for value in asking} == {
        value: sum(1 << place for place in places) for value, places in asking.items()
    }
    assert [kept.mask(value) for value in ("", "SKU-", "SKU-300", "चा", "~")] == [0] * 5


def test_lean_bitmaps_are_those_of_a_table_that_may_change() -> None:
    chance = random.Random(7)
    words = [f"C{n}" for n in range(400)]
    scopes = [
        Scope(
            {"customer": tuple(chance.sample(words, chance.choice([1, 3, 90])))},
            {"customer": tuple(chance.sample(words, chance.choice([0, 0, 2])))},
        )
        for _ in range(200)
    ]

    plain, lean = dimensions(scopes), dimensions(scopes, lean=True)

    for word in [*words, "C400"]:
        for asked in ((word,), (word, "C7"), ()):
            assert lean["customer"].mask(asked) == plain["customer"].mask(asked)
