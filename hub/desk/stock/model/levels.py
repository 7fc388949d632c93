"""Levels of a product in a warehouse: from where on it is low, and above what it is too much."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from hub.base.fields import Reason
from hub.desk.parties.model.cells import CellError, read_count

FIELDS: Final = ("reorder", "maximum")


class Level(NamedTuple):
    """In base units; None: as the product itself has it."""

    reorder: int | None
    maximum: int | None

    @property
    def is_own(self) -> bool:
        """Say whether nothing differs in the warehouse from what the product has."""
        return self == _OWN


def read_level(texts: Mapping[str, str], *, now: "Level | None" = None) -> Level | list[Reason]:
    """Read levels as people write them: blank is as the product has it.

    With `now`, what is left out stays as it is.
    """
    faults: list[Reason] = []
    known = (now or _OWN)._asdict()
    read = [_read(texts[name], name, faults) if name in texts else known[name] for name in FIELDS]
    level = Level(*read)
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
