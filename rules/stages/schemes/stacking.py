"""Schemes side by side: one of a group, one that stands alone, and what the next one acts on."""

from collections.abc import Callable
from typing import Final, NamedTuple

from rules.engine.result import StageName
from rules.engine.tables import SlabScheme
from rules.stages.run import Line, Run
from rules.stages.trace import Row, Step
from rules.values.reasons import Params
from rules.values.rounding import ALL, share_of_part
from rules.values.units import Minor


class Pool(NamedTuple):
    """What a scheme counts on which lines, and the amount it gives a share of.

    So many of what is counted make one of the scheme's units: `factor` is of its pack size.
    `before` is what of it the customer bought earlier in the period. Where the scheme gives on
    other goods than it counts, or on some pieces, `lines` are those and `parts` the pieces of each.
    """

    lines: tuple[Line, ...]
    counted: int
    factor: int
    base: Minor
    before: int = 0
    parts: tuple[int, ...] | None = None

    @property
    def pieces(self) -> int:
        """Count the base units that have the discount."""
        return sum(line.quantity for line in self.lines) if self.parts is None else sum(self.parts)

    def earn(self, scheme: SlabScheme, base: Minor) -> Minor:
        """Say what a scheme takes off by this count, of goods that are worth so much."""
        if scheme.target is None:
            return scheme.earn(self.counted, self.factor, base, before=self.before)
        return scheme.target.given(self.counted, self.factor, base, pieces=self.pieces)


class Candidate(NamedTuple):
    """What a scheme would give on a pool if no other scheme did.

    One is told apart from others as the object that it is: a plain tuple would not stay one, since
    machine code copies those.
    """

    amount: Minor
    scheme: SlabScheme
    pool: Pool


_PICKS: Final = ("best", "priority", "cheapest")
_STAGES: Final[tuple[StageName, ...]] = ("line_schemes", "basket_schemes", "order_schemes")


def _beaten(pick: str) -> Callable[[Row], Params]:
    name = "beaten." + pick
    return lambda row: {"rule": row[1], "by": [name, {"winner": row[4]}]}


def _excluded(row: Row) -> Params:
    return {"rule": row[1], "winner": row[4]}


_LOSING: Final = {
    stage: {pick: Step(stage, "scheme_beaten", _beaten(pick)) for pick in _PICKS}
    for stage in _STAGES
}
_YIELDING: Final = {stage: Step(stage, "scheme_excluded", _excluded) for stage in _STAGES}


