"""Mark a person's notices as read, and keep where that person has mail."""

from dataclasses import dataclass
from typing import Final

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.notices.model import is_mail
from hub.desk.notices.store import TOPIC

_READ: Final = """
UPDATE notice SET read_at = ? WHERE user_id = ? AND read_at IS NULL AND id <= ? AND channel = 'page'
"""
_READ_OWN: Final = """
UPDATE person_notice SET read_at = ? WHERE user_id = ? AND read_at IS NULL AND id <= ?
"""
_NO_MAIL: Final = "DELETE FROM notice_address WHERE user_id = ?"
_MAIL: Final = "INSERT INTO notice_address (user_id, mail) VALUES (?, ?)"


@dataclass(slots=True)
class ReadNotices:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def __call__(self, user: int, *, up_to: int, own_up_to: int = 0, by: str) -> None:
        """Mark what a person has been shown as read, up to the newest notices on the page.

        `up_to` is of orders, `own_up_to` of the person's own work.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            t.many(_READ, [(t.at_ms, user, up_to)])
            t.many(_READ_OWN, [(t.at_ms, user, own_up_to)])
            t.changed(TOPIC)
            t.commit()

    def have_mail(self, user: int, mail: str, *, by: str) -> bool:
        """Keep where a person has mail, nowhere where it is empty; False for what is no address."""
        if mail and not is_mail(mail):
            return False
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            t.many(_NO_MAIL, [(user,)])
            t.many(_MAIL, [(user, mail)] if mail else [])
            t.commit()
        return True
