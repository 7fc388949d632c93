"""Write amounts of money the way staff read them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rules import group_digits, is_indian, shown_amount

_SYMBOLS: Final = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£", "BDT": "৳", "NGN": "₦"}
_UNIT_PRICE_SCALE: Final = 4
MINUS: Final = "\N{MINUS SIGN}"
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_LAKH, _CRORE = 100_000, 10_000_000
RUPEES: Final = "INR"
"""The currency of a house where no rule pack was published yet."""
HOUSE_SCALE: Final = 2
"""Decimals of the house's currency: packs of others are not taken."""
OF_HOUSE: Final = ("", HOUSE_SCALE)
"""Currency and scale of an amount of the books: in the house's currency, which the page knows."""
_STEPS_INDIAN: Final = ((_CRORE, "Cr"), (_LAKH, "L"))
_STEPS: Final = ((1_000_000_000, "B"), (1_000_000, "M"), (100_000, "K"))
_THOUSAND_SHORT: Final = 1_000


def number(minor: int, currency: str, scale: int) -> str:
    """Write an amount without its currency: 12,34,567.50."""
    return shown_amount(minor, currency, scale).replace("-", MINUS)


def _sign_of(currency: str) -> str:
    """Give what stands in front of an amount: ₹, a code where there is no sign, or nothing."""
    return _SYMBOLS.get(currency, currency and f"{currency}{_NO_BREAK}")


def money(minor: int, currency: str, scale: int) -> str:
    """Write an amount with its currency: ₹12,34,567.50."""
    symbol = _sign_of(currency)
    sign, digits = (MINUS, minor) if minor < 0 else ("", minor)
    return f"{sign}{symbol}{number(abs(digits), currency, scale)}"


def short_money(
    minor: int, currency: str, scale: int, *, name_step: Callable[[str], str] = str
) -> str:
    """Write an amount to fit a tile: ₹12.34 L, ₹3.20 Cr, else whole units; cut, not rounded.

    `name_step` names L, Cr, K, M and B in another language.
    """
    whole = abs(minor) // 10**scale
    symbol = _sign_of(currency)
    sign = MINUS if minor < 0 else ""
    indian = is_indian(currency)
    for size, name in _STEPS_INDIAN if indian else _STEPS:
        if whole >= size:
            unit = _THOUSAND_SHORT if name == "K" else size
            units, rest = divmod(whole * 100 // unit, 100)
            digits = f"{group_digits(units, indian=indian)}.{rest:02}"
            return f"{sign}{symbol}{digits}{_NO_BREAK}{name_step(name)}"
    return f"{sign}{symbol}{group_digits(whole, indian=indian)}"


def unit_price(price: int, currency: str, scale: int) -> str:
    """Write a price of 1/10,000 of the major unit with no more decimals than it needs."""
    shown = number(price, currency, _UNIT_PRICE_SCALE)
    spare = _UNIT_PRICE_SCALE - scale
    while spare and shown.endswith("0"):
        shown, spare = shown[:-1], spare - 1
    return shown.removesuffix(".")


@dataclass(frozen=True, slots=True)
class HouseMoney:
    """Writes amounts of the books: hundredths of the one currency that the house keeps them in."""

    currency: str = RUPEES

    @property
    def grouping(self) -> str:
        """Name the locale by which a browser groups these amounts: 1,00,000 in rupees."""
        return "en-IN" if is_indian(self.currency) else "en"

    def write(self, minor: int) -> str:
        """Write an amount with its currency: £1,200.50."""
        return money(minor, self.currency, HOUSE_SCALE)

    def figures(self, minor: int) -> str:
        """Write an amount without its currency: 1,200.50."""
        return number(minor, self.currency, HOUSE_SCALE)

    def document(self) -> dict[str, str | int]:
        """Write for programs in which currency amounts are, and how many decimals they have."""
        return {"currency": self.currency, "scale": HOUSE_SCALE}
