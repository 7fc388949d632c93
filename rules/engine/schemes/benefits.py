"""The most that one order gets of each scheme, where the scheme's own words bound it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rules.engine.schemes.bounds import Bounds
from rules.engine.schemes.slabs import Slab
from rules.engine.tables import Combo, CompiledPack, FreeScheme, SlabScheme
from rules.values.units import Minor, Quantity


class Benefit(NamedTuple):
    """So much money off and so many free pieces; None where the order alone says how much."""

    amount: Minor | None = None
    pieces: Quantity | None = None


def benefits_of(pack: CompiledPack) -> Mapping[str, Benefit]:
    """Give the benefit of each scheme that has limits, by its id.

    What is given line by line is taken as given on one line, and a free gift as given once.
    """
    return dict(_benefits(pack))


def _benefits(pack: CompiledPack) -> Iterator[tuple[str, Benefit]]:
    for table in (pack.line_schemes, pack.basket_schemes, pack.order_schemes):
        for slabs in table.rules:
            if slabs.bounds is not None:
                yield slabs.id, Benefit(_least(_of_slabs(slabs), *_caps(slabs.bounds)))
    for combo in pack.combos.rules:
        if combo.bounds is not None:
            yield combo.id, Benefit(_least(_of_sets(combo), *_caps(combo.bounds)))
    for free in pack.free_schemes.rules:
        if free.bounds is not None:
            yield free.id, Benefit(_least(*_caps(free.bounds)), _of_gifts(free))


def _caps(bounds: Bounds) -> tuple[Minor | None, Minor | None]:
    return bounds.most, bounds.most_line


def _of_slabs(scheme: SlabScheme) -> Minor | None:
    """Give the largest slab's amount or cap, of all slabs together where each gives its own."""
    target = scheme.target
    pieces = 1 if target is None or target.pieces is None else int(target.pieces)
    without_end = target is not None and target.every is not None
    found = [slab.cap if without_end else _of_slab(slab, pieces) for slab in scheme.slabs]
    amounts = [amount for amount in found if amount is not None]
    if len(amounts) < len(found):
        return None
    return Minor(sum(amounts)) if scheme.marginal else max(amounts)


def _of_slab(slab: Slab, pieces: int) -> Minor | None:
    if slab.percent is None and slab.price is None:
        return _least(Minor(slab.amount * pieces), slab.cap)
    return slab.cap


def _of_sets(combo: Combo) -> Minor | None:
    if combo.percent is not None or combo.price is not None:
        return None
    return Minor(combo.amount * (combo.max_sets or 1))


def _of_gifts(scheme: FreeScheme) -> Quantity:
    return max(tier.give for tier in scheme.tiers) if scheme.most is None else scheme.most


def _least(*amounts: Minor | None) -> Minor | None:
    return min((amount for amount in amounts if amount is not None), default=None)
