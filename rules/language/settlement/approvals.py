"""Approvals: who may release what is held, by amount, by when, and what follows silence."""

import re
from collections.abc import Iterable
from typing import Any, Final

from rules.language.conditions import Packed, Reading, read_rule, refuse_ties
from rules.language.keys.settlement import APPROVAL_CODES, Approval, Escalation, Level, Offer
from rules.language.text.faults import suggestion
from rules.language.text.fields import Fields
from rules.language.text.keys import Span
from rules.language.vocabulary import CUSTOMER_KEYS, NEVER_DECIDE

_SOMETIMES: Final = frozenset({"when", "not", "if", "from", "to"})
_DURATION: Final = re.compile(r"([0-9]{1,4})([mhd])")
_MINUTES: Final = {"m": 1, "h": 60, "d": 24 * 60}


def read_approval(fields: Fields, reading: Reading) -> Packed:
    """Read who may release what, where it holds, by amount."""
    rule = read_rule(fields, reading, stage="credit", keys=CUSTOMER_KEYS)
    rule["on"] = fields.options(Approval.on)
    rule["levels"] = _read_levels(fields, reading)
    _read_never(fields, rule)
    _read_counter(fields, rule)
    fields.close()
    return rule


def _read_levels(fields: Fields, reading: Reading) -> list[Packed]:
    levels: list[Packed] = []
    tables = fields.tables(Approval.levels)
    if not tables:
        fields.fault("'levels' is missing: who may approve")
    for number, table in enumerate(tables):
        level: Packed = {"steps": _read_roles(table)}
        if not table.flag(Level.delegate, default=True):
            level["no_delegate"] = 1
        up_to = table.number(Level.up_to, reading.scale)
        if up_to is not None:
            level["up_to"] = up_to
        is_last = number == len(tables) - 1
        if is_last and up_to is not None:
            table.fault("the last level takes no 'up_to': nobody could release more", "up_to")
        elif up_to is None and not is_last and not table.has(Level.up_to):
            table.fault("every level but the last has 'up_to': up to what it releases an order")
        if levels and up_to is not None and up_to <= levels[-1].get("up_to", 0):
            table.fault("levels rise: this one ends no later than the one before", "up_to")
        _read_time(table, level, is_last=is_last)
        table.close()
        levels.append(level)
    return levels


def _read_roles(table: Fields) -> list[list[str]]:
    """Read who decides: one role, any of several, or several one after another."""
    key = table.exactly_one(*Level.one_of)
    if key == "in_order":
        roles = table.ordered_words(key)
        if len(set(roles)) != len(roles):
            table.fault("a role stands there twice: the same person could say yes twice", key)
        return [[role] for role in roles]
    return [table.words(key)] if key == "any_of" else [[table.text(Level.role) or ""]]


def _read_time(table: Fields, level: Packed, *, is_last: bool) -> None:
    """Read by when somebody decides, and what follows if nobody does; never a yes."""
    within = _minutes(table, Level.within)
    otherwise = table.choice(Level.otherwise)
    if within is not None:
        level["within_min"] = within
    if otherwise is not None:
        level["otherwise"] = otherwise
        if within is None:
            table.fault("'otherwise' follows a time: give 'within'", "otherwise")
        if otherwise == "next" and is_last:
            table.fault("there is no next level", "otherwise")
    escalations = _read_escalations(table)
    if escalations:
        level["escalate"] = escalations
        if within is not None:
            table.fault("'escalate' says what follows when: leave 'within' out", "escalate")


def _read_escalations(table: Fields) -> list[list[Any]]:
    """Read what follows silence, step by step; no step is a yes."""
    steps: list[list[Any]] = []
    for step in table.tables(Level.escalate):
        action = step.exactly_one(*Escalation.one_of)
        after = _minutes(step, Escalation.after)
        if not step.has(Escalation.after):
            step.fault("'after' is missing: how long nobody has decided")
        if action == "expire":
            if not step.flag(Escalation.expire.name, default=True):
                step.fault("'expire' is true, or the step is left out", "expire")
            roles = []
        else:
            roles = step.words(action) if action else []
        step.close()
        if steps and steps[-1][1] == "expire":
            step.fault("nothing follows what has expired")
        if steps and after is not None and after <= steps[-1][0]:
            step.fault("steps follow each other: a later one comes after more time", "after")
        steps.append([after or 0, action, roles])
    return steps


def _minutes(table: Fields, key: Span) -> int | None:
    """Read a time as minutes."""
    written = table.text(key)
    if written is None:
        return None
    match = _DURATION.fullmatch(written)
    minutes = int(match[1]) * _MINUTES[match[2]] if match else 0
    if not minutes:
        table.fault(f"'{written}' is no time such as 30m, 4h or 2d", key)
    return minutes


def _read_never(fields: Fields, rule: Packed) -> None:
    """Read who may not decide; who asked never may, so that no list leaves them out."""
    words = fields.options(Approval.never)
    if fields.has(Approval.never) and NEVER_DECIDE[0] not in words:
        fields.fault(f"'{NEVER_DECIDE[0]}' is always among them: who asks never decides", "never")
    others = [word for word in words if word != NEVER_DECIDE[0]]
    if others:
        rule["never"] = others


def _read_counter(fields: Fields, rule: Packed) -> None:
    """Read what an approver may offer instead of a yes."""
    table = fields.table(Approval.counter)
    if table is None:
        return
    smaller = table.choice(Offer.quantities) is not None
    payments = table.options(Offer.payment)
    table.close()
    if not smaller and not payments:
        table.fault("needs 'quantities: lower' or 'payment': what may be offered")
    rule["counter"] = {"smaller": int(smaller), "payments": payments}


def refuse_approval_ties(approvals: Iterable[Packed], reading: Reading) -> None:
    """Report approvals for the same reason of which neither wins where both hold."""
    approvals = list(approvals)
    for code in APPROVAL_CODES:
        refuse_ties([rule for rule in approvals if code in rule["on"]], reading)


def refuse_unknown_routes(credit: list[Packed], approvals: list[Packed], reading: Reading) -> None:
    """Report credit rules whose approval does not exist, or may not hold when it is needed."""
    known = {rule["id"]: rule for rule in approvals}
    for rule in credit:
        routes = rule.get("route", ())
        place = reading.places.get(rule["id"])
        names = [routes] if isinstance(routes, str) else routes
        if not place:
            continue
        for name in names:
            if name not in known:
                text = f"'{rule['id']}' names the unknown approval '{name}'"
                reading.faults.add(place, text + suggestion(name, known))
        last = known.get(names[-1], {}) if names else {}
        if not _SOMETIMES.isdisjoint(last):
            reading.faults.add(
                place,
                f"'{rule['id']}' ends with the approval '{names[-1]}', which does not always hold: "
                "name one after it that does",
            )
