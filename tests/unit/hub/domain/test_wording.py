"""Amounts in the words of slips."""

import pytest

from hub.domain.wording import money


@pytest.mark.parametrize(
    ("amount", "scale", "text"),
    [
        (120_400, 2, "1,204.00"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (0, 2, "0.00"),
        (1_234, 0, "1,234"),
        (1_234_567, 3, "1,234.567"),
    ],
)
def test_an_amount_is_written_with_its_decimals_and_thousands_parted(
    amount: int, scale: int, text: str
) -> None:
    assert money(amount, scale) == text
