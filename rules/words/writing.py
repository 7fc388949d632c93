"""How the values in sentences are written, and what surfaces build their own writers on.

It is never machine code: a class of the interpreter cannot inherit from a compiled one.
"""

from dataclasses import dataclass

from rules.values.decimals import shown, shown_percent, shown_unit_price


@dataclass(frozen=True, slots=True)
class DecimalWriter:
    """Writes the parameters of reasons as plain decimals; amounts bear the currency, if given."""

    scale: int
    currency: str = ""

    def money(self, amount: int) -> str:
        """Write an amount of the minor unit: 1250 at scale 2 is `12.50`."""
        return f"{self.currency} {shown(amount, self.scale)}".lstrip()

    def unit_price(self, price: int) -> str:
        """Write a price of 1/10,000 of the major unit: -5000 is `-0.50`."""
        return f"-{shown_unit_price(-price)}" if price < 0 else shown_unit_price(price)

    def percent(self, rate: int) -> str:
        """Write millionths: 25,000 is `2.5 %`."""
        return f"{shown_percent(rate)} %"

    def count(self, count: int) -> str:
        """Write a count of pieces, days or minutes."""
        return str(count)

    def day(self, day: str) -> str:
        """Write an ISO date as it is."""
        return day
