"""Which orders a change of rules can touch: the others need one evaluation, not two.

A rule whose conditions do not hold for an order is never looked at while the order is decided. So
where two packs differ in nothing but rules, an order for which none of those rules holds, as they
were or as they are, comes out alike under both.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from rules.engine.bitmaps import Scope
from rules.engine.index import RuleTable, customer_keys
from rules.engine.tables import CompiledPack
from rules.language.vocabulary import PRODUCT_KEYS
from rules.tools.schema.documents import Question

Packed = Mapping[str, Any]
_Changed = tuple[Packed, frozenset[str] | None]
"""A rule that is not in both packs, and the SKUs it can touch: None is all it holds for."""

_RULES: Final = (
    "quantities",
    "prices",
    "floors",
    "schemes",
    "taxes",
    "credit",
    "allocation",
)
"""Sections whose rules do nothing where their conditions do not hold."""

_IDLE: Final = frozenset({"name", "version", "sources", "cases", "previous", "not_before"})
"""What of a pack decides nothing."""

_WORDS: Final = frozenset({"lint", "text"})
"""What of a rule decides nothing."""


class Touched:
    """Tells whether an order may come out otherwise under another pack."""

    def __init__(self, before: Packed, after: Packed) -> None:
        rest = {*before, *after} - _IDLE - {*_RULES}
        self._all = any(before.get(name) != after.get(name) for name in rest)
        changed = [one for name in _RULES for one in _changed(before[name], after[name])]
        self._table = RuleTable(
            [skus for _, skus in changed], [_scope(rule) for rule, _ in changed]
        )
        # These hold for an order whatever is on it.
        self._products_aside = sum(
            1 << place
            for place, (rule, skus) in enumerate(changed)
            if skus is None and not _names_products(rule)
        )
        self._given: frozenset[str] = frozenset()

    def giving(self, *packs: CompiledPack) -> "Touched":
        """Look at the products too that the schemes of these packs give by name."""
        self._given = frozenset().union(*(pack.named_products for pack in packs))
        return self

    def may_move(self, asked: Question) -> bool:
        """Tell whether any changed rule holds for an order or for what it may be given."""
        if self._all:
            return True
        order, facts = asked.order, asked.facts
        keys = customer_keys(facts.customer, order.payment, order.coupons)
        mask = self._table.for_customer(keys, order.business_date.toordinal())
        if order.delivery_date is not None:
            mask |= self._table.for_customer(keys, order.delivery_date.toordinal())
        if not mask:
            return False
        if mask & self._products_aside:
            return True
        ordered = {line.sku for line in order.lines}
        return any(self._holds(mask, sku, asked) for sku in ordered | self._given)

    def _holds(self, mask: int, sku: str, asked: Question) -> bool:
        product = asked.facts.products.get(sku)
        if product is None:
            return False
        mask &= self._table.for_product(product)
        while mask:
            place = mask.bit_length() - 1
            skus = self._table.rules[place]
            if skus is None or sku in skus:
                return True
            mask ^= 1 << place
        return False


def _changed(before: list[Packed], after: list[Packed]) -> Iterator[_Changed]:
    old, new = ({rule["id"]: rule for rule in rules} for rules in (before, after))
    for name in {**old, **new}:
        pair = [_deciding(rules[name]) for rules in (old, new) if name in rules]
        if len(pair) > 1 and pair[0] == pair[1]:
            continue
        skus = _skus(pair)
        for rule in pair:
            yield rule, skus


def _deciding(rule: Packed) -> Packed:
    return {key: value for key, value in rule.items() if key not in _WORDS}


def _skus(pair: list[Packed]) -> frozenset[str] | None:
    """Give the SKUs that a list of rates, as it was and as it is, has otherwise or at all."""
    if any("rates" not in rule for rule in pair):
        return None
    one, *others = pair
    rates = [rule["rates"] for rule in pair]
    if others and {**one, "rates": None} == {**others[0], "rates": None}:
        return frozenset(
            sku
            for sku in rates[0].keys() | rates[1].keys()
            if rates[0].get(sku) != rates[1].get(sku)
        )
    return frozenset().union(*rates)


def _names_products(rule: Packed) -> bool:
    return any(key in PRODUCT_KEYS for side in ("when", "not") for key in rule.get(side, {}))


def _scope(rule: Packed) -> Scope:
    days = Scope()
    return Scope(
        rule.get("when", {}),
        rule.get("not", {}),
        date.fromisoformat(rule["from"]).toordinal() if "from" in rule else days.first,
        date.fromisoformat(rule["to"]).toordinal() if "to" in rule else days.last,
    )
