"""Send mails: to whoever may see the orders still, with links that change nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial

from hub.base.access import NOTHING
from hub.base.clock import Clock
from hub.base.jobs import Job
from hub.base.jobs.mailing import MailHost
from hub.base.transaction import Transaction, Transactions
from hub.base.words import PageWords
from hub.desk.notices.model import NoticeRow, Unsent
from hub.desk.notices.reads import MOST_GATHERED, list_gathered, read_notice
from hub.desk.notices.store import (
    Receiver,
    To,
    find_receiver,
    gather,
    named_in,
    still_waits,
    write_sent,
)
from hub.desk.notices.words import tell_event, tell_many, tell_reasons
from hub.desk.parties.reads import read_distributor

Aftermath = Callable[[Transaction], None]


@dataclass(frozen=True, slots=True)
class _Post:
    """A mail to be sent, of which notices, and the notices that are not told and why."""

    letter: EmailMessage | None
    of: Sequence[int] = ()
    untold: Sequence[tuple[Sequence[int], Unsent]] = ()


@dataclass(slots=True)
class SendMail:
    """The acts, with what they need.

    What a receiver may see is looked at as a mail is sent: whoever has lost the right gets nothing.
    """

    transactions: Transactions
    clock: Clock
    mail: MailHost
    most: int = MOST_GATHERED

    def __call__(self, job: Job) -> Aftermath | None:
        """Send a mail under the notice's id, at least once; gives what is written down of it."""
        number = int(job.payload["notice"])
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            to = named_in(t, number)
            receiver = find_receiver(t, to) if to else None
            scope = receiver.scope if receiver else NOTHING
            one = read_notice(t.connection, number, scope=scope)
            if receiver is None or one is None:
                return partial(write_sent, numbers=[number], failed="no right any more")
            if one.sent_at is not None:
                return None
            post = self._write(t, receiver, [one])
        return self._send(post, receiver)

    def gathered(self, job: Job) -> Aftermath | None:
        """Send what has gathered for somebody as one mail, at least once; `most` are in one mail.

        An order that somebody has decided meanwhile waits for nobody, and is not in it.
        """
        to, at_ms = To(job.payload["user"], job.payload["customer"]), int(job.payload["at"])
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            receiver = find_receiver(t, to)
            if receiver is None:
                return partial(_give_up, to=to, at_ms=at_ms)
            rows, hidden = list_gathered(
                t.connection,
                user=to.user,
                customer=to.customer,
                at_ms=at_ms,
                scope=receiver.scope,
                most=self.most,
            )
            over = [
                one.id
                for one in rows
                if one.event == "order_held" and not still_waits(t, one.uuid, one.revision)
            ]
            post = self._write(t, receiver, [one for one in rows if one.id not in over])
        untold: tuple[tuple[Sequence[int], Unsent], ...] = (
            (hidden, "no right any more"),
            (over, "decided meanwhile"),
        )
        sent = self._send(_Post(post.letter, post.of, (*post.untold, *untold)), receiver)
        if len(rows) < self.most:
            return sent
        return partial(_go_on, sent=sent, to=to, at_ms=at_ms, after=rows[0].id)

    def _send(self, post: _Post, receiver: Receiver) -> Aftermath:
        if post.letter is not None:
            self.mail.post(post.letter)
        return partial(_write_down, post=post, to=receiver.mail)

    def _write(self, t: Transaction, receiver: Receiver, rows: Sequence[NoticeRow]) -> _Post:
        """Write one mail of one notice or several."""
        numbers = [one.id for one in rows]
        if not rows:
            return _Post(None)
        if not self.mail.host or not receiver.mail:
            why: Unsent = "no address" if self.mail.host else "no mail host"
            return _Post(None, untold=((numbers, why),))
        words = PageWords(receiver.language)
        letter = EmailMessage()
        letter["From"] = self.mail.sender
        letter["To"] = receiver.mail
        letter["Subject"] = tell_event(rows[0], words) if len(rows) == 1 else tell_many(rows, words)
        of, host = "-".join(map(str, numbers[:1] + numbers[1:][-1:])), self.mail.sender
        letter["Message-ID"] = f"<notice-{of}@{host.rpartition('@')[2]}>"
        house = read_distributor(t.connection).name
        parts = [self._part(one, receiver, words) for one in rows]
        ending = [words.text("notices.mail_house", house=house)] if receiver.to.customer else []
        letter.set_content("\n\n".join([*parts, *ending]) + "\n")
        return _Post(letter, numbers)

    def _part(self, one: NoticeRow, receiver: Receiver, words: PageWords) -> str:
        """Tell of one notice; a customer who is no user has no page to look at."""
        why = tell_reasons(one, words, staff=receiver.staff)
        look = ""
        if receiver.to.customer is None:
            link = self.mail.link(_page_of(one, staff=receiver.staff))
            look = words.text("notices.mail_look", link=link)
        return "\n\n".join(filter(None, (tell_event(one, words), why, look)))


def _write_down(t: Transaction, post: _Post, to: str) -> None:
    """Write down which notices were sent, and why others were not."""
    if post.letter is not None:
        write_sent(t, post.of, to=to)
    for numbers, why in post.untold:
        if numbers:
            write_sent(t, numbers, failed=why)


def _go_on(t: Transaction, sent: Aftermath, to: To, *, at_ms: int, after: int) -> None:
    """Write down what was sent, and have the mail after it sent with what had no room."""
    sent(t)
    gather(t, to, slot_ms=at_ms, key=f"{to}:{at_ms}:{after}")


def _give_up(t: Transaction, to: To, at_ms: int) -> None:
    """Write down that nothing goes to who is not there any more."""
    _, hidden = list_gathered(
        t.connection, user=to.user, customer=to.customer, at_ms=at_ms, scope=NOTHING
    )
    write_sent(t, hidden, failed="no right any more")


def _page_of(one: NoticeRow, *, staff: bool) -> str:
    """Address the page of a notice: staff that decides looks at what is asked, and as of when."""
    if staff and one.event == "order_held":
        return f"/approvals/orders/{one.uuid}?of={one.revision}"
    return f"/orders/{one.uuid}"
