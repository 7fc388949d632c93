"""The tree of parties: who stands above whom, and in what order they can be loaded."""

import random
from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.desk.parties.model import (
    PartyCircleError,
    SellerRecord,
    ancestors,
    in_order,
    moment_of,
)

COMPANY, STOCKIST, DISTRIBUTOR, SHOP = 1, 2, 3, 4
CHAIN = {SHOP: DISTRIBUTOR, DISTRIBUTOR: STOCKIST, STOCKIST: COMPANY, COMPANY: None}


def seller(code: str, parent: str = "") -> SellerRecord:
    """Write a seller below another."""
    return SellerRecord(code, code.title(), "distributor", parent)


def test_each_party_stands_below_all_above_it_with_their_distance() -> None:
    assert sorted(ancestors(CHAIN)) == [
        (COMPANY, COMPANY, 0),
        (COMPANY, STOCKIST, 1),
        (COMPANY, DISTRIBUTOR, 2),
        (COMPANY, SHOP, 3),
        (STOCKIST, STOCKIST, 0),
        (STOCKIST, DISTRIBUTOR, 1),
        (STOCKIST, SHOP, 2),
        (DISTRIBUTOR, DISTRIBUTOR, 0),
        (DISTRIBUTOR, SHOP, 1),
        (SHOP, SHOP, 0),
    ]


def test_of_nobody_there_is_nothing() -> None:
    assert list(ancestors({})) == []


@pytest.mark.parametrize(
    "parents",
    [{1: 1}, {1: 2, 2: 1}, {1: 2, 2: 3, 3: 1}, {4: 1, 1: 2, 2: 1}, {1: None, 2: 3, 3: 2}],
    ids=str,
)
def test_a_party_above_itself_is_a_circle(parents: dict[int, int | None]) -> None:
    with pytest.raises(PartyCircleError, match="would stand above itself") as caught:
        list(ancestors(parents))

    assert caught.value.party in parents


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=30))
def test_any_tree_has_a_pair_for_each_step_up_and_each_only_once(draws: list[int]) -> None:
    # Party n stands below one of the parties before it.
    above = {place: draw % place for place, draw in enumerate(draws, 1)}

    found = list(ancestors({0: None, **above}))

    depths = {0: 0}
    for party, parent in above.items():
        depths[party] = depths[parent] + 1
    assert len({pair[:2] for pair in found}) == len(found)
    assert len(found) == sum(depths.values()) + len(depths)
    assert {party: depth for top, party, depth in found if top == 0} == depths


@pytest.mark.parametrize("seed", range(5))
def test_parties_are_loaded_behind_those_that_they_stand_below(seed: int) -> None:
    tree = [seller("top"), *(seller(f"s{n}", "top") for n in range(4))]
    tree += [seller(f"d{n}", f"s{n % 4}") for n in range(8)]
    random.Random(seed).shuffle(tree)

    placed = [one.code for one in in_order(tree, {""})]

    parents = {one.code: one.parent for one in tree if one.parent}
    assert sorted(placed) == sorted(one.code for one in tree)
    assert [c for c, parent in parents.items() if placed.index(c) < placed.index(parent)] == []


def test_a_party_below_one_that_is_there_already_can_be_loaded_alone() -> None:
    assert in_order([seller("d1", "s1")], {"s1"}) == [seller("d1", "s1")]


def test_a_party_that_moves_comes_behind_its_new_parent_though_both_are_known() -> None:
    moved = [seller("d1", "s2"), seller("s2", "top")]

    assert [one.code for one in in_order(moved, {"d1", "s2", "top"})] == ["s2", "d1"]


@pytest.mark.parametrize(
    ("records", "known"),
    [
        ([seller("d1", "d1")], {""}),
        ([seller("d1", "d1")], {"", "d1"}),
        ([seller("d1", "d2"), seller("d2", "d1")], {""}),
        ([seller("top"), seller("d1", "d2"), seller("d2", "d1")], {""}),
        ([seller("d1", "nobody")], {""}),
    ],
    ids=str,
)
def test_a_party_above_itself_or_below_nobody_is_not_loaded(
    records: list[SellerRecord], known: set[str]
) -> None:
    with pytest.raises(PartyCircleError) as caught:
        in_order(records, known)

    assert caught.value.party in {one.code for one in records if one.parent}


def test_the_day_of_a_moment_is_the_day_where_the_distributor_is() -> None:
    midnight_ms = 1_795_199_400_000  # in Kolkata; in UTC it is 20 November 2026, 18:30

    assert moment_of(midnight_ms, ZoneInfo("Asia/Kolkata")).day == date(2026, 11, 21)
    assert moment_of(midnight_ms - 1, ZoneInfo("Asia/Kolkata")).day == date(2026, 11, 20)
    assert moment_of(midnight_ms, UTC).day == date(2026, 11, 20)
