"""Which batches a rule lets leave, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rules import Batch
from tests.differential.plain.conditions import Rule
from tests.differential.plain.desk import Desk


@dataclass
class Shelf:
    """A batch and how much of it is left."""

    batch: Batch
    left: int


def may_leave(batch: Batch, rule: Rule, desk: Desk) -> bool:
    """Tell whether a batch lives long enough; what never expires does."""
    if batch.blocked:
        return False
    if batch.expiry is None:
        return True
    today = desk.order.business_date
    if batch.expiry < today:
        return False
    if batch.expiry == today and _today(rule, desk) == "keep":
        return False
    if batch.expiry < today + timedelta(days=rule.get("min_life_days", 0)):
        return False
    life = (batch.expiry - made(batch)).days
    share = Decimal(rule.get("min_life_percent", 0)) / 100
    return (batch.expiry - today).days >= life * share


def _today(rule: Rule, desk: Desk) -> str:
    usual = desk.document["pack"].get("expires_today", "sell")
    return str(rule.get("expires_today", usual))


def made(batch: Batch) -> date:
    """Give the day of manufacture; where nobody knows it, the day of receipt."""
    return batch.received if batch.manufactured is None else batch.manufactured


def turn(batch: Batch, rule: Rule) -> int:
    """Say when a batch leaves by what the rule looks at: the smaller number first."""
    if rule["pick"] == "fefo":
        return (date.max if batch.expiry is None else batch.expiry).toordinal()
    day = made(batch).toordinal()
    return -day if rule["pick"] == "lifo" else day


def in_turn(shelves: Sequence[Shelf], rule: Rule, desk: Desk) -> list[Shelf]:
    """Sort by warehouse, then as the rule picks, then by receipt and id."""
    places = _warehouses(shelves, rule, desk)
    return sorted(
        shelves,
        key=lambda one: (
            places.index(one.batch.warehouse),
            turn(one.batch, rule),
            one.batch.received,
            one.batch.id,
        ),
    )


def _warehouses(shelves: Sequence[Shelf], rule: Rule, desk: Desk) -> list[str]:
    """Put the warehouses into their order: named ones first, others as the facts give them."""
    given = [batch for shelf in shelves for batch in (desk.facts.batches or {})[shelf.batch.sku]]
    found = list(dict.fromkeys(batch.warehouse for batch in given))
    named: list[str] = desk.document["pack"].get("warehouses", [])
    order: Any = rule.get("warehouses", named)
    if order == "nearest":
        return _nearest(named, found, desk.facts.distances)
    if order == "biggest_first":
        stock = dict.fromkeys(found, 0)
        for shelf in shelves:
            stock[shelf.batch.warehouse] += shelf.left
        return sorted(_first(named, found), key=lambda place: -stock[place])
    return _first(order, found)


def _first(named: Sequence[str], found: Sequence[str]) -> list[str]:
    return [*(one for one in named if one in found), *(one for one in found if one not in named)]


def _nearest(named: Sequence[str], found: Sequence[str], distances: Mapping[str, int]) -> list[str]:
    """Put what is equally near as the pack does, then by name; unknown ways come last."""
    near = _first(named, sorted(place for place in found if place in distances))
    return _first(sorted(near, key=lambda place: distances[place]), _first(named, found))
