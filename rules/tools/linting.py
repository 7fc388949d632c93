"""What a pack may hold and still looks wrong: rules that never hold, never win or give oddly."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from rules.engine.tables import CompiledPack
from rules.language.vocabulary import LINTS, NODE_SEPARATOR, TREE_KEYS
from rules.tools.cases import run_case
from rules.values.decimals import shown, shown_percent

Packed = Mapping[str, Any]

_SECTIONS: Final = ("prices", "schemes", "taxes", "credit", "allocation")
_BOUNDS: Final = ("limit_total", "limit_per_customer", "budget", "max_discount")
_ALIKE: Final = ("kind", "group", "alone", "of", "unit", "over")
_FOREVER: Final = ("0001-01-01", "9999-12-31")


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about one rule; `allowed` is the reason the rule gives for it, else empty."""

    rule: str
    code: str
    text: str
    allowed: str

    @property
    def severity(self) -> str:
        """Tell whether the rule can only be a mistake."""
        return LINTS[self.code]

    def __str__(self) -> str:
        note = f" (allowed: {self.allowed})" if self.allowed else ""
        return f"{self.severity} {self.code} {self.rule}: {self.text}{note}"


def lint(document: Packed, pack: CompiledPack, *, on: date) -> tuple[Finding, ...]:
    """Look at every rule of a packed pack, and of the pack compiled from it, as of a day."""
    found = []
    used = _used_in_cases(pack)
    for section in _SECTIONS:
        for rule in document[section]:
            doubts = [*_of_any_rule(rule, on=on)]
            if section == "schemes":
                doubts += _of_slabs(rule, scale=pack.scale)
                doubts += _covered(rule, document)
            if rule["id"] not in used and rule.get("level") != "default":
                doubts.append(("no_case", "no case reaches it"))
            allow = rule.get("lint", {})
            for code, text in doubts:
                reason = allow["reason"] if code in allow.get("allow", ()) else ""
                found.append(Finding(rule["id"], code, text, reason))
    return tuple(sorted(found, key=lambda one: (one.severity, one.code, one.rule)))


Doubt = tuple[str, str]


def _used_in_cases(pack: CompiledPack) -> set[str]:
    return {reason.rule for case in pack.cases for reason in run_case(case, pack).trace}


def _of_any_rule(rule: Packed, *, on: date) -> Iterator[Doubt]:
    if rule.get("to", _FOREVER[1]) < on.isoformat():
        yield "expired", f"ended on {rule['to']}"
    barred = rule.get("not", {})
    for key, values in rule.get("when", {}).items():
        if all(_within(value, barred.get(key, ()), key) for value in values):
            yield "never_matches", f"every {key} it wants is left out again"


def _within(value: str, nodes: Iterable[str], key: str) -> bool:
    """Tell whether a value is one of several, or lies below one of them."""
    return any(
        value == node or (key in TREE_KEYS and value.startswith(f"{node}{NODE_SEPARATOR}"))
        for node in nodes
    )


def _of_slabs(rule: Packed, *, scale: int) -> Iterator[Doubt]:
    slabs = rule.get("slabs", ())
    for one, other in pairwise(slabs):
        for what, show in (("percent", shown_percent), ("amount", str)):
            if what in one and what in other and other[what] <= one[what] and "mode" not in rule:
                more = f"{show(other[what])} is not more than {show(one[what])}"
                yield "slab_no_better", f"the {what} of a later slab, {more}"
    for slab in slabs:
        if rule["of"] != "qty" and slab.get("amount", 0) > slab["from"]:
            given, bought = shown(slab["amount"], scale), shown(slab["from"], scale)
            yield "over_100", f"takes {given} off goods of {bought}"


def _covered(rule: Packed, document: Packed) -> Iterator[Doubt]:
    """Find what always gives as much as a scheme where it holds, so that the scheme never wins."""
    group = rule.get("group")
    if group is None or group in document.get("groups", {}):
        return
    for other in document["schemes"]:
        if other is rule or not _beats(other, rule):
            continue
        # Of two that give the same everywhere, the one whose turn is first wins.
        if _turn(other) < _turn(rule) or not _beats(rule, other):
            yield "covered", f"{other['id']} always gives as much, in the same group"


def _turn(rule: Packed) -> tuple[int, str]:
    return -rule.get("priority", 0), rule["id"]


def _beats(broad: Packed, narrow: Packed) -> bool:
    if any(broad.get(key) != narrow.get(key) for key in _ALIKE):
        return False
    if "if" in broad or any(bound in broad for bound in _BOUNDS):
        return False
    return _holds_wherever(broad, narrow) and _gives_as_much(broad, narrow)


def _holds_wherever(broad: Packed, narrow: Packed) -> bool:
    wanted, barred = narrow.get("when", {}), narrow.get("not", {})
    return (
        broad.get("from", _FOREVER[0]) <= narrow.get("from", _FOREVER[0])
        and broad.get("to", _FOREVER[1]) >= narrow.get("to", _FOREVER[1])
        and all(
            key in wanted and all(_within(value, values, key) for value in wanted[key])
            for key, values in broad.get("when", {}).items()
        )
        and all(
            all(_within(value, barred.get(key, ()), key) for value in values)
            for key, values in broad.get("not", {}).items()
        )
    )


def _gives_as_much(broad: Packed, narrow: Packed) -> bool:
    """Compare plain percentages at every start: between starts neither moves."""
    plain = {"from", "percent"}
    both = (*broad.get("slabs", ()), *narrow.get("slabs", ()))
    if not both or any(slab.keys() != plain for slab in both) or "mode" in {*broad, *narrow}:
        return False
    starts = [slab["from"] for slab in both]
    return all(_percent_at(broad, start) >= _percent_at(narrow, start) for start in starts)


def _percent_at(rule: Packed, count: int) -> int:
    reached = [slab["percent"] for slab in rule["slabs"] if slab["from"] <= count]
    return int(reached[-1]) if reached else 0
