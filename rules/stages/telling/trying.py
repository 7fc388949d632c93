"""What schemes would give with more of some lines: their stages are run again to find out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rules.engine.errors import RuleFailedError
from rules.engine.index import places
from rules.engine.result import Reason
from rules.engine.tables import Combo, FreeScheme, SlabScheme
from rules.stages.all_schemes import apply_schemes
from rules.stages.prices import by_product, price_again
from rules.stages.run import Gift, Line, More, Run, Trial
from rules.stages.stock.spare import Spare
from rules.stages.trace import LineSteps, Told

_MOST_LINES: Final = 1_000
"""After so many lines decided again for one order no more is tried: what is left is not told."""
_NO_GOODS: Final[Mapping[str, int]] = {}
_GAVE: Final = frozenset({"scheme_applied", "free_goods_given", "free_goods_offered"})
_Group = tuple[str, int, str]


class Trier:
    """Tries more of some lines on the schemes of a finished run.

    Of lines that share no scheme that counts them together the others need not be looked at,
    unless a scheme has a limit, or a condition on what the whole order comes to.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        batches = run.facts.batches
        self._spare = None if batches is None else Spare(run, batches)
        self._left = _MOST_LINES
        self._trials: dict[tuple[object, ...], Trial | None] = {}
        self._given: dict[frozenset[int], Mapping[str, Gift]] = {}
        self._together: dict[_Group, list[Line]] | None = None

    def tried(self, more: More, rule: str, *, whole: bool = False) -> Trial | None:
        """Decide the schemes again, on the `whole` order or on the lines that it takes.

        None where so much, or what the rule gives for it, cannot be had or is not looked into.
        """
        if not self.can_have(more):
            return None
        key = (whole, *((line.number, line.sku, pieces) for line, pieces in more))
        if key not in self._trials:
            self._trials[key] = self._try(more, whole=whole)
        trial = self._trials[key]
        if trial is None:
            return None
        # What another rule gives of the same product leaves from the same stock.
        free = {sku: max(trial.more_free(sku), 0) for sku in trial.gain(rule).goods}
        return trial if self.can_have(more, free) else None

    def can_have(self, more: More, free: Mapping[str, int] = _NO_GOODS) -> bool:
        """Tell whether stock has so much more, and for it so many free pieces of products."""
        if self._spare is None:
            return True
        return self._spare.has(more, free)

    def _try(self, more: More, *, whole: bool) -> Trial | None:
        if self._left <= 0:
            return None
        lines = self.run.sold if whole else self._lines_with([line for line, _ in more])
        self._left -= len(lines)
        numbers = frozenset(line.number for line in lines)
        try:
            after = self._decided(lines, more)
            if numbers not in self._given:
                whole = len(lines) == len(self.run.sold)
                before = self.run if whole else self._decided(lines, ())
                self._given[numbers] = {} if before is None else _gifts_of(before)
        except RuleFailedError:
            return None
        if after is None:
            return None
        return Trial(self._given[numbers], _gifts_of(after), after.counted)

    def _decided(self, lines: Sequence[Line], more: More) -> Run | None:
        """Give what schemes give on some lines with more of some of them; None without a price."""
        run = self.run
        trial = Run(run.order, run.facts, run.counters, pack=run.pack)
        trial.is_trial = True
        growing = {line.number: line.with_more(pieces, run.pack.scale) for line, pieces in more}
        trial.sold = [
            growing.pop(line.number)
            if line.number in growing
            else line.with_more(0, run.pack.scale)
            for line in lines
        ]
        trial.sold += growing.values()
        for line, _ in more:
            if line.unit is not None:
                grown = next(one for one in trial.sold if one.number == line.number)
                price_again(trial, grown)
        if any(line.gross <= 0 for line in trial.sold):
            return None
        trial.sold.sort(key=by_product)
        sold = {line.number for line in trial.sold}
        trial.lines = [*trial.sold, *(one for one in run.lines if one.number not in sold)]
        trial.rows = []
        apply_schemes(trial)
        return trial

    def _lines_with(self, growing: Sequence[Line]) -> Sequence[Line]:
        """Give the lines that have to be looked at together: all where a scheme asks for all."""
        if self._together is None:
            self._together = {}
            for line in self.run.sold:
                for group in _groups(self.run, line):
                    self._together.setdefault(group, []).append(line)
        found, waiting = dict.fromkeys(line.number for line in growing), [*growing]
        seen: set[_Group] = set()
        while waiting:
            line = waiting.pop()
            if not all(_is_apart(scheme) for scheme in _schemes(self.run, line)):
                return self.run.sold
            for group in _groups(self.run, line):
                if group not in seen:
                    seen.add(group)
                    for one in self._together.get(group, ()):
                        if one.number not in found:
                            found[one.number] = None
                            waiting.append(one)
        return [line for line in self.run.sold if line.number in found]


