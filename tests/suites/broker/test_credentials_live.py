"""Passwords are checked, and changes of them count without a restart, over every broker."""

import secrets
from collections.abc import Callable

import pytest

from broker.contract import up
from broker.embedded import Door, is_held
from tests.fixtures.brokers import DEADLINE_S, BrokerProcess, HubEnd, RawClient, TerminalEnd

pytestmark = pytest.mark.slow
Hubs = Callable[..., HubEnd]
Terminals = Callable[..., TerminalEnd]

REFUSALS = {"Not authorized", "Bad user name or password"}


@pytest.mark.parametrize(
    ("user", "password"),
    [("shop-a", "secret of b"), ("shop-a", "x"), ("stranger", "secret of a"), ("hub", "x")],
)
def test_a_wrong_name_or_password_is_refused(
    raw_client: Callable[..., RawClient], user: str, password: str
) -> None:
    client = raw_client(user, password=password)

    answer = client.answers.get(timeout=DEADLINE_S)

    assert answer in REFUSALS


def test_a_refused_terminal_says_why_and_goes_on_trying(terminal_end: Terminals) -> None:
    terminal = terminal_end("shop-a", password="secret of b")

    attempts = [terminal.changes.get(timeout=DEADLINE_S) for _ in range(3)]

    assert not any(attempt.online for attempt in attempts)
    assert all("uthori" in attempt.reason for attempt in attempts)


def test_a_user_added_while_the_broker_runs_can_connect(
    broker: BrokerProcess, hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub = hub_end()
    hub.wait_connected()
    password = secrets.token_urlsafe(32)

    broker.credentials.set("shop-new", password)
    broker.reload()
    terminal_end("shop-new", password=password).wait_online()

    assert hub.next("status").payload == b"shop-new is there"


def test_a_changed_password_counts_after_the_reload(
    broker: BrokerProcess,
    hub_end: Hubs,
    terminal_end: Terminals,
    raw_client: Callable[..., RawClient],
) -> None:
    hub = hub_end()
    hub.wait_connected()

    broker.credentials.set("shop-a", "another")
    broker.reload()
    terminal_end("shop-a", password="another").wait_online()
    stale = raw_client("shop-a")

    assert hub.next("status").payload == b"shop-a is there"
    assert stale.answers.get(timeout=DEADLINE_S) in REFUSALS


def test_a_removed_user_is_thrown_out_and_stays_out(
    broker: BrokerProcess, hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, removed, other = hub_end(), terminal_end("shop-a"), terminal_end("shop-b")
    hub.wait_connected()
    removed.wait_online()
    other.wait_online()

    broker.credentials.remove("shop-a")
    broker.reload()
    removed.changes.get(timeout=DEADLINE_S)
    changes = [removed.changes.get(timeout=DEADLINE_S) for _ in range(3)]
    other.publish(up("shop-b", "order"), b"still here")

    assert not any(change.online for change in changes)
    assert hub.next("order").payload == b"still here"


def _nothing() -> None:
    """Leave it to the broker to look at its files by itself."""


def test_a_user_kept_out_is_thrown_out_and_comes_back_by_itself_when_it_is_let_in(
    broker: BrokerProcess, hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, flooding, other = hub_end(), terminal_end("shop-a"), terminal_end("shop-b")
    hub.wait_connected()
    flooding.wait_online()
    other.wait_online()

    door = Door(broker.credentials, heed=_nothing, serves=lambda: is_held(broker.folder, "broker"))
    door.start()
    kept_out = door.keep_out("shop-a")
    flooding.changes.get(timeout=DEADLINE_S)
    changes = [flooding.changes.get(timeout=DEADLINE_S) for _ in range(3)]
    other.publish(up("shop-b", "order"), b"still here")
    order_of_the_other = hub.next("order").payload
    door.stop()
    flooding.wait_online()
    flooding.publish(up("shop-a", "order"), b"back again")

    assert kept_out
    assert not any(change.online for change in changes)
    assert order_of_the_other == b"still here"
    assert hub.next("order").payload == b"back again"
