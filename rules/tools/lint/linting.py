"""What a pack may hold and still looks wrong: rules that never hold, never win or give oddly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rules.engine.tables import CompiledPack
from rules.language.vocabulary import LINTS
from rules.tools.cases.running import run_case
from rules.tools.lint.approvals import of_approvals
from rules.tools.lint.benefits import of_caps, of_gifts, of_slabs
from rules.tools.lint.catalogue import (
    Catalogue,
    attributes_of,
    case_products,
    list_prices,
    units_of_cases,
)
from rules.tools.lint.covering import covered_ranked, covered_schemes
from rules.tools.lint.doubts import FOREVER, Doubt, Packed
from rules.tools.lint.judging import of_condition
from rules.tools.lint.names import Names, of_head, of_roles, of_warehouses
from rules.tools.lint.places import Places
from rules.tools.lint.scopes import within
from rules.tools.lint.slips.writing import (
    of_empty_lists,
    of_gaps,
    of_gates,
    of_names,
    of_small_percents,
    of_unequal_heads,
    of_units,
    unpriced,
)
from rules.tools.lint.stacking import Stacks
from rules.tools.lint.worth import given_away, under_costs, under_floors
from rules.tools.schema.documents import PackName

_FORMAT: Final = 1
_SECTIONS: Final = (
    "quantities",
    "prices",
    "floors",
    "discounts",
    "schemes",
    "taxes",
    "limits",
    "gates",
    "credit",
    "approvals",
    "allocation",
)
_RANKED: Final = (
    "quantities",
    "prices",
    "floors",
    "discounts",
    "taxes",
    "limits",
    "gates",
    "allocation",
)
_NOBODY: Final = Catalogue()
_NO_RULE: Final[Packed] = {"id": ""}
"""What a doubt about a whole pack is about."""
KEPT_SCALE: Final = 2
"""Decimals of the payments, limits and claims of a hub, and so of each pack that it takes."""
_TOO_MANY: Final = "so many schemes may hold together that not every set of them was looked at"


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about one rule, with its place where the rule files are there.

    `rule` is empty where a file or the whole pack is doubted. `allowed` is the reason that the rule
    gives for it, else empty.
    """

    severity: str
    code: str
    rule: str
    text: str
    allowed: str
    file: str
    line: int
    column: int

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: " if self.file else ""
        about = f"{self.rule}: " if self.rule else ""
        note = f" (allowed: {self.allowed})" if self.allowed else ""
        return f"{where}{self.severity}: {about}{self.text} [{self.code}]{note}"


@dataclass(frozen=True, slots=True)
class Findings:
    """All doubts about a pack; `errors` and `warnings` count what is not allowed.

    `notes` say what lint did not look at to the end.
    """

    format: int
    pack: PackName
    errors: int
    warnings: int
    allowed: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


def lint(
    document: Packed,
    pack: CompiledPack,
    *,
    on: date,
    catalogue: Catalogue = _NOBODY,
    places: Places | None = None,
) -> Findings:
    """Look at every rule of a packed pack, and of the pack compiled from it, as of a day."""
    stacks = Stacks(document)
    examples = {} if places is None else attributes_of(places.products())
    catalogue = replace(catalogue, examples={**examples, **case_products(document)})
    files = () if places is None else places.doubts(pack.sources)
    rules = {rule["id"]: rule for section in _SECTIONS for rule in document.get(section, ())}
    found = tuple(
        sorted(
            (
                *(_finding(_NO_RULE, doubt, places) for doubt in _of_pack(document, catalogue)),
                *(_of_file(name, doubt) for name, doubt in files),
                *(
                    _finding(rules[name], doubt, places)
                    for name, doubt in _doubts(
                        document, pack, on, catalogue=catalogue, stacks=stacks
                    )
                ),
            ),
            key=lambda one: (one.severity, one.file, one.line, one.column, one.code, one.rule),
        )
    )
    open_ = [one.severity for one in found if not one.allowed]
    errors, warnings = open_.count("error"), open_.count("warning")
    notes = () if stacks.is_whole else (_TOO_MANY,)
    allowed = len(found) - len(open_)
    return Findings(_FORMAT, PackName.of(pack), errors, warnings, allowed, found, notes)


