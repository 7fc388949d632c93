"""The Mosquitto template runs as it is, with TLS, passwords and certificates."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from broker.contract import up
from broker.embedded import Credentials
from broker.embedded.mosquitto import find_mosquitto
from broker.link import BrokerAddress
from tests.fixtures.brokers import DEADLINE_S, SECRETS, HubEnd, TerminalEnd

pytestmark = pytest.mark.needs("mosquitto", "openssl")


class Production:
    """A broker made from the template, and the ends connected to its two listeners."""

    def __init__(self, folder: Path, ports: tuple[int, int]) -> None:
        self.folder = folder
        self.by_password = BrokerAddress("localhost", ports[0], ca_file=folder / "ca.crt")
        self._certificate_port = ports[1]
        self._ends = ExitStack()

    def by_certificate(self, user: str) -> BrokerAddress:
        return replace(
            self.by_password,
            port=self._certificate_port,
            cert_file=self.folder / f"{user}.crt",
            key_file=self.folder / f"{user}.key",
        )

    def hub(self, address: BrokerAddress) -> HubEnd:
        hub = HubEnd(address)
        self._ends.callback(hub.link.stop)
        return hub

    def terminal(self, address: BrokerAddress, name: str) -> TerminalEnd:
        terminal = TerminalEnd(address, name, SECRETS[name])
        self._ends.callback(terminal.stop)
        return terminal

    def close(self) -> None:
        self._ends.close()


def free_ports() -> tuple[int, int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        return taken[0].getsockname()[1], taken[1].getsockname()[1]


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_certificates(folder: Path) -> None:
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1")
    openssl(
        folder, "req", "-x509", *key, "-subj", "/CN=our ca", "-keyout", "ca.key", "-out", "ca.crt"
    )
    for name, common_name in (("server", "localhost"), ("hub", "hub"), ("shop-a", "shop-a")):
        openssl(
            folder,
            *("req", "-x509", *key, "-CA", "ca.crt", "-CAkey", "ca.key"),
            *("-subj", f"/CN={common_name}", "-addext", f"subjectAltName=DNS:{common_name}"),
            *("-keyout", f"{name}.key", "-out", f"{name}.crt"),
        )


def write_config(folder: Path, ports: tuple[int, int]) -> None:
    text = files("broker.configs").joinpath("mosquitto.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/mosquitto/orderwire", str(folder))
    text = text.replace("8883", str(ports[0])).replace("8884", str(ports[1]))
    as_root = "user root\n" if os.geteuid() == 0 else ""
    (folder / "mosquitto.conf").write_text(text + as_root)


@contextmanager
def mosquitto(folder: Path) -> Iterator[None]:
    """Run it; the links of the tests try again until it listens."""
    program = find_mosquitto()
    assert program is not None
    with subprocess.Popen([program, "-c", str(folder / "mosquitto.conf")]) as child:
        try:
            yield
        finally:
            child.kill()


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    make_certificates(tmp_path)
    credentials = Credentials(tmp_path)
    for user, password in SECRETS.items():
        credentials.set(user, password)
    ports = free_ports()
    write_config(tmp_path, ports)
    with mosquitto(tmp_path):
        made = Production(tmp_path, ports)
        yield made
        made.close()


def test_an_order_goes_up_over_tls_with_passwords(production: Production) -> None:
    hub = production.hub(production.by_password)
    terminal = production.terminal(production.by_password, "shop-a")
    hub.wait_connected()
    terminal.wait_online()

    terminal.publish(up("shop-a", "order"), b"24 tea")

    assert hub.next("order").payload == b"24 tea"


def test_a_certificate_names_its_owner(production: Production) -> None:
    hub = production.hub(production.by_certificate("hub"))
    terminal = production.terminal(production.by_certificate("shop-a"), "shop-a")
    hub.wait_connected()
    terminal.wait_online()

    terminal.publish(up("shop-b", "order"), b"forged")
    terminal.publish(up("shop-a", "order"), b"24 tea")

    assert hub.next("order").payload == b"24 tea"


def test_another_terminals_certificate_does_not_let_a_terminal_pose_as_it(
    production: Production,
) -> None:
    hub = production.hub(production.by_certificate("hub"))
    poser = production.terminal(production.by_certificate("shop-a"), "shop-b")
    hub.wait_connected()

    poser.changes.get(timeout=DEADLINE_S)
    honest = production.terminal(production.by_certificate("shop-a"), "shop-a")
    honest.wait_online()

    assert hub.next("status").topic == up("shop-a", "status")


def test_a_broker_with_a_certificate_of_somebody_else_is_not_spoken_to(
    production: Production,
) -> None:
    openssl(
        production.folder,
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-subj", "/CN=their ca", "-keyout", "their.key", "-out", "their.crt"),
    )
    production.terminal(production.by_password, "shop-b").wait_online()

    mistaken = replace(production.by_password, ca_file=production.folder / "their.crt")
    change = production.terminal(mistaken, "shop-a").changes.get(timeout=DEADLINE_S)

    assert not change.online
    assert "certificate" in change.reason.lower()


def test_a_hub_without_its_certificate_file_says_so_and_goes_on_once_it_is_there(
    production: Production,
) -> None:
    late = replace(production.by_password, ca_file=production.folder / "late.crt")
    hub = production.hub(late)

    change = hub.changes.get(timeout=DEADLINE_S)
    shutil.copy(production.folder / "ca.crt", production.folder / "late.crt")
    hub.wait_connected()

    assert "No such file" in change.reason
    assert hub.link.connected.is_set()
