"""Sums as with paper and a good calculator: Decimal, halves away from zero, nothing shared."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

EXACT: Final = Context(prec=80, rounding=ROUND_HALF_UP)
"""Wide enough that no quotient of the trade's numbers is ever mistaken for a half."""

NOTHING: Final = Decimal(0)


def rounded(value: Decimal, places: int) -> Decimal:
    """Round to so many decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)


def cut_down(value: Decimal, places: int) -> Decimal:
    """Round down to so many decimals."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR, EXACT)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """Take a percentage, not rounded."""
    return EXACT.divide(EXACT.multiply(amount, percent), Decimal(100))


def shared_out(amount: Decimal, weights: Sequence[Decimal], places: int) -> list[Decimal]:
    """Share an amount out by the largest remainder; of equal remainders the first is served."""
    whole = sum(weights, NOTHING)
    if not whole:
        return [NOTHING for _ in weights]
    exact = [Fraction(amount) * Fraction(weight) / Fraction(whole) for weight in weights]
    coin = Fraction(1, 10**places)
    coins = [share // coin for share in exact]
    left = int(Fraction(amount) / coin) - sum(coins)
    hungry = sorted(
        range(len(weights)), key=lambda place: (coins[place] * coin - exact[place], place)
    )
    for place in hungry[:left]:
        coins[place] += 1
    return [Decimal(count).scaleb(-places) for count in coins]
