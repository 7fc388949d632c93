"""The limit of write-offs: read, set, and into the history who set it and why."""

from hub.base import history
from hub.base.transaction import Transaction
from hub.desk.parties.store import set_setting, settings_of
from hub.desk.payments.model import LIMIT, UP_TO, USUAL


def read_most(t: Transaction) -> int:
    """Read up to which rest of an invoice may be written off, in minor units."""
    return int(settings_of(t).get(UP_TO) or USUAL)


def write_most(t: Transaction, amount: int, *, why: str) -> bool:
    """Set the limit; False where it was so before, by a setting or because nobody had set one."""
    before = read_most(t)
    if before == amount:
        return False
    set_setting(t, UP_TO, str(amount))
    history.record(t, *LIMIT, before={UP_TO: before}, after={UP_TO: amount}, why=why)
    return True
