"""Rounding, spreading and reading of exact numbers."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Minor, Quantity, Rate, UnitPrice, scaled, shown
from rules.values.decimals import shown_percent, shown_unit_price
from rules.values.rounding import adjusted, extend, half_up, share, to_step, without_tax
from rules.values.spreading import spread

AMOUNT = st.integers(min_value=0, max_value=10**15)


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**12))
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    near_half = (2 * numerator) % denominator == 0

    rounded = half_up(numerator, denominator)

    assert abs(2 * (rounded * denominator - numerator)) <= denominator
    if near_half:
        assert rounded == int(exact.to_integral_value(ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("price", "quantity", "scale", "amount"),
    [
        (50, 1, 2, 1),
        (49, 1, 2, 0),
        (149, 1, 2, 1),
        (150, 1, 2, 2),
        (1_185_000, 25, 2, 296_250),
        (5_000, 1, 0, 1),
        (4_999, 1, 0, 0),
        (1, 3, 4, 3),
    ],
)
def test_a_quantity_is_priced_and_rounded_once(
    price: int, quantity: int, scale: int, amount: int
) -> None:
    assert extend(UnitPrice(price), Quantity(quantity), scale) == amount


@pytest.mark.parametrize(
    ("amount", "rate", "part"), [(101, 50_000, 5), (110, 50_000, 6), (1, 500_000, 1), (0, 1, 0)]
)
def test_a_share_is_rounded_half_up(amount: int, rate: int, part: int) -> None:
    assert share(Minor(amount), Rate(rate)) == part


def test_a_price_can_be_moved_up_and_down() -> None:
    assert adjusted(UnitPrice(100_000), Rate(-30_000)) == 97_000
    assert adjusted(UnitPrice(1), Rate(500_000)) == 2


@given(AMOUNT, st.integers(0, 10**6))
def test_the_tax_in_an_amount_is_never_negative_and_never_all_of_it(amount: int, rate: int) -> None:
    taxable = without_tax(Minor(amount), Rate(rate))

    assert 0 <= taxable <= amount
    assert 2 * taxable >= amount - 1


@pytest.mark.parametrize(("amount", "payable"), [(149, 100), (150, 200), (-150, -200), (0, 0)])
def test_an_amount_is_rounded_to_a_step(amount: int, payable: int) -> None:
    assert to_step(Minor(amount), Minor(100)) == payable


@given(st.lists(AMOUNT, max_size=40), AMOUNT)
def test_a_spread_sums_exactly_and_gives_nothing_to_no_weight(
    weights: list[int], amount: int
) -> None:
    parts = spread(Minor(amount), weights)

    assert sum(parts) == (amount if sum(weights) else 0)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


@given(st.lists(AMOUNT, min_size=1, max_size=40), st.data())
def test_a_part_never_exceeds_its_weight(weights: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(weights)))

    parts = spread(Minor(amount), weights)

    assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


@given(st.lists(AMOUNT, max_size=20), AMOUNT)
def test_a_larger_weight_never_gets_a_smaller_part(weights: list[int], amount: int) -> None:
    parts = spread(Minor(amount), weights)

    by_weight = sorted(zip(weights, parts, strict=True))
    assert all(low[1] <= high[1] + 1 for low, high in pairwise(by_weight))


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (1, [1, 2], [0, 1]),
        (0, [5], [0]),
        (5, [], []),
        (5, [0], [0]),
    ],
)
def test_the_largest_remainder_gets_the_odd_unit(
    amount: int, weights: list[int], parts: list[int]
) -> None:
    assert spread(Minor(amount), weights) == parts


@given(st.integers(-(10**15), 10**15), st.integers(0, 4))
def test_an_amount_that_is_written_reads_back(value: int, scale: int) -> None:
    assert scaled(shown(value, scale), scale) == value


@pytest.mark.parametrize("text", ["", "1e3", "0x10", ".5", "5.", "1,000", "+1", "1.234", "٣", "1 "])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|decimals"):
        scaled(text, 2)


def test_a_number_of_more_than_eighteen_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="18 digits"):
        scaled("1" * 19, 2)


@pytest.mark.parametrize(
    ("rate", "text"), [(25_000, "2.5"), (200_000, "20"), (0, "0"), (-30_000, "-3"), (1, "0.0001")]
)
def test_a_rate_is_written_as_percent(rate: int, text: str) -> None:
    assert shown_percent(rate) == text


@pytest.mark.parametrize(
    ("price", "text"),
    [(400_000, "40.00"), (312_525, "31.2525"), (10_500, "1.05"), (12_340, "1.234"), (1, "0.0001")],
)
def test_a_unit_price_is_written_with_the_decimals_it_has(price: int, text: str) -> None:
    assert shown_unit_price(price) == text
