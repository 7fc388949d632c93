"""Allocation rules: which batches leave, from where, and what happens when they are too few."""

from typing import Final

from rules.language.conditions import Packed, Reading, read_rule
from rules.language.text.fields import Fields
from rules.language.text.nodes import Scalar
from rules.language.vocabulary import NOT_STOCKED

_MOST_DAYS: Final = 100_000
_MOST_PIECES: Final = 10**9
_ORDERS: Final = ("biggest_first", "nearest")

PICKS: Final = ("fefo", "fifo", "lifo", NOT_STOCKED)
TODAY: Final = ("sell", "keep")
"""What is done with what expires on the day of the order, the usual first."""

_TERMS: Final = (
    *(
        "expires_today",
        "min_life_days",
        "min_life_percent",
        "split",
        "short",
        "wait_days",
        "backorder_most",
    ),
    *("safety_stock", "manual", "ship", "warehouses"),
)
"""What an allocation rule says of batches."""


def read_allocation(fields: Fields, reading: Reading) -> Packed:
    """Read one allocation rule."""
    rule = read_rule(fields, reading)
    rule["pick"] = _read_pick(fields, reading)
    if rule["pick"] == NOT_STOCKED:
        _refuse_terms(fields)
    rule["min_life_days"] = fields.number("min_life_days", 0, most=_MOST_DAYS) or 0
    life = fields.percent("min_life_percent")
    if life:
        rule["min_life"] = life
    rule["split"] = int(fields.flag("split", default=True))
    rule["short"] = fields.choice("short", ("cut", "backorder", "refuse")) or "cut"
    _read_wait(fields, rule)
    today = fields.choice("expires_today", TODAY)
    if today is not None:
        rule["expires_today"] = today
    safety = fields.number("safety_stock", 0, least=1, most=_MOST_PIECES)
    if safety is not None:
        rule["safety"] = safety
    manual = fields.choice("manual", ("allow", "reason", "refuse"))
    if manual in {"allow", "refuse"}:
        rule["manual"] = manual
    _read_ship(fields, rule)
    _read_warehouses(fields, rule)
    fields.close()
    return rule


def _read_pick(fields: Fields, reading: Reading) -> str:
    pick = fields.choice("pick", PICKS)
    if pick is None and not fields.has("pick"):
        fields.fault("'pick' is missing")
    if pick == "lifo" and not reading.lifo:
        fields.fault(
            "'lifo' is off: many countries forbid it; 'allow_lifo: true' in 'pack'", "pick"
        )
    return pick or "fefo"


def _refuse_terms(fields: Fields) -> None:
    for key in _TERMS:
        if fields.has(key):
            fields.fault(f"'pick: none' takes no batch and is never short: leave '{key}' out", key)


def _read_wait(fields: Fields, rule: Packed) -> None:
    """Read for how long what is on back-order may follow, and how much of a line."""
    for key, most in (("wait_days", _MOST_DAYS), ("backorder_most", _MOST_PIECES)):
        bound = fields.number(key, 0, least=1, most=most)
        if bound is None:
            continue
        rule[key] = bound
        if rule["short"] != "backorder":
            fields.fault(f"'{key}' is for 'short: backorder': nothing else waits", key)


def _read_ship(fields: Fields, rule: Packed) -> None:
    if fields.choice("ship", ("as_available", "all_or_nothing")) == "all_or_nothing":
        if fields.has("short"):
            fields.fault("'ship: all_or_nothing' leaves nothing to 'short'", "short")
        rule["whole_order"] = 1
        rule["short"] = "refuse"


def _read_warehouses(fields: Fields, rule: Packed) -> None:
    node = fields.node("warehouses")
    if isinstance(node, Scalar):
        if node.text not in _ORDERS:
            fields.fault(f"'warehouses' is a list of them, or {' or '.join(_ORDERS)}", "warehouses")
        rule[node.text] = 1
    elif node is not None:
        rule["warehouses"] = fields.ordered_words("warehouses")
