"""What a scheme gives a discount on, where that is not what it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from rules.engine.schemes.slabs import Slab, is_closed, slabs_around
from rules.values.rounding import extend, share
from rules.values.units import Minor, Quantity

Pick = Literal["cheapest", "dearest", "next"]


class Given(Protocol):
    """What is taken off goods worth so much, of so many pieces, by what was counted elsewhere."""

    def __call__(self, count: int, factor: int, base: Minor, *, pieces: int) -> Minor:
        """Give the amount."""


@dataclass(frozen=True, slots=True)
class Target:
    """The goods that have the discount of a scheme which counts others, or some of those counted.

    `when` names them; without conditions they are those that are counted. `pieces` of them have it,
    all where that is None; with `every` so many for each so many counted. Of 7 counted with `every`
    3 and one piece, 2 have it. The `next` pieces are those that come after what is counted: with
    `every` 2, the third and the sixth.
    """

    when: Mapping[str, Sequence[str]]
    pieces: Quantity | None
    every: Quantity | None
    pick: Pick
    given: Given

    def so_many(self, count: int, factor: int, start: int) -> int | None:
        """Say how many pieces have it where a slab that starts there is reached; None is all."""
        if self.pieces is None:
            return None
        if self.every is None:
            after = count - start if self.pick == "next" else self.pieces
            return max(min(self.pieces, after), 0)
        if self.pick != "next":
            return count // (self.every * factor) * self.pieces
        turn = self.every + self.pieces
        return count // turn * self.pieces + max(count % turn - self.every, 0)


def giving(slabs: Sequence[Slab], *, by_piece: bool, scale: int) -> Given:
    """Make the function that says what the slab that is reached takes off the goods.

    `by_piece` has an amount taken off each piece; else it is taken once.
    """

    def given(count: int, factor: int, base: Minor, *, pieces: int) -> Minor:
        slab, _ = slabs_around(slabs, count, factor)
        if slab is None or is_closed(slabs, count, factor):
            return Minor(0)
        amount = Minor(slab.amount * pieces if by_piece else slab.amount)
        if slab.price is not None:
            amount = Minor(max(base - extend(slab.price, Quantity(pieces), scale), 0))
        elif slab.percent is not None:
            amount = share(base, slab.percent)
        return min(amount, base) if slab.cap is None else min(amount, base, slab.cap)

    return given
