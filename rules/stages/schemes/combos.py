"""Combos: complete sets of several products; every piece counts in one set only."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import Any, Final, NamedTuple

from rules.engine.index import places
from rules.engine.result import NearMiss
from rules.engine.tables import Combo, ComboPart
from rules.stages.prices import new_line
from rules.stages.quantities import orderable
from rules.stages.run import Foresight, Line, Run
from rules.stages.schemes.bounds import is_used_up, within
from rules.stages.schemes.slabs import names_to_have, near_miss
from rules.stages.schemes.taking import take_off
from rules.values.rounding import ALL, share, share_of_part
from rules.values.units import Minor

_STAGE: Final = "basket_schemes"
_MOST_WAYS: Final = 3
"""How many ways to complete a set are tried before none is told."""


class _Added(NamedTuple):
    """So many pieces more of a line; `when` are the conditions of what may be ordered instead."""

    line: Line
    pieces: int
    when: Mapping[str, Sequence[str]]


class _Choice(NamedTuple):
    """Some parts of a combo: what one set needs of them, and the lines that have any of it."""

    parts: tuple[int, ...]
    need: int
    lines: frozenset[int]


def apply_combos(run: Run) -> None:
    """Give every combo its complete sets, the larger priority first."""
    table = run.pack.combos
    mine = run.side.combos
    if not mine:
        return
    run.begin_stage()
    matching = _matching(run, mine)
    holding = [
        place
        for place in sorted(matching)
        if run.holds_true(table.rules[place].id, table.rules[place].condition)
    ]
    left = [int(line.quantity) for line in run.sold]
    for place in holding:
        _give(run, table.rules[place], matching[place], left=left)


def _matching(run: Run, mine: int) -> dict[int, list[list[int]]]:
    """Find the lines that fit each part of each combo."""
    found: dict[int, list[list[int]]] = {}
    for at, line in enumerate(run.sold):
        if line.goods is None:
            continue
        for place in places(line.goods.combo_parts):
            combo, part = run.pack.combo_parts.rules[place]
            if mine >> combo & 1:
                if combo not in found:
                    found[combo] = [[] for _ in run.pack.combos.rules[combo].parts]
                found[combo][part].append(at)
    return found


def _choices(combo: Combo, fitting: list[list[int]]) -> list[_Choice]:
    """Name every choice of parts, the smaller first: sets are complete if no choice falls short."""
    numbers = range(len(combo.parts))
    return [
        _Choice(
            parts,
            sum(combo.parts[part].quantity for part in parts),
            frozenset(at for part in parts for at in fitting[part]),
        )
        for size in range(1, len(combo.parts) + 1)
        for parts in combinations(numbers, size)
    ]


def _give(run: Run, combo: Combo, fitting: list[list[int]], *, left: list[int]) -> None:
    """Give the complete sets of what is `left` of each line, and take their pieces from it."""
    if is_used_up(run, combo.id, combo.bounds, stage=_STAGE):
        return
    choices = _choices(combo, fitting)
    sets = min(_there(choice, left) // choice.need for choice in choices)
    if combo.max_sets is not None:
        sets = min(sets, combo.max_sets)
    _note_miss(run, combo, fitting, choices=choices, left=left, sets=sets)
    if not sets:
        return
    used = _use(combo, fitting, choices, left=left, sets=sets)
    lines = [run.sold[at] for at in used]
    worth = [_worth(line, pieces) for line, pieces in zip(lines, used.values(), strict=True)]
    amount, pieces = _discount(combo, Minor(sum(worth)), sets), sum(used.values())
    if amount > 0:
        amount = within(run, combo.id, combo.bounds, amount=amount, pieces=pieces, stage=_STAGE)
    if amount <= 0:
        return
    gone = run.used.setdefault(combo.once, {}) if combo.once else {}
    for at, taken in used.items():
        left[at] -= taken
        number = run.sold[at].number
        gone[number] = gone.get(number, 0) + taken
    take_off(
        run,
        combo.id,
        combo.bounds,
        amount=amount,
        pieces=pieces,
        lines=lines,
        weights=[min(part, line.net) for part, line in zip(worth, lines, strict=True)],
    )


def _there(choice: _Choice, left: Sequence[int]) -> int:
    return sum(left[at] for at in choice.lines)


def _use(
    combo: Combo,
    fitting: list[list[int]],
    choices: list[_Choice],
    *,
    left: Sequence[int],
    sets: int,
) -> dict[int, int]:
    """Say how many pieces of which line the sets use.

    A part takes from a line what the other parts do not need of it, so that none is left short
    because an earlier one took what only it could have used.
    """
    rest = list(left)
    needs = [sets * part.quantity for part in combo.parts]
    used: dict[int, int] = {}
    for part, lines in enumerate(fitting):
        others = [choice for choice in choices if part not in choice.parts]
        for at in lines:
            pieces = min(needs[part], rest[at])
            for choice in others:
                if at in choice.lines:
                    spare = _there(choice, rest) - sum(needs[other] for other in choice.parts)
                    pieces = min(pieces, spare)
            if pieces:
                rest[at] -= pieces
                needs[part] -= pieces
                used[at] = used.get(at, 0) + pieces
    return used


def _worth(line: Line, pieces: int) -> Minor:
    return share_of_part(line.gross, ALL, part=pieces, whole=line.quantity)


def _discount(combo: Combo, worth: Minor, sets: int) -> Minor:
    if combo.price is not None:
        return Minor(worth - combo.price * sets)
    if combo.percent is not None:
        return share(worth, combo.percent)
    return min(Minor(combo.amount * sets), worth)


def _note_miss(
    run: Run,
    combo: Combo,
    fitting: list[list[int]],
    *,
    choices: list[_Choice],
    left: Sequence[int],
    sets: int,
) -> None:
    """Note what one more set lacks, if that is less than half of its pieces."""
    if combo.max_sets is not None and sets >= combo.max_sets:
        return
    lacking = _lacking(combo, choices, left=left, sets=sets + 1)
    parts = [part for part, lacks in enumerate(lacking) if lacks]
    if 2 * sum(lacking) < choices[-1].need and not _is_cut(run, combo, parts):
        run.nearly.append(lambda foresight: _near(foresight, combo, fitting, lacking=lacking))


def _lacking(combo: Combo, choices: list[_Choice], *, left: Sequence[int], sets: int) -> list[int]:
    """Say how few more pieces of each part would complete so many sets.

    What parts lack by themselves is looked at first; what they lack together falls to their first.
    """
    lacking = [0] * len(combo.parts)
    for choice in choices:
        short = sets * choice.need - _there(choice, left)
        short -= sum(lacking[part] for part in choice.parts)
        if short > 0:
            lacking[choice.parts[0]] += short
    return lacking


def _near(
    foresight: Foresight, combo: Combo, fitting: list[list[int]], *, lacking: Sequence[int]
) -> list[NearMiss]:
    """Tell what one more set lacks of goods with a known price, if it is cheaper then."""
    run = foresight.run
    for ways in islice(_ways(run, combo, fitting, lacking=lacking), _MOST_WAYS):
        trial = foresight.tried(tuple((one.line, one.pieces) for one in ways), combo.id)
        if trial is not None and trial.gain(combo.id).money > 0:
            sets = [
                ["more.set", {"count": count, "parts": [names_to_have(foresight, when, count)]}]
                for _, count, when in ways
            ]
            more = sets[0] if len(sets) == 1 else ["more.sets", {"sets": sets}]
            return [near_miss(combo.id, None, more=more, benefit=_benefit(combo))]
    return []


def _ways(
    run: Run, combo: Combo, fitting: list[list[int]], *, lacking: Sequence[int]
) -> Iterator[list[_Added]]:
    """Give what may be ordered of each part that lacks some: of its first goods, then of others.

    What serves several parts is added once, under its own name.
    """
    goods = [
        _goods(run, part, lines, place=place) if lacks else []
        for place, (part, lines, lacks) in enumerate(
            zip(combo.parts, fitting, lacking, strict=True)
        )
    ]
    if any(lacks and not lines for lines, lacks in zip(goods, lacking, strict=True)):
        return
    for way in range(max(map(len, goods), default=0)):
        growing: dict[str, _Added] = {}
        for part, lines, lacks in zip(combo.parts, goods, lacking, strict=True):
            if lacks:
                line = lines[min(way, len(lines) - 1)]
                other = growing.get(line.sku)
                if other is None:
                    growing[line.sku] = _Added(line, lacks, part.when)
                else:
                    alone = {"sku": (line.sku,)}
                    growing[line.sku] = _Added(other.line, other.pieces + lacks, alone)
        added = [
            _Added(one.line, orderable(run, one.line, one.pieces), one.when)
            for one in growing.values()
        ]
        if all(one.pieces for one in added):
            yield added


def _goods(run: Run, part: ComboPart, lines: list[int], *, place: int) -> list[Line]:
    """Give the lines that fit a part, and lines of goods that it names and the order has not."""
    ordered = {line.sku for line in run.lines}
    new = [
        new_line(run, sku, place * _MOST_WAYS + at)
        for at, sku in enumerate(part.when.get("sku", ())[:_MOST_WAYS], 1)
        if sku not in ordered
    ]
    return [run.sold[at] for at in lines] + [line for line in new if line is not None]


def _is_cut(run: Run, combo: Combo, parts: Sequence[int]) -> bool:
    """Tell whether stock has cut a line of some parts, perhaps to nothing: no more can be had."""
    combos, rules = run.pack.combos.rules, run.pack.combo_parts.rules
    for line in run.lines:
        if line.is_cut and line.goods is not None:
            for place in places(line.goods.combo_parts):
                at, part = rules[place]
                if combos[at] is combo and part in parts:
                    return True
    return False


def _benefit(combo: Combo) -> list[Any]:
    if combo.price is not None:
        return ["benefit.set_price", {"price": combo.price}]
    if combo.percent is not None:
        return ["benefit.set_percent", {"percent": combo.percent}]
    return ["benefit.set_amount", {"amount": combo.amount}]
