"""Which rules could hold together: what decides whether two of them are a tie."""

import pytest

from rules.language.ranking import can_meet, dates_meet, variants


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ({}, {}, True),
        ({"sku": ["A", "B"]}, {"sku": ["B"]}, True),
        ({"sku": ["A"]}, {"sku": ["B"]}, False),
        ({"sku": ["A"]}, {"brand": ["B"]}, True),
        ({"geo": ["IN"]}, {"geo": ["IN/KA"]}, True),
        ({"geo": ["IN/KA"]}, {"geo": ["IN"]}, True),
        ({"geo": ["IN/KA"]}, {"geo": ["IN/KAX"]}, False),
        ({"geo": ["IN"], "sku": ["A"]}, {"geo": ["IN"], "sku": ["B"]}, False),
    ],
)
def test_conditions_meet_where_one_customer_and_product_can_satisfy_both(
    one: dict[str, list[str]], other: dict[str, list[str]], *, meet: bool
) -> None:
    assert can_meet(one, other) is meet


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ({}, {}, True),
        ({"to": "2026-04-30"}, {"from": "2026-04-30"}, True),
        ({"to": "2026-04-30"}, {"from": "2026-05-01"}, False),
        ({"from": "2026-05-01", "to": "2026-05-31"}, {"from": "2026-01-01"}, True),
    ],
)
def test_days_meet_where_both_are_valid_on_one_of_them(
    one: dict[str, str], other: dict[str, str], *, meet: bool
) -> None:
    assert dates_meet(one, other) is meet


def test_nodes_at_two_depths_are_ranked_apart() -> None:
    split = variants({"geo": ["IN", "US", "US/CA"], "sku": ["A", "B"]})

    assert split == [
        {"geo": ["IN", "US"], "sku": ["A", "B"]},
        {"geo": ["US/CA"], "sku": ["A", "B"]},
    ]
