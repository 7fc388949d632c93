"""Order quantities: from how much on and by how much a product is sold, and to whom."""

from typing import Final

from rules.language.conditions import Packed, Reading, read_rule, refuse_ties
from rules.language.fields import Fields

_MOST: Final = 10**9


def read_quantities(tables: list[Fields], reading: Reading) -> list[Packed]:
    """Read the `quantities` section; of the rules that hold for a product the narrowest counts."""
    rules = []
    for fields in tables:
        rule = read_rule(fields, reading)
        unit = fields.text("in")
        if unit:
            rule["unit"] = unit
        least = fields.number("min", 0, least=1, most=_MOST)
        multiple = fields.number("multiple", 0, least=1, most=_MOST)
        rule["min"] = least or 0
        rule["multiple"] = multiple or 0
        rule["then"] = fields.choice("then", ("round_up", "hold", "reject")) or "reject"
        if not fields.has("then"):
            fields.fault("'then' is missing: round_up, hold or reject")
        if not fields.has("min") and not fields.has("multiple"):
            fields.fault("needs 'min' or 'multiple': the rule would ask for nothing")
        elif multiple == 1 and least is None and not unit:
            fields.fault("everything is a multiple of 1: name a unit with 'in'", "multiple")
        fields.close()
        rules.append(rule)
    refuse_ties(rules, reading)
    return rules
