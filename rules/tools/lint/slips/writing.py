"""Slips of the pen: units that nothing has, tenths of a percent, gaps of days, names alike."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import combinations
from typing import Final

from rules.language.text.faults import suggestion
from rules.language.vocabulary import GATES, GATES_BY_DEFAULT, PRODUCT_KEYS
from rules.tools.lint.catalogue import Attributes
from rules.tools.lint.doubts import FOREVER, Doubt, Packed, Path, at_slab
from rules.tools.lint.scopes import Scopes
from rules.values.decimals import shown_percent

_ONE_PERCENT: Final = 10_000
_HUNDRED: Final = 1_000_000
_ALIKE: Final = 0.8
_CENTRAL: Final = "CGST"
_OF_STATES: Final = ("SGST", "UTGST")

Found = Iterator[tuple[str, Doubt]]


def of_units(document: Packed, known: Iterable[str]) -> Found:
    """Doubt pack sizes that no product has."""
    there = sorted(known)
    for section, key, path in (
        ("quantities", "unit", ("in",)),
        ("prices", "per", ("per",)),
        ("schemes", "unit", ("count", "in")),
    ):
        for rule in document[section]:
            if rule.get(key, "") not in {"", *there}:
                text = f"no product has a unit '{rule[key]}'{_remedy(rule[key], there, path[-1])}"
                yield rule["id"], Doubt("unknown_unit", text, path)


def _remedy(unit: str, there: Sequence[str], key: str) -> str:
    """Say what to write in place of a unit: the one that is near, or one of all, or none."""
    some = f"write one of {', '.join(there)}, or " if there else ""
    return suggestion(unit, there) or f": {some}leave '{key}' out: base units"


def of_small_percents(document: Packed) -> Found:
    """Doubt benefits and taxes below one percent: 0.10 for 10 %."""
    for rule in document["schemes"]:
        for number, slab in enumerate(rule.get("slabs", ())):
            yield from _small(rule, slab.get("percent"), at_slab(number, "percent"))
        yield from _small(rule, rule.get("percent"), ("percent",))
    for rule in document["taxes"]:
        for head in rule["heads"]:
            yield from _small(rule, head[1], ("heads", head[0]))


def _small(rule: Packed, rate: int | None, path: Path) -> Found:
    if rate and rate < _ONE_PERCENT:
        meant = shown_percent(min(rate * 100, _HUNDRED))
        text = f"{shown_percent(rate)} is less than one percent; did you mean {meant}?"
        yield rule["id"], Doubt("percent_small", text, path)


def of_unequal_heads(document: Packed) -> Found:
    """Doubt the two halves of one tax that are not alike: CGST 2.5 beside SGST 9."""
    for rule in document["taxes"]:
        rates = {head[0]: head[1] for head in rule["heads"]}
        central = rates.get(_CENTRAL)
        for name in _OF_STATES:
            if central is not None and name in rates and rates[name] != central:
                one, other = shown_percent(central), shown_percent(rates[name])
                text = f"{_CENTRAL} is {one} and {name} {other}: the two are halves of one tax"
                yield rule["id"], Doubt("heads_unequal", text, ("heads", name))


def of_gaps(document: Packed) -> Found:
    """Doubt days between two lists of the same customers on which a product has no price."""
    lists = [rule for rule in document["prices"] if "rates" in rule]
    always = _listed(rule for rule in lists if not {"from", "to"} & rule.keys())
    alike: dict[str, list[Packed]] = {}
    for rule in lists:
        if {"from", "to"} & rule.keys():
            key = repr([rule.get(name) for name in ("level", "when", "not", "per")])
            alike.setdefault(key, []).append(rule)
    for members in alike.values():
        yield from _gaps(sorted(members, key=lambda one: one.get("from", "")), always)


def _gaps(lists: list[Packed], always: set[str]) -> Found:
    ends: dict[str, str] = {}
    for rule in lists:
        start, told = rule.get("from", FOREVER[0]), False
        for sku in rule["rates"]:
            end = ends.get(sku)
            if end is not None and not told and sku not in always and _after(end) < start:
                last = (date.fromisoformat(start) - timedelta(days=1)).isoformat()
                days = _after(end) if _after(end) == last else f"from {_after(end)} to {last}"
                yield (
                    rule["id"],
                    Doubt("price_gap", f"{sku} has no price {_on(days)}", ("valid", "from")),
                )
                told = True
            ends[sku] = max(end or "", rule.get("to", FOREVER[1]))


def _on(days: str) -> str:
    return days if days.startswith("from") else f"on {days}"


def _after(day: str) -> str:
    return FOREVER[1] if day == FOREVER[1] else (date.fromisoformat(day) + timedelta(1)).isoformat()


def _listed(lists: Iterable[Packed]) -> set[str]:
    return {sku for rule in lists for sku in rule["rates"]}


def of_empty_lists(document: Packed) -> Found:
    """Doubt price lists and floors without a row."""
    for section in ("prices", "floors"):
        for rule in document[section]:
            if rule.get("rates", True) == {}:
                yield rule["id"], Doubt("csv_empty", "the list has no row", ("csv",))


def of_names(document: Packed) -> Found:
    """Doubt ids that differ by case alone, and groups of one scheme that are nearly another."""
    ids: dict[str, str] = {}
    for rules in document.values():
        for rule in rules if isinstance(rules, list) else ():
            name = rule.get("id") if isinstance(rule, Mapping) else None
            first = ids.setdefault(name.lower(), name) if name else name
            if name and name != first:
                yield name, Doubt("names_alike", f"differs from {first} by case only", ("id",))
    groups: dict[str, list[str]] = {}
    for rule in document["schemes"]:
        if "group" in rule:
            groups.setdefault(rule["group"], []).append(rule["id"])
    for one, other in combinations(sorted(groups), 2):
        lonely = next((name for name in (other, one) if len(groups[name]) == 1), None)
        if lonely is not None and _nearly(one, other):
            near = one if lonely == other else other
            text = f"group {lonely} has one scheme and is nearly {near}"
            yield groups[lonely][0], Doubt("names_alike", text, ("group",))


def _nearly(one: str, other: str) -> bool:
    """Tell whether two names are a slip apart; numbered ones are meant to be alike."""
    bare = ["".join(sign for sign in name.lower() if not sign.isdigit()) for name in (one, other)]
    if bare[0] == bare[1] and one.lower() != other.lower():
        return False
    swapped = sorted(one.lower()) == sorted(other.lower())
    return swapped or SequenceMatcher(None, one.lower(), other.lower()).ratio() >= _ALIKE


def of_gates(document: Packed) -> Found:
    """Doubt credit rules for gates at which nobody's credit is checked."""
    asked = set(GATES_BY_DEFAULT)
    for rule in document.get("gates", ()):
        asked.update(rule["checks"])
    for rule in document["credit"]:
        at = rule.get("at", GATES)
        if asked.isdisjoint(at):
            gate = at[0]
            text = f"is never asked: no rule of gates says {gate}: true"
            yield rule["id"], Doubt("never_asked", text, ("at",))


def unpriced(document: Packed, products: Mapping[str, Attributes]) -> str:
    """Say how many products of a catalogue no list prices, and name the first; empty where none."""
    listed = _listed(rule for rule in document["prices"] if "rates" in rule)
    printed = Scopes([rule for rule in document["prices"] if "mrp" in rule])
    missing = [
        sku
        for sku, one in products.items()
        if sku not in listed and not (printed.rules and printed.met_by(one, PRODUCT_KEYS))
    ]
    if not missing:
        return ""
    count = f"{len(missing)} of {len(products)} products of the catalogue"
    return f"{count} have no price, {missing[0]} first"
