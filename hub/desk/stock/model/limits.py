"""Above which worth stock is adjusted by two people, and counted twice."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from hub.base.fields import Reason
from hub.desk.parties.model.cells import CellError, read_amount

FIELDS: Final = ("amount", "recount")
ALONE: Final = "stock_alone_up_to"
"""The setting that says up to which worth one person adjusts stock alone, in minor units."""
RECOUNT: Final = "count_again_above"
"""The setting that says above which worth a line's variance is counted again, in minor units."""
NOUN: Final = "stock_limit"
REF: Final = "house"
"""The limits are the distributor's own: the history has one row of them."""


class Limits(NamedTuple):
    """Worths in minor units: up to `amount` one person adjusts stock alone.

    A line of a count whose variance is worth more than `recount` is counted again by somebody else;
    None: one count is enough.
    """

    amount: int
    recount: int | None


NO_LIMITS: Final = Limits(0, None)
"""Where nobody has said anything: every adjustment waits for a second person."""


def limits_in(settings: Mapping[str, str]) -> Limits:
    """Give the limits that settings hold, in minor units."""
    recount = settings.get(RECOUNT, "")
    return Limits(int(settings.get(ALONE, "0")), int(recount) if recount else None)


def read_limits(texts: Mapping[str, str], now: Limits) -> Limits | list[Reason]:
    """Read limits as people write them, `5000.00`; what is left out stays as it is.

    An empty `recount` has nothing counted again, an empty `amount` is refused.
    """
    faults: list[Reason] = []
    amount, recount = now
    if "amount" in texts:
        amount = _read(texts["amount"], "amount", faults)
    if "recount" in texts:
        blank = not texts["recount"].strip()
        recount = None if blank else _read(texts["recount"], "recount", faults)
    return faults or Limits(amount, recount)


def why_of(texts: Mapping[str, str]) -> str:
    """Give why limits are set."""
    return texts.get("note", "").strip()


def _read(text: str, name: str, faults: list[Reason]) -> int:
    try:
        return read_amount(text)
    except CellError as error:
        faults.append(error.reason._replace(field=name))
        return 0
