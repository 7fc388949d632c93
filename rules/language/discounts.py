"""Discounts that whoever places an order asks for on a line: how much, and what follows above."""

from rules.language.conditions import Packed, Reading, read_rule
from rules.language.keys.prices import ABOVE, Discount
from rules.language.text.fields import Fields


def read_discount(fields: Fields, reading: Reading) -> Packed:
    """Read how much off a line may be asked for; of the rules that hold the narrowest counts."""
    rule = read_rule(fields, reading)
    fields.exactly_one(*Discount.one_of)
    fields.take(Discount, rule, scale=reading.scale)
    rule["above"] = fields.choice(Discount.above) or ABOVE[0]
    if not fields.has(Discount.above):
        fields.fault(f"'above' is missing, what follows above it: {', '.join(ABOVE)}")
    fields.close()
    return rule
