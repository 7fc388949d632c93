"""What every rule has: an id, the conditions it holds under, its days, its weight and its `if:`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields
from typing import Any, Final

from rules.language.expressions import read_expression
from rules.language.keys.common import PRIORITY, Lint, Rule, Valid
from rules.language.ranking import Member, Rank, can_meet, dates_meet, near_pairs, rank, variants
from rules.language.text.faults import Faults, Place, suggestion
from rules.language.text.fields import Fields, read_words
from rules.language.text.nodes import Scalar
from rules.language.text.sources import Sources
from rules.language.texts import read_text
from rules.language.vocabulary import (
    CHOICES,
    COUPON_KEY,
    CUSTOMER_KEYS,
    FACTS,
    LINTS,
    NODE_SEPARATOR,
    PRODUCT_KEYS,
    TREE_KEYS,
)

Packed = dict[str, Any]

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
_KEYS: Final = (*CUSTOMER_KEYS, *PRODUCT_KEYS)
_BY_THE_WAY: Final = frozenset(
    {"faults", "sources", "products", "choices", "counted", "places", "cases"}
)
SCHEME_KEYS: Final = (*_KEYS, COUPON_KEY)
"""What a scheme may ask for in `when`: all that other rules may, and coupons."""


@dataclass(slots=True)
class Reading:
    """What is shared while one folder is read.

    The head of the pack gives `scale`, `lifo` and `inclusive`; `choices` are the products that
    schemes leave to choose from, by scheme; `counted` are the schemes that have counters, with the
    decimals of what is bought, None where that is not counted; `places` is where each rule stands,
    by its id, `cases` where each case does.
    """

    faults: Faults
    sources: Sources
    scale: int = 2
    lifo: bool = False
    inclusive: bool = False
    products: dict[str, Packed] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    counted: dict[str, int | None] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    cases: list[Place] = field(default_factory=list)

    def terms(self) -> dict[str, Any]:
        """Give what every rule's reading may depend on, beside its own text and its CSV files."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _BY_THE_WAY}


def read_rule(
    fields: Fields,
    reading: Reading,
    *,
    stage: str = "",
    keys: Sequence[str] = _KEYS,
) -> Packed:
    """Read a rule's common part; `stage` names the facts its `if:` may use, none where empty."""
    rule: Packed = {"id": _read_id(fields)}
    read_text(fields, rule)
    _read_when(fields, rule, keys)
    _read_days(fields, rule)
    priority = fields.number(PRIORITY)
    if priority:
        rule["priority"] = priority
    if stage:
        _read_if(fields, rule, reading, stage=stage)
    _read_lint(fields, rule)
    return rule


def _read_lint(fields: Fields, rule: Packed) -> None:
    """Read what lint is to let pass in this rule, and why."""
    table = fields.table(Rule.lint)
    if table is None:
        return
    codes = table.words(Lint.allow)
    for code in codes:
        if code not in LINTS:
            known = ", ".join(LINTS)
            table.fault(f"'{code}' is not one of {known}{suggestion(code, LINTS)}", Lint.allow)
    rule["lint"] = {"allow": codes, "reason": table.need_text(Lint.reason)}
    if not codes:
        table.fault("'allow' is missing: what lint is to let pass")
    table.close()


def _read_id(fields: Fields) -> str:
    name = fields.need_text(Rule.id)
    if not name:
        return ""
    if not _ID.fullmatch(name):
        fields.fault(f"id '{name}' is not letters, digits, '-', '_' and '.', at most 40", "id")
    return name


def _read_when(fields: Fields, rule: Packed, keys: Sequence[str]) -> None:
    table = fields.table(Rule.when, like="{brand: A}")
    if table is None:
        return
    barred = table.table("not")
    when = read_conditions(table, keys)
    table.close()
    if when:
        rule["when"] = when
    if barred is not None:
        excluded = read_conditions(barred, keys)
        barred.close()
        rule["not"] = excluded


def read_conditions(table: Fields, keys: Sequence[str]) -> dict[str, list[str]]:
    """Read which values a customer or product may have, key by key."""
    conditions = {}
    for key in keys:
        node = table.node(key)
        if node is None:
            continue
        words = read_words(node, key, table.faults)
        for word in words:
            _check_word(table, key, word)
        if key == COUPON_KEY:
            words = sorted({word.upper() for word in words})
        if words:
            conditions[key] = words
    return conditions


def _check_word(table: Fields, key: str, word: str) -> None:
    if key in TREE_KEYS and not all(word.split(NODE_SEPARATOR)):
        table.fault(f"'{word}' is not a path such as IN/KA", key)
    if key in CHOICES and word not in CHOICES[key]:
        known = ", ".join(CHOICES[key])
        table.fault(f"'{word}' is not one of {known}", key)


def _read_days(fields: Fields, rule: Packed) -> None:
    table = fields.table(Rule.valid, like="{from: 2026-04-01, to: 2026-04-30}")
    if table is None:
        return
    first, last = table.day(Valid.first), table.day(Valid.last)
    table.close()
    if first and last and first > last:
        table.fault(f"ends on {last}, before it starts on {first}", "to")
    if first:
        rule["from"] = first
    if last:
        rule["to"] = last


def _read_if(fields: Fields, rule: Packed, reading: Reading, *, stage: str) -> None:
    node = fields.node("if")
    if node is None:
        return
    if not isinstance(node, Scalar):
        fields.fault("'if' is an expression", "if")
        return
    tree = read_expression(node, FACTS[stage], reading.faults, scale=reading.scale)
    if tree is not None:
        rule["if"] = tree
        rule["if_text"] = node.text


def refuse_ties(rules: Iterable[Packed], reading: Reading) -> None:
    """Report rules of which neither wins where both hold."""
    peers: dict[Rank, list[Member]] = {}
    for rule in rules:
        for split in variants(rule.get("when", {})):
            peers.setdefault(rank(rule, split), []).append((rule, split))
    reported = set()
    for members in peers.values():
        for (first, first_when), (second, when) in near_pairs(members):
            pair = (first["id"], second["id"])
            if pair not in reported and _tied(second, first) and can_meet(when, first_when):
                reported.add(pair)
                report_tie(second, first, reading)


def _tied(rule: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if rule["id"] == other["id"] or not dates_meet(rule, other):
        return False
    units = {one["per"] for one in (rule, other) if "per" in one}
    if len(units) > 1:
        return False
    mine, theirs = _products(rule), _products(other)
    return mine is None or theirs is None or not mine.isdisjoint(theirs)


def _products(rule: Mapping[str, Any]) -> AbstractSet[str] | None:
    """Give the SKUs that a rule can hold for; None where any. A list holds for those it lists."""
    rates, asked = rule.get("rates"), rule.get("when", {}).get("sku")
    return set(rates) if rates is not None else None if asked is None else set(asked)


def report_tie(rule: Mapping[str, Any], other: Mapping[str, Any], reading: Reading) -> None:
    """Report two rules that can hold together, of which neither wins."""
    place, first = reading.places.get(rule["id"]), reading.places.get(other["id"])
    if place and first:
        reading.faults.add(
            place,
            f"'{rule['id']}' and '{other['id']}' ({first}) can both hold and neither wins: "
            "give one a larger priority, a narrower condition or other days",
        )