def _gifts_of(run: Run) -> Mapping[str, Gift]:
    """Give what every rule of a run gives."""
    money: dict[str, int] = {}
    pieces: dict[str, int] = {}
    for rule, amount, count in _given(run.rows):
        money[rule] = money.get(rule, 0) + amount
        pieces[rule] = pieces.get(rule, 0) + count
    goods: dict[str, dict[str, int]] = {}
    for gift in run.free:
        given = goods.setdefault(gift.rule, {})
        given[gift.sku] = given.get(gift.sku, 0) + gift.earned
    return {
        rule: Gift(amount, pieces[rule], goods.get(rule, _NO_GOODS))
        for rule, amount in money.items()
    }


def _given(steps: Sequence[Told]) -> Iterator[tuple[str, int, int]]:
    for step in steps:
        if isinstance(step, LineSteps):
            yield from _given(step.rows)
        elif isinstance(step, Reason):
            if step.code in _GAVE:
                gift: Any = step.params.get("gift")
                yield step.rule, step.amount or 0, gift[1]["quantity"] if gift else 0
        else:
            kind, rule, _, amount, given = step
            if kind.code in _GAVE:
                yield rule, amount or 0, given[0] if kind.code == "free_goods_given" else 0


def _schemes(run: Run, line: Line) -> Iterator[SlabScheme | Combo | FreeScheme]:
    """Give the schemes that may hold for a line."""
    goods, pack, side = line.goods, run.pack, run.side
    if goods is None:
        return
    yield from pack.line_schemes.holding(side.line_schemes & goods.line_schemes)
    yield from pack.basket_schemes.holding(side.basket_schemes & goods.basket_schemes)
    yield from pack.free_schemes.holding(side.free_schemes & goods.free_schemes)
    for place in places(goods.targets):
        at = pack.targets.rules[place]
        if side.basket_schemes >> at & 1:
            yield pack.basket_schemes.rules[at]
    for place in places(goods.combo_parts):
        combo, _ = pack.combo_parts.rules[place]
        if side.combos >> combo & 1:
            yield pack.combos.rules[combo]


def _is_apart(scheme: SlabScheme | Combo | FreeScheme) -> bool:
    """Tell whether what a scheme gives on some lines goes by nothing of the others."""
    if isinstance(scheme, FreeScheme) and scheme.most is not None:
        return False
    return scheme.bounds is None and not scheme.of_order


def _groups(run: Run, line: Line) -> Iterator[_Group]:
    """Name what counts a line together with others, in which all of one name are counted."""
    goods, pack, side = line.goods, run.pack, run.side
    if goods is None:
        return
    yield "product", 0, line.sku
    for place in places(side.basket_schemes & goods.basket_schemes):
        yield from _pool(pack.basket_schemes.rules[place], place)
    for place in places(goods.targets):
        at = pack.targets.rules[place]
        if side.basket_schemes >> at & 1:
            yield from _pool(pack.basket_schemes.rules[at], at)
    for place in places(side.free_schemes & goods.free_schemes):
        if pack.free_schemes.rules[place].over == "basket":
            yield "free", place, ""
    for place in places(goods.combo_parts):
        combo, _ = pack.combo_parts.rules[place]
        if side.combos >> combo & 1:
            yield "combo", combo, ""


def _pool(scheme: SlabScheme, place: int) -> Iterator[_Group]:
    named = scheme.target is not None and scheme.target.when
    if scheme.over != "sku" or named:
        yield "pool", place, ""
