"""Approvals: who may release what is held, by amount, by when, and what follows silence."""

import re
from typing import Final

from rules.language.conditions import Packed, Reading, read_rule
from rules.language.text.fields import Fields

APPROVAL_CODES: Final = (
    "credit_limit_exceeded",
    "cash_only",
    "customer_on_hold",
    "line_unpriced",
    "tax_unknown",
    "below_floor",
    "above_mrp",
    "mrp_differs",
    "quantity_too_small",
    "quantity_not_multiple",
)
"""What an approval can be for, beside the credit rules that name it themselves."""

_DURATION: Final = re.compile(r"([0-9]{1,4})([mhd])")
_MINUTES: Final = {"m": 1, "h": 60, "d": 24 * 60}


def read_approval(fields: Fields, reading: Reading) -> Packed:
    """Read who may release what, by amount."""
    rule = read_rule(fields, reading, keys=())
    rule["on"] = [code for code in fields.words("on") if _known_code(fields, code)]
    rule["levels"] = _read_levels(fields, reading)
    fields.close()
    return rule


def _known_code(fields: Fields, code: str) -> bool:
    if code in APPROVAL_CODES:
        return True
    fields.fault(f"'{code}' is not one of {', '.join(APPROVAL_CODES)}", "on")
    return False


def _read_levels(fields: Fields, reading: Reading) -> list[Packed]:
    levels: list[Packed] = []
    tables = fields.tables("levels")
    if not tables:
        fields.fault("'levels' is missing: who may approve")
    for number, table in enumerate(tables):
        level: Packed = {"steps": _read_roles(table)}
        up_to = table.number("up_to", reading.scale, least=1)
        if up_to is not None:
            level["up_to"] = up_to
        if (up_to is None) != (number == len(tables) - 1):
            table.fault("every level but the last has 'up_to', so that no amount is left out")
        if levels and up_to is not None and up_to <= levels[-1].get("up_to", 0):
            table.fault("levels rise", "up_to")
        _read_time(table, level, is_last=number == len(tables) - 1)
        table.close()
        levels.append(level)
    return levels


def _read_roles(table: Fields) -> list[list[str]]:
    """Read who decides: one role, any of several, or several one after another."""
    key = table.exactly_one("role", "any_of", "in_order")
    if key == "in_order":
        roles = table.ordered_words(key)
        if len(set(roles)) != len(roles):
            table.fault("a role stands there twice: the same person could say yes twice", key)
        return [[role] for role in roles]
    return [table.words(key)] if key == "any_of" else [[table.text("role") or ""]]


def _read_time(table: Fields, level: Packed, *, is_last: bool) -> None:
    """Read by when somebody decides, and what follows if nobody does; never a yes."""
    within = table.text("within")
    otherwise = table.choice("otherwise", ("wait", "next", "reject"))
    if within is not None:
        match = _DURATION.fullmatch(within)
        minutes = int(match[1]) * _MINUTES[match[2]] if match else 0
        if not minutes:
            table.fault(f"'{within}' is no time such as 30m, 4h or 2d", "within")
        level["within_min"] = minutes
    if otherwise is not None:
        level["otherwise"] = otherwise
        if within is None:
            table.fault("'otherwise' follows a time: give 'within'", "otherwise")
        if otherwise == "next" and is_last:
            table.fault("there is no next level", "otherwise")


def refuse_unknown_routes(credit: list[Packed], approvals: list[Packed], reading: Reading) -> None:
    """Report credit rules whose approval does not exist."""
    known = {rule["id"] for rule in approvals}
    for rule in credit:
        route = rule.get("route")
        place = reading.places.get(rule["id"])
        if route is not None and route not in known and place:
            reading.faults.add(place, f"'{rule['id']}' names the unknown approval '{route}'")
