"""Names for the integers of the trade, so that one kind cannot be passed for another."""

from typing import NewType

Minor = NewType("Minor", int)
"""An amount in the currency's minor unit (paise, pence)."""

UnitPrice = NewType("UnitPrice", int)
"""A price of one base unit in 1/10,000 of the major unit."""

Rate = NewType("Rate", int)
"""A share in millionths: 25,000 is 2.5 %."""

Quantity = NewType("Quantity", int)
"""A count of the product's base unit."""
