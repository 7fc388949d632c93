"""Terminals, paper and hub compared: whatever is lost or comes twice is named."""

from dataclasses import replace

import pytest

from simulators.scenarios.reckoning import CounterOrder, HubOrder, PaperSlip, reckon

SLIP = PaperSlip("o-1", "Depot / CONFIRMED / shop-1-00001", copy=False)
ASKED = CounterOrder("o-1", "shop-1", 1, status="confirmed", lines=3, slips=(SLIP,))
DECIDED = HubOrder("o-1", "shop-1", 1, lines=3, status="confirmed")


def test_a_run_without_trouble_is_sound_and_summed() -> None:
    held = CounterOrder("o-2", "shop-2", 1, status="held", lines=2)
    there = HubOrder("o-2", "shop-2", 1, lines=2, status="held")

    sums = reckon([ASKED, held], [DECIDED, there])

    assert sums.sound
    assert (sums.submitted, sums.confirmed, sums.held, sums.lines) == (2, 1, 1, 5)
    assert sums.slips_printed == 1


def test_orders_of_an_earlier_run_are_checked_and_not_summed() -> None:
    earlier = replace(ASKED, lines=None)

    sums = reckon([earlier], [])

    assert sums.submitted == 0
    assert len(sums.lost) == 1


def test_what_a_terminal_let_go_of_is_not_lost_and_what_came_after_is() -> None:
    there = [DECIDED, replace(DECIDED, id="o-8", seq=8), replace(DECIDED, id="o-9", seq=9)]

    sums = reckon([ASKED], there, {"shop-1": 8})

    assert sums.lost == ("o-9 is at the hub and no terminal knows it",)


@pytest.mark.parametrize(
    ("order", "there", "said"),
    [
        (ASKED, [], "is not at the hub"),
        (replace(ASKED, status=""), [DECIDED], "has no answer"),
        (ASKED, [replace(DECIDED, status="held")], "held at the hub and confirmed at the terminal"),
        (ASKED, [replace(DECIDED, lines=2)], "3 lines at the counter and 2 at the hub"),
        (ASKED, [replace(DECIDED, seq=2)], "is order 2 of shop-1 at the hub"),
        (ASKED, [DECIDED, replace(DECIDED, id="o-9", seq=9)], "no terminal knows it"),
    ],
)
def test_what_is_lost_is_named(order: CounterOrder, there: list[HubOrder], said: str) -> None:
    sums = reckon([order], there)

    assert len(sums.lost) == 1
    assert said in sums.lost[0]
    assert not sums.sound


@pytest.mark.parametrize(
    ("order", "there", "said"),
    [
        (ASKED, [DECIDED, DECIDED], "o-1 is 2 times at the hub"),
        (replace(ASKED, slips=(SLIP, SLIP)), [DECIDED], "was printed 2 times"),
    ],
)
def test_what_comes_twice_is_named(order: CounterOrder, there: list[HubOrder], said: str) -> None:
    sums = reckon([order], there)

    assert any(said in text for text in sums.duplicated)
    assert not sums.sound


def test_two_orders_under_one_number_are_named() -> None:
    second = HubOrder("o-2", "shop-1", 1, lines=3, status="confirmed")

    sums = reckon([ASKED], [DECIDED, second])

    assert sums.duplicated == ("number 1 of shop-1 is 2 orders at the hub",)


def test_a_copy_that_says_so_is_no_duplicate() -> None:
    copied = replace(ASKED, slips=(SLIP, replace(SLIP, copy=True)))

    assert reckon([copied], [DECIDED]).sound
