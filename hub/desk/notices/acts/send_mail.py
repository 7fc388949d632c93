"""Send one mail: to whoever may see the order still, with a link that changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial

from hub.base.access import is_of_house
from hub.base.clock import Clock
from hub.base.jobs import Job
from hub.base.jobs.mailing import MailHost
from hub.base.transaction import Transaction, Transactions
from hub.base.words import PageWords
from hub.desk.notices.model import NoticeRow
from hub.desk.notices.reads import mail_of, read_notice
from hub.desk.notices.store import receiver_of, write_sent
from hub.desk.notices.words import tell_event, tell_reasons
from hub.desk.parties.reads import scope_of


@dataclass(slots=True)
class SendMail:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    mail: MailHost

    def __call__(self, job: Job) -> Callable[[Transaction], None] | None:
        """Send a mail under the notice's own id, at least once; gives what is written down of it.

        What the receiver may see is looked at now: whoever has lost the right gets nothing.
        """
        number = int(job.payload["notice"])
        written = self._write(number)
        if isinstance(written, str):
            return partial(write_sent, number=number, failed=written)
        if written is None:
            return None
        self.mail.post(written)
        return partial(write_sent, number=number)

    def _write(self, number: int) -> EmailMessage | str | None:
        """Write a mail; a text says why there is none, None that it was sent before."""
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            account = receiver_of(t, number)
            if account is None:
                return "no right any more"
            scope = scope_of(t, account.id, account.roles)
            one = read_notice(t.connection, number, scope=scope)
            if one is None:
                return "no right any more"
            if one.sent_at is not None:
                return None
            to = mail_of(t.connection, account.id, scope=scope)
            if not self.mail.host or not to:
                return "no address" if self.mail.host else "no mail host"
        words = PageWords(account.language or "en")
        letter = EmailMessage()
        letter["From"] = self.mail.sender
        letter["To"] = to
        letter["Subject"] = tell_event(one, words)
        letter["Message-ID"] = f"<notice-{number}@{self.mail.sender.rpartition('@')[2]}>"
        why = tell_reasons(one, words, staff=is_of_house(account.roles))
        link = self.mail.link(_page_of(one, staff=is_of_house(account.roles)))
        text = words.text("notices.mail_look", link=link)
        letter.set_content("\n\n".join(filter(None, (tell_event(one, words), why, text))) + "\n")
        return letter


def _page_of(one: NoticeRow, *, staff: bool) -> str:
    """Address the page of a notice: staff that decides looks at what is asked, and as of when."""
    if staff and one.event == "order_held":
        return f"/approvals/orders/{one.uuid}?of={one.revision}"
    return f"/orders/{one.uuid}"
