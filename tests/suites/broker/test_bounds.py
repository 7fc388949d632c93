"""What one client can make Mosquitto hold is bounded."""

import socket
from collections.abc import Callable

import pytest

from broker.contract import any_down, down
from tests.benchmarks.mqtt_load import connect_packet, subscribe_packet
from tests.fixtures.brokers import DEADLINE_S, SECRETS, BrokerProcess, HubEnd, TerminalEnd

pytestmark = pytest.mark.slow
ANSWER = b"x" * 40_000
ANSWERS = 3_000
MOST_MIB = 64


@pytest.mark.needs("mosquitto")
@pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)
def test_a_subscriber_that_never_reads_fills_no_memory_and_others_are_answered(
    broker: BrokerProcess, hub_end: Callable[..., HubEnd], terminal_end: Callable[..., TerminalEnd]
) -> None:
    hub, other = hub_end(), terminal_end("shop-b")
    hub.wait_connected()
    other.wait_online()
    address = (broker.address.host, broker.address.port)

    with socket.create_connection(address, DEADLINE_S) as line:
        line.sendall(connect_packet("shop-a", SECRETS["shop-a"]))
        line.sendall(subscribe_packet(any_down("shop-a")))
        while len(line.recv(64, socket.MSG_PEEK)) < len("ccccsssss"):  # both are answered
            pass
        before = broker.memory_mib()
        for _ in range(ANSWERS):
            hub.link.publish(down("shop-a", "answer"), ANSWER)
        hub.link.publish(down("shop-b", "answer"), b"confirmed")
        answer = other.next_down(timeout_s=3 * DEADLINE_S)
        grown = broker.memory_mib() - before

    assert answer == b"confirmed"
    assert ANSWERS * len(ANSWER) > MOST_MIB * 2**20
    assert grown < MOST_MIB
