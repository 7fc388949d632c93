"""Send a partner the link by mail: made as it is sent, so that no job ever holds one."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial

from hub.base.clock import Clock
from hub.base.jobs import Job
from hub.base.jobs.mailing import MailHost
from hub.base.transaction import Transaction, Transactions
from hub.base.words import PageWords
from hub.desk.parties.reads import read_distributor
from hub.desk.partners.model import Invited
from hub.desk.partners.store import make_link, note_failed
from hub.desk.partners.words import letter_of
from hub.desk.people.model.accounts import is_partner
from hub.desk.people.store.rows import maker_numbered


@dataclass(slots=True)
class MailLink:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    mail: MailHost

    def __call__(self, job: Job) -> Callable[[Transaction], None] | None:
        """Send a mail with a new link, at least once; gives what to write down where none is sent.

        Tried again, the link is a newer one, and the one of before opens nothing.
        """
        user, to = int(job.payload["user"]), str(job.payload["mail"])
        if not self.mail.host:
            return partial(note_failed, user=user, why="no mail host")
        letter = self._make(user, to, by=str(job.payload["by"]))
        if letter is not None:
            self.mail.post(letter)
        return None

    def link_to(self, invited: Invited) -> str:
        """Give the address of a link, as people outside of the house reach the hub."""
        return self.mail.link(f"/welcome/{invited.token}")

    def _make(self, user: int, to: str, *, by: str) -> EmailMessage | None:
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            account = maker_numbered(t, user)
            if account is None or not is_partner(account) or not account.active:
                return None
            invited = make_link(t, account, mail=to)
            house = read_distributor(t.connection).name
            t.commit()
        words = PageWords(account.language or "en")
        letter = letter_of(words, name=account.name, house=house, link=self.link_to(invited))
        letter["From"] = self.mail.sender
        letter["To"] = to
        return letter
