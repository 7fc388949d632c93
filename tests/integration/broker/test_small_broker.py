"""A broker that takes few messages at a time loses none of the hub's."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.contract import down
from broker.embedded import Credentials
from broker.embedded.mosquitto import find_mosquitto
from broker.link import BrokerAddress
from tests.fixtures.brokers import SECRETS, HubEnd, TerminalEnd

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
def test_more_answers_than_the_broker_takes_at_a_time_all_arrive(
    small_broker: BrokerAddress,
) -> None:
    hub = HubEnd(small_broker)
    terminal = TerminalEnd(small_broker, "shop-a", SECRETS["shop-a"])
    terminal.wait_online()
    hub.wait_connected()
    changes = hub.changes.qsize()
    sent = [str(number).encode() for number in range(300)]

    for payload in sent:
        hub.link.publish(down("shop-a", "answer"), payload)

    assert [terminal.next_down() for _ in sent] == sent
    assert hub.changes.qsize() == changes
    terminal.stop()
    hub.link.stop()
