"""What is lost with a broker, a cable or a hub comes back by sending again, over every broker."""

import contextlib
import gc
import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from broker.contract import down, up
from broker.link import LinkDown
from broker.link.hub_link import Received
from tests.fixtures.brokers import DEADLINE_S, BrokerProcess, Cable, HubEnd, TerminalEnd
from tests.fixtures.printers import eventually

pytestmark = pytest.mark.slow
Hubs = Callable[..., HubEnd]
Terminals = Callable[..., TerminalEnd]

RESEND_S: Final = 0.3


def send_until_answered(terminal: TerminalEnd, payload: bytes) -> None:
    """Be the smallest honest outbox: send again until the answer is there."""
    for _ in range(int(4 * DEADLINE_S / RESEND_S)):
        terminal.submit(up("shop-a", "order"), payload)
        with contextlib.suppress(queue.Empty):
            while terminal.next_down(RESEND_S) != payload:
                pass
            return
    raise AssertionError(f"{payload!r} was never answered")


def answer(hub: HubEnd, received: Received) -> None:
    """Be the smallest honest hub: answer each order with its own payload."""
    if received.topic.endswith("/up/order"):
        hub.link.publish(down("shop-a", "answer"), received.payload)


def answering(hub: HubEnd) -> HubEnd:
    """Have `hub` answer everything it gets."""
    hub.on_received = lambda received: answer(hub, received)
    return hub


def test_orders_survive_a_broker_killed_in_the_middle(
    broker: BrokerProcess, hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = answering(hub_end()), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()
    orders = [f"order {number}".encode() for number in range(30)]

    for number, order in enumerate(orders):
        if number in {10, 20}:
            terminal.submit(up("shop-a", "order"), order)
            broker.kill()
            broker.start()
        send_until_answered(terminal, order)

    assert {received.payload for received in hub.so_far()} >= set(orders)


def test_both_links_come_back_after_a_cut_cable(
    hub_end: Hubs, terminal_end: Terminals, cable: Cable
) -> None:
    hub = answering(hub_end(cable.address))
    terminal = terminal_end("shop-a", address=cable.address)
    hub.wait_connected()
    terminal.wait_online()

    for _ in range(3):
        cable.cut()
        cable.restore()
        send_until_answered(terminal, b"24 tea")

    assert hub.next("order").payload == b"24 tea"


@pytest.mark.needs("mosquitto")
@pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)
def test_a_broker_that_stands_still_is_noticed_and_the_order_goes_when_it_goes_on(
    broker: BrokerProcess, hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = answering(hub_end()), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()

    broker.stall()
    try:
        with pytest.raises(LinkDown):
            terminal.publish(up("shop-a", "order"), b"24 tea")
    finally:
        broker.go_on()

    send_until_answered(terminal, b"24 tea")
    assert hub.next("order").payload == b"24 tea"


def test_an_order_that_a_dead_hub_took_and_never_committed_reaches_the_next_one(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    dying, terminal = hub_end(acknowledging=False), terminal_end("shop-a")
    dying.wait_connected()
    terminal.wait_online()
    terminal.publish(up("shop-a", "order"), b"24 tea")
    dying.next("order")

    dying.link.stop()
    next_one = answering(hub_end())
    send_until_answered(terminal, b"24 tea")

    assert next_one.next("order").payload == b"24 tea"


def test_an_acknowledgement_of_an_earlier_connection_is_passed_over(
    hub_end: Hubs, terminal_end: Terminals, cable: Cable
) -> None:
    hub, terminal = hub_end(cable.address, acknowledging=False), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()
    terminal.publish(up("shop-a", "order"), b"first")
    early = hub.next("order")
    cable.cut()
    hub.changes.get(timeout=DEADLINE_S)
    hub.changes.get(timeout=DEADLINE_S)
    cable.restore()
    hub.wait_connected()

    hub.link.ack(early)
    terminal.publish(up("shop-a", "order"), b"second")
    late = hub.next("order")
    hub.link.ack(late)

    assert (early.payload, late.payload) == (b"first", b"second")
    assert early.connection != late.connection


def test_acknowledging_from_another_thread_in_order_of_arrival_works(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = hub_end(acknowledging=False), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()

    for _ in range(5):
        sent = [terminal.submit(up("shop-a", "order"), b"24 tea") for _ in range(300)]
        for _ in sent:
            hub.link.ack(hub.next("order"))
        for begun in sent:
            begun.result(DEADLINE_S)

    assert hub.changes.qsize() == 1


def test_a_link_that_is_down_says_so_instead_of_taking_messages(
    hub_end: Hubs, terminal_end: Terminals, cable: Cable
) -> None:
    hub = hub_end(cable.address)
    terminal = terminal_end("shop-a", address=cable.address)
    hub.wait_connected()
    terminal.wait_online()

    cable.cut()
    while hub.changes.get(timeout=DEADLINE_S).online:
        pass
    while terminal.changes.get(timeout=DEADLINE_S).online:
        pass

    assert not hub.link.publish(down("shop-a", "answer"), b"lost")
    with pytest.raises(LinkDown):
        terminal.publish(up("shop-a", "order"), b"lost")


def test_a_fault_in_the_hubs_handler_does_not_end_the_link(
    hub_end: Hubs, terminal_end: Terminals
) -> None:
    hub, terminal = hub_end(), terminal_end("shop-a")
    hub.wait_connected()
    terminal.wait_online()

    def fail(received: Received) -> None:
        raise ValueError(received.payload)

    hub.on_received = fail
    terminal.publish(up("shop-a", "order"), b"poison")
    terminal.publish(up("shop-a", "order"), b"24 tea")

    assert hub.next("order").payload == b"poison"
    assert hub.next("order").payload == b"24 tea"


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Keep the garbage collector from closing what the code leaves open."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def open_sockets() -> int:
    """Count the sockets of this process."""
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += descriptor.readlink().name.startswith("socket:")
    return found


@pytest.mark.usefixtures("uncollected")
def test_a_hub_that_goes_leaves_no_socket_open(hub_end: Hubs) -> None:
    before = open_sockets()

    for _ in range(3):
        hub = hub_end()
        hub.wait_connected()
        hub.link.stop()

    eventually(lambda: open_sockets() <= before, "the last socket to close")
    assert open_sockets() == before
