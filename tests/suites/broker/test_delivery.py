"""What goes up arrives at the hub, what goes down arrives at its terminal, over every broker."""

from collections.abc import Callable
from concurrent.futures import wait

import pytest

from broker.contract import MAX_PACKET_BYTES, down, up
from broker.link import PayloadTooLargeError
from broker.link.hub_link import Received
from tests.fixtures.brokers import DEADLINE_S, Cable, HubEnd, RawClient, TerminalEnd

pytestmark = pytest.mark.slow
Hubs = Callable[..., HubEnd]
Terminals = Callable[..., TerminalEnd]


def test_an_order_goes_up_and_its_answer_comes_down(hub_end: Hubs, terminal_end: Terminals) -> None:
    hub, terminal = hub_end(), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()

    terminal.publish(up("shop-a", "order"), b"24 tea")
    order = hub.next("order")
    answered = hub.link.publish(down("shop-a", "answer"), b"confirmed")

    assert order.payload == b"24 tea"
    assert order.topic == up("shop-a", "order")
    assert answered
    assert terminal.next_down() == b"confirmed"


def test_a_thousand_messages_in_a_burst_arrive_in_order(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = hub_end(), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()
    sent = [str(number).encode() for number in range(1000)]

    wait([terminal.submit(up("shop-a", "order"), payload) for payload in sent], DEADLINE_S)

    assert [hub.next("order").payload for _ in sent] == sent


def test_a_thousand_answers_in_a_burst_arrive_in_order(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = hub_end(), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()
    sent = [str(number).encode() for number in range(1000)]

    for payload in sent:
        hub.link.publish(down("shop-a", "answer"), payload)

    assert [terminal.next_down() for _ in sent] == sent


def test_a_terminal_hears_that_the_hub_is_there_and_that_it_left(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = hub_end(), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()

    at_first = terminal.next_hub_status()
    hub.link.stop()

    assert at_first == b"hub is there"
    assert terminal.next_hub_status() == b"hub is gone"


def test_a_terminal_hears_that_the_hub_was_torn_away(
    hub_end: Hubs, terminal_end: Terminals, cable: Cable
) -> None:
    hub, terminal = hub_end(cable.address), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()

    at_first = terminal.next_hub_status()
    cable.cut()
    torn_away = terminal.next_hub_status()
    cable.restore()
    back = terminal.next_hub_status()

    assert (at_first, torn_away, back) == (b"hub is there", b"hub is gone", b"hub is there")


def test_a_terminal_that_ends_in_order_says_so(hub_end: Hubs, terminal_end: Terminals) -> None:
    hub = hub_end()
    hub.wait_connected()
    terminal = terminal_end("shop-a")
    terminal.wait_online()

    terminal.stop_link()

    assert hub.next("status").payload == b"shop-a is there"
    assert hub.next("status").payload == b"shop-a is gone"


def test_the_will_of_a_torn_away_terminal_arrives_and_its_birth_after_the_return(
    hub_end: Hubs, terminal_end: Terminals, cable: Cable
) -> None:
    hub = hub_end()
    hub.wait_connected()
    terminal_end("shop-a", address=cable.address)
    born = hub.next("status").payload

    cable.cut()
    torn_away = hub.next("status").payload
    cable.restore()
    back = hub.next("status").payload

    assert (born, torn_away, back) == (b"shop-a is there", b"shop-a is gone", b"shop-a is there")


def test_a_hub_that_comes_later_finds_the_status_of_every_terminal(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    for shop in ("shop-a", "shop-b"):
        terminal_end(shop).wait_online()

    hub = hub_end()
    found: set[Received] = {hub.next("status"), hub.next("status")}

    assert {status.payload for status in found} == {b"shop-a is there", b"shop-b is there"}
    assert all(status.retained for status in found)


def test_an_oversized_packet_harms_nobody_but_its_sender(
    hub_end: Hubs, terminal_end: Terminals, raw_client: Callable[..., RawClient]
) -> None:
    hub, terminal, stranger = hub_end(), terminal_end("shop-a"), raw_client("shop-b")
    hub.wait_connected()
    terminal.wait_online()
    assert stranger.answers.get(timeout=DEADLINE_S) == "Success"

    stranger.client.publish(up("shop-b", "order"), bytes(MAX_PACKET_BYTES + 1), qos=1)
    fate = stranger.answers.get(timeout=DEADLINE_S)
    terminal.publish(up("shop-a", "order"), b"24 tea")

    assert fate == "disconnected"
    assert hub.next("order").payload == b"24 tea"
    assert hub.changes.qsize() == 1


def test_neither_end_sends_what_the_broker_would_cut_the_connection_for(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = hub_end(), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()
    oversized = bytes(MAX_PACKET_BYTES)

    with pytest.raises(PayloadTooLargeError):
        hub.link.publish(down("shop-a", "answer"), oversized)
    with pytest.raises(PayloadTooLargeError):
        terminal.publish(up("shop-a", "order"), oversized)


def test_an_answer_nearly_as_large_as_a_packet_arrives(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = hub_end(), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()
    large = bytes(MAX_PACKET_BYTES - 1024)

    hub.link.publish(down("shop-a", "answer"), large)

    assert terminal.next_down() == large


def test_what_comes_on_a_muted_topic_is_acknowledged_and_counted_and_others_are_heard(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = hub_end(), terminal_end("shop-a")
    order, log = up("shop-a", "order"), up("shop-a", "log")
    hub.on_received = lambda received: (
        hub.link.mute(order, DEADLINE_S) if received.topic == order else None
    )
    hub.wait_connected()
    terminal.wait_online()

    for number in range(50):
        terminal.publish(order, b"%d" % number)
    terminal.publish(log, b"heard")
    passed = [hub.next("log").payload]
    counted = came = 0
    while counted < 49:
        topic, count, size = hub.muted.get(timeout=DEADLINE_S)
        counted += count if topic == order else 0
        came += size

    assert passed == [b"heard"]
    assert counted == 49
    assert came > 49 * len(order)
