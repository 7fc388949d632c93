"""What an order adds to what its customer owes, and what credit is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract import OrderStatus
from hub.domain.exposure import credit_left, exposure_of
from rules import Credit, Minor, Payment

AMOUNTS = st.integers(min_value=0, max_value=10**15)


@pytest.mark.parametrize("status", ["confirmed", "confirmed_changed"])
def test_an_open_order_on_credit_adds_its_total(status: OrderStatus) -> None:
    assert exposure_of(status=status, payment="credit", payable=500) == 500


@pytest.mark.parametrize("status", ["held", "rejected", "cancelled"])
def test_an_order_that_is_not_open_adds_nothing(status: OrderStatus) -> None:
    assert exposure_of(status=status, payment="credit", payable=500) == 0


@pytest.mark.parametrize("payment", ["cash", "advance"])
def test_an_order_that_is_paid_at_once_adds_nothing(payment: Payment) -> None:
    assert exposure_of(status="confirmed", payment=payment, payable=500) == 0


def test_without_a_limit_there_is_no_such_thing_as_credit_left() -> None:
    assert credit_left(Credit("none"), 10) is None
    assert credit_left(None, 10) is None


def test_a_customer_who_pays_cash_only_has_no_credit_left() -> None:
    assert credit_left(Credit("cash_only"), 0) == 0


@given(limit=AMOUNTS, exposure=AMOUNTS)
def test_credit_left_and_exposure_make_the_limit_or_nothing_is_left(
    limit: int, exposure: int
) -> None:
    left = credit_left(Credit("amount", limit=Minor(limit)), exposure)

    assert left == (limit - exposure if exposure <= limit else 0)
