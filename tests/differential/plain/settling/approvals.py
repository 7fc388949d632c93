"""Approvals: who releases what is held, by condition, then by amount."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from tests.differential.plain.conditions import Rule, holds, narrowest_first, words
from tests.differential.plain.desk import Desk, Held
from tests.differential.plain.settling.credit import all_hold
from tests.differential.plain.settling.standing import credit_situation, standing_of

_MINUTES = {"m": 1, "h": 60, "d": 1440}

Steps = tuple[tuple[str, ...], ...]


class Need(NamedTuple):
    """Who releases a hold, and on which terms."""

    code: str
    rule: str
    steps: Steps
    amount: Decimal
    within_min: int | None
    otherwise: str
    next_steps: Steps
    require: tuple[str, ...]
    never: tuple[str, ...]
    delegate: bool
    escalations: tuple[tuple[int, str, tuple[str, ...]], ...]
    offer: tuple[bool, tuple[str, ...]] | None


def approvals_of(desk: Desk) -> tuple[Need, ...]:
    """Name for every hold who releases it, where the pack says so, and nobody twice for one."""
    return tuple(sorted(set(_needs(desk)), key=str))


def _needs(desk: Desk) -> Iterator[Need]:
    credit = desk.facts.credit
    facts = credit_situation(desk, None if credit is None else standing_of(desk, credit))
    approvals = [
        rule
        for rule in desk.rules("approvals")
        if holds(rule, desk.asker, None) and all_hold(rule, facts)
    ]
    for held in desk.holds:
        rule = _approval(desk, held, approvals)
        if rule is not None:
            yield _need(held, rule, desk.totals.payable if held.amount is None else held.amount)


def _approval(desk: Desk, held: Held, approvals: list[Rule]) -> Rule | None:
    if held.rule is not None:
        by_id = {rule["id"]: rule for rule in approvals}
        return next(by_id[name] for name in words(held.rule["route"]) if name in by_id)
    named = [rule for rule in approvals if held.code in words(rule.get("on", ()))]
    return next(iter(narrowest_first(named, desk.asker, None)), None)


def _need(held: Held, rule: Rule, amount: Decimal) -> Need:
    levels = rule["levels"]
    place = next(
        at for at, one in enumerate(levels) if "up_to" not in one or amount <= Decimal(one["up_to"])
    )
    level = levels[place]
    otherwise = level.get("otherwise", "wait")
    counter = rule.get("counter")
    return Need(
        held.code,
        rule["id"],
        _steps(level),
        amount,
        _minutes(level["within"]) if "within" in level else None,
        otherwise,
        _steps(levels[place + 1]) if otherwise == "next" else (),
        held.require,
        tuple(sorted({"requester", *words(rule.get("never", ()))})),
        level.get("delegate", True),
        tuple(_escalation(step) for step in level.get("escalate", ())),
        None if counter is None else _offer(counter),
    )


def _steps(level: Rule) -> Steps:
    if "in_order" in level:
        return tuple((role,) for role in level["in_order"])
    return (tuple(sorted(words(level["any_of"]))),) if "any_of" in level else ((level["role"],),)


def _minutes(text: str) -> int:
    match = re.fullmatch(r"(\d+)([mhd])", text)
    if match is None:
        raise AssertionError(text)
    return int(match[1]) * _MINUTES[match[2]]


def _escalation(step: Rule) -> tuple[int, str, tuple[str, ...]]:
    action = next(key for key in ("notify", "reassign", "expire") if key in step)
    roles = () if action == "expire" else tuple(sorted(words(step[action])))
    return (_minutes(step["after"]), action, roles)


def _offer(counter: Rule) -> tuple[bool, tuple[str, ...]]:
    return ("quantities" in counter, tuple(sorted(words(counter.get("payment", ())))))
