"""Notices: each event told once to each receiver, by rights of the moment, and mailed for real."""

import json
import socketserver
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.policy import default
from itertools import starmap
from typing import Final

import pytest
from sqlalchemy import text

from hub.base.access import EVERYTHING
from hub.base.jobs import Job
from hub.base.jobs.mailing import MailHost
from hub.desk.approvals.model import Approver
from hub.desk.notices.acts import NoticeActs
from hub.desk.notices.acts.send_mail import SendMail
from hub.desk.notices.model import Rule
from hub.desk.notices.reads import list_sent
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.people.acts import PeopleActs
from hub.desk.workdays.acts import WorkdayActs
from tests.builders.hub_records import Shelves
from tests.builders.market import Market

AN_HOUR_MS = 3_600_000
KOLKATA = timezone(timedelta(hours=5, minutes=30))


class _Smtp(socketserver.StreamRequestHandler):
    """Speaks just enough SMTP to take a mail, as RFC 5321 has it."""

    def handle(self) -> None:
        """Take mails until the sender says goodbye."""
        self.wfile.write(b"220 post.test ready\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    body += line
                self.server.taken.append(body)  # type: ignore[attr-defined]
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


RICE: Final[Mapping[str, int]] = {"RICE": 30}


@pytest.fixture
def post() -> Iterator[socketserver.TCPServer]:
    """Give a server that takes mails; what it took is in `taken`."""
    with socketserver.TCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.taken = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def market(market: Market) -> Market:
    """Give the market people: one who sells, two in charge, and a partner of another shop."""
    for name, roles in (
        ("sunil", ("sales",)),
        ("meena", ("manager",)),
        ("ravi", ("manager", "accounts")),
        ("parvez", ("partner",)),
    ):
        Shelves(market.database).user(name, *roles)
    return market


def held(market: Market, key: str = "k1", *, lines: Mapping[str, int] = RICE) -> str:
    """Place an order above the limit of the first shop, and tell who is to hear of it."""
    asked = AskedOrder(key, "staff", "C1", tuple(starmap(AskedLine, lines.items())))
    placed = market.orders.place(asked, by=Requester("user", "sunil"), scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    market.hub.jobs.run_due("test")
    return placed.uuid


def told(market: Market) -> list[tuple[object, ...]]:
    """Read who was told of what."""
    return market.rows(
        "SELECT n.event, u.name, n.channel FROM notice n JOIN user_account u ON u.id = n.user_id "
        "ORDER BY n.event, u.name, n.channel"
    )


def add_rule(market: Market, receiver: str, channel: str = "page", after: int = 0) -> None:
    """Have somebody told of held orders."""
    rule = Rule(0, "order_held", receiver, channel, after=after)  # type: ignore[arg-type]
    market.hub.ground.part(NoticeActs).rules.add(rule, by="asha")


def test_who_decides_hears_of_a_held_order_and_who_asked_of_the_decision(market: Market) -> None:
    add_rule(market, "accounts")
    order = held(market)
    first = told(market)

    by = Approver("meena", ("manager",))
    market.approvals.refuse(order, by=by, content=None, why="paid late")
    market.hub.jobs.run_due("test")

    assert first == [("order_held", "meena", "page"), ("order_held", "ravi", "page")]
    assert told(market)[2:] == [("order_refused", "sunil", "page")]
    assert market.broken() == set()


def test_nobody_is_told_of_an_order_that_is_not_theirs_to_see(market: Market) -> None:
    add_rule(market, "partner")

    held(market)

    assert "parvez" not in {name for _, name, _ in told(market)}


def test_a_reminder_comes_only_while_the_order_waits(market: Market) -> None:
    add_rule(market, "accounts", after=60)
    first, second = held(market), held(market, "k2")
    market.orders.cancel(first, why="closed", by="sunil")

    market.clock.ms += AN_HOUR_MS
    market.hub.jobs.run_due("test")

    late = market.rows(
        "SELECT n.order_uuid, u.name FROM notice n JOIN user_account u ON u.id = n.user_id "
        "WHERE n.at > (SELECT min(at) FROM notice)"
    )
    assert late == [(second, "ravi")]


def test_a_holiday_is_as_quiet_as_a_sunday_for_a_rule_with_quiet_hours(market: Market) -> None:
    days = market.hub.ground.part(WorkdayActs).set
    texts = {"day": "2026-11-23", "name": "Guru Nanak Jayanti", "mark": "off"}
    days.mark(texts, by="meena", scope=EVERYTHING)
    rule = Rule(0, "order_held", "accounts", "page", after=600, quiet_from=1_080, quiet_until=540)
    market.hub.ground.part(NoticeActs).rules.add(rule, by="asha")

    held(market)  # on Saturday at 12:30: five hours and a half are left of that day

    rows = market.rows("SELECT due_at FROM job WHERE kind = 'notices.tell' AND done_at IS NULL")
    due = [datetime.fromtimestamp(one / 1_000, KOLKATA) for (one,) in rows]
    assert (24, 13, 30) in [(one.day, one.hour, one.minute) for one in due]
    assert {one.day for one in due} == {24}  # the reminder that a new hub has, too


FAST_MS = 3 * 24 * AN_HOUR_MS


def waiting_until(market: Market, kind: str) -> list[str]:
    """Give when the jobs of a kind that wait are due, where the distributor is."""
    rows = market.rows("SELECT due_at FROM job WHERE kind = :k AND done_at IS NULL", k=kind)
    due = sorted(datetime.fromtimestamp(one / 1_000, KOLKATA) for (one,) in rows)
    return [one.strftime("%d %H:%M") for one in due]


def test_quiet_hours_of_a_fast_clock_are_those_of_today_once_it_is_right(market: Market) -> None:
    acts = market.hub.ground.part(NoticeActs)
    rule = Rule(0, "order_held", "manager", "page", after=60, quiet_from=780, quiet_until=540)
    acts.rules.add(rule, by="asha")
    market.clock.ms += FAST_MS
    held(market)
    by_fast = waiting_until(market, "notices.tell")

    market.clock.set_back(FAST_MS)
    acts.replan()
    healed = waiting_until(market, "notices.tell")
    market.clock.ms += AN_HOUR_MS
    acts.replan()
    market.clock.ms += 48 * AN_HOUR_MS
    market.hub.jobs.run_due("test")

    assert "25 09:30" in by_fast  # half an hour of Tuesday is left at 12:30
    assert "23 09:30" in healed  # on Monday, after Saturday and Sunday
    assert max(healed) < "24"
    assert ("order_held", "meena", "page") in told(market)
    assert market.broken() == set()


def test_mails_that_gathered_by_a_fast_clock_go_at_their_next_hour_and_those_after_them_too(
    meena_mails: Market, post: socketserver.TCPServer
) -> None:
    market, acts = meena_mails, meena_mails.hub.ground.part(NoticeActs)
    acts.rules.add(rule_of("manager"), by="asha")
    market.clock.ms += FAST_MS
    place_held(market, "k1")
    market.clock.set_back(FAST_MS)

    acts.replan()
    until = waiting_until(market, "notices.gather")
    place_held(market, "k2")
    market.clock.ms += 5 * AN_HOUR_MS
    together = sent_by(market, post)
    market.clock.ms += FAST_MS - 5 * AN_HOUR_MS
    place_held(market, "k3")
    market.clock.ms += 5 * AN_HOUR_MS
    later = sent_by(market, post)

    assert set(until) == {"21 17:00"}
    assert together == ["2 notices: 2 x order waits for an approval"]
    assert len(later) == 2
    assert market.broken() == set()


def test_a_notice_is_read_by_its_own_receiver_alone(market: Market) -> None:
    held(market)
    acts, people = market.hub.ground.part(NoticeActs), market.hub.ground.part(PeopleActs)
    meena = people.sign_in.find_account("meena")
    assert meena is not None

    acts.read(meena.id, up_to=10**6, by="meena")

    unread = "SELECT u.name FROM notice n JOIN user_account u ON u.id = n.user_id "
    assert market.rows(f"{unread} WHERE n.read_at IS NULL") == [("ravi",)]


def mailed(market: Market, post: socketserver.TCPServer) -> list[tuple[object, ...]]:
    """Send what waits by a real server; gives what was written down of it."""
    host, port = post.server_address[:2]
    mail = MailHost(str(host), int(port), "hub@shop.test", pages="https://hub.test/")
    send = SendMail(market.hub.transactions, market.clock, mail)
    for (number,) in market.rows("SELECT id FROM notice WHERE channel = 'mail' ORDER BY id"):
        keep = send(Job(1, "notices.mail", str(number), {"notice": number}, 0, 1, "test"))
        if keep is not None:
            with market.hub.transactions.open(actor="test", at_ms=market.clock.ms) as t:
                keep(t)
                t.commit()
    return market.rows(
        "SELECT u.name, n.sent_at IS NOT NULL, n.failed FROM notice n "
        "JOIN user_account u ON u.id = n.user_id WHERE n.channel = 'mail' ORDER BY u.name"
    )


def test_a_mail_says_what_and_why_once_and_only_to_who_may_see_it_still(
    market: Market, post: socketserver.TCPServer
) -> None:
    acts, people = market.hub.ground.part(NoticeActs), market.hub.ground.part(PeopleActs)
    for name in ("meena", "ravi"):
        account = people.sign_in.find_account(name)
        assert account is not None
        assert acts.read.have_mail(account.id, f"{name}@shop.test", by=name)
    add_rule(market, "manager", "mail")
    order = held(market)
    market.change("UPDATE notice SET sent_at = NULL, failed = NULL")
    gone = people.sign_in.find_account("ravi")
    assert gone is not None
    market.change("UPDATE user_account SET active = :no WHERE name = 'ravi'", no=False)

    first = mailed(market, post)
    mailed(market, post)

    assert [(name, bool(sent), why) for name, sent, why in first] == [
        ("meena", True, None),
        ("ravi", False, "no right any more"),
    ]
    (body,) = post.taken  # type: ignore[attr-defined]
    letter = message_from_bytes(body, policy=default)
    said = letter.get_content()
    assert letter["To"] == "meena@shop.test"
    assert letter["Subject"] == "First Shop: order waits for an approval, S-000001"
    assert "1,600.00 of a limit of 1,000.00" in said
    assert f"https://hub.test/approvals/orders/{order}?of=1" in said


def test_a_mail_groups_amounts_as_the_house_does(
    market: Market, post: socketserver.TCPServer
) -> None:
    account = market.hub.ground.part(PeopleActs).sign_in.find_account("meena")
    assert account is not None
    market.hub.ground.part(NoticeActs).read.have_mail(account.id, "meena@shop.test", by="meena")
    add_rule(market, "manager", "mail")
    held(market, lines={"RICE": 1_000, "SOAP": 5_000})
    market.change("UPDATE notice SET sent_at = NULL, failed = NULL")

    mailed(market, post)

    (body,) = post.taken  # type: ignore[attr-defined]
    said = message_from_bytes(body, policy=default).get_content()
    assert "1,00,095.00 of a limit of 1,000.00" in said


def test_without_a_mail_host_the_page_says_that_nothing_went(market: Market) -> None:
    add_rule(market, "manager", "mail")

    held(market)

    assert {why for (why,) in market.rows("SELECT failed FROM notice WHERE channel = 'mail'")} == {
        "no mail host"
    }


def rule_of(receiver: str, **said: object) -> Rule:
    """Make a rule of mails about held orders that gather until 17:00."""
    asked = {"channel": "mail", "event": "order_held", "gather": "day", "gather_at": 17 * 60}
    return Rule(0, receiver=receiver, **{**asked, **said})  # type: ignore[arg-type]


def sent_by(market: Market, post: socketserver.TCPServer, *, most: int = 500) -> list[str]:
    """Do what is due with a real server for mails; gives the subjects of what it took."""
    host, port = post.server_address[:2]
    mail = MailHost(str(host), int(port), "hub@shop.test", pages="https://hub.test/")
    send = SendMail(market.hub.transactions, market.clock, mail, most)
    waiting = market.rows(
        "SELECT id, kind, payload FROM job WHERE kind IN ('notices.mail', 'notices.gather') "
        "AND done_at IS NULL AND due_at <= :now ORDER BY due_at, id",
        now=market.clock.ms,
    )
    for number, kind, payload in waiting:
        job = Job(number, kind, "", json.loads(payload), 0, 1, "test")
        keep = send(job) if kind == "notices.mail" else send.gathered(job)
        with market.hub.transactions.open(actor="test", at_ms=market.clock.ms) as t:
            if keep is not None:
                keep(t)
            t.connection.execute(text("UPDATE job SET done_at = 1 WHERE id = :n"), {"n": number})
            t.commit()
    taken = post.taken  # type: ignore[attr-defined]
    return [str(message_from_bytes(one, policy=default)["Subject"]) for one in taken]


def tell(market: Market) -> None:
    """Do the jobs that tell of events, and leave the mails to a server."""
    while (job := market.hub.jobs.claim("test")) is not None:
        if job.kind != "notices.tell":
            market.change("UPDATE job SET leased_until = NULL WHERE id = :n", n=job.id)
            return
        market.hub.jobs.work_on(job)


def place_held(market: Market, key: str) -> str:
    """Place an order above the limit of the first shop, and have people told of it."""
    asked = AskedOrder(key, "staff", "C1", (AskedLine("RICE", 30),))
    placed = market.orders.place(asked, by=Requester("user", "sunil"), scope=EVERYTHING)
    assert isinstance(placed, PlacedOrder)
    tell(market)
    return placed.uuid


@pytest.fixture
def meena_mails(market: Market) -> Market:
    """Give a market whose manager has mail."""
    acts, people = market.hub.ground.part(NoticeActs), market.hub.ground.part(PeopleActs)
    account = people.sign_in.find_account("meena")
    assert account is not None
    acts.read.have_mail(account.id, "meena@shop.test", by="meena")
    return market


def test_mails_that_gather_go_as_one_at_their_hour_without_what_was_decided_meanwhile(
    meena_mails: Market, post: socketserver.TCPServer
) -> None:
    market = meena_mails
    market.hub.ground.part(NoticeActs).rules.add(rule_of("manager"), by="asha")
    orders = [place_held(market, key) for key in ("k1", "k2", "k3")]
    by = Approver("meena", ("manager",))
    market.approvals.refuse(orders[1], by=by, content=None, why="paid late")

    before = sent_by(market, post)
    market.clock.ms += 5 * AN_HOUR_MS
    after = sent_by(market, post)

    assert before == []
    assert after == ["2 notices: 2 x order waits for an approval"]
    (body,) = post.taken  # type: ignore[attr-defined]
    said = message_from_bytes(body, policy=default).get_content()
    assert [uuid in said for uuid in orders] == [True, False, True]
    assert market.rows(
        "SELECT n.order_uuid, n.address, n.failed FROM notice n "
        "JOIN user_account u ON u.id = n.user_id "
        "WHERE n.channel = 'mail' AND u.name = 'meena' ORDER BY n.id"
    ) == [
        (orders[0], "meena@shop.test", None),
        (orders[1], None, "decided meanwhile"),
        (orders[2], "meena@shop.test", None),
    ]
    assert market.broken() == set()


def test_what_has_no_room_in_a_mail_goes_with_the_next_one_at_once(
    meena_mails: Market, post: socketserver.TCPServer
) -> None:
    market = meena_mails
    market.hub.ground.part(NoticeActs).rules.add(rule_of("manager"), by="asha")
    orders = {place_held(market, key) for key in ("k1", "k2", "k3")}
    market.clock.ms += 5 * AN_HOUR_MS

    for _ in range(3):
        sent_by(market, post, most=2)

    bodies = post.taken  # type: ignore[attr-defined]
    told = [message_from_bytes(one, policy=default).get_content() for one in bodies]
    assert [sum(uuid in one for uuid in orders) for one in told] == [2, 1]


def test_a_mail_that_gathered_is_not_sent_twice(
    meena_mails: Market, post: socketserver.TCPServer
) -> None:
    market = meena_mails
    market.hub.ground.part(NoticeActs).rules.add(rule_of("manager"), by="asha")
    place_held(market, "k1")
    market.clock.ms += 5 * AN_HOUR_MS

    sent_by(market, post)
    market.change("UPDATE job SET done_at = NULL WHERE kind = 'notices.gather'")
    subjects = sent_by(market, post)

    assert len(subjects) == 1


def test_a_customer_hears_of_own_orders_alone_in_the_own_language_and_without_a_link(
    market: Market, post: socketserver.TCPServer
) -> None:
    market.change(
        "INSERT INTO customer_profile (party_id, name_key, status_reason, address, city, district, "
        "contact, hours, delivery_days, email, language) SELECT id, code, '', '', '', '', '', '', "
        "'', lower(code) || '@shop.test', CASE code WHEN 'C1' THEN 'hi' END FROM party "
        "WHERE code IN ('C1', 'C2') AND id NOT IN (SELECT party_id FROM customer_profile)"
    )
    market.change(
        "UPDATE customer_profile SET email = (SELECT lower(code) || '@shop.test' FROM party "
        "WHERE id = party_id), language = (SELECT CASE code WHEN 'C1' THEN 'hi' END FROM party "
        "WHERE id = party_id)"
    )
    rule = rule_of("customer", gather="at_once", gather_at=None)
    market.hub.ground.part(NoticeActs).rules.add(rule, by="asha")
    place_held(market, "k1")

    sent_by(market, post)

    (body,) = post.taken  # type: ignore[attr-defined]
    letter = message_from_bytes(body, policy=default)
    assert letter["To"] == "c1@shop.test"
    assert letter["Subject"] == "First Shop: ऑर्डर को मंज़ूरी का इंतज़ार है, S-000001"
    assert "http" not in letter.get_content()
    assert "Corner Supplies" in letter.get_content()
    sent = market.rows("SELECT address, user_id FROM notice WHERE channel = 'mail'")
    assert sent == [("c1@shop.test", None)]
    with market.database.read() as connection:
        (row, *_) = list_sent(connection, most=10, scope=EVERYTHING)
    assert (row.to, row.channel) == ("First Shop", "mail")
