"""Allocation rules: which batches leave, from where, and what happens when they are too few."""

from rules.language.conditions import Packed, Reading, read_rule
from rules.language.keys.common import Rule
from rules.language.keys.settlement import ORDERS, Allocation
from rules.language.text.fields import Fields
from rules.language.text.nodes import Scalar
from rules.language.vocabulary import NOT_STOCKED


def read_allocation(fields: Fields, reading: Reading) -> Packed:
    """Read one allocation rule."""
    rule = read_rule(fields, reading)
    rule["pick"] = _read_pick(fields, reading)
    if rule["pick"] == NOT_STOCKED:
        _refuse_terms(fields)
    rule["min_life_days"] = fields.number(Allocation.min_life_days) or 0
    rule["split"] = int(fields.flag(Allocation.split, default=True))
    rule["short"] = fields.choice(Allocation.short) or "cut"
    fields.take(Allocation, rule, scale=reading.scale)
    _check_wait(fields, rule)
    _read_ship(fields, rule)
    _read_warehouses(fields, rule)
    fields.close()
    return rule


def _read_pick(fields: Fields, reading: Reading) -> str:
    pick = fields.choice(Allocation.pick)
    if pick is None and not fields.has(Allocation.pick):
        fields.fault("'pick' is missing")
    if pick == "lifo" and not reading.lifo:
        fields.fault(
            "'lifo' is off: many countries forbid it; 'allow_lifo: true' in 'pack'", "pick"
        )
    return pick or "fefo"


def _refuse_terms(fields: Fields) -> None:
    for name in Allocation.declared.keys() - Rule.declared.keys() - {Allocation.pick.name}:
        if fields.has(name):
            text = f"'pick: none' takes no batch and is never short: leave '{name}' out"
            fields.fault(text, name)


def _check_wait(fields: Fields, rule: Packed) -> None:
    """Refuse what is said of a back-order where there is none."""
    for key in (Allocation.wait_days, Allocation.backorder_most):
        if fields.has(key) and rule["short"] != "backorder":
            fields.fault(f"'{key.name}' is for 'short: backorder': nothing else waits", key)


def _read_ship(fields: Fields, rule: Packed) -> None:
    if fields.choice(Allocation.ship) == "all_or_nothing":
        if fields.has(Allocation.short):
            fields.fault("'ship: all_or_nothing' leaves nothing to 'short'", Allocation.short)
        rule["whole_order"] = 1
        rule["short"] = "refuse"


def _read_warehouses(fields: Fields, rule: Packed) -> None:
    node = fields.node(Allocation.warehouses)
    if isinstance(node, Scalar):
        if node.text not in ORDERS:
            text = f"'warehouses' is a list of them, or {' or '.join(ORDERS)}"
            fields.fault(text, Allocation.warehouses)
        rule[node.text] = 1
    elif node is not None:
        rule["warehouses"] = fields.ordered_words(Allocation.warehouses)
