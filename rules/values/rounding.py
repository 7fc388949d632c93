"""The only divisions of the decision core: exact integers, halves away from zero."""

from collections.abc import Callable
from typing import Final

from rules.values.units import Minor, Quantity, Rate, UnitPrice

MILLION: Final = 1_000_000
UNIT_PRICE_SCALE: Final = 4
_HALF_MILLION: Final = MILLION // 2
_STEPS: Final = tuple(10 ** (UNIT_PRICE_SCALE - scale) for scale in range(UNIT_PRICE_SCALE))

ALL: Final = Rate(MILLION)
"""The whole of an amount."""

PARTS: Final = 72_072_000
"""Parts of a pack: 2^6 x 3^2 x 5^3 x 7 x 11 x 13."""


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round to the nearest whole number, halves away from zero.

    `denominator` is positive. Away from zero is what invoices mean by half up: a credit of 0.005
    is the mirror image of a charge of 0.005.
    """
    doubled = 2 * denominator
    if numerator >= 0:
        return (2 * numerator + denominator) // doubled
    return -((denominator - 2 * numerator) // doubled)


def extend(unit_price: UnitPrice, quantity: Quantity, scale: int) -> Minor:
    """Price `quantity` base units, rounded once, in a currency with `scale` decimals."""
    exact = unit_price * quantity
    if scale >= UNIT_PRICE_SCALE:
        return Minor(exact * 10 ** (scale - UNIT_PRICE_SCALE))
    step = _STEPS[scale]
    if exact >= 0:  # as half_up does, which is one call more
        return Minor((exact + step // 2) // step)
    return Minor(half_up(exact, step))


def extend_down(unit_price: UnitPrice, quantity: Quantity, scale: int) -> Minor:
    """Price `quantity` base units, rounded down: the most that does not pass a bound."""
    return Minor(unit_price * quantity * 10**scale // 10**UNIT_PRICE_SCALE)


def extend_share_up(unit_price: UnitPrice, rate: Rate, *, quantity: Quantity, scale: int) -> Minor:
    """Price `quantity` base units at `rate` of a price, rounded up: the least that reaches it."""
    return Minor(-(-unit_price * rate * quantity * 10**scale // (MILLION * 10**UNIT_PRICE_SCALE)))


def extend_per(price: UnitPrice, quantity: int, *, per: int, scale: int) -> Minor:
    """Price base units at so much for `per` of them, rounded once."""
    return Minor(half_up(price * quantity * 10**scale, per * 10**UNIT_PRICE_SCALE))


def parts_of(quantity: int, *, per: int) -> int:
    """Count base units in fixed parts of a pack of `per` of them, `PARTS` to the pack.

    Counts of several orders can then be added up whatever the size of the packs. Exact where
    `PARTS` is a multiple of the size, as for all usual ones; else rounded to the nearest part, and
    never to nothing.
    """
    return max(half_up(quantity * PARTS, per), 1)


def most_within(money: int, most: int, cost: Callable[[int], int]) -> int:
    """Give how many of at most `most` the money pays for; more of them never cost less."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if cost(middle) <= money:
            least = middle
        else:
            most = middle - 1
    return least


def share(amount: Minor, rate: Rate) -> Minor:
    """Take `rate` of an amount."""
    exact = amount * rate
    if exact >= 0:  # as half_up does, which is one call more
        return Minor((exact + _HALF_MILLION) // MILLION)
    return Minor(half_up(exact, MILLION))


def share_of_part(amount: Minor, rate: Rate, *, part: int, whole: int) -> Minor:
    """Take `rate` of what `part` of the `whole` has in an amount, rounded once."""
    return Minor(half_up(amount * rate * part, whole * MILLION))


def share_down(amount: Minor, rate: Rate) -> Minor:
    """Take `rate` of an amount, rounded down: for bounds that no rounding may break."""
    return Minor(amount * rate // MILLION)


def adjusted(unit_price: UnitPrice, rate: Rate) -> UnitPrice:
    """Move a unit price by `rate`, up or down."""
    return UnitPrice(half_up(unit_price * (MILLION + rate), MILLION))


def per_piece(price: UnitPrice, size: int) -> UnitPrice:
    """Give what one base unit of a pack costs, to four decimals: to show, not to add up."""
    return UnitPrice(half_up(price, size))


def without_tax(amount: Minor, rate: Rate) -> Minor:
    """Give the taxable part of an amount that includes tax at `rate`."""
    return Minor(half_up(amount * MILLION, MILLION + rate))


def tax_within(amount: Minor, rate: Rate, *, all_rates: Rate) -> Minor:
    """Give the tax at `rate` in an amount that includes taxes of `all_rates` together.

    118.00 with two heads of 9 % (`all_rates` 18 %) holds 9.00 of each.
    """
    return Minor(half_up(amount * rate, MILLION + all_rates))


def multiple_above(count: int, step: int) -> int:
    """Give the smallest multiple of `step` that is not below `count`."""
    return -(-count // step) * step


def to_step(amount: Minor, step: Minor) -> Minor:
    """Round an amount to the nearest multiple of `step`."""
    return Minor(half_up(amount, step) * step)
