"""Schemes side by side: one of a group, one that stands alone, and what the next one acts on."""

from typing import Final, NamedTuple

from rules.engine.result import Reason, StageName
from rules.engine.tables import SlabScheme
from rules.stages.run import Line, Run
from rules.stages.schemes.slabs import Counted, discount_of
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

    Only schemes that meet on a line rule each other out; those of one line or of the order always
    do. The candidates come the larger priority first, then by id; so equal ones fall to the first.
    """
    if not any(one.scheme.group or one.scheme.alone for one in candidates):
        return candidates
    out = _beaten(run, candidates, stage=stage, line=line)
    for at, alone in enumerate(candidates):
        if not alone.scheme.alone or at in out:
            continue
        for place, one in enumerate(candidates):
            if place != at and place not in out and _meet(one, alone, stage):
                text = f"{one.scheme.id} gives way to {alone.scheme.id}"
                out[place] = Reason(stage, "scheme_excluded", text, one.scheme.id, line)
    run.trace += (out[place] for place in sorted(out))
    return [one for place, one in enumerate(candidates) if place not in out]


def _beaten(
    run: Run, candidates: list[Candidate], *, stage: StageName, line: int | None
) -> dict[int, Reason]:
    """Tell who loses in the groups, by place."""
    out: dict[int, Reason] = {}
    groups: dict[str, list[int]] = {}
    for place, candidate in enumerate(candidates):
        if candidate.scheme.group:
            groups.setdefault(candidate.scheme.group, []).append(place)
    for group, members in groups.items():
        if len(members) == 1:
            continue
        pick = run.pack.groups.get(group, "best")
        won: list[Candidate] = []
        for place in _in_turn(pick, members, candidates):
            one = candidates[place]
            for winner in won:
                if _meet(one, winner, stage):
                    text = f"{one.scheme.id} {_BEATEN[pick]} {winner.scheme.id}"
                    out[place] = Reason(stage, "scheme_beaten", text, one.scheme.id, line)
                    break
            else:
                won.append(one)
    return out


def _in_turn(pick: str, members: list[int], candidates: list[Candidate]) -> list[int]:
    """Order the members of a group, the one that wins first."""
    if pick == "priority":
        return members
    sign = 1 if pick == "cheapest" else -1
    return sorted(members, key=lambda place: sign * candidates[place].amount)


def _meet(one: Candidate, other: Candidate, stage: StageName) -> bool:
    if stage != "basket_schemes":
        return True
    numbers = {line.number for line in one.lines}
    return any(line.number in numbers for line in other.lines)


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
        counted = candidate.counted._replace(base=base)
        return min(discount_of(candidate.scheme, counted), candidate.amount)

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
