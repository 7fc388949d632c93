"""Discounts that whoever places an order asks for on a line: how much, and what follows above."""

from typing import Final

from rules.language.conditions import Packed, Reading, read_rule
from rules.language.text.fields import Fields
from rules.values.rounding import MILLION, UNIT_PRICE_SCALE

ABOVE: Final = ("approve", "cut", "refuse")
"""What may follow where more is asked for than a rule gives at once."""

_MOST_PRICE: Final = 10**15


def read_discount(fields: Fields, reading: Reading) -> Packed:
    """Read how much off a line may be asked for; of the rules that hold the narrowest counts."""
    rule = read_rule(fields, reading)
    kind = fields.exactly_one("percent", "amount")
    if kind == "percent":
        rule["percent"] = fields.percent("percent", least=0, most=MILLION) or 0
    elif kind:
        rule["amount"] = fields.number("amount", UNIT_PRICE_SCALE, least=0, most=_MOST_PRICE) or 0
    rule["above"] = fields.choice("above", ABOVE) or ABOVE[0]
    if not fields.has("above"):
        fields.fault(f"'above' is missing, what follows above it: {', '.join(ABOVE)}")
    fields.close()
    return rule
