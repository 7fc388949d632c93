"""Whether a rule holds, rule by rule and word by word; `if:` is left to rule-engine itself."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context
from functools import cache
from typing import Any, Final

import rule_engine

from rules import Customer, Payment, Product

Rule = Mapping[str, Any]
"""A rule as it is written in a rule file."""

LEVELS: Final = ["default", "geography", "customer_type", "customer"]
_TREES: Final = {"geo", "category"}
_FACT: Final = re.compile(r"\b(?:order|customer|line|product)\.\w+")


@dataclass(frozen=True)
class Asker:
    """Who orders, when and how it is paid."""

    customer: Customer
    payment: Payment
    day: date
    coupons: tuple[str, ...]


_OF_CUSTOMER: Final[dict[str, Callable[[Asker], str | None]]] = {
    "customer": lambda asker: asker.customer.id,
    "customer.type": lambda asker: asker.customer.type,
    "customer.status": lambda asker: asker.customer.status,
    "geo": lambda asker: "/".join(asker.customer.geo),
    "payment": lambda asker: asker.payment,
}
_OF_PRODUCT: Final[dict[str, Callable[[Product], str | None]]] = {
    "sku": lambda product: product.sku,
    "category": lambda product: "/".join(product.category),
    "brand": lambda product: product.brand,
    "tax_class": lambda product: product.tax_class,
}


def words(value: Any) -> list[str]:
    """Read one word or a list of them."""
    return [value] if isinstance(value, str) else list(value)


def _answers(key: str, asker: Asker, product: Product | None) -> list[str]:
    """Say what a customer or product is called under a key; a tree's node by its whole path."""
    if key == "coupon":
        return [code.upper() for code in asker.coupons]
    if key in _OF_CUSTOMER:
        answer = _OF_CUSTOMER[key](asker)
    else:
        answer = None if product is None else _OF_PRODUCT[key](product)
    return [answer] if answer else []


def _matching(key: str, listed: Any, asker: Asker, product: Product | None) -> list[str]:
    answers = _answers(key, asker, product)
    if key in _TREES:
        return [
            node
            for node in words(listed)
            if any(f"{answer}/".startswith(f"{node}/") for answer in answers)
        ]
    spelt = str.upper if key == "coupon" else str
    return [word for word in words(listed) if spelt(word) in answers]


def holds(rule: Rule, asker: Asker, product: Product | None) -> bool:
    """Tell whether the days and `when` of a rule hold; its `if:` is not looked at."""
    if "valid" in rule:
        valid, day = rule["valid"], asker.day.isoformat()
        if not valid.get("from", day) <= day <= valid.get("to", day):
            return False
    when = dict(rule.get("when", {}))
    barred = when.pop("not", {})
    if any(_matching(key, listed, asker, product) for key, listed in barred.items()):
        return False
    return all(_matching(key, listed, asker, product) for key, listed in when.items())


def narrowest_first(rules: list[Rule], asker: Asker, product: Product | None) -> list[Rule]:
    """Give the rules that hold, the one that wins first; `priority` is never the same twice."""
    held = [rule for rule in rules if holds(rule, asker, product)]
    return sorted(held, key=lambda rule: _strength(rule, asker, product), reverse=True)


def _strength(rule: Rule, asker: Asker, product: Product | None) -> tuple[Any, ...]:
    when = {key: listed for key, listed in rule.get("when", {}).items() if key != "not"}
    depth = sum(
        max(node.count("/") + 1 for node in _matching(key, listed, asker, product))
        for key, listed in when.items()
        if key in _TREES
    )
    level = LEVELS.index(rule.get("level", "default"))
    start = rule.get("valid", {}).get("from", "")
    return (
        level,
        len(when) + ("per" in rule) + ("if" in rule),
        depth,
        start,
        rule.get("priority", 0),
    )


def in_turn(rules: list[Rule]) -> list[Rule]:
    """Give rules the larger priority first, then by id."""
    return sorted(rules, key=lambda rule: (-rule.get("priority", 0), rule["id"]))


@cache
def names_in(text: str) -> frozenset[str]:
    """Give the facts that an `if:` names."""
    return frozenset(_FACT.findall(text))


@cache
def _parsed(text: str) -> rule_engine.Rule:
    flat = _FACT.sub(lambda name: _flat(name[0]), text)
    return rule_engine.Rule(flat, context=rule_engine.Context(decimal_context=Context(prec=60)))


def _flat(name: str) -> str:
    """Write a fact as rule-engine finds it at once."""
    return name.replace(".", "_")


def if_holds(rule: Rule, facts: Mapping[str, Mapping[str, Any]]) -> bool:
    """Ask rule-engine what a rule's `if:` says of the facts."""
    if "if" not in rule:
        return True
    asked = {}
    for name in names_in(rule["if"]):
        table, key = name.split(".")
        asked[_flat(name)] = facts[table][key]
    return bool(_parsed(rule["if"]).matches(asked))
