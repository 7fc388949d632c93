"""Tax rates, credit rules, approvals and allocation rules: what follows once prices stand."""

import re
from collections.abc import Iterator
from functools import reduce
from typing import Final

from rules.language.conditions import Packed, Reading, read_rule
from rules.language.text.faults import suggestion
from rules.language.text.fields import MOST, Fields, read_number
from rules.language.text.nodes import Scalar
from rules.language.vocabulary import CUSTOMER_KEYS, FACTS
from rules.values.decimals import shown

_Test = tuple[str, str, str, int]

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

_MOST_TAX: Final = 10_000_000
_MOST_DAYS: Final = 100_000
_DURATION: Final = re.compile(r"([0-9]{1,4})([mhd])")
_MINUTES: Final = {"m": 1, "h": 60, "d": 24 * 60}


def read_tax(fields: Fields, reading: Reading) -> Packed:
    """Read dated rates of tax, made of heads that are shown by themselves."""
    rule = read_rule(fields, reading)
    rule["heads"] = _read_heads(fields)
    fields.close()
    return rule


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


def read_credit(fields: Fields, reading: Reading) -> Packed:
    """Read one credit rule."""
    rule = read_rule(fields, reading, stage="credit", keys=CUSTOMER_KEYS)
    _add_bounds(fields, rule, reading)
    _read_credit_effect(fields, rule)
    rule["text"] = fields.text("text") or rule["id"]
    fields.close()
    return rule


def _read_credit_effect(fields: Fields, rule: Packed) -> None:
    then = rule["then"] = fields.choice("then", ("stop", "approve", "allow_if", "allow"))
    if not fields.has("then"):
        fields.fault("'then' is missing")
    route = fields.text("route")
    if route:
        rule["route"] = route
    if (then in {"approve", "allow_if"}) != (route is not None):
        fields.fault("'route' names the approval of 'approve' or 'allow_if', no other's", "route")
    require = fields.words("require")
    if require:
        rule["require"] = require
    if (then == "allow_if") != bool(require):
        fields.fault("'require' lists what 'then: allow_if' asks for, and only that", "require")


def _add_bounds(fields: Fields, rule: Packed, reading: Reading) -> None:
    """Write bounds on facts, both ends allowed, as part of the rule's `if:`."""
    tests = [
        *_read_bounds(fields, "at_least", ">=", reading=reading),
        *_read_bounds(fields, "at_most", "<=", reading=reading),
        *_read_overdue(fields, rule, reading),
    ]
    if not tests:
        return
    texts = [f"{fact} {sign} {text}" for fact, sign, text, _ in tests]
    trees = [_comparison(fact, sign, value) for fact, sign, _, value in tests]
    if "if" in rule:
        trees.append(rule["if"])
        texts.append(f"({rule['if_text']})")
    rule["if"] = reduce(lambda left, right: {"op": "and", "args": [left, right]}, trees)
    rule["if_text"] = " and ".join(texts)


def _read_bounds(fields: Fields, key: str, sign: str, *, reading: Reading) -> Iterator[_Test]:
    table = fields.table(key)
    if table is None:
        return
    known = [name for name, kind in FACTS["credit"].items() if kind != "text"]
    for name, node in table.items():
        if name.text not in known:
            hint = suggestion(name.text, known)
            fields.faults.add(name.place, f"'{name.text}' is no fact that is a number{hint}")
        elif not isinstance(node, Scalar):
            fields.faults.add(node.place, f"the bound of '{name.text}' is a number")
        else:
            scale = reading.scale if FACTS["credit"][name.text] == "money" else 0
            value = read_number(node, scale, fields.faults, least=-MOST, most=MOST)
            if value is not None:
                yield name.text, sign, node.text, value


def _read_overdue(fields: Fields, rule: Packed, reading: Reading) -> Iterator[_Test]:
    """Read how much may be overdue, and for how many days nothing counts as overdue."""
    table = fields.table("overdue")
    if table is None:
        return
    if not table.has("limit") and not table.has("grace_days"):
        table.fault("needs 'limit' or 'grace_days'")
    limit = table.number("limit", reading.scale) or 0
    grace = table.number("grace_days", 0, most=_MOST_DAYS) or 0
    table.close()
    rule["overdue_limit"] = limit
    yield "customer.overdue", ">", shown(limit, reading.scale), limit
    yield "customer.overdue_days", ">", str(grace), grace


def _comparison(fact: str, sign: str, value: int) -> Packed:
    return {"op": sign, "args": [{"fact": fact}, {"value": value}]}


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


def read_allocation(fields: Fields, reading: Reading) -> Packed:
    """Read one allocation rule."""
    rule = read_rule(fields, reading)
    pick = fields.choice("pick", ("fefo", "fifo", "lifo"))
    if pick is None and not fields.has("pick"):
        fields.fault("'pick' is missing")
    if pick == "lifo" and not reading.lifo:
        fields.fault(
            "'lifo' is off: many countries forbid it; 'allow_lifo: true' in 'pack'", "pick"
        )
    rule["pick"] = pick or "fefo"
    rule["min_life_days"] = fields.number("min_life_days", 0, most=_MOST_DAYS) or 0
    life = fields.percent("min_life_percent")
    if life:
        rule["min_life"] = life
    rule["split"] = int(fields.flag("split", default=True))
    rule["short"] = fields.choice("short", ("cut", "backorder", "refuse")) or "cut"
    _read_ship(fields, rule)
    _read_warehouses(fields, rule)
    fields.close()
    return rule


def _read_ship(fields: Fields, rule: Packed) -> None:
    if fields.choice("ship", ("as_available", "all_or_nothing")) == "all_or_nothing":
        if fields.has("short"):
            fields.fault("'ship: all_or_nothing' leaves nothing to 'short'", "short")
        rule["whole_order"] = 1
        rule["short"] = "refuse"


def _read_warehouses(fields: Fields, rule: Packed) -> None:
    node = fields.node("warehouses")
    if isinstance(node, Scalar):
        if node.text != "biggest_first":
            fields.fault("'warehouses' is a list of them, or biggest_first", "warehouses")
        rule["biggest_first"] = 1
    elif node is not None:
        rule["warehouses"] = fields.ordered_words("warehouses")
