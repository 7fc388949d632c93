"""Send a report by mail, with the rights and the rows that its owner has at this moment."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from smtplib import SMTPException
from typing import Final
from urllib.parse import parse_qsl

from hub.base.access import Scope, Session
from hub.base.jobs import Job
from hub.base.jobs.mailing import MailHost
from hub.base.transaction import Transaction, Transactions
from hub.base.words import PageWords
from hub.desk.notices.reads import mail_of
from hub.desk.parties.store.tree import business_zone
from hub.desk.reports.model.addressed import read_whole_request
from hub.desk.reports.model.requests import RequestError
from hub.desk.reports.model.schedules import Failure, Schedule, next_ms
from hub.desk.reports.reads.asking import ask, local_date
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.files import WriteFile
from hub.desk.reports.reads.planning import UnansweredError
from hub.desk.reports.reads.schedules import read_schedule
from hub.desk.reports.store import key_of_mail, write_sent

_TRIES: Final = 4
"""So often a mail is tried within some minutes before the schedule says that it failed."""
_MOST_BYTES: Final = 10_000_000
_READ: Final = "reports.read"


@dataclass(slots=True)
class SendReport:
    """The act, with what it needs; `session_for` gives the owner as of now, None for nobody.

    `scope` is that of jobs, which find everybody's schedules.
    """

    transactions: Transactions
    mail: MailHost
    session_for: Callable[[str], Session | None]
    write: WriteFile
    scope: Scope

    def __call__(self, job: Job) -> Callable[[Transaction], None] | None:
        """Send one mail, at least once; gives what is written down of it, and what comes next."""
        number = int(job.payload["schedule"])
        with self.transactions.reading(at_ms=job.due_at_ms) as t:
            one = read_schedule(t.connection, number, scope=self.scope)
            zone = business_zone(t)
        # Of another attempt the job is due later; its key stays.
        if one is None or job.key != key_of_mail(number, one.next_at):
            return None
        session = self.session_for(one.owner)
        letter = self._letter(one, session) if session else "no_right"
        failed = letter if isinstance(letter, str) else self._post(letter, job)
        later = next_ms(one.every, one.hour, after_ms=one.next_at, zone=zone)
        return partial(write_sent, one=one, failed=failed, next_at=later)

    def _post(self, letter: EmailMessage, job: Job) -> str | None:
        """Hand the mail over; a failure is raised, to be tried again, until it has been enough."""
        try:
            self.mail.post(letter)
        except (OSError, SMTPException) as error:
            if job.attempts < _TRIES:
                raise
            return f"{type(error).__name__}: {error}"
        return None

    def _letter(self, one: Schedule, session: Session) -> EmailMessage | Failure:
        """Write the mail, or say why there is none."""
        found = DEFINITIONS.get(one.report)
        if found is None:
            return "unanswered"
        if not (session.may(_READ) and session.may(found.permission)):
            return "no_right"
        with self.transactions.reading(at_ms=one.next_at) as t:
            to = mail_of(t.connection, session.user_id, scope=session.scope)
            if not self.mail.host or not to:
                return "no_address" if self.mail.host else "no_host"
            try:
                body = self._file(t, one, session)
            except (RequestError, UnansweredError):
                return "unanswered"
        if len(body) > _MOST_BYTES:
            return "too_large"
        words = PageWords(session.language or "en")
        letter = EmailMessage()
        letter["From"] = self.mail.sender
        letter["To"] = to
        letter["Subject"] = one.name
        host = self.mail.sender.rpartition("@")[2]
        letter["Message-ID"] = f"<report-{one.id}-{one.next_at}@{host}>"
        link = self.mail.link(f"/reports/{one.report}?{one.query}")
        letter.set_content(words.text("schedule.mail", name=one.name, link=link) + "\n")
        letter.add_attachment(
            body,
            maintype="application",
            subtype="octet-stream",
            filename=f"{one.report}.{one.file}",
        )
        return letter

    def _file(self, t: Transaction, one: Schedule, session: Session) -> bytes:
        zone = business_zone(t)
        fields, today = dict(parse_qsl(one.query)), local_date(t.at_ms, zone)
        # A filter or a measure that has another name by now would else give the figures of all.
        wanted = read_whole_request(one.report, fields, today)
        asked = ask(wanted, reader=session.user, roles=session.roles, now_ms=t.at_ms, zone=zone)
        return self.write(t, asked, session, kind=one.file)
