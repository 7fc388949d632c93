"""The worths above which a second person is asked: read, set, and into the history who set them."""

from typing import Final

from hub.base import history
from hub.base.transaction import Transaction
from hub.desk.parties.store import set_setting, settings_of
from hub.desk.stock.model.limits import ALONE, NOUN, RECOUNT, REF, Limits, limits_in

_UNIT_PRICES: Final = 100
"""Worth is in 1/10,000 of the major unit, a limit in minor units."""


def write_limits(t: Transaction, wanted: Limits, *, why: str) -> bool:
    """Set the limits; False where they were so before."""
    before = limits_in(settings_of(t))
    if before == wanted:
        return False
    set_setting(t, ALONE, str(wanted.amount))
    set_setting(t, RECOUNT, "" if wanted.recount is None else str(wanted.recount))
    history.record(t, NOUN, REF, before=before._asdict(), after=wanted._asdict(), why=why)
    return True


def read_alone(t: Transaction) -> int:
    """Read up to which worth one person adjusts stock alone, in 1/10,000 of the major unit."""
    return limits_in(settings_of(t)).amount * _UNIT_PRICES


def read_recount(t: Transaction) -> int | None:
    """Read above which worth a variance is counted again, in 1/10,000 of the major unit."""
    recount = limits_in(settings_of(t)).recount
    return None if recount is None else recount * _UNIT_PRICES