class Contest:
    """Which schemes of a stage give something where they meet.

    Candidates are told by their place, the larger priority first, then by id; so equal ones fall to
    the first. Who would give nothing is no candidate.
    """

    def __init__(self, run: Run, stage: StageName) -> None:
        self._picks = dict(run.pack.groups)
        self._leaving_out = run.pack.stacking.across == "leave_out"
        self._rows = run.rows
        self._losing = _LOSING[stage]
        self._yielding = _YIELDING[stage]

    def winners(
        self,
        amounts: list[Minor],
        schemes: list[SlabScheme],
        *,
        line: int | None = None,
        pools: list[Pool] | None = None,
    ) -> list[int]:
        """Keep one of each group, then the one that stands alone where there is one.

        All of them meet, but for those with `pools`: these meet where they share a line.
        """
        for scheme in schemes:
            if scheme.rivals:
                break
        else:
            left = [place for place, amount in enumerate(amounts) if amount]
            if not self._leaving_out:
                return left
            return self._of_largest(left, schemes, line=line, pools=pools)
        if pools is None:
            left = self._best(amounts, schemes, line=line)
        else:
            left = self._best_where_they_meet(amounts, schemes, pools=pools)
        for place in left:
            if schemes[place].alone:
                left = self._left_alone(left, schemes, line=line, pools=pools)
                break
        if self._leaving_out:
            return self._of_largest(left, schemes, line=line, pools=pools)
        return left

    def _of_largest(
        self,
        places: list[int],
        schemes: list[SlabScheme],
        *,
        line: int | None,
        pools: list[Pool] | None,
    ) -> list[int]:
        """Leave out what meets a scheme of a larger priority; they stand in their turn."""
        staying: list[int] = []
        for place in places:
            above = [
                other
                for other in staying
                if schemes[other].priority > schemes[place].priority
                and (pools is None or _meet(pools[place], pools[other]))
            ]
            if above:
                row = (self._yielding, schemes[place].id, line, None, schemes[above[0]].id)
                self._rows.append(row)
            else:
                staying.append(place)
        return staying

    def winning_pools(self, candidates: list[Candidate], *, apart: bool = False) -> list[Candidate]:
        """Keep the winners; pools `apart` meet only where they share a line."""
        pools = [pool for _, _, pool in candidates]
        places = self.winners(
            [amount for amount, _, _ in candidates],
            [scheme for _, scheme, _ in candidates],
            pools=pools if apart else None,
        )
        return [candidates[place] for place in places]

    def _best(
        self, amounts: list[Minor], schemes: list[SlabScheme], *, line: int | None
    ) -> list[int]:
        """Keep one of each group where all of them meet."""
        picks, losing = self._picks, self._losing
        won: dict[str, int] = {}
        for place, amount in enumerate(amounts):
            if amount:
                group = schemes[place].group
                rival = won.get(group)
                if rival is None or _is_better(picks.get(group), amount, amounts[rival]):
                    won[group] = place
        left = []
        for place, amount in enumerate(amounts):
            if amount:
                scheme = schemes[place]
                group = scheme.group
                winner = won[group]
                if winner == place or not group:
                    left.append(place)
                else:
                    step = losing[picks.get(group, "best")]
                    self._rows.append((step, scheme.id, line, None, schemes[winner].id))
        return left

    def _best_where_they_meet(
        self,
        amounts: list[Minor],
        schemes: list[SlabScheme],
        *,
        pools: list[Pool],
    ) -> list[int]:
        """Keep of each group those that share no line with a better one."""
        groups: dict[str, list[int]] = {}
        for place, amount in enumerate(amounts):
            if amount and schemes[place].group:
                groups.setdefault(schemes[place].group, []).append(place)
        lost: dict[int, int] = {}
        for group, members in groups.items():
            won: list[int] = []
            for place in _in_turn(self._picks.get(group), members, amounts):
                rivals = [other for other in won if _meet(pools[place], pools[other])]
                if rivals:
                    lost[place] = rivals[0]
                else:
                    won.append(place)
        for place in sorted(lost):
            loser, winner = schemes[place], schemes[lost[place]]
            step = self._losing[self._picks.get(loser.group, "best")]
            self._rows.append((step, loser.id, None, None, winner.id))
        return [place for place, amount in enumerate(amounts) if amount and place not in lost]

    def _left_alone(
        self,
        places: list[int],
        schemes: list[SlabScheme],
        *,
        line: int | None,
        pools: list[Pool] | None,
    ) -> list[int]:
        """Let those that stand alone shut out what they meet, the first of them first."""
        left = places
        for alone in places:
            if not schemes[alone].alone or alone not in left:
                continue
            staying = []
            for place in left:
                if place == alone or (pools and not _meet(pools[place], pools[alone])):
                    staying.append(place)
                else:
                    row = (self._yielding, schemes[place].id, line, None, schemes[alone].id)
                    self._rows.append(row)
            left = staying
        return left


def _is_better(pick: str | None, amount: Minor, rival: Minor) -> bool:
    """Tell whether one comes before another of its group; None is the pick of a group by itself."""
    if pick is None or pick == "best":
        return amount > rival
    return pick == "cheapest" and amount < rival


def _in_turn(pick: str | None, places: list[int], amounts: list[Minor]) -> list[int]:
    """Order the members of a group, the one that wins first."""
    if pick == "priority":
        return places
    sign = 1 if pick == "cheapest" else -1
    return sorted(places, key=lambda place: sign * amounts[place])


def _meet(one: Pool, other: Pool) -> bool:
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
        amount, scheme, pool = candidate
        self._reach(scheme.priority)
        across, inside = self._across or scheme.compound, self._inside or scheme.compound
        if not (inside or across):
            return amount
        taken = 0
        for place, line in enumerate(pool.lines):
            off = self._above.get(line.number, 0) if across else 0
            off += self._beside.get(line.number, 0) if inside else 0
            if pool.parts is not None:
                off = share_of_part(Minor(off), ALL, part=pool.parts[place], whole=line.quantity)
            taken += off
        return min(pool.earn(scheme, Minor(max(pool.base - taken, 0))), amount)

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
