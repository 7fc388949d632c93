"""What an order adds to what its customer owes, and what credit is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.desk.accounts.model import credit_left, exposure_of, with_exposure
from hub.desk.orders.model.life import OWING, STATUSES, Status
from rules import Credit, Minor, Payment

AMOUNTS = st.integers(min_value=0, max_value=10**15)
OPEN: tuple[Status, ...] = ("confirmed", "allocated", "dispatched", "delivered")


def exposure(status: Status, payment: Payment = "credit") -> int:
    """Give what an order over 5.00 adds."""
    return exposure_of(owes=status in OWING, payment=payment, payable=500)


@pytest.mark.parametrize("status", OPEN)
def test_an_open_order_on_credit_adds_its_total(status: Status) -> None:
    assert exposure(status) == 500


@pytest.mark.parametrize("status", sorted(set(STATUSES).difference(OPEN)))
def test_an_order_that_is_not_open_adds_nothing(status: Status) -> None:
    assert exposure(status) == 0


@pytest.mark.parametrize("payment", ["cash", "advance"])
def test_an_order_that_is_paid_at_once_adds_nothing(payment: Payment) -> None:
    assert exposure("confirmed", payment) == 0


def test_an_order_below_zero_frees_no_credit() -> None:
    assert exposure_of(owes=True, payment="credit", payable=-1) == 0


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


def test_what_is_neither_billed_nor_delivered_is_in_open_orders() -> None:
    credit = Credit("amount", limit=Minor(900), invoices=Minor(100), cheques=Minor(50))

    moved = with_exposure(credit, 400)

    assert (moved.exposure, moved.open_orders, moved.limit) == (400, 250, 900)
