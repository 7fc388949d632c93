"""What is set for a product in a warehouse: when it is low or too much there, and where it lies."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from hub.base.fields import Reason
from hub.desk.parties.model.cells import CellError, read_code, read_count

COUNTS: Final = ("reorder", "maximum")
FIELDS: Final = (*COUNTS, "bin")
_LONGEST: Final = 32
_DIGITS: Final = re.compile(r"(\d+)")

WalkKey = tuple[bool, tuple[tuple[bool, int, str], ...]]


class Level(NamedTuple):
    """Counts are in base units, None: as the product itself has it; `bin` is where it lies."""

    reorder: int | None
    maximum: int | None
    bin: str = ""

    @property
    def is_own(self) -> bool:
        """Say whether nothing differs in the warehouse from what the product has."""
        return self == _OWN


def read_level(texts: Mapping[str, str], *, now: "Level | None" = None) -> Level | list[Reason]:
    """Read levels as people write them: blank is as the product has it.

    With `now`, what is left out stays as it is.
    """
    faults: list[Reason] = []
    known = now or _OWN
    reorder, maximum = (
        _read(texts[name], name, faults) if name in texts else getattr(known, name)
        for name in COUNTS
    )
    where = _read_bin(texts["bin"], faults) if "bin" in texts else known.bin
    level = Level(reorder, maximum, where)
    if level.reorder is not None and level.maximum is not None and level.maximum < level.reorder:
        params = {"reorder": level.reorder, "maximum": level.maximum}
        faults.append(Reason("maximum_below_reorder", params, "maximum"))
    return faults or level


_OWN: Final = Level(None, None)


def _read(text: str, name: str, faults: list[Reason]) -> int | None:
    if not text.strip():
        return None
    try:
        return read_count(text)
    except CellError as error:
        faults.append(error.reason._replace(field=name))
        return None


def _read_bin(text: str, faults: list[Reason]) -> str:
    if not text.strip():
        return ""
    try:
        read = read_code(text)
    except CellError as error:
        faults.append(error.reason._replace(field="bin"))
        return ""
    if len(read) > _LONGEST:
        faults.append(Reason("cell_too_long", {"length": len(read), "most": _LONGEST}, "bin"))
    return read


def walk_key(bin_: str) -> WalkKey:
    """Sort bins as a person walks past them: A-2 before A-10, A before B, what has none last."""
    parts = tuple(
        (False, int(part), "") if part.isdecimal() else (True, 0, part)
        for part in _DIGITS.split(bin_.casefold())
        if part
    )
    return (not bin_, parts)
