"""A broker that takes few messages at a time is given few at a time."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.contract import down
from broker.embedded import Credentials
from broker.embedded.mosquitto import find_mosquitto
from broker.link import BrokerAddress
from tests.fixtures.brokers import DEADLINE_S, SECRETS, HubEnd, TerminalEnd

CONFIG = """
listener {port} 127.0.0.1
allow_anonymous false
password_file {folder}/passwd
max_inflight_messages 5
user root
"""


@pytest.fixture
def small_broker(tmp_path: Path) -> Iterator[BrokerAddress]:
    """Run a Mosquitto that takes five messages at a time."""
    credentials = Credentials(tmp_path)
    for user, password in SECRETS.items():
        credentials.set(user, password)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "small.conf").write_text(CONFIG.format(port=port, folder=tmp_path))
    with subprocess.Popen([str(find_mosquitto()), "-c", str(tmp_path / "small.conf")]) as child:
        try:
            yield BrokerAddress("127.0.0.1", port)
        finally:
            child.kill()


@pytest.mark.needs("mosquitto")
def test_the_hub_keeps_to_the_number_of_messages_the_broker_takes(
    small_broker: BrokerAddress,
) -> None:
    hub = HubEnd(small_broker)
    terminal = TerminalEnd(small_broker, "shop-a", SECRETS["shop-a"])
    terminal.wait_online()
    reasons = []
    while not (change := hub.changes.get(timeout=DEADLINE_S)).online:
        reasons.append(change.reason)
    sent = [str(number).encode() for number in range(300)]

    for payload in sent:
        hub.link.publish(down("shop-a", "answer"), payload)

    assert [terminal.next_down() for _ in sent] == sent
    assert "takes 5 messages at a time" in reasons[-1]
    assert hub.changes.empty()
    terminal.stop()
    hub.link.stop()
