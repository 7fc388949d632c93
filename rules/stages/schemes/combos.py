"""Combos: complete sets of several products; every piece counts in one set only."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple

from rules.engine.index import places
from rules.engine.tables import Combo
from rules.stages.prices import price_of
from rules.stages.run import Line, Run, names_meant
from rules.stages.schemes.bounds import is_used_up, still_left, within
from rules.stages.schemes.slabs import miss
from rules.stages.schemes.taking import take_off
from rules.values.rounding import ALL, extend, share, share_of_part
from rules.values.units import Minor

_STAGE: Final = "basket_schemes"


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
    if combo.max_sets is not None and sets >= combo.max_sets:
        return
    short, missing = 0, choices[0]
    for choice in choices:
        lacks = (sets + 1) * choice.need - _there(choice, left)
        if lacks > short:
            short, missing = lacks, choice
    if 2 * short < choices[-1].need and not _is_cut(run, combo, missing.parts):
        parts = [names_meant(run.facts, combo.parts[part].when) for part in missing.parts]
        more = ["more.set", {"count": short, "parts": parts}]

        def holds(done: Run) -> bool:
            return _is_possible(done, combo, fitting, pieces=choices[-1].need)

        miss(run, combo.id, more=more, benefit=_benefit(combo), holds=holds)


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


def _is_possible(run: Run, combo: Combo, fitting: list[list[int]], *, pieces: int) -> bool:
    """Tell whether one more set of so many pieces would be cheaper, and the limits leave it."""
    worth = _worth_of_set(run, combo, fitting)
    less = None if worth is None else _discount(combo, worth, 1)
    if less is not None and less <= 0:
        return False
    left, bounds = still_left(run, combo.id, combo.bounds), combo.bounds
    if bounds is not None and bounds.all_or_none:
        enough = left.pieces is None or left.pieces >= pieces
        return enough and (left.money is None or less is None or left.money >= less)
    if less is not None and left.pieces is not None and left.pieces < pieces:
        less = share_of_part(less, ALL, part=left.pieces, whole=pieces)
    return less != 0 and left.money != 0 and left.pieces != 0


def _worth_of_set(run: Run, combo: Combo, fitting: list[list[int]]) -> Minor | None:
    """Give what the goods of one more set cost; None where the price of a part is not known."""
    worth = Minor(0)
    for part, lines in zip(combo.parts, fitting, strict=True):
        prices = [run.sold[at].unit_price for at in lines]
        prices += [price_of(run, sku) for sku in part.when.get("sku", ())]
        known = [price for price in prices if price is not None]
        if not known:
            return None
        worth = Minor(worth + extend(min(known), part.quantity, run.pack.scale))
    return worth


def _benefit(combo: Combo) -> list[Any]:
    if combo.price is not None:
        return ["benefit.set_price", {"price": combo.price}]
    if combo.percent is not None:
        return ["benefit.set_percent", {"percent": combo.percent}]
    return ["benefit.set_amount", {"amount": combo.amount}]
