"""Line schemes: slabs on one line's quantity or value."""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Final, NamedTuple, cast

from rules.engine.errors import RuleFailedError
from rules.engine.result import NearMiss
from rules.engine.schemes.slabs import Slab, slabs_around
from rules.engine.tables import SlabScheme
from rules.stages.prices import price_again
from rules.stages.quantities import Growing, growing_of
from rules.stages.run import ZERO, Foresight, Given, Line, Run, factor_of
from rules.stages.schemes.bounds import give, is_used_up, take_back
from rules.stages.schemes.slabs import (
    LINE_GAVE,
    benefit_of,
    count_more,
    earned_on,
    is_offered,
    money_more,
    near_miss,
)
from rules.stages.schemes.stacking import Candidate, Contest, Pool, Stack
from rules.stages.taxes import untaxed
from rules.stages.trace import LineSteps, Row
from rules.values.rounding import share
from rules.values.units import Minor

_MOST_AMOUNTS: Final = 8
_MOST_BYTES: Final = 16 * 2**20
_BITS: Final = 8
_LIST_BYTES: Final = 10_000


class _Ahead(NamedTuple):
    """A slab ahead of a line: how much is short in what its scheme counts, and in pieces.

    Where the order reaches a limit of any scheme of the line (`is_bound`), what is more for this
    line may be less for another.
    """

    scheme: SlabScheme
    slab: Slab
    short: int
    pieces: int
    is_bound: bool


class _Settled:
    """What the schemes of a line came to: those that hold, the steps, the discount, what is near.

    The `steps` are those of the line that they were last told of; `ahead` are the next slabs of
    which half of the way is passed for a line that may grow so, found when somebody asks, and so
    are the near misses.
    """

    __slots__ = ("_near", "ahead", "discount", "schemes", "steps", "taken")

    def __init__(self, judged: "_Judged", steps: LineSteps) -> None:
        self.schemes = judged.schemes
        self.taken = judged.taken
        self.discount = judged.line.line_discount
        self.ahead: tuple[Growing, list[_Ahead]] | None = None
        self.steps = steps
        self._near: tuple[int, str, list[_Ahead], list[NearMiss]] | None = None

    def steps_of(self, number: int) -> LineSteps:
        """Give the steps as those of a line; an order that grows keeps its numbers."""
        steps = self.steps = self.steps.of_line(number)
        return steps

    def near_misses(self, ahead: list[_Ahead], line: Line) -> list[NearMiss]:
        """Write down what a line nearly earned; two who read at once write the same."""
        product = _name(line)
        near = self._near
        if near is not None and near[2] is ahead and near[:2] == (line.number, product):
            return near[3]
        told = _as_misses(ahead, line)
        self._near = line.number, product, ahead, told
        return told


class _Judged:
    """A line, its gross amount as it was, the schemes that hold, and what each gives by itself.

    `taken` is what each took off in the end, `given` what of it counts for bounded ones.
    """

    __slots__ = ("amounts", "given", "gross", "known", "line", "schemes", "settled", "taken")

    def __init__(self, line: Line, known: "_Known") -> None:
        self.line = line
        self.known = known
        self.gross = line.gross
        self.schemes: list[SlabScheme] = []
        self.amounts: list[Minor] = []
        self.taken: dict[str, Minor] = {}
        self.given: dict[str, Given | None] = {}
        self.settled: _Settled | None = None


class _Known:
    """The schemes of a line, and by quantity and gross what they came to before.

    Where they are not `stable` they may come to something else: for a limit, or for other lines.
    """

    __slots__ = ("schemes", "settled", "stable")

    def __init__(self, schemes: list[SlabScheme], *, stable: bool) -> None:
        self.schemes = schemes
        self.stable = stable and all(scheme.by_line for scheme in schemes)
        self.settled: dict[tuple[int, int], _Settled] = {}


def apply_line_schemes(run: Run) -> None:
    """Give every line the discounts it has earned; together never more than its gross."""
    mine = run.side.line_schemes
    if not mine:
        return
    run.begin_stage()
    stacking = run.pack.stacking
    compounds = stacking.compounds
    stable = not compounds and stacking.across != "leave_out"
    contest = Contest(run, "line_schemes")
    judged: list[_Judged] = []
    for line in run.sold:
        mask = mine & line.goods.line_schemes if line.goods is not None else 0
        if not mask:
            continue
        known = _known(run, mask, stable=stable)
        if known.stable:
            judged.append(_settle(run, line, known, contest=contest))
            continue
        found = _judge(run, line, known)
        judged.append(found)
        won = contest.winners(found.amounts, found.schemes, line=line.number)
        _apply(run, found, won, stack=Stack(run) if compounds else None)
    run.nearly.append(lambda foresight: _near_misses(foresight, judged))


