"""Charts, as bars that the server draws; what they show stands beside them as figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FULL: Final = 100
"""How long the longest bar is."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, its figure in words, its length, and where it leads."""

    words: str
    said: str
    size: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side for stretches of time, or `lying` below each other for names.

    `most` is the figure of a full bar. With `open_end` the last stretch is not over yet.
    """

    title: str
    bars: Sequence[Bar]
    most: str
    lying: bool = False
    open_end: bool = False


def sizes(figures: Sequence[int]) -> list[int]:
    """Give the lengths of bars: the largest figure fills one, and what is not nothing is seen."""
    largest = max(figures, default=0)
    if largest <= 0:
        return [0 for _ in figures]
    return [max(0, figure) * FULL // largest or int(figure > 0) for figure in figures]
