"""Credit rules: who may buy on account, up to what, and what happens beyond it."""

from collections.abc import Iterator
from functools import reduce

from rules.language.conditions import Packed, Reading, read_rule
from rules.language.keys.settlement import Bounds, Ceiling, Credit, Overdue
from rules.language.text.faults import suggestion
from rules.language.text.fields import Fields, read_number
from rules.language.text.keys import MOST
from rules.language.text.nodes import Scalar
from rules.language.texts import ANY
from rules.language.vocabulary import CUSTOMER_KEYS, FACTS
from rules.values.decimals import shown

_Test = tuple[str, str, str, int]


def read_credit(fields: Fields, reading: Reading) -> Packed:
    """Read one credit rule."""
    rule = read_rule(fields, reading, stage="credit", keys=CUSTOMER_KEYS)
    _add_bounds(fields, rule, reading)
    _read_ceiling(fields, rule, reading)
    at = fields.options(Credit.at)
    if at:
        rule["at"] = at
    _read_credit_effect(fields, rule)
    rule["text"] = _packed_text(rule)
    fields.close()
    return rule


def _packed_text(rule: Packed) -> str | dict[str, str]:
    """Give what a reason says of the rule: its text, one by language, or its id without any."""
    texts: dict[str, str] = rule.get("text", {})
    return texts.get(ANY) or texts or rule["id"]


def _read_credit_effect(fields: Fields, rule: Packed) -> None:
    then = rule["then"] = fields.choice(Credit.then)
    if not fields.has(Credit.then):
        fields.fault("'then' is missing")
    routes = fields.ordered_words(Credit.route)
    if routes:
        rule["route"] = routes[0] if len(routes) == 1 else routes
    asks = then in {"approve", "allow_if"}
    if asks and not fields.has(Credit.route):
        fields.fault(f"'route' is missing: the approval that '{then}' asks for", "then")
    elif routes and not asks:
        fields.fault("'route' names the approval of 'approve' or 'allow_if', no other's", "route")
    require = fields.words(Credit.require)
    if require:
        rule["require"] = require
    if (then == "allow_if") != bool(require):
        fields.fault("'require' lists what 'then: allow_if' asks for, and only that", "require")


def _add_bounds(fields: Fields, rule: Packed, reading: Reading) -> None:
    """Write bounds on facts, both ends allowed, as part of the rule's `if:`."""
    tests = [
        *_read_bounds(fields.table(Credit.at_least), ">=", reading),
        *_read_bounds(fields.table(Credit.at_most), "<=", reading),
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


def _read_bounds(table: Fields | None, sign: str, reading: Reading) -> Iterator[_Test]:
    if table is None:
        return
    for name, node in table.items():
        if name.text not in Bounds.declared:
            hint = suggestion(name.text, Bounds.declared)
            table.faults.add(name.place, f"'{name.text}' is no fact that is a number{hint}")
        elif not isinstance(node, Scalar):
            table.faults.add(node.place, f"the bound of '{name.text}' is a number")
        else:
            scale = reading.scale if FACTS["credit"][name.text] == "money" else 0
            value = read_number(node, scale, table.faults, least=-MOST, most=MOST)
            if value is not None:
                yield name.text, sign, node.text, value


def _read_overdue(fields: Fields, rule: Packed, reading: Reading) -> Iterator[_Test]:
    """Read how much may be overdue, and for how many days nothing counts as overdue."""
    table = fields.table(Credit.overdue)
    if table is None:
        return
    if not table.has(Overdue.limit) and not table.has(Overdue.grace_days):
        table.fault("needs 'limit' or 'grace_days'")
    limit = table.number(Overdue.limit, reading.scale) or 0
    grace = table.number(Overdue.grace_days) or 0
    table.close()
    rule["overdue_limit"] = limit
    yield "customer.overdue", ">", shown(limit, reading.scale), limit
    yield "customer.overdue_days", ">", str(grace), grace


def _read_ceiling(fields: Fields, rule: Packed, reading: Reading) -> None:
    """Read what the exposure, or a part of it, may come to with the order."""
    table = fields.table(Credit.limit)
    if table is None:
        return
    part = table.exactly_one(*Ceiling.one_of)
    most = table.number(part, reading.scale) if part else None
    table.close()
    if most is not None:
        rule["limit"] = [part, most]
    if "overdue_limit" in rule:
        fields.fault("'limit' and 'overdue' are two rules: which amount is it about?", Credit.limit)


def _comparison(fact: str, sign: str, value: int) -> Packed:
    return {"op": sign, "args": [{"fact": fact}, {"value": value}]}
