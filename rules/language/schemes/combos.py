"""Combos: what makes a set, and what a complete one gives."""

from typing import Final

from rules.language.conditions import Packed, Reading, read_conditions, read_rule
from rules.language.schemes.bounds import read_bounds, read_most, read_once
from rules.language.schemes.free_goods import MOST_PIECES
from rules.language.text.fields import Fields
from rules.language.vocabulary import COUPON_KEY, CUSTOMER_KEYS, PRODUCT_KEYS
from rules.values.rounding import MILLION

# The engine looks at every choice of the parts: 63 for six.
_MOST_PARTS: Final = 6


def read_combo(fields: Fields, reading: Reading) -> Packed:
    """Read the parts of one set and what a set gives."""
    scheme = read_rule(fields, reading, stage="order", keys=(*CUSTOMER_KEYS, COUPON_KEY))
    scheme["kind"] = "combo"
    scheme["parts"] = []
    for table in fields.tables("combo"):
        when = read_conditions(table, PRODUCT_KEYS)
        if not when:
            table.fault("a part names its products: by sku, category, brand or tax_class")
        pieces = table.need_number("qty", 0, least=1, most=MOST_PIECES)
        scheme["parts"].append({"when": when, "qty": pieces})
        table.close()
    if not 1 < len(scheme["parts"]) <= _MOST_PARTS:
        fields.fault(f"a combo has two to {_MOST_PARTS} parts", "combo")
    gives = fields.exactly_one("amount_off", "percent", "price")
    if gives == "percent":
        scheme["percent"] = fields.percent("percent", least=1, most=MILLION) or 0
    elif gives:
        key = "amount" if gives == "amount_off" else gives
        scheme[key] = fields.need_number(gives, reading.scale, least=1)
    sets = fields.number("max_sets", 0, least=1)
    if sets is not None:
        scheme["max_sets"] = sets
    read_once(fields, scheme)
    read_most(fields, scheme, reading)
    read_bounds(fields, scheme, reading)
    fields.close()
    return scheme
