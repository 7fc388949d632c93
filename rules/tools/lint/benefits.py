"""Slabs, caps and budgets that give oddly: gaps, steps that are no better, ends that come early."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from rules.tools.lint.doubts import Doubt, Packed, Path, at_slab
from rules.values.decimals import shown, shown_percent, shown_unit_price
from rules.values.rounding import extend, share
from rules.values.units import Minor, Quantity, Rate, UnitPrice

_ENDS: Final = {
    "max_discount": ("max_discount", "order"),
    "max_line": ("max_discount", "line"),
    "budget": ("budget", "amount"),
}
"""What ends all that a scheme gives, and the way to it in the text."""


def of_slabs(rule: Packed, *, scale: int) -> Iterator[Doubt]:
    """Doubt each slab beside the one before it, and amounts above what they are given on."""
    slabs = rule.get("slabs", ())
    for number, (one, other) in enumerate(pairwise(slabs), 1):
        yield from _gap(rule, one, other, number=number, scale=scale)
        if "mode" not in rule:
            yield from _no_better(rule, one, other, number=number, scale=scale)
    for number, slab in enumerate(slabs):
        if rule["of"] != "qty" and "target" not in rule and slab.get("amount", 0) > slab["from"]:
            given, bought = shown(slab["amount"], scale), shown(slab["from"], scale)
            text = f"takes {given} off goods of {bought}"
            code = "over_100"
            if rule["kind"] == "order":
                code, text = "over_bill", f"{text}: it stops at what they are worth"
            yield Doubt(code, text, at_slab(number, "amount"))


def _gap(rule: Packed, one: Packed, other: Packed, *, number: int, scale: int) -> Iterator[Doubt]:
    last = one.get("to")
    if last is None or last + 1 >= other["from"]:
        return
    units = 0 if rule["of"] == "qty" else scale
    first, end = shown(last + 1, units), shown(other["from"] - 1, units)
    earns = "earns nothing" if one.get("gate") else f"earns no more than {shown(last, units)}"
    text = f"what counts {first} to {end} {earns}: the slabs have a gap"
    yield Doubt("slab_gap", text, at_slab(number - 1, "to"))


def _no_better(
    rule: Packed, one: Packed, other: Packed, *, number: int, scale: int
) -> Iterator[Doubt]:
    for what in ("percent", "amount"):
        if what in one and what in other and other[what] <= one[what]:
            late, early = (_written(what, slab[what], scale) for slab in (other, one))
            text = f"from here on {late}, no more than the {early} before"
            yield Doubt("slab_no_better", text, at_slab(number, what))
            return
    if "price" in one and "price" in other and other["price"] >= one["price"]:
        dear, cheap = (shown_unit_price(slab["price"]) for slab in (other, one))
        text = f"from here on {dear} each, no less than the {cheap} before"
        yield Doubt("slab_no_better", text, at_slab(number, "price"))
    elif rule["of"] != "qty" and "target" not in rule and not one.get("gate"):
        before = _given(one, min(other["from"] - 1, one.get("to", other["from"])))
        after = _given(other, other["from"])
        if after < before:
            drop = f"{shown(after, scale)} at its start, less than {shown(before, scale)} before it"
            yield Doubt("slab_no_better", f"gives {drop}", at_slab(number, "from"))


def of_gifts(rule: Packed) -> Iterator[Doubt]:
    """Doubt free goods that are more than what is bought of them, and tiers that give no more."""
    tiers = _tiers(rule)
    skus = rule.get("when", {}).get("sku", ())
    for number, tier in enumerate(tiers):
        way: Path = ("free", "tiers", number) if "tiers" in rule else ("free",)
        give, every = tier["give"], tier["every"]
        if give > every and rule.get("item", "same") in {"same", *skus}:
            text = f"gives {give} free for every {every} bought of the same; {every} for {give}?"
            yield Doubt("gift_large", text, (*way, "give"))
        before = tiers[number - 1] if number else None
        if before is not None and give * before["every"] <= before["give"] * every:
            early = f"{before['give']} for {before['every']}"
            text = f"from here on {give} for {every}, no more than the {early} before"
            yield Doubt("slab_no_better", text, (*way, "give"))


def _tiers(rule: Packed) -> Sequence[Packed]:
    """Give what free goods are given by, tier by tier; nothing of another scheme."""
    tiers: Sequence[Packed] = rule.get("tiers", ())
    return (rule,) if "give" in rule else tiers


def _written(what: str, given: int, scale: int) -> str:
    return f"{shown_percent(given)} %" if what == "percent" else shown(given, scale)


def _given(slab: Mapping[str, int], amount: int) -> int:
    """Give what a slab takes off goods of an amount."""
    given = share(Minor(amount), Rate(slab["percent"])) if "percent" in slab else slab["amount"]
    return min(given, slab.get("cap", given))


def of_caps(rule: Packed, cheapest: int | None, *, scale: int) -> Iterator[Doubt]:
    """Doubt ends of what a scheme gives that come before its smallest benefit.

    `cheapest` is the lowest unit price of what it may hold for. Where that is not known, only what
    is given on money is looked at.
    """
    for number, slab in enumerate(rule.get("slabs", ())):
        least = _least(rule, slab, cheapest, scale=scale)
        if least is not None and slab.get("cap", least) < least:
            text = f"the cap {shown(slab['cap'], scale)} is {_less(least, scale)}"
            yield Doubt("cap_below_unit", text, at_slab(number, "cap"))
    least = _smallest(rule, cheapest, scale)
    for key, way in _ENDS.items():
        if least is not None and rule.get(key, least) < least:
            text = f"{way[0]} {shown(rule[key], scale)} is {_less(least, scale)}"
            yield Doubt("cap_below_unit", text, way)
    gives = [tier["give"] for tier in _tiers(rule)]
    if gives and rule.get("max", min(gives)) < min(gives):
        text = f"max {rule['max']} is less than the {min(gives)} it gives at once"
        yield Doubt("cap_below_unit", text, ("free", "max"))


def _less(least: int, scale: int) -> str:
    return f"less than the {shown(least, scale)} that the smallest benefit is"


def _smallest(rule: Packed, cheapest: int | None, scale: int) -> int | None:
    if "parts" in rule:
        return rule.get("amount")
    found = [_least(rule, slab, cheapest, scale=scale) for slab in rule.get("slabs", ())]
    return None if not found or None in found else min(one for one in found if one is not None)


def _least(
    rule: Packed, slab: Mapping[str, int], cheapest: int | None, *, scale: int
) -> int | None:
    """Give the least a slab gives where it gives: on its start, or on one unit of the cheapest."""
    if "amount" in slab:
        return slab["amount"]
    if "percent" not in slab or "target" in rule:
        return None
    if rule["of"] != "qty":
        return share(Minor(slab["from"]), Rate(slab["percent"]))
    if cheapest is None:
        return None
    unit = extend(UnitPrice(cheapest), Quantity(1), scale)
    return share(unit, Rate(slab["percent"]))
