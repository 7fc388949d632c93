"""What strikes when: drawn from a seed, or read from a file; a fault that never ends is refused."""

import random
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rules.language.text.faults import Faults, PackError, suggestion, unreadable
from rules.language.text.fields import Fields
from rules.language.text.nodes import Table
from rules.language.text.parsing import NotYamlError, parse
from simulators.errors import InputFileError
from simulators.faults.registry import KINDS, LONGEST_S

_EVERY_S: Final = 8.0
_SHORTEST: Final = 0.3
"""A drawn fault lasts at least so much of its longest."""
_SPREAD: Final = 0.6
_DURATION: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)")
_UNITS: Final[Mapping[str, float]] = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST_TEXT: Final = 100_000


@dataclass(frozen=True, slots=True, order=True)
class Strike:
    """One fault: when it comes, how long it lasts, and a number that says where it strikes."""

    at_s: float
    kind: str
    lasts_s: float
    where: float


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """How faults come: each `every_s` on average one of `weights`, and `fixed` ones at their time.

    `longest` bounds how long a kind lasts where that is not the kind's own bound.
    """

    every_s: float = _EVERY_S
    weights: Mapping[str, int] = field(
        default_factory=lambda: {name: kind.weight for name, kind in KINDS.items()}
    )
    longest: Mapping[str, float] = field(default_factory=dict)
    fixed: tuple[Strike, ...] = ()


CALM: Final = FaultPlan(weights={})
"""Nothing goes wrong."""


def draw_strikes(
    plan: FaultPlan, *, seed: int, for_s: float, possible: Collection[str]
) -> list[Strike]:
    """Draw what strikes in a run of so many seconds; the same seed draws the same.

    Kinds that are not `possible` at this site are left out. Every strike is over before the end.
    """
    chance = random.Random(f"{seed} faults")
    fixed = [one for one in plan.fixed if one.kind in possible]
    weights = {name: weight for name, weight in plan.weights.items() if name in possible}
    return sorted([*fixed, *_drawn(plan, weights, chance=chance, for_s=for_s)])


def _drawn(
    plan: FaultPlan, weights: Mapping[str, int], *, chance: random.Random, for_s: float
) -> Iterator[Strike]:
    at_s = 0.0
    while weights:
        at_s += plan.every_s * chance.uniform(1 - _SPREAD, 1 + _SPREAD)
        (name,) = chance.choices(list(weights), list(weights.values()))
        longest = plan.longest.get(name, KINDS[name].lasts_s)
        lasts_s = longest * chance.uniform(_SHORTEST, 1)
        where = chance.random()
        if at_s + lasts_s >= for_s:
            return
        yield Strike(round(at_s, 3), name, round(lasts_s, 3), where)


def read_duration(text: str) -> float:
    """Read `90s`, `2m` or `500ms` as seconds; raises ValueError that says what is wanted."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is not a time such as 500ms, 30s, 10m or 1h")
    return float(found[1]) * _UNITS[found[2]]


def read_fields(path: Path, faults: Faults) -> Fields:
    """Read a YAML file whose root is a mapping; raises InputFileError where that cannot be."""
    try:
        if path.exists() and not path.is_file():
            raise InputFileError(f"{path}: not a file of text")
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(unreadable(path, error)) from error
    if len(text) > _LONGEST_TEXT:
        raise InputFileError(f"{path}: larger than {_LONGEST_TEXT:,} characters")
    try:
        root = parse(text, str(path), faults)
    except NotYamlError as error:
        raise InputFileError(f"{error.place}: {error}") from error
    if not isinstance(root, Table):
        refuse(faults)
        raise InputFileError(f"{path}:1:1: this file is a mapping: `name: value` lines")
    return Fields(root, faults)


def refuse(faults: Faults) -> None:
    """Raise InputFileError with every fault that was found, a line each."""
    try:
        faults.refuse_any()
    except PackError as error:
        raise InputFileError(str(error)) from error


def read_plan(path: Path, *, for_s: float) -> FaultPlan:
    """Read a faults file for a run of so many seconds; raises InputFileError with every fault.

    Like: `every: 10s`, `kinds: {hub_killed: {weight: 3, for: 2s}}`,
    `at: [{time: 30s, kind: broker_killed, for: 3s}]`.
    """
    faults = Faults()
    fields = read_fields(path, faults)
    every_s = duration_of(fields, "every") or _EVERY_S
    weights: dict[str, int] = {}
    longest: dict[str, float] = {}
    kinds = fields.table("kinds", like="{hub_killed: {weight: 3}}")
    for key, _ in kinds.items() if kinds else ():
        inner = kinds.table(key.text) if kinds else None
        if inner is None or not _is_known(key.text, inner):
            continue
        weight = inner.number("weight", 0, most=1000)
        weights[key.text] = KINDS[key.text].weight if weight is None else weight
        longest[key.text] = lasting(inner, key.text)
        inner.close()
    fixed = [one for entry in fields.tables("at") if (one := _read_strike(entry, for_s))]
    fields.close()
    refuse(faults)
    usual = FaultPlan().weights if not weights and not fixed else weights
    return FaultPlan(every_s, {n: w for n, w in usual.items() if w}, longest, tuple(fixed))


def duration_of(fields: Fields, key: str) -> float | None:
    """Give a time such as `30s` in seconds; None where it is not there or is a fault."""
    word = fields.text(key)
    if word is None:
        return None
    try:
        return read_duration(word)
    except ValueError as error:
        fields.fault(str(error), key)
        return None


def lasting(fields: Fields, kind: str) -> float:
    """Give how long a fault of this kind lasts; one that never ends is a fault of the file."""
    own = KINDS[kind].lasts_s
    if fields.text("for") in {"ever", "forever", "never"}:
        fields.fault(f"{kind} never ends: give 'for' a time of at most {LONGEST_S:.0f}s", "for")
        return own
    said = duration_of(fields, "for")
    if said is not None and said > LONGEST_S:
        fields.fault(f"{kind} lasts longer than {LONGEST_S:.0f}s, the longest of a fault", "for")
    if said and not own:
        fields.fault(f"{kind} is over at once: leave 'for' out", "for")
    return own if said is None else said


def _is_known(kind: str, fields: Fields) -> bool:
    if kind in KINDS:
        return True
    fields.fault(f"'{kind}' is no kind of fault{suggestion(kind, KINDS)}; `sim faults` lists them")
    return False


def _read_strike(fields: Fields, for_s: float) -> Strike | None:
    kind, at_s = fields.need_text("kind"), duration_of(fields, "time")
    if at_s is None:
        fields.fault("'time' is missing: say when it strikes, such as 30s")
        return None
    if not kind or not _is_known(kind, fields):
        return None
    lasts_s = lasting(fields, kind)
    if at_s + lasts_s >= for_s:
        fields.fault(f"{kind} is not over before the run ends after {for_s:g}s", "time")
    where = fields.number("where", 2, most=99) or 0
    fields.close()
    return Strike(at_s, kind, lasts_s, where / 100)
