"""The signature of who received goods: the strokes of a finger on a pad, as numbers only."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from hub.base.fields import Reason

WIDE: Final = 1_000
HIGH: Final = 300
"""The pad, in its own units, on whatever screen it is drawn."""
MOST_POINTS: Final = 1_500
"""Points of one signature at most; a pad leaves out what is nearer than a few units."""
_LEAST_INK: Final = 100
"""Units that a signature is long at least: a dot, or a touch by mistake, signs nothing."""
_TEXT: Final = re.compile(r"\d{1,4},\d{1,3}(?:[ ;]\d{1,4},\d{1,3})*")
_INK: Final = "#111"
_SVG: Final = "http://www.w3.org/2000/svg"

Point = tuple[int, int]
Stroke = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Strokes on a pad of 1,000 by 300."""

    strokes: tuple[Stroke, ...]

    @property
    def text(self) -> str:
        """Write the strokes as they are kept: `12,40 13,42;80,60 90,61` has two."""
        return ";".join(" ".join(f"{x},{y}" for x, y in one) for one in self.strokes)

    @property
    def ink(self) -> int:
        """Give how long all strokes are together, along the sides of the pad."""
        return sum(
            abs(here[0] - there[0]) + abs(here[1] - there[1])
            for one in self.strokes
            for here, there in pairwise(one)
        )


def read_signature(text: str) -> Signature | Reason:
    """Read a signature as a pad writes it; gives why where it is none.

    Only numbers are read, so that what somebody sends is never more than lines.
    """
    text = text.strip()
    if not _TEXT.fullmatch(text) or text.count(",") > MOST_POINTS:
        return Reason("signature_wrong", {}, "signature")
    signature = Signature(
        tuple(
            tuple((int(x), int(y)) for x, y in (point.split(",") for point in one.split(" ")))
            for one in text.split(";")
        )
    )
    points = (point for one in signature.strokes for point in one)
    if any(x > WIDE or y > HIGH for x, y in points):
        return Reason("signature_wrong", {}, "signature")
    if signature.ink < _LEAST_INK:
        return Reason("signature_short", {}, "signature")
    return signature


def path_of(text: str) -> str:
    """Write kept strokes as the path of a picture: `12,40 13,42;80,60` is `M12,40 13,42M80,60`."""
    return "".join(f"M{one}" for one in text.split(";") if one)


def draw_signature(text: str) -> str:
    """Draw kept strokes as a picture in SVG, for paper; nothing of an empty text."""
    if not text:
        return ""
    pen = f'fill="none" stroke="{_INK}" stroke-width="5" stroke-linecap="round"'
    box = f'viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}"'
    return f'<svg xmlns="{_SVG}" {box}><path {pen} d="{path_of(text)}"/></svg>'