def _known(run: Run, mask: int, *, stable: bool) -> _Known:
    """Give the schemes of a line; what is known of them is forgotten before it takes too much."""
    kept: dict[int, _Known] = run.pack.lines_known
    known = kept.get(mask)
    if known is None:
        table = run.pack.line_schemes
        if len(kept) >= _MOST_BYTES // (len(table.rules) // _BITS + _LIST_BYTES):
            kept.clear()
        known = kept[mask] = _Known(table.holding(mask), stable=stable)
    return known


def _settle(run: Run, line: Line, known: _Known, *, contest: Contest) -> _Judged:
    """Give a line what the same schemes gave on as much before, else find it and keep it.

    A counter prices its whole order with every scan: of twenty lines, nineteen are as they were.
    """
    rows, number, kept = run.rows, line.number, known.settled
    key = (line.quantity, line.gross)
    settled = kept.get(key)
    if settled is None:
        first = len(rows)
        judged = _judge(run, line, known)
        won = contest.winners(judged.amounts, judged.schemes, line=number)
        _apply(run, judged, won, stack=None)
        if run.is_trial:
            return judged
        if len(kept) >= _MOST_AMOUNTS:
            kept.clear()
        steps = LineSteps(cast("list[Row]", rows[first:]))
        rows[first:] = [steps]
        settled = _Settled(judged, steps)
        kept[key] = settled
    else:
        judged = _Judged(line, known)
        judged.schemes, judged.taken = settled.schemes, settled.taken
        line.line_discount = settled.discount
        rows.append(settled.steps_of(number))
    judged.settled = settled
    return judged


def _judge(run: Run, line: Line, known: _Known) -> _Judged:
    """Keep the schemes whose conditions hold, and find what each of them gives by itself."""
    quantity, gross = line.quantity, line.gross
    judged = _Judged(line, known)
    holding, amounts = judged.schemes, judged.amounts
    values = None
    for scheme in known.schemes:
        condition = scheme.condition
        if condition is not None:
            try:
                values = values or run.values(line)
                holds = condition(values)
            except Exception as error:
                raise RuleFailedError(scheme.id) from error
            if not holds:
                continue
        steps = scheme.steps
        if steps is not None:
            count = quantity if scheme.of == "qty" else gross
            rate = steps.rates[bisect_right(steps.starts, count)]
            amounts.append(share(gross, rate) if rate else ZERO)
        elif _may_give(run, line, scheme):
            pool = _pool(run, line, scheme)
            amount = earned_on(run, scheme, pool, stage="line_schemes", line=line.number)
            amounts.append(amount)
        else:
            continue
        holding.append(scheme)
    return judged


def _may_give(run: Run, line: Line, scheme: SlabScheme) -> bool:
    """Tell whether a scheme's unit fits the product and its limits leave anything."""
    return bool(factor_of(scheme.unit, line.product)) and not is_used_up(
        run, scheme.id, scheme.bounds, stage="line_schemes"
    )


def _pool(run: Run, line: Line, scheme: SlabScheme) -> Pool:
    count = _count(run, line, scheme, gross=line.gross)
    return Pool((line,), count, factor_of(scheme.unit, line.product), line.gross)


def _count(run: Run, line: Line, scheme: SlabScheme, *, gross: Minor) -> int:
    if scheme.of == "qty":
        return line.quantity
    return untaxed(run, line, gross) if scheme.untaxed else gross


def _apply(run: Run, judged: _Judged, won: list[int], *, stack: Stack | None) -> None:
    line, schemes, amounts = judged.line, judged.schemes, judged.amounts
    rows, number, left = run.rows, line.number, line.gross
    for place in won:
        scheme, amount = schemes[place], amounts[place]
        if stack is not None:
            amount = stack.amount(Candidate(amount, scheme, _pool(run, line, scheme)))
        amount = min(amount, left)
        if not amount:
            continue
        left = Minor(left - amount)
        judged.taken[scheme.id] = amount
        if scheme.bounds is not None:
            judged.given[scheme.id] = give(
                run, scheme.id, scheme.bounds, amount=amount, pieces=line.quantity
            )
        if stack is not None:
            stack.add(line, amount)
        rows.append((LINE_GAVE, scheme.id, number, amount, None))
    line.line_discount = Minor(line.gross - left)


