"""Combos: what makes a set, and what a complete one gives."""

from typing import Final

from rules.language.conditions import Packed, Reading, read_conditions, read_rule
from rules.language.keys.schemes import Combo, Part
from rules.language.schemes.bounds import read_bounds, read_most
from rules.language.text.fields import Fields
from rules.language.vocabulary import COUPON_KEY, CUSTOMER_KEYS, PRODUCT_KEYS

# The engine looks at every choice of the parts: 63 for six.
_MOST_PARTS: Final = 6


def read_combo(fields: Fields, reading: Reading) -> Packed:
    """Read the parts of one set and what a set gives."""
    scheme = read_rule(fields, reading, stage="order", keys=(*CUSTOMER_KEYS, COUPON_KEY))
    scheme["kind"] = "combo"
    scheme["parts"] = [_read_part(table) for table in fields.tables(Combo.combo)]
    if not 1 < len(scheme["parts"]) <= _MOST_PARTS:
        fields.fault(f"a combo has two to {_MOST_PARTS} parts", Combo.combo)
    gives = fields.exactly_one(*Combo.one_of)
    if gives == "percent":
        scheme["percent"] = fields.number(Combo.percent) or 0
    elif gives == "amount_off":
        scheme["amount"] = fields.need_number(Combo.amount_off, reading.scale)
    elif gives:
        scheme["price"] = fields.need_number(Combo.price, reading.scale)
    fields.take(Combo, scheme, scale=reading.scale)
    read_most(fields, scheme, reading)
    read_bounds(fields, scheme, reading)
    fields.close()
    return scheme


def _read_part(table: Fields) -> Packed:
    when = read_conditions(table, PRODUCT_KEYS)
    if not when:
        table.fault("a part names its products: by sku, category, brand or tax_class")
    part: Packed = {"when": when, "qty": table.need_number(Part.pieces)}
    table.close()
    return part
