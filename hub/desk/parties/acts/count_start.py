"""Count how often the hub was started: terminals tell messages of different starts apart."""

from typing import Final

from hub.base.transaction import Transactions
from hub.desk.parties.store import begin_incarnation, incarnation_of, set_setting, settings_of

_BOOT: Final = "boot"


def count_start(transactions: Transactions, *, now_ms: int) -> int:
    """Count one more start; gives how many there were, with this one."""
    with transactions.open(actor="hub", at_ms=now_ms) as t:
        boot = int(settings_of(t).get(_BOOT, "0")) + 1
        set_setting(t, _BOOT, str(boot))
        if incarnation_of(t) is None:
            begin_incarnation(t)
        t.commit()
    return boot


def starts_so_far(transactions: Transactions) -> int:
    """Give how often the hub was started."""
    with transactions.reading() as t:
        return int(settings_of(t).get(_BOOT, "0"))
