"""A terminal reaches nobody but the hub; tested by what is delivered, not by what is promised.

Each test ends with a message that must arrive after the forbidden one would have.
"""

from collections.abc import Callable

import pytest

from broker.contract import HUB_STATUS, down, up
from tests.fixtures.brokers import DEADLINE_S, HubEnd, RawClient, TerminalEnd

pytestmark = pytest.mark.slow
Hubs = Callable[..., HubEnd]
Terminals = Callable[..., TerminalEnd]
RawClients = Callable[..., RawClient]


@pytest.mark.parametrize(
    "topic", [down("shop-a", "answer"), "ow/v1/+/t/+/down/#", "ow/v1/+/t/shop-a/#", "ow/#", "#"]
)
def test_a_terminal_never_gets_another_ones_messages(
    hub_end: Hubs, terminal_end: Terminals, raw_client: RawClients, topic: str
) -> None:
    hub, victim = hub_end(), terminal_end("shop-a")
    hub.wait_connected()
    victim.wait_online()
    spy = raw_client("shop-b")
    assert spy.answers.get(timeout=DEADLINE_S) == "Success"
    spy.subscribe(topic)
    spy.subscribe(down("shop-b", "notice"))

    hub.link.publish(down("shop-a", "answer"), b"for a")
    victim.next_down()
    hub.link.publish(down("shop-b", "notice"), b"for b")

    seen = [spy.messages.get(timeout=DEADLINE_S)]
    while seen[-1][1] != b"for b":
        seen.append(spy.messages.get(timeout=DEADLINE_S))
    assert {topic for topic, _ in seen} <= {down("shop-b", "notice"), HUB_STATUS}


def test_a_terminal_never_gets_another_ones_status_on_connecting(
    hub_end: Hubs, terminal_end: Terminals, raw_client: RawClients
) -> None:
    hub = hub_end()
    hub.wait_connected()
    terminal_end("shop-a").wait_online()
    hub.next("status")

    spy = raw_client("shop-b")
    assert spy.answers.get(timeout=DEADLINE_S) == "Success"
    spy.subscribe(down("shop-b", "notice"))
    hub.link.publish(down("shop-b", "notice"), b"for b")

    assert spy.messages.get(timeout=DEADLINE_S) == (down("shop-b", "notice"), b"for b")


def test_a_terminal_cannot_send_as_another_one(hub_end: Hubs, raw_client: RawClients) -> None:
    hub, forger = hub_end(), raw_client("shop-b")
    hub.wait_connected()
    assert forger.answers.get(timeout=DEADLINE_S) == "Success"

    forger.client.publish(up("shop-a", "order"), b"forged", qos=1)
    forger.client.publish(up("shop-b", "order"), b"own", qos=1)

    assert hub.next().payload == b"own"


def test_a_terminal_cannot_speak_for_the_hub(
    hub_end: Hubs, terminal_end: Terminals, raw_client: RawClients
) -> None:
    hub, victim, forger = hub_end(), terminal_end("shop-a"), raw_client("shop-b")
    hub.wait_connected()
    victim.wait_online()
    assert victim.next_hub_status() == b"hub is there"
    assert forger.answers.get(timeout=DEADLINE_S) == "Success"

    forger.client.publish(down("shop-a", "answer"), b"forged", qos=1)
    forger.client.publish(HUB_STATUS, b"forged", qos=1, retain=True)
    forger.client.publish(up("shop-b", "order"), b"afterwards", qos=1)
    hub.next("order")
    hub.link.publish(down("shop-a", "notice"), b"true")

    assert victim.messages.get(timeout=DEADLINE_S) == (down("shop-a", "notice"), b"true")


def test_a_terminal_cannot_leave_a_will_for_another_one(
    hub_end: Hubs, raw_client: RawClients
) -> None:
    hub = hub_end()
    hub.wait_connected()
    forger = raw_client("shop-b", will_topic=up("shop-a", "order"))
    forger.answers.get(timeout=DEADLINE_S)

    forger.cut()
    successor = raw_client("shop-b")
    assert successor.answers.get(timeout=DEADLINE_S) == "Success"
    successor.client.publish(up("shop-b", "order"), b"own", qos=1)

    assert hub.next().payload == b"own"


@pytest.mark.parametrize("password", [None, "guessed"], ids=["own password", "wrong password"])
def test_a_client_id_of_the_hub_or_of_another_terminal_ends_nobodys_session(
    hub_end: Hubs, terminal_end: Terminals, raw_client: RawClients, password: str | None
) -> None:
    hub, victim = hub_end(), terminal_end("shop-a")
    hub.wait_connected()
    victim.wait_online()

    for client_id in ("hub", "shop-a"):
        poser = raw_client("shop-b", client_id=client_id, password=password)
        poser.answers.get(timeout=DEADLINE_S)
    victim.publish(up("shop-a", "order"), b"24 tea")

    assert hub.next("order").payload == b"24 tea"
    hub.link.publish(down("shop-a", "answer"), b"confirmed")
    assert victim.next_down() == b"confirmed"
    assert [change.online for change in (hub.changes.get(), victim.changes.get())] == [True, True]
    assert (hub.changes.qsize(), victim.changes.qsize()) == (0, 0)


def test_a_terminals_own_second_connection_takes_the_place_of_the_first(
    raw_client: RawClients,
) -> None:
    first = raw_client("shop-a", client_id="one")
    assert first.answers.get(timeout=DEADLINE_S) == "Success"

    second = raw_client("shop-a", client_id="two")

    assert second.answers.get(timeout=DEADLINE_S) == "Success"
    assert first.answers.get(timeout=DEADLINE_S) == "disconnected"


@pytest.mark.parametrize("topic", ["ow/v1/9/t/shop-b/up/order", f"{up('shop-b', 'log')}/a1/b"])
def test_what_a_terminal_leaves_beside_its_own_topics_is_not_kept(
    hub_end: Hubs, raw_client: RawClients, topic: str
) -> None:
    litterer = raw_client("shop-b")
    assert litterer.answers.get(timeout=DEADLINE_S) == "Success"

    litterer.client.publish(topic, b"kept", qos=1, retain=True)
    litterer.client.publish(up("shop-b", "status"), b"last word", qos=1, retain=True)
    litterer.subscribe(down("shop-b", "notice"))
    hub = hub_end()
    hub.wait_connected()

    assert hub.next().payload == b"last word"
