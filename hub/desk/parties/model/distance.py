"""How far two places are from each other, and which names are so alike that they may be one."""

import math
from difflib import SequenceMatcher
from typing import Final

NEAR_M: Final = 200
"""Metres within which two outlets of like names may be one, and a place stays where it was."""
NEAR_MILLIONTHS: Final = 2_000
"""Millionths of a degree of latitude that are a little more than `NEAR_M`."""
_MILLIONTHS: Final = 1_000_000
_EARTH_M: Final = 6_371_009
_ALIKE: Final = 0.8
_LEAST: Final = 4

Place = tuple[int, int]
"""Degrees north and east, in millionths."""


def metres_between(here: Place, there: Place) -> int:
    """Measure along the earth's surface, which is taken for a sphere (the haversine formula)."""
    north, far_north = math.radians(here[0] / _MILLIONTHS), math.radians(there[0] / _MILLIONTHS)
    across = math.radians((there[1] - here[1]) / _MILLIONTHS)
    half = math.sin((far_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(far_north) * math.sin(across / 2) ** 2
    return round(2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half))))


def width_of(place: Place) -> int:
    """Give the millionths of a degree of longitude that are `NEAR_M` there: more near the poles."""
    narrow = max(0.01, math.cos(math.radians(place[0] / _MILLIONTHS)))
    return round(NEAR_MILLIONTHS / narrow)


def are_alike(key: str, other: str) -> bool:
    """Say whether the keys of two names may be one name: `guptastore`, `guptastores`.

    One that the other begins with is alike from four letters on: `gupta` and `guptakirana`.
    """
    if key == other:
        return True
    short, long = sorted((key, other), key=len)
    if len(short) >= _LEAST and long.startswith(short):
        return True
    return SequenceMatcher(None, key, other, autojunk=False).ratio() >= _ALIKE
