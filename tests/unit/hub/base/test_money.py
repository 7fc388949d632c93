"""Amounts of money, as staff read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base import money
from rules import group_digits


@pytest.mark.parametrize(
    ("minor", "currency", "scale", "shown"),
    [
        (123_456_750, "INR", 2, "₹12,34,567.50"),
        (0, "INR", 2, "₹0.00"),
        (99_999, "INR", 2, "₹999.99"),
        (100_000, "INR", 2, "₹1,000.00"),
        (10_000_000, "INR", 2, "₹1,00,000.00"),
        (-123_456_750, "INR", 2, "\N{MINUS SIGN}₹12,34,567.50"),
        (123_456_750, "USD", 2, "$1,234,567.50"),
        (1_234_567, "JPY", 0, "JPY\u00a01,234,567"),
        (1_234_567, "KWD", 3, "KWD\u00a01,234.567"),
    ],
)
def test_money_has_its_currencys_decimals_and_grouping(
    minor: int, currency: str, scale: int, shown: str
) -> None:
    assert money.money(minor, currency, scale) == shown


@given(value=st.integers(min_value=0, max_value=10**18), indian=st.booleans())
def test_grouping_never_changes_the_digits(value: int, *, indian: bool) -> None:
    assert int(group_digits(value, indian=indian).replace(",", "")) == value


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (9_999_900, "INR", "₹99,999"),
        (10_000_000, "INR", "₹1.00\u00a0L"),
        (123_499_900, "INR", "₹12.34\u00a0L"),
        (999_999_999, "INR", "₹99.99\u00a0L"),
        (3_200_000_000, "INR", "₹3.20\u00a0Cr"),
        (12_345_600, "USD", "$123.45\u00a0K"),
        (-3_200_000_000, "INR", "\N{MINUS SIGN}₹3.20\u00a0Cr"),
    ],
)
def test_a_tile_shows_lakh_and_crore_cut_and_never_rounded_up(
    minor: int, currency: str, shown: str
) -> None:
    assert money.short_money(minor, currency, 2) == shown


@pytest.mark.parametrize(
    ("price", "shown"),
    [(1_049_500, "104.95"), (1_234_567, "123.4567"), (5, "0.0005"), (10_000, "1.00")],
)
def test_a_unit_price_has_no_more_decimals_than_it_needs(price: int, shown: str) -> None:
    assert money.unit_price(price, "INR", 2) == shown
