"""Webhooks on both engines, to a real server: signed, repeated, bounded, in the owner's rows."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.base.jobs.posting import PostError, WebPost
from hub.desk.approvals.model import Approver
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.webhooks.acts import WebhookActs
from hub.desk.webhooks.acts.keep_webhook import KeepWebhook, KeptWebhook
from hub.desk.webhooks.model import ATTEMPTS, EVENTS, STOPPED_AFTER_MS
from hub.desk.webhooks.reads import WebhookDetail, count_stopped, read_webhook
from hub.run.bootstrap import build_hub, build_wire
from hub.run.config import Settings
from tests.builders.hub_records import Shelves
from tests.builders.market import FakeClock, Market
from tests.builders.money import billed, delivered, paid, payments_of
from tests.builders.receivers import (
    Received,
    Receiver,
    answer_drop_by_drop,
    answer_hugely,
    answer_late,
    close_early,
    receiving,
    status,
)

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
EVERY = tuple(EVENTS)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Give another program's server."""
    with receiving() as one:
        yield one


@pytest.fixture
def market(database_url: str, tmp_path: Path) -> Iterator[Market]:
    """Give a hub that may reach the other program, though it is on this machine."""
    with open_hub(Settings(tmp_path, database_url, webhook_inside="127.0.0.1")) as opened:
        yield opened


@contextmanager
def open_hub(settings: Settings) -> Iterator[Market]:
    """Open a hub of settings, with an owner."""
    clock = FakeClock()
    hub = build_hub(settings, clock=clock)
    opened = Market(hub, build_wire(hub, http="http://hub"), clock, settings.database)
    opened.load()
    Shelves(opened.database).user("asha", "owner")
    yield opened
    hub.close()


def acts(market: Market) -> KeepWebhook:
    """Give the acts of endpoints."""
    return market.hub.ground.part(WebhookActs).keep


def endpoint(
    market: Market, url: str, kinds: tuple[str, ...] = EVERY, *, by: str = "asha"
) -> KeptWebhook:
    """Have an address told of events."""
    done = acts(market).add("ERP", url, kinds=kinds, by=by)
    assert isinstance(done, KeptWebhook)
    return done


def work(market: Market) -> None:
    """Do all that is due now."""
    while market.hub.jobs.run_due("test"):
        pass


def pass_time(market: Market, *, hours: float = 0, days: int = 0) -> None:
    """Let time go by, and do what is due by then."""
    market.clock.ms += int(hours * 3_600_000) + days * 86_400_000
    work(market)


def shown(market: Market, number: int) -> WebhookDetail:
    """Read an endpoint as its page does."""
    with market.database.read() as connection:
        found = read_webhook(connection, number, most=500, scope=EVERYTHING)
    assert found is not None
    return found


def told(receiver: Receiver) -> list[tuple[str, Any]]:
    """Give what the other program was told: kinds and what each is about."""
    written = [json.loads(one.body) for one in receiver.received]
    return [(one["type"], one["data"]) for one in written]


