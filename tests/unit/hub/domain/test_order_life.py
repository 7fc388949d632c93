"""Which status may follow which."""

import pytest

from broker.contract import OrderStatus
from hub.domain.order_life import TransitionError, check_transition


def may_become(current: OrderStatus, asked: OrderStatus) -> bool:
    """Tell whether the one status may follow the other."""
    try:
        check_transition(current, asked)
    except TransitionError:
        return False
    return True


@pytest.mark.parametrize("current", ["held", "confirmed", "confirmed_changed"])
def test_an_order_that_is_not_over_can_be_cancelled(current: OrderStatus) -> None:
    assert may_become(current, "cancelled")


@pytest.mark.parametrize("current", ["rejected", "cancelled"])
@pytest.mark.parametrize("asked", ["confirmed", "cancelled", "held"])
def test_an_order_that_is_over_stays_as_it_is(current: OrderStatus, asked: OrderStatus) -> None:
    with pytest.raises(TransitionError) as caught:
        check_transition(current, asked)

    assert (caught.value.current, caught.value.asked) == (current, asked)


def test_a_held_order_may_yet_be_confirmed_and_a_confirmed_one_is_never_held() -> None:
    assert may_become("held", "confirmed")
    assert not may_become("confirmed", "held")
