"""The bars of a GTIN, as scanners read them: EAN-8, EAN-13 and ITF-14, as black and white runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_LEFT: Final = (
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
)
"""The digits of EAN with odd parity, seven modules each, 1 for black (GS1 General Specifications,
5.2.1); the other two sets follow from this one."""
_RIGHT: Final = tuple(one.translate(str.maketrans("01", "10")) for one in _LEFT)
_EVEN: Final = tuple(one[::-1] for one in _RIGHT)
_PARITY: Final = (
    *("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG"),
    *("LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"),
)
"""Which set each digit of the left half is of: the first digit of EAN-13 is nothing but this."""
_WIDE: Final = (
    *("00110", "10001", "01001", "11000", "00101"),
    *("10100", "01100", "00011", "10010", "01010"),
)
"""Which of a digit's five bars are wide in Interleaved 2 of 5 (ISO/IEC 16390)."""
_RATIO: Final = 3
_QUIET_EAN: Final = 11
_QUIET_ITF: Final = 10
_RETAIL: Final = (8, 13)
_CASE: Final = 14


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar code: black bars as (from, width) in modules, its whole width, and what it says.

    The width has the quiet zones at both ends: a code printed up to the edge is not read.
    """

    black: tuple[tuple[int, int], ...]
    width: int
    text: str


def bars_of(gtin: str) -> Bars:
    """Draw a GTIN: 8 and 13 digits as EAN, 12 as the EAN-13 with a 0 before it, 14 as ITF-14."""
    digits = gtin.zfill(13) if len(gtin) not in (*_RETAIL, _CASE) else gtin
    if len(digits) == _CASE:
        return _drawn(list(_itf(digits)), _QUIET_ITF, digits)
    return _drawn([(one == "1", 1) for one in _ean(digits)], _QUIET_EAN, digits)


def _ean(digits: str) -> str:
    """Write EAN-8 or EAN-13 as modules."""
    parity = _PARITY[int(digits[0])] if len(digits) == max(_RETAIL) else "LLLL"
    rest = digits[1:] if len(digits) == max(_RETAIL) else digits
    half = len(rest) // 2
    left = "".join(
        (_LEFT if side == "L" else _EVEN)[int(one)]
        for one, side in zip(rest[:half], parity, strict=True)
    )
    return f"101{left}01010{''.join(_RIGHT[int(one)] for one in rest[half:])}101"


def _itf(digits: str) -> Iterator[tuple[bool, int]]:
    """Write ITF-14 as runs: the odd digits are the bars, the even ones the blanks between them."""
    yield from ((True, 1), (False, 1), (True, 1), (False, 1))
    for first, second in zip(digits[::2], digits[1::2], strict=True):
        for bar, blank in zip(_WIDE[int(first)], _WIDE[int(second)], strict=True):
            yield True, _RATIO if bar == "1" else 1
            yield False, _RATIO if blank == "1" else 1
    yield from ((True, _RATIO), (False, 1), (True, 1))


def _drawn(runs: list[tuple[bool, int]], quiet: int, digits: str) -> Bars:
    black: list[tuple[int, int]] = []
    place = quiet
    for is_black, width in runs:
        if is_black and black and sum(black[-1]) == place:
            black[-1] = (black[-1][0], black[-1][1] + width)
        elif is_black:
            black.append((place, width))
        place += width
    return Bars(tuple(black), place + quiet, digits)
