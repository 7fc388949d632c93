"""Tax rates, credit rules, approvals and allocation rules: what follows once prices stand."""

from typing import Final

from rules.language.conditions import Packed, Reading, read_rule, refuse_ties
from rules.language.fields import Fields, read_number
from rules.language.nodes import Scalar
from rules.language.vocabulary import CUSTOMER_KEYS

APPROVAL_CODES: Final = (
    "credit_limit_exceeded",
    "cash_only",
    "customer_on_hold",
    "line_unpriced",
    "tax_unknown",
    "quantity_too_small",
    "quantity_not_multiple",
)
"""What an approval can be for, beside the credit rules that name it themselves."""

_MOST_TAX: Final = 10_000_000


def read_taxes(tables: list[Fields], reading: Reading) -> list[Packed]:
    """Read the `taxes` section: dated rates, each made of heads that are shown by themselves."""
    rules = []
    for fields in tables:
        rule = read_rule(fields, reading)
        rule["heads"] = _read_heads(fields)
        fields.close()
        rules.append(rule)
    refuse_ties(rules, reading)
    return rules


def _read_heads(fields: Fields) -> list[list[str | int]]:
    table = fields.table("heads")
    if table is None:
        if not fields.has("heads"):
            fields.fault("'heads' is missing: the parts of the tax, such as {VAT: 20}")
        return []
    heads: list[list[str | int]] = []
    for key, node in table.items():
        if not isinstance(node, Scalar):
            fields.faults.add(node.place, f"the rate of '{key.text}' is a percentage")
            continue
        rate = read_number(node, 4, fields.faults, least=0, most=_MOST_TAX)
        if rate is not None:
            heads.append([key.text, rate])
    if not heads:
        fields.fault("there is no head", "heads")
    return heads


def read_credit(tables: list[Fields], reading: Reading) -> list[Packed]:
    """Read the `credit` section."""
    rules = []
    for fields in tables:
        rule = read_rule(fields, reading, stage="credit", keys=CUSTOMER_KEYS)
        rule["then"] = fields.choice("then", ("stop", "approve", "allow"))
        if not fields.has("then"):
            fields.fault("'then' is missing")
        route = fields.text("route")
        if route:
            rule["route"] = route
        if (rule["then"] == "approve") != (route is not None):
            fields.fault("'route' names the approval of 'then: approve', and only of that", "route")
        rule["text"] = fields.text("text") or rule["id"]
        fields.close()
        rules.append(rule)
    return rules


def read_approvals(tables: list[Fields], reading: Reading) -> list[Packed]:
    """Read the `approvals` section: who may release what, by amount."""
    rules = []
    for fields in tables:
        rule = read_rule(fields, reading, keys=())
        rule["on"] = [code for code in fields.words("on") if _known_code(fields, code)]
        rule["levels"] = _read_levels(fields, reading)
        fields.close()
        rules.append(rule)
    return rules


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
        level: Packed = {"role": table.need_text("role")}
        up_to = table.number("up_to", reading.scale, least=1)
        if up_to is not None:
            level["up_to"] = up_to
        if (up_to is None) != (number == len(tables) - 1):
            table.fault("every level but the last has 'up_to', so that no amount is left out")
        if levels and up_to is not None and up_to <= levels[-1].get("up_to", 0):
            table.fault("levels rise", "up_to")
        table.close()
        levels.append(level)
    return levels


def refuse_unknown_routes(credit: list[Packed], approvals: list[Packed], reading: Reading) -> None:
    """Report credit rules whose approval does not exist."""
    known = {rule["id"] for rule in approvals}
    for rule in credit:
        route = rule.get("route")
        place = reading.places.get(rule["id"])
        if route is not None and route not in known and place:
            reading.faults.add(place, f"'{rule['id']}' names the unknown approval '{route}'")


def read_allocation(tables: list[Fields], reading: Reading) -> list[Packed]:
    """Read the `allocation` section."""
    rules = []
    for fields in tables:
        rule = read_rule(fields, reading)
        pick = fields.choice("pick", ("fefo", "fifo", "lifo"))
        if pick is None and not fields.has("pick"):
            fields.fault("'pick' is missing")
        rule["pick"] = pick or "fefo"
        rule["min_life_days"] = fields.number("min_life_days", 0, most=100_000) or 0
        rule["split"] = int(fields.flag("split", default=True))
        rule["short"] = fields.choice("short", ("cut", "backorder", "refuse")) or "cut"
        fields.close()
        rules.append(rule)
    refuse_ties(rules, reading)
    return rules
