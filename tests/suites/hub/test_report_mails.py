"""Reports by mail: sent again and again, each time with what their owner may see by then."""

import socketserver
from email import message_from_bytes
from email.policy import default

from hub.base import history
from hub.base.access import EVERYTHING
from hub.base.changes import ChangeFeed
from hub.base.jobs import Job, Jobs
from hub.base.jobs.mailing import MailHost
from hub.desk.notices.acts import NoticeActs
from hub.desk.people.acts import PeopleActs
from hub.desk.reports.acts import ReportActs
from hub.desk.reports.acts.send_report import SendReport
from hub.desk.reports.model.schedules import Delivery, Schedule
from hub.desk.reports.pages.schedules import write_file
from hub.desk.reports.reads.schedules import list_schedules
from tests.builders.market import Market
from tests.suites.hub.test_notices import market, post

__all__ = ["market", "post"]

DAILY = Schedule(
    *(0, "meena", "Sales of the day", "sales", "period=last_7_days&group_by=day", "csv", "day", 8),
    active=True,
    next_at=0,
)


def mails(server: socketserver.TCPServer) -> list[str]:
    """Read the files of the mails that were taken."""
    taken: list[bytes] = server.taken  # type: ignore[attr-defined]
    found = [message_from_bytes(one, policy=default) for one in taken]
    files = [part for letter in found for part in letter.iter_attachments()]
    return [bytes(part.get_payload(decode=True)).decode("utf-8-sig") for part in files]


def sender(market: Market, server: socketserver.TCPServer | None) -> SendReport:
    """Make what sends reports; without a server nobody takes the mails."""
    port = server.server_address[1] if server else 9
    host = MailHost("127.0.0.1", port, "hub@corner.test", pages="http://hub.test")
    session_for = market.hub.ground.part(PeopleActs).sign_in.session_for
    return SendReport(market.hub.transactions, host, session_for, write_file, EVERYTHING)


def send(market: Market, one: SendReport, *, attempts: int = 1) -> Schedule:
    """Have the schedule's next mail sent, and give what stands on its page then."""
    user = market.rows("SELECT id FROM user_account WHERE name = 'meena'")[0][0]
    with market.database.read() as connection:
        (now,) = list_schedules(connection, user, scope=EVERYTHING)
    payload = {"schedule": now.id}
    key = f"{now.id}:{now.next_at}"
    job = Job(1, "reports.send", key, payload, now.next_at, attempts, "test")
    after = one(job)
    assert after is not None
    with market.hub.transactions.open(actor="jobs", at_ms=now.next_at) as t:
        after(t)
        t.commit()
    with market.database.read() as connection:
        (then,) = list_schedules(connection, user, scope=EVERYTHING)
    assert then.next_at - now.next_at == 24 * 3_600_000
    return then


def test_a_report_is_mailed_by_rights_of_the_moment_and_a_failure_is_seen(
    market: Market, post: socketserver.TCPServer
) -> None:
    market.place(("TEA", 2))
    user = market.rows("SELECT id FROM user_account WHERE name = 'meena'")[0][0]
    market.hub.ground.part(NoticeActs).read.have_mail(user, "meena@corner.test", by="meena")
    market.hub.ground.part(ReportActs).schedule(DAILY, user_id=user)

    sent = send(market, sender(market, post))
    unreachable = send(market, sender(market, None), attempts=4)
    market.change("UPDATE user_account SET active = :no WHERE name = 'meena'", no=False)
    gone = send(market, sender(market, post))

    (file,) = mails(post)
    assert "21 Nov 2026" in file or "2026-11-21" in file
    assert (sent.failed, gone.failed) == (None, "no_right")
    assert unreachable.failed is not None
    assert "refused" in unreachable.failed.lower()


def test_a_report_is_not_mailed_once_what_it_is_about_has_another_name(
    market: Market, post: socketserver.TCPServer
) -> None:
    market.place(("TEA", 2))
    user = market.rows("SELECT id FROM user_account WHERE name = 'meena'")[0][0]
    market.hub.ground.part(NoticeActs).read.have_mail(user, "meena@corner.test", by="meena")
    market.hub.ground.part(ReportActs).schedule(DAILY, user_id=user)
    kept = "UPDATE report_schedule SET report = :report, query = :query"

    failed = []
    for report, query in (
        ("targets", "period=this_month&measure=turnover"),  # a measure of before
        ("sales", "period=last_7_days&region=KA"),  # a filter
        ("sales", "period=last_7_days&group_by=district"),  # what rows are put together by
        ("sales", "period=week_before"),
        ("revenue", "period=last_7_days"),  # the report itself
    ):
        market.change(kept, report=report, query=query)
        failed.append(send(market, sender(market, post)).failed)
    market.change(kept, report="sales", query="period=last_7_days")
    again = send(market, sender(market, post))

    assert failed == ["unanswered"] * 5
    assert again.failed is None
    assert len(mails(post)) == 1


