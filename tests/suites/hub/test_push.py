"""Notices shown by phones: closed, at least once, by rights of the moment, until sign-out."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hub.base.access import EVERYTHING, Session
from hub.desk.field.acts.settle_task import TaskFields
from hub.desk.notices.acts import NoticeActs
from hub.desk.notices.acts.keep_devices import KeepDevices
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.run.config import Settings
from tests.builders.field_team import REP, entry, field_of, keep, send_rep, session_of
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.builders.push_phones import PushPhone, signed_claims
from tests.builders.receivers import Receiver, close_early, status
from tests.suites.hub.test_notices import add_rule, held
from tests.suites.hub.test_webhooks import open_hub, pass_time, receiver, work

__all__ = ["receiver"]


@pytest.fixture(name="market")
def open_market(database_url: str, tmp_path: Path) -> Iterator[Market]:
    """Give a hub that may reach a push service, though it is on this machine."""
    with open_hub(Settings(tmp_path, database_url, push_inside="127.0.0.1")) as opened:
        yield opened


def devices_of(market: Market) -> KeepDevices:
    """Give the acts that keep devices."""
    return market.hub.ground.part(NoticeActs).devices


def carry(market: Market, receiver: Receiver, name: str = "meena") -> tuple[PushPhone, Session]:
    """Give somebody a phone on which this person is signed in and wants notices."""
    if market.hub.ground.part(PeopleActs).sign_in.find_account(name) is None:
        Shelves(market.database).user("sunil", "sales")
        Shelves(market.database).user(name, "manager")
        add_rule(market, "manager")
    phone, session = PushPhone(f"{receiver.url}/{name}"), session_of(market, name)
    devices_of(market).add(phone.device, by=session)
    return phone, session


def shown(phone: PushPhone, receiver: Receiver) -> list[str]:
    """Open what reached the push service for a phone, and give the addresses it leads to."""
    return [phone.read(one.body)["url"] for one in receiver.received]


def test_a_notice_reaches_the_phone_closed_for_it_and_signed_by_the_hub(
    market: Market, receiver: Receiver
) -> None:
    phone, _ = carry(market, receiver)
    order = held(market)
    work(market)

    (one,) = receiver.received
    said = phone.read(one.body)
    assert said["url"] == f"/orders/{order}"
    assert "First Shop" in said["body"]
    assert b"First Shop" not in one.body
    assert (one.path, one.headers["content-encoding"]) == ("/in/meena", "aes128gcm")
    claims = signed_claims(one, devices_of(market).public_key())
    assert claims["aud"] == receiver.url.removesuffix("/in")
    assert devices_of(market).public_key() == devices_of(market).public_key()


def test_a_push_service_that_is_away_loses_nothing(market: Market, receiver: Receiver) -> None:
    phone, _ = carry(market, receiver)
    receiver.answer = close_early
    order = held(market)
    work(market)
    receiver.answer = status(503)
    pass_time(market, hours=1)
    receiver.answer, receiver.received[:] = status(201), []
    pass_time(market, hours=1)
    pass_time(market, days=2)

    assert shown(phone, receiver) == [f"/orders/{order}"]


def test_a_device_that_is_gone_is_forgotten_and_the_page_tells_still(
    market: Market, receiver: Receiver
) -> None:
    carry(market, receiver)
    receiver.answer = status(410)
    held(market)
    work(market)
    receiver.answer, receiver.received[:] = status(201), []
    held(market, "k2")
    work(market)

    assert receiver.received == []
    assert market.rows("SELECT count(*) FROM push_device") == [(0,)]
    assert market.rows("SELECT count(*) FROM notice WHERE channel = 'page'")[0][0] >= 2


def test_who_signs_out_is_shown_nothing_more_on_that_device(
    market: Market, receiver: Receiver
) -> None:
    _, session = carry(market, receiver)
    acts = market.hub.ground.part(PeopleActs)
    market.change("DELETE FROM user_session WHERE token_hash = :h", h=session.token_hash)
    held(market)
    work(market)

    assert receiver.received == []
    assert market.rows("SELECT count(*) FROM push_device") == [(0,)]
    assert acts.sign_in.find_account("meena") is not None


def test_a_device_shows_the_notices_of_who_took_it_over_alone(
    market: Market, receiver: Receiver
) -> None:
    phone, session = carry(market, receiver)
    Shelves(market.database).user("karan", "warehouse")
    other = session_of(market, "karan")
    devices_of(market).add(phone.device, by=other)
    held(market)
    work(market)

    assert receiver.received == []
    assert not devices_of(market).drop(phone.endpoint, by=session)
    assert devices_of(market).drop(phone.endpoint, by=other)


def test_what_was_read_meanwhile_or_may_be_seen_no_more_is_not_shown(
    market: Market, receiver: Receiver
) -> None:
    _, session = carry(market, receiver)
    receiver.answer = status(503)
    held(market)
    work(market)
    receiver.answer, receiver.received[:] = status(201), []
    market.hub.ground.part(NoticeActs).read(session.user_id, up_to=10_000, by="meena")
    pass_time(market, hours=2)
    read = list(receiver.received)
    receiver.answer = status(503)
    held(market, "k2")
    work(market)
    receiver.answer, receiver.received[:] = status(201), []
    market.change("UPDATE user_account SET roles = 'field_rep' WHERE name = 'meena'")
    pass_time(market, hours=2)

    assert (read, receiver.received) == ([], [])


def test_of_too_many_devices_of_a_person_the_oldest_goes(
    market: Market, receiver: Receiver
) -> None:
    _, session = carry(market, receiver)
    for number in range(10):
        phone = PushPhone(f"{receiver.url}/{number}")
        devices_of(market).add(phone.device, by=session)

    kept = market.rows("SELECT endpoint FROM push_device ORDER BY id")
    assert [row[0].rpartition("/")[2] for row in kept] == [str(one) for one in range(10)]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_device_reaches_no_host_inside_that_is_open_to_webhooks_alone(
    database_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    with open_hub(Settings(tmp_path, database_url, webhook_inside="127.0.0.1")) as market:
        carry(market, receiver)
        held(market)
        pass_time(market, days=2)

        assert receiver.received == []
        assert market.rows("SELECT count(*) FROM push_device") == [(0,)]


def test_a_task_and_a_leave_reach_the_phone_of_whom_they_concern_and_nobody_else(
    market: Market, receiver: Receiver
) -> None:
    rep = send_rep(market)
    meena_s, meena = carry(market, receiver)
    lines = market.hub.ground.part(PeopleActs).lines
    lines.report_to(rep.user_id, "meena", since=date(2026, 11, 1), by=OPERATOR)
    ravi_s = PushPhone(f"{receiver.url}/{REP}")
    devices_of(market).add(ravi_s.device, by=rep)
    field = field_of(market)
    complaint = entry("complained", outlet="C2", text="torn bag", due="2026-11-24", owner="meena")
    keep(market, rep, complaint)
    keep(market, rep, entry("leave", day="2026-11-23", why="wedding"))
    work(market)
    to_meena = [meena_s.read(one.body) for one in receiver.received]

    receiver.received[:] = []
    back = TaskFields(owner=REP)
    field.settle(complaint["id"], back, why="yours", by="meena", scope=meena.scope)
    field.leave(REP, date(2026, 11, 23), granted=True, by="meena", scope=EVERYTHING)
    work(market)
    to_ravi = [ravi_s.read(one.body) for one in receiver.received]
    receiver.received[:] = []
    keep(market, rep, entry("task_done", task=complaint["id"], why="own work"))
    work(market)

    task, given = complaint["id"], "Second Shop: a task for you, by 24 Nov 2026: torn bag"
    assert [(one["url"], one["body"]) for one in to_meena] == [
        (f"/field/interactions/{task}", given),
        ("/field/team", "ravi asks for leave on 23 Nov 2026: wedding"),
    ]
    assert [(one["url"], one["body"]) for one in to_ravi] == [
        (f"/field#/task/{task}", given),
        ("/field#/leave", "Your leave on 23 Nov 2026 was granted by meena"),
    ]
    assert receiver.received == []  # nobody is told of what they did
    unread = market.rows("SELECT event FROM person_notice WHERE read_at IS NULL")
    assert unread == [("leave_granted",)]
