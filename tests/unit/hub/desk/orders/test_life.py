"""Which state of an order may follow which, and what an order holds in each."""

from typing import get_args

import pytest

from hub.desk.orders.model.life import (
    AMENDABLE,
    CANCELLABLE,
    COUNTING,
    LIFE,
    OWING,
    PUBLIC,
    RESERVING,
    STATUSES,
    PublicStatus,
    Status,
    TransitionError,
    WireStatus,
    check_transition,
    statuses_of,
    wire_status,
)


def may_become(current: Status, asked: Status) -> bool:
    """Tell whether the one status may follow the other."""
    try:
        check_transition(current, asked)
    except TransitionError:
        return False
    return True


@pytest.mark.parametrize("current", STATUSES)
def test_what_can_be_cancelled_or_amended_is_what_has_not_left_and_is_not_over(
    current: Status,
) -> None:
    open_still = current in {"draft", "held", "confirmed", "allocated"}

    assert (current in CANCELLABLE, current in AMENDABLE) == (open_still, open_still)


@pytest.mark.parametrize("current", ["rejected", "cancelled"])
@pytest.mark.parametrize("asked", STATUSES)
def test_an_order_that_is_over_stays_as_it_is(current: Status, asked: Status) -> None:
    if asked == current:
        check_transition(current, asked)
        return
    with pytest.raises(TransitionError) as caught:
        check_transition(current, asked)

    assert (caught.value.current, caught.value.asked) == (current, asked)


@pytest.mark.parametrize(
    ("current", "asked", "allowed"),
    [
        ("held", "confirmed", True),
        ("held", "allocated", True),
        ("confirmed", "held", True),
        ("allocated", "held", True),
        ("confirmed", "dispatched", True),
        ("allocated", "dispatched", True),
        ("dispatched", "allocated", True),
        ("dispatched", "confirmed", True),
        ("dispatched", "held", False),
        ("delivered", "invoiced", True),
        ("delivered", "cancelled", False),
        ("held", "dispatched", False),
        ("allocated", "rejected", False),
        ("held", "draft", False),
    ],
)
def test_each_state_leads_only_where_the_trade_does(
    current: Status, asked: Status, *, allowed: bool
) -> None:
    assert may_become(current, asked) is allowed


def test_every_order_can_come_to_an_end() -> None:
    ended = {status for status, state in LIFE.items() if not state.may_become}
    reaching = set(ended)
    for _ in STATUSES:
        reaching |= {one for one, state in LIFE.items() if state.may_become & reaching}

    assert ended == {"invoiced", "cancelled", "rejected"}
    assert reaching == set(STATUSES)


def test_what_an_order_holds_in_each_state() -> None:
    assert {"confirmed", "allocated"} == RESERVING
    assert {"confirmed", "allocated", "dispatched", "delivered"} == OWING
    assert OWING | {"invoiced"} == COUNTING


def test_what_may_be_cancelled_is_what_the_table_lets_become_cancelled_before_it_leaves() -> None:
    to_cancelled = {one for one, state in LIFE.items() if "cancelled" in state.may_become}

    assert to_cancelled - {"dispatched"} == CANCELLABLE
    assert AMENDABLE == CANCELLABLE


def test_the_four_public_words_part_all_states() -> None:
    parts = [statuses_of(word) for word in PUBLIC]

    assert sorted(status for part in parts for status in part) == sorted(STATUSES)


@pytest.mark.parametrize(
    ("word", "states"),
    [
        ("pending", {"draft", "held"}),
        ("processing", {"confirmed", "allocated", "dispatched"}),
        ("delivered", {"delivered", "invoiced"}),
        ("cancelled", {"cancelled", "rejected"}),
    ],
)
def test_each_public_word_has_its_states(word: PublicStatus, states: set[Status]) -> None:
    assert statuses_of(word) == states


@pytest.mark.parametrize(
    ("status", "changed", "word"),
    [
        ("held", False, "held"),
        ("held", True, "held"),
        ("confirmed", False, "confirmed"),
        ("confirmed", True, "confirmed_changed"),
        ("allocated", False, "confirmed"),
        ("allocated", True, "confirmed_changed"),
        ("dispatched", True, "confirmed_changed"),
        ("delivered", False, "confirmed"),
        ("invoiced", False, "confirmed"),
        ("rejected", True, "rejected"),
        ("cancelled", True, "cancelled"),
    ],
)
def test_terminals_hear_one_of_five_words(
    status: Status, word: WireStatus, *, changed: bool
) -> None:
    assert wire_status(status, changed=changed) == word
    assert word in get_args(WireStatus)


def test_no_terminal_hears_of_a_draft() -> None:
    with pytest.raises(ValueError, match="a draft order is never sent"):
        wire_status("draft", changed=False)
