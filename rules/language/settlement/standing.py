"""Limits of customers who have none of their own, and the gates where credit is checked."""

from rules.language.conditions import Packed, Reading, read_rule
from rules.language.keys.settlement import Gates, Limit
from rules.language.text.fields import Fields
from rules.language.text.nodes import Scalar
from rules.language.vocabulary import CUSTOMER_KEYS, GATES, GATES_BY_DEFAULT, LEVEL_KEYS


def read_limit(fields: Fields, reading: Reading) -> Packed:
    """Read a credit limit; the customer's own comes first, then its type's, then its region's."""
    rule = read_rule(fields, reading, keys=CUSTOMER_KEYS)
    rule["level"] = _level(rule)
    node = fields.node(Limit.limit)
    if isinstance(node, Scalar) and node.text in Limit.limit.words:
        rule["state"] = node.text
    else:
        rule["state"] = "amount"
        rule["limit"] = fields.need_number(Limit.limit.number, reading.scale)
    fields.close()
    return rule


def _level(rule: Packed) -> str:
    when = rule.get("when", {})
    nearest_first = reversed(LEVEL_KEYS.items())
    return next((level for level, key in nearest_first if key in when), "default")


def read_gates(fields: Fields, reading: Reading) -> Packed:
    """Read at which gates credit is checked; what is not said is as where no rule holds."""
    rule = read_rule(fields, reading, keys=CUSTOMER_KEYS)
    if not any(fields.has(gate) for gate in Gates.any_of):
        fields.fault(f"needs one of {', '.join(GATES)}: at which of them credit is checked")
    rule["checks"] = [gate for gate in GATES if fields.flag(gate, default=gate in GATES_BY_DEFAULT)]
    fields.close()
    return rule
