"""Notices: each event told once to each receiver, by rights of the moment, and mailed for real."""

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest

from hub.base.access import EVERYTHING
from hub.base.jobs import Job
from hub.base.jobs.mailing import MailHost
from hub.desk.approvals.model import Approver
from hub.desk.notices.acts import NoticeActs
from hub.desk.notices.acts.send_mail import SendMail
from hub.desk.notices.model import Rule
from hub.desk.orders.model.asked import AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.request import Requester
from hub.desk.people.acts import PeopleActs
from tests.builders.hub_records import Shelves
from tests.builders.market import Market

AN_HOUR_MS = 3_600_000


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


def held(market: Market, key: str = "k1") -> str:
    """Place an order above the limit of the first shop, and tell who is to hear of it."""
    asked = AskedOrder(key, "staff", "C1", (AskedLine("RICE", 30),))
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
    text = letter.get_content()
    assert letter["To"] == "meena@shop.test"
    assert letter["Subject"] == "First Shop: order waits for an approval, S-000001"
    assert "1,600.00 of a limit of 1,000.00" in text
    assert f"https://hub.test/approvals/orders/{order}?of=1" in text


def test_without_a_mail_host_the_page_says_that_nothing_went(market: Market) -> None:
    add_rule(market, "manager", "mail")

    held(market)

    assert {why for (why,) in market.rows("SELECT failed FROM notice WHERE channel = 'mail'")} == {
        "no mail host"
    }