def _of_pack(document: Packed, catalogue: Catalogue) -> Iterator[Doubt]:
    """Give what is doubted of the pack as a whole."""
    if not document["cases"]:
        yield Doubt("no_cases", "the pack has no case: nothing shows what it does")
    yield from of_head(document, catalogue)
    if document["scale"] != KEPT_SCALE:
        yield Doubt("scale_unkept", say_unkept(document["scale"]), ("scale",))
    text = unpriced(document, catalogue.products or {})
    if text:
        yield Doubt("unpriced", text)


def say_unkept(scale: int) -> str:
    """Say why no hub takes a pack whose amounts have another number of decimals."""
    return (
        f"amounts of {scale} decimals; payments, limits and claims of the hub have {KEPT_SCALE}: "
        f"write `scale: {KEPT_SCALE}`"
    )


def _of_file(name: str, doubt: Doubt) -> Finding:
    return Finding(LINTS[doubt.code], doubt.code, "", doubt.text, "", name, 1, 1)


def _finding(rule: Packed, doubt: Doubt, places: Places | None) -> Finding:
    allow = rule.get("lint", {})
    place = None if places is None else places.of(rule["id"], doubt.path)
    return Finding(
        severity=LINTS[doubt.code],
        code=doubt.code,
        rule=rule["id"],
        text=doubt.text,
        allowed=allow["reason"] if doubt.code in allow.get("allow", ()) else "",
        file=place.file if place else "",
        line=place.line if place else 0,
        column=place.column if place else 0,
    )


def _doubts(
    document: Packed, pack: CompiledPack, on: date, *, catalogue: Catalogue, stacks: Stacks
) -> Iterator[tuple[str, Doubt]]:
    """Give every doubt with the id of its rule."""
    names, used = Names(document, catalogue), _used_in_cases(pack)
    for section in _SECTIONS:
        rules = document.get(section, ())
        for rule in rules:
            for doubt in (*_of_any_rule(rule, on=on), *of_condition(rule), *names.doubts(rule)):
                yield rule["id"], doubt
            if rule["id"] not in used and rule.get("level") != "default":
                yield rule["id"], Doubt("no_case", "no case reaches it")
        yield from _named(rules, names.empty(rules))
        if section in _RANKED:
            yield from _named(rules, covered_ranked(section, rules))
    yield from _named(document["schemes"], covered_schemes(document))
    yield from _named(document["approvals"], of_approvals(document))
    yield from _of_schemes(document)
    yield from given_away(stacks)
    yield from under_floors(document, stacks, catalogue)
    yield from under_costs(document, stacks, catalogue)
    yield from of_units(document, catalogue.units or units_of_cases(document))
    yield from of_warehouses(document, catalogue)
    yield from of_roles(document, catalogue)
    for slips in (of_small_percents, of_unequal_heads, of_gaps, of_empty_lists, of_names, of_gates):
        yield from slips(document)


def _named(
    rules: Sequence[Packed], found: Iterator[tuple[int, Doubt]]
) -> Iterator[tuple[str, Doubt]]:
    for place, doubt in found:
        yield rules[place]["id"], doubt


def _used_in_cases(pack: CompiledPack) -> set[str]:
    results = [run_case(case, pack) for case in pack.cases]
    named = {need.rule for result in results for need in result.approvals}
    return named | {reason.rule for result in results for reason in result.trace}


def _of_any_rule(rule: Packed, *, on: date) -> Iterator[Doubt]:
    if rule.get("to", FOREVER[1]) < on.isoformat():
        yield Doubt("expired", f"ended on {rule['to']}", ("valid", "to"))
    barred = rule.get("not", {})
    for key, values in rule.get("when", {}).items():
        if all(within(key, value, barred.get(key, ())) for value in values):
            text = f"every {key} it wants is left out again"
            yield Doubt("never_matches", text, ("when", "not", key))


def _of_schemes(document: Packed) -> Iterator[tuple[str, Doubt]]:
    prices, scale = list_prices(document), document["scale"]
    lowest = min(prices.values(), default=None)
    for rule in document["schemes"]:
        wanted = rule.get("when", {}).get("sku")
        cheapest = lowest
        if wanted is not None:
            cheapest = min((prices[sku] for sku in wanted if sku in prices), default=None)
        yield from ((rule["id"], doubt) for doubt in of_slabs(rule, scale=scale))
        yield from ((rule["id"], doubt) for doubt in of_gifts(rule))
        yield from ((rule["id"], doubt) for doubt in of_caps(rule, cheapest, scale=scale))
        if "budget" in rule and "funder" not in rule:
            yield rule["id"], Doubt("budget_unfunded", "nobody is named who pays", ("budget",))