def is_signed(one: Received, secret: str) -> bool:
    """Check a message as its receiver would."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
    proof = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{proof}" in one.headers["webhook-signature"].split(" ")


def test_a_program_is_told_of_an_order_s_whole_life_signed(
    market: Market, receiver: Receiver
) -> None:
    kept = endpoint(market, receiver.url)
    placed = market.place(("TEA", 2))
    held = market.place(("TEA", 50), terminal="shop-1")
    market.approvals.release(held.order, by=Approver("vikram", ("manager",)))
    market.orders.cancel(placed.order, why="shop closed", by="asha")
    uuid = delivered(market, ("SOAP", 1))
    billed(market, uuid)
    cheque = paid(market, "5.00", mode="cheque", reference="77", paid_on="2026-11-20")
    payments_of(market).cheque(cheque.payment, "bounced", by="asha", scope=EVERYTHING)

    work(market)

    kinds = [kind for kind, _ in told(receiver)]
    assert set(kinds) >= {
        *("order.placed", "order.decided", "order.cancelled", "delivery.dispatched"),
        *("delivery.ended", "invoice.issued", "payment.taken", "payment.changed"),
    }
    (first,) = [
        data
        for kind, data in told(receiver)
        if kind == "order.placed" and data["order"] == placed.order
    ]
    assert placed.totals is not None
    said = ("revision", "status", "public", "customer", "source", "payable")
    assert {name: first[name] for name in said} == {
        "revision": 1,
        "status": "allocated",
        "public": "processing",
        "customer": "C2",
        "source": "terminal",
        "payable": placed.totals.payable,
    }
    states = [data["state"] for kind, data in told(receiver) if kind.startswith("payment.")]
    assert states == ["received", "bounced"]
    assert all(is_signed(one, kept.secret) for one in receiver.received)
    assert len({one.headers["webhook-id"] for one in receiver.received}) == len(receiver.received)
    assert {one.state for one in shown(market, kept.id).deliveries} == {"sent"}
    assert market.broken() == set()


@SQLITE
def test_an_endpoint_hears_of_what_it_wants_and_only_while_it_is_on(
    market: Market, receiver: Receiver
) -> None:
    kept = endpoint(market, receiver.url, ("order.cancelled",))
    first = market.place(("TEA", 1))
    market.orders.cancel(first.order, why="x", by="asha")
    acts(market).turn(kept.id, on=False, by="asha", scope=EVERYTHING)
    work(market)
    second = market.place(("TEA", 1))
    market.orders.cancel(second.order, why="x", by="asha")
    work(market)
    acts(market).turn(kept.id, on=True, by="asha", scope=EVERYTHING)
    third = market.place(("TEA", 1))
    market.orders.cancel(third.order, why="x", by="asha")

    work(market)

    assert [data["order"] for _, data in told(receiver)] == [third.order]
    states = [(one.state, one.error) for one in shown(market, kept.id).deliveries]
    assert states == [("sent", None), ("failed", "off")]


@SQLITE
def test_the_history_tells_each_turn_once(market: Market, receiver: Receiver) -> None:
    kept = endpoint(market, receiver.url)

    for on in (True, False, False, True):
        acts(market).turn(kept.id, on=on, by="asha", scope=EVERYTHING)

    turns = [(one.old, one.new) for one in shown(market, kept.id).history if one.field == "active"]
    assert sorted(turns) == [(False, True), (True, False)]


@pytest.mark.parametrize(
    "trouble",
    [
        *("500", "302", "404", "429", "closes", "nobody is there"),
    ],
)
def test_a_message_that_was_not_taken_comes_again_under_the_same_id(
    market: Market, receiver: Receiver, trouble: str
) -> None:
    kept = endpoint(market, receiver.url, ("order.placed",))
    url = receiver.url
    if trouble == "closes":
        receiver.answer = close_early
    elif trouble == "nobody is there":
        acts(market).change(
            *(kept.id, "ERP"),
            url="http://127.0.0.1:1/in",
            kinds=("order.placed",),
            by="asha",
            scope=EVERYTHING,
        )
    else:
        receiver.answer = status(int(trouble), Location=f"{receiver.url}/other")
    market.place(("TEA", 1))
    work(market)
    failing = shown(market, kept.id)

    receiver.answer = status(200)
    acts(market).change(
        kept.id, "ERP", url=url, kinds=("order.placed",), by="asha", scope=EVERYTHING
    )
    pass_time(market, hours=0.01)

    (message,) = failing.deliveries
    assert (message.state, message.attempts) == ("waiting", 1)
    assert failing.row.failures == 1
    assert (
        message.error
        if trouble in {"closes", "nobody is there"}
        else message.status == int(trouble)
    )
    after = shown(market, kept.id)
    assert [(one.state, one.attempts) for one in after.deliveries] == [("sent", 2)]
    assert (after.row.failures, after.row.failing_since) == (0, None)
    assert {one.path for one in receiver.received} == {"/in"}
    assert len({(one.headers["webhook-id"], one.body) for one in receiver.received}) == 1


@pytest.mark.parametrize("answer", [answer_drop_by_drop, answer_late])
def test_an_answer_that_does_not_come_to_an_end_is_cut(
    receiver: Receiver, answer: Callable[[Any], None]
) -> None:
    receiver.answer = answer
    web = WebPost(frozenset({"127.0.0.1"}), whole_s=0.3)

    with pytest.raises(PostError, match=r"late: 0\.3 s"):
        web.post(receiver.url, b"{}", {})


def test_of_a_huge_answer_the_head_alone_is_read(receiver: Receiver) -> None:
    receiver.answer = answer_hugely

    posted = WebPost(frozenset({"127.0.0.1"})).post(receiver.url, b"{}", {})

    assert posted.status == 200


@SQLITE
def test_a_receiver_that_is_away_costs_one_attempt_at_a_time(
    market: Market, receiver: Receiver
) -> None:
    receiver.answer = status(503)
    kept = endpoint(market, receiver.url, ("order.placed",))
    for _ in range(10):
        market.place(("TEA", 1))

    work(market)
    for _ in range(8):
        pass_time(market, hours=0.5)

    assert 2 <= len(receiver.received) <= 10
    receiver.answer = status(204)
    for _ in range(4):
        pass_time(market, hours=12)
    found = shown(market, kept.id)
    assert [one.state for one in found.deliveries] == ["sent"] * 10
    assert found.row.failures == 0


@SQLITE
def test_an_endpoint_that_failed_while_the_clock_was_fast_is_asked_when_it_is_right(
    market: Market, receiver: Receiver
) -> None:
    receiver.answer = status(503)
    kept = endpoint(market, receiver.url, ("order.placed",))
    market.place(("TEA", 1))
    work(market)
    receiver.answer = status(204)

    market.clock.set_back(6 * 3_600_000)
    market.place(("TEA", 1))
    work(market)
    market.clock.ms += 60_000
    work(market)

    assert [one.state for one in shown(market, kept.id).deliveries] == ["sent", "sent"]


@SQLITE
def test_after_days_of_failures_an_endpoint_is_given_up_and_the_first_page_says_so(
    market: Market, receiver: Receiver
) -> None:
    receiver.answer = status(500)
    kept = endpoint(market, receiver.url, ("order.placed",))
    market.place(("TEA", 1))
    begun = market.clock.ms

    for _ in range(40):
        pass_time(market, hours=6)
    silent = len(receiver.received)
    market.place(("TEA", 1))
    pass_time(market, days=5)

    found = shown(market, kept.id)
    assert found.row.stopped_at is not None
    assert found.row.stopped_at - begun >= STOPPED_AFTER_MS
    assert silent <= ATTEMPTS
    assert len(receiver.received) == silent
    with market.database.read() as connection:
        assert count_stopped(connection, scope=EVERYTHING) == 1
    acts(market).turn(kept.id, on=True, by="asha", scope=EVERYTHING)
    receiver.answer = status(200)
    (message, *_) = found.deliveries
    acts(market).again(kept.id, message.id, by="asha", scope=EVERYTHING)
    work(market)
    assert shown(market, kept.id).deliveries[0].state == "sent"
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1


@SQLITE
def test_a_receiver_that_wants_no_more_is_given_up_at_once(
    market: Market, receiver: Receiver
) -> None:
    receiver.answer = status(410)
    kept = endpoint(market, receiver.url, ("order.placed",))
    market.place(("TEA", 1))

    work(market)

    found = shown(market, kept.id)
    assert (found.row.active, [one.state for one in found.deliveries]) == (False, ["failed"])


def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    market: Market, receiver: Receiver
) -> None:
    kept = endpoint(market, receiver.url, ("order.placed",))
    renewed = acts(market).rotate(kept.id, by="asha", scope=EVERYTHING)
    assert isinstance(renewed, KeptWebhook)
    acts(market).test(kept.id, by="asha", scope=EVERYTHING)
    work(market)
    pass_time(market, hours=25)
    acts(market).test(kept.id, by="asha", scope=EVERYTHING)
    work(market)

    within, after = receiver.received
    assert [is_signed(within, one) for one in (kept.secret, renewed.secret)] == [True, True]
    assert [is_signed(after, one) for one in (kept.secret, renewed.secret)] == [False, True]
    assert told(receiver) == [("webhook.test", {})] * 2
    assert kept.secret not in repr(shown(market, kept.id))


def test_only_what_the_owner_may_see_at_the_moment_of_sending_is_told(
    market: Market, receiver: Receiver
) -> None:
    people = market.hub.ground.part(PeopleActs)
    Shelves(market.database).user("meena", "admin")
    meena = people.sign_in.find_account("meena")
    assert meena is not None
    kept = endpoint(market, receiver.url, ("order.placed",), by="meena")
    people.lines.set_rows(meena.id, [("customer", "C1")], by=OPERATOR)
    own = market.place(("TEA", 1), terminal="shop-1")
    market.place(("TEA", 1), terminal="shop-2")
    work(market)
    later = market.place(("TEA", 1), terminal="shop-1")
    people.change.end(meena.id, why="left", by=OPERATOR)

    work(market)

    assert [data["order"] for _, data in told(receiver)] == [own.order]
    states = [(one.state, one.error) for one in shown(market, kept.id).deliveries]
    assert states == [("dropped", "no_right"), ("dropped", "no_right"), ("sent", None)]
    assert later.order not in {data["order"] for _, data in told(receiver)}


@SQLITE
def test_an_address_inside_the_house_is_not_reached_unless_it_is_named(
    market: Market, receiver: Receiver
) -> None:
    port = receiver.url.rpartition(":")[2]
    kept = endpoint(market, f"http://localhost:{port}", ("order.placed",))
    market.place(("TEA", 1))

    work(market)

    (message,) = shown(market, kept.id).deliveries
    assert receiver.received == []
    assert message.error == "plain: http"


@SQLITE
def test_what_an_order_costs_does_not_grow_with_an_endpoint_that_wants_other_things(
    market: Market, receiver: Receiver
) -> None:
    endpoint(market, receiver.url, ("payment.taken",))

    market.place(("TEA", 1))

    assert market.rows("SELECT count(*) FROM webhook_event") == [(0,)]
    assert market.rows("SELECT count(*) FROM job WHERE kind = 'webhooks.send'") == [(0,)]


@SQLITE
def test_who_sees_no_endpoint_does_nothing_with_it(market: Market, receiver: Receiver) -> None:
    kept = endpoint(market, receiver.url)
    people = market.hub.ground.part(PeopleActs)
    Shelves(market.database).user("meena", "admin")
    meena = people.sign_in.find_account("meena")
    assert meena is not None
    people.lines.set_rows(meena.id, [("customer", "C1")], by=OPERATOR)
    session = people.sign_in.session_for("meena")
    assert session is not None
    scope = replace(session.scope)

    done = [
        acts(market).turn(kept.id, on=False, by="meena", scope=scope),
        acts(market).rotate(kept.id, by="meena", scope=scope),
        acts(market).test(kept.id, by="meena", scope=scope),
        acts(market).again(kept.id, 1, by="meena", scope=scope),
    ]

    assert [one.reasons[0].code for one in done if isinstance(one, Refused)] == [
        "webhook_unknown"
    ] * 4
    assert shown(market, kept.id).row.active