def _near_misses(foresight: Foresight, judged: list[_Judged]) -> list[NearMiss]:
    """Name the slabs of which half of the way is passed, and that stock lets the line reach."""
    run = foresight.run
    near: list[NearMiss] = []
    for found in judged:
        line = found.line
        if line.is_cut:
            continue
        ahead = _known_ahead(run, found)
        if not ahead:
            continue
        settled, most = found.settled, max(one.pieces for one in ahead)
        if settled is None or not foresight.can_have(((line, most),)):
            near += _as_misses([one for one in ahead if _comes_true(foresight, line, one)], line)
        else:
            near += settled.near_misses(ahead, line)
    return near


def _comes_true(foresight: Foresight, line: Line, ahead: _Ahead) -> bool:
    """Tell whether stock has so much more, and the order gets more of the scheme for it."""
    more = ((line, ahead.pieces),)
    if not ahead.is_bound:
        return foresight.can_have(more)
    trial = foresight.tried(more, ahead.scheme.id)
    return trial is not None and trial.gain(ahead.scheme.id).money > 0


def _known_ahead(run: Run, found: _Judged) -> list[_Ahead]:
    """Give the slabs ahead of a line as they were found for as much that may grow so, or find them.

    More of what was ordered in a unit may have another price, so that is found each time.
    """
    growing = growing_of(run, found.line)
    settled = found.settled if found.line.unit is None else None
    if settled is None:
        return _ahead(run, found, growing)
    known = settled.ahead
    if known is None or known[0] != growing:
        known = settled.ahead = growing, _ahead(run, found, growing)
    return known[1]


def _as_misses(ahead: list[_Ahead], line: Line) -> list[NearMiss]:
    told = []
    for one in ahead:
        say = count_more if one.scheme.of == "qty" else money_more
        more = say(one.short, product=_name(line))
        benefit = benefit_of(one.scheme, one.slab)
        told.append(near_miss(one.scheme.id, line.number, more=more, benefit=benefit))
    return told


def _name(line: Line) -> str:
    return line.product.name if line.product else line.sku


def _ahead(run: Run, found: _Judged, growing: Growing) -> list[_Ahead]:
    """Give the slabs ahead of a line that it would earn, each with how much is short of it."""
    near = []
    # Slabs of many schemes begin at the same count: a line as large is judged once for all of them.
    taken: dict[int, tuple[Line, Mapping[str, Minor], bool]] = {}
    line = found.line
    for scheme in found.schemes:
        factor = factor_of(scheme.unit, line.product)
        count = _count(run, line, scheme, gross=found.gross)
        reached, ahead = slabs_around(scheme.slabs, count, factor)
        if ahead is None or not is_offered(scheme, reached, ahead):
            continue
        start = ahead.start * factor
        least = start - count
        if scheme.of != "qty":
            least = -(-least * line.quantity // count)
        pieces = growing.orderable(least)
        if pieces and pieces not in taken:
            taken[pieces] = _taken_with(run, found, pieces)
        if not pieces or taken[pieces][1].get(scheme.id, 0) <= found.taken.get(scheme.id, 0):
            continue
        larger, _, is_bound = taken[pieces]
        grown = _count(run, larger, scheme, gross=larger.gross)
        slab, _ = slabs_around(scheme.slabs, grown, factor)
        if slab is not None and grown >= start:
            near.append(_Ahead(scheme, slab, grown - count, pieces, is_bound))
    return near


def _taken_with(run: Run, found: _Judged, pieces: int) -> tuple[Line, Mapping[str, Minor], bool]:
    """Give a line with so many more pieces, what each scheme would take off, and if by a limit.

    More that has no price has nothing taken off.
    """
    line = found.line.with_more(pieces, run.pack.scale)
    if line.unit is not None:
        price_again(run.with_more(0), line)
        if line.unit_price is None:
            return line, {}, False
    trial = run.with_more(line.gross - found.gross)
    for name, given in found.given.items():
        take_back(trial, name, given)
    larger = _judge(trial, line, found.known)
    contest = Contest(trial, "line_schemes")
    won = contest.winners(larger.amounts, larger.schemes, line=line.number)
    _apply(trial, larger, won, stack=Stack(trial) if run.pack.stacking.compounds else None)
    return line, larger.taken, _is_bound(run, trial, found.known)


def _is_bound(run: Run, trial: Run, known: _Known) -> bool:
    """Tell whether an order reaches a limit of a scheme, as it is or with more of a line.

    One that earlier orders used up gives nothing on any line: it changes nothing.
    """
    told = {name for name, _ in run.told | trial.told}
    for scheme in known.schemes:
        if scheme.bounds is None or scheme.id not in trial.given:
            continue
        if scheme.id in told or is_used_up(trial, scheme.id, scheme.bounds, stage="line_schemes"):
            return True
    return False
