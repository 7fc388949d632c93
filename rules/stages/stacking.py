"""Schemes side by side: one of a group, one that stands alone, and what the next one acts on."""

from typing import Final, NamedTuple

from rules.engine.result import Reason, StageName
from rules.engine.tables import SlabScheme
from rules.stages.run import Line, Run
from rules.stages.slabs import Counted, discount_of, slab_at
from rules.values.units import Minor

_BEATEN: Final = {
    "best": "gives less than",
    "priority": "comes after",
    "cheapest": "costs more than",
}


class Candidate(NamedTuple):
    """What a scheme would give on its lines if no other scheme did."""

    scheme: SlabScheme
    lines: tuple[Line, ...]
    counted: Counted
    amount: Minor


def winners(
    run: Run, candidates: list[Candidate], *, stage: StageName, line: int | None
) -> list[Candidate]:
    """Keep one of each group, then the one that stands alone where there is one.

    The candidates come the larger priority first, then by id; so equal ones fall to the first.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.scheme.group:
            groups.setdefault(candidate.scheme.group, []).append(candidate)
    out: dict[str, Reason] = {}
    for group, members in groups.items():
        if len(members) == 1:
            continue
        pick = run.pack.groups.get(group, "best")
        winner = _winner(pick, members)
        for name in (one.scheme.id for one in members if one is not winner):
            text = f"{name} {_BEATEN[pick]} {winner.scheme.id}"
            out[name] = Reason(stage, "scheme_beaten", text, name, line)
    kept = [one for one in candidates if one.scheme.id not in out]
    alone = next((one.scheme.id for one in kept if one.scheme.alone), None)
    if alone is not None:
        for name in (one.scheme.id for one in kept if one.scheme.id != alone):
            text = f"{name} gives way to {alone}"
            out[name] = Reason(stage, "scheme_excluded", text, name, line)
    run.trace += (out[one.scheme.id] for one in candidates if one.scheme.id in out)
    return [one for one in kept if one.scheme.id not in out]


def _winner(pick: str, members: list[Candidate]) -> Candidate:
    if pick == "priority":
        return members[0]
    choose = min if pick == "cheapest" else max
    return choose(members, key=_amount)


def _amount(candidate: Candidate) -> int:
    return candidate.amount


class Stack:
    """What the schemes of one stage have given so far, line by line.

    Where they add, all act on the same base. Where they compound, each acts on what those before
    it have left: those of its own priority, those of larger priorities, or both.
    """

    def __init__(self, run: Run) -> None:
        self._inside = run.pack.stacking.inside == "compound"
        self._across = run.pack.stacking.across == "compound"
        self._priority: int | None = None
        self._above: dict[int, int] = {}
        self._beside: dict[int, int] = {}

    def amount(self, candidate: Candidate) -> Minor:
        """Give what a scheme takes off after those before it."""
        if not self._inside and not self._across:
            return candidate.amount
        self._reach(candidate.scheme.priority)
        taken = 0
        for line in candidate.lines:
            taken += self._above.get(line.number, 0) if self._across else 0
            taken += self._beside.get(line.number, 0) if self._inside else 0
        base = Minor(max(candidate.counted.base - taken, 0))
        count, factor = candidate.counted.count, candidate.counted.factor
        slab = slab_at(candidate.scheme.slabs, count, factor)
        if slab is None:
            return candidate.amount
        counted = Counted(count, factor, base, candidate.counted.scale)
        return min(discount_of(candidate.scheme, slab, counted), candidate.amount)

    def add(self, line: Line, amount: Minor) -> None:
        """Count what a scheme has taken off a line."""
        self._beside[line.number] = self._beside.get(line.number, 0) + amount

    def _reach(self, priority: int) -> None:
        if priority == self._priority:
            return
        self._priority = priority
        for number, amount in self._beside.items():
            self._above[number] = self._above.get(number, 0) + amount
        self._beside = {}
