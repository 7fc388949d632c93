"""Keep where the pages are served: commands and mails lead there."""

from hub.base.transaction import Transactions
from hub.desk.parties.store import set_setting
from hub.desk.parties.tables import PAGES_AT


def note_address(transactions: Transactions, address: str, *, now_ms: int) -> None:
    """Keep the address of the pages, where it is another than the last time."""
    with transactions.open(actor="hub", at_ms=now_ms) as t:
        set_setting(t, PAGES_AT, address)
        t.commit()
