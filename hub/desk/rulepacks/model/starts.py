"""When a version starts: a business day or a time of day, where the distributor is."""

from datetime import date, datetime, time, tzinfo
from typing import Final

_DAY: Final = len("2026-11-25")


class StartError(ValueError):
    """A start cannot be read: as it was written."""


def read_start(text: str, zone: tzinfo) -> int:
    """Read `2026-11-25` (its first moment) or `2026-11-25T06:30` as Unix milliseconds.

    Raises StartError. An hour that the clocks leave out or repeat is taken as its first.
    """
    written = text.strip()
    try:
        if len(written) == _DAY:
            local = datetime.combine(date.fromisoformat(written), time(), zone)
        else:
            local = datetime.fromisoformat(written)
            local = local.replace(tzinfo=zone) if local.tzinfo is None else local
    except ValueError as error:
        raise StartError(text) from error
    return int(local.timestamp()) * 1000