def test_a_schedule_is_changed_by_its_owner_alone_and_comes_at_its_new_hour(
    market: Market, post: socketserver.TCPServer
) -> None:
    user = market.rows("SELECT id FROM user_account WHERE name = 'meena'")[0][0]
    market.hub.ground.part(NoticeActs).read.have_mail(user, "meena@corner.test", by="meena")
    schedule = market.hub.ground.part(ReportActs).schedule
    number = schedule(DAILY, user_id=user).number
    before = market.rows("SELECT next_at FROM report_schedule")[0][0]

    wanted = Delivery("Sales on paper", "pdf", "day", 9)
    other = schedule.change(number, wanted, user_id=user + 1, by="vikram")
    own = schedule.change(number, wanted, user_id=user, by="meena")
    sent = send(market, sender(market, post))

    assert (other, own) == (False, True)
    assert (sent.name, sent.failed) == ("Sales on paper", None)
    assert sent.next_at - before == 25 * 3_600_000
    taken: list[bytes] = post.taken  # type: ignore[attr-defined]
    (letter,) = [message_from_bytes(one, policy=default) for one in taken]
    (part,) = letter.iter_attachments()
    assert part.get_filename() == "sales.pdf"
    assert bytes(part.get_payload(decode=True)).startswith(b"%PDF-")
    with market.database.read() as connection:
        told = [(one.field, one.old, one.new) for one in history.read(
            connection, "report_schedule", number) if one.old is not None]  # fmt: skip
    assert told == [
        ("name", "Sales of the day", "Sales on paper"),
        ("file", "csv", "pdf"),
        ("hour", 8, 9),
    ]


def scheduled(market: Market) -> SendReport:
    """Have a report sent each day at 8; gives what sends it while nobody takes mails."""
    market.place(("TEA", 2))
    user = market.rows("SELECT id FROM user_account WHERE name = 'meena'")[0][0]
    market.hub.ground.part(NoticeActs).read.have_mail(user, "meena@corner.test", by="meena")
    market.hub.ground.part(ReportActs).schedule(DAILY, user_id=user)
    market.hub.jobs.run_due("w")
    return sender(market, None)


def plan(market: Market) -> tuple[int, list[tuple[object, ...]]]:
    """Give when the next mail is due, and the jobs that wait."""
    open_jobs = "SELECT due_at FROM job WHERE kind = 'reports.send' AND done_at IS NULL"
    return (
        int(market.rows("SELECT next_at FROM report_schedule")[0][0]),
        market.rows(open_jobs),
    )


def test_a_report_that_nobody_took_is_tried_again_and_the_next_one_follows(
    market: Market, post: socketserver.TCPServer
) -> None:
    broken = scheduled(market)
    jobs = Jobs(
        market.database,
        market.hub.transactions,
        clock=market.clock,
        changes=ChangeFeed(market.database),
    )
    taking = sender(market, post)
    jobs.handle_outside("reports.send", lambda job: (taking if job.attempts > 1 else broken)(job))
    market.clock.ms, _ = plan(market)
    due = market.clock.ms

    jobs.run_due("w")
    failed = len(mails(post))
    market.clock.ms += 5_000
    jobs.run_due("w")

    assert (failed, len(mails(post))) == (0, 1)
    assert plan(market) == (due + 86_400_000, [(due + 86_400_000,)])


def test_what_a_fast_clock_planned_comes_at_its_next_hour_when_the_clock_is_right(
    market: Market, post: socketserver.TCPServer
) -> None:
    scheduled(market)
    right, _ = plan(market)
    market.clock.ms += 3 * 86_400_000
    for _ in range(3):
        send(market, sender(market, post))
    market.change("UPDATE job SET done_at = :now WHERE kind = 'reports.send'", now=market.clock.ms)
    market.clock.set_back(3 * 86_400_000)
    replan = market.hub.ground.part(ReportActs).replan

    replan()

    assert plan(market) == (right, [(right,)])
