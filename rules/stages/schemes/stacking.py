"""Schemes side by side: one of a group, one that stands alone, and what the next one acts on."""

from collections.abc import Callable
from typing import Final, NamedTuple

from rules.engine.result import StageName
from rules.engine.tables import SlabScheme
from rules.stages.run import Line, Run
from rules.stages.trace import Money, Row, Wording
from rules.values.units import Minor


class Pool(NamedTuple):
    """What a scheme counts on which lines, and the amount it gives a share of.

    So many of what is counted make one of the scheme's units: `factor` is of its pack size.
    `before` is what of it the customer bought earlier in the period.
    """

    lines: tuple[Line, ...]
    counted: int
    factor: int
    base: Minor
    before: int = 0

    @property
    def pieces(self) -> int:
        """Count the base units on these lines."""
        return sum(line.quantity for line in self.lines)


Candidate = tuple[Minor, SlabScheme, Pool | None]
"""What a scheme would give if no other scheme did; lines know their own pool."""

_BEATEN: Final = {
    "best": "gives less than",
    "priority": "comes after",
    "cheapest": "costs more than",
}
_STAGES: Final[tuple[StageName, ...]] = ("line_schemes", "basket_schemes", "order_schemes")


def _words(between: str) -> Callable[[Row, Money], str]:
    return lambda row, _: f"{row[1]} {between} {row[4]}"


_LOSING: Final = {
    stage: {
        pick: Wording(stage, "scheme_beaten", _words(between)) for pick, between in _BEATEN.items()
    }
    for stage in _STAGES
}
_YIELDING: Final = {
    stage: Wording(stage, "scheme_excluded", _words("gives way to")) for stage in _STAGES
}


def winners(
    run: Run, candidates: list[Candidate], *, stage: StageName, line: int | None
) -> list[Candidate]:
    """Keep one of each group, then the one that stands alone where there is one.

    Only schemes that meet on a line rule each other out; those of one line or of the order always
    do. The candidates come the larger priority first, then by id; so equal ones fall to the first.
    """
    for _, scheme, _ in candidates:
        if scheme.rivals:
            break
    else:
        return candidates
    if stage == "basket_schemes":
        left = _best_where_they_meet(run, candidates)
    else:
        left = _best(run, candidates, stage=stage, line=line)
    for _, scheme, _ in left:
        if scheme.alone:
            return _left_alone(run, left, stage=stage, line=line)
    return left


def _best(
    run: Run, candidates: list[Candidate], *, stage: StageName, line: int | None
) -> list[Candidate]:
    """Keep one of each group where all of them meet."""
    picks = run.pack.groups
    won: dict[str, Candidate] = {}
    for one in candidates:
        group = one[1].group
        rival = won.get(group)
        if rival is None or _is_better(picks.get(group, "best"), one[0], rival[0]):
            won[group] = one
    left = []
    for one in candidates:
        scheme = one[1]
        winner = won[scheme.group]
        if winner is one or not scheme.group:
            left.append(one)
        else:
            words = _LOSING[stage][picks.get(scheme.group, "best")]
            run.rows.append((words, scheme.id, line, None, winner[1].id))
    return left


def _is_better(pick: str, amount: Minor, rival: Minor) -> bool:
    if pick == "best":
        return amount > rival
    return pick == "cheapest" and amount < rival


def _best_where_they_meet(run: Run, candidates: list[Candidate]) -> list[Candidate]:
    """Keep of each group those that share no line with a better one."""
    groups: dict[str, list[int]] = {}
    for place, (_, scheme, _) in enumerate(candidates):
        if scheme.group:
            groups.setdefault(scheme.group, []).append(place)
    lost: dict[int, SlabScheme] = {}
    for group, members in groups.items():
        won: list[Candidate] = []
        for place in _in_turn(run.pack.groups.get(group, "best"), members, candidates):
            one = candidates[place]
            rival = next((other for other in won if _meet(one, other)), None)
            if rival is None:
                won.append(one)
            else:
                lost[place] = rival[1]
    for place in sorted(lost):
        scheme = candidates[place][1]
        words = _LOSING["basket_schemes"][run.pack.groups.get(scheme.group, "best")]
        run.rows.append((words, scheme.id, None, None, lost[place].id))
    return [one for place, one in enumerate(candidates) if place not in lost]


def _in_turn(pick: str, members: list[int], candidates: list[Candidate]) -> list[int]:
    """Order the members of a group, the one that wins first."""
    if pick == "priority":
        return members
    sign = 1 if pick == "cheapest" else -1
    return sorted(members, key=lambda place: sign * candidates[place][0])


def _left_alone(
    run: Run, candidates: list[Candidate], *, stage: StageName, line: int | None
) -> list[Candidate]:
    """Let those that stand alone shut out what they meet, the first of them first."""
    left = candidates
    for alone in candidates:
        if not alone[1].alone or alone not in left:
            continue
        staying = []
        for one in left:
            if one is alone or (stage == "basket_schemes" and not _meet(one, alone)):
                staying.append(one)
            else:
                run.rows.append((_YIELDING[stage], one[1].id, line, None, alone[1].id))
        left = staying
    return left


def _meet(one: Candidate, other: Candidate) -> bool:
    mine, others = one[2], other[2]
    if mine is None or others is None:
        return True
    numbers = {line.number for line in mine.lines}
    return any(line.number in numbers for line in others.lines)


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
        amount, scheme, pool = candidate
        if pool is None or not (self._inside or self._across):
            return amount
        self._reach(scheme.priority)
        taken = 0
        for line in pool.lines:
            taken += self._above.get(line.number, 0) if self._across else 0
            taken += self._beside.get(line.number, 0) if self._inside else 0
        base = Minor(max(pool.base - taken, 0))
        return min(scheme.earn(pool.counted, pool.factor, base, before=pool.before), amount)

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
