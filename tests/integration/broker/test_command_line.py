"""`python -m broker` as people and other programs start it."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from broker.embedded import Credentials
from broker.embedded.mosquitto import find_mosquitto
from broker.link import BrokerAddress
from tests.fixtures.brokers import DEADLINE_S, ROOT, SECRETS, BrokerProcess, TerminalEnd
from tests.integration.broker.test_production_template import make_certificates

KINDS = ["amqtt", pytest.param("mosquitto", marks=pytest.mark.needs("mosquitto"))]


def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "broker", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@contextmanager
def running(arguments: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    child = subprocess.Popen(
        [sys.executable, "-m", "broker", "run", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


def ready(child: "subprocess.Popen[str]") -> dict[str, str | int]:
    assert child.stdout is not None
    word, _, text = child.stdout.readline().partition(" ")
    assert word == "ready"
    read: dict[str, str | int] = json.loads(text)
    return read


@pytest.mark.parametrize("kind", KINDS)
def test_the_ready_line_names_the_broker_and_its_address(tmp_path: Path, kind: str) -> None:
    with running(["--data", str(tmp_path), "--port", "0", "--kind", kind]) as child:
        said = ready(child)

        assert str(said["broker"]).startswith(f"{kind} ")
        socket.create_connection((str(said["host"]), int(said["port"])), DEADLINE_S).close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_term_signal_ends_it_and_frees_the_port(tmp_path: Path, kind: str) -> None:
    with running(["--data", str(tmp_path), "--port", "0", "--kind", kind]) as child:
        port = int(ready(child)["port"])

        child.send_signal(signal.SIGTERM)

        assert child.wait(DEADLINE_S) == 0
        socket.create_server(("127.0.0.1", port)).close()


@pytest.mark.needs("mosquitto")
def test_without_a_choice_it_is_mosquitto_where_that_is_installed(tmp_path: Path) -> None:
    with running(["--data", str(tmp_path), "--port", "0"]) as child:
        assert str(ready(child)["broker"]).startswith("mosquitto ")


@pytest.mark.needs("mosquitto")
def test_mosquitto_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    with running(["--data", str(tmp_path), "--port", "0", "--kind", "mosquitto"]) as child:
        ready(child)
        pid = int((tmp_path / "broker/mosquitto.pid").read_text())
        ending = os.pidfd_open(pid)

        child.kill()

        assert select.select([ending], [], [], DEADLINE_S)[0]
        os.close(ending)


@pytest.mark.needs("mosquitto")
def test_a_mosquitto_that_ends_by_itself_ends_the_command_with_a_reason(tmp_path: Path) -> None:
    with running(["--data", str(tmp_path), "--port", "0", "--kind", "mosquitto"]) as child:
        ready(child)

        os.kill(int((tmp_path / "broker/mosquitto.pid").read_text()), signal.SIGKILL)

        assert child.wait(DEADLINE_S) == 1


def test_a_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        ended = run(["run", "--data", str(tmp_path), "--port", port])

    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in ended.stderr


@pytest.mark.needs("mosquitto")
def test_the_files_of_mosquitto_are_in_its_folder_and_secrets_for_the_owner_only(
    tmp_path: Path,
) -> None:
    broker = BrokerProcess(tmp_path, "mosquitto")
    broker.stop()

    folder = tmp_path / "broker"
    assert {"passwd", "acl", "mosquitto.conf", "mosquitto.log"} <= {
        path.name for path in folder.iterdir()
    }
    assert not any((folder / name).stat().st_mode & 0o077 for name in ("passwd", "acl"))


@pytest.mark.needs("mosquitto")
def test_a_folder_with_a_space_in_its_name_is_fine(tmp_path: Path) -> None:
    broker = BrokerProcess(tmp_path / "My Documents", "mosquitto")

    with socket.create_connection((broker.address.host, broker.address.port), timeout=5) as caller:
        assert caller.getpeername()[1] == broker.address.port

    broker.stop()


@pytest.mark.needs("mosquitto")
def test_who_is_added_while_mosquitto_starts_is_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find_mosquitto()
    assert real is not None
    programs = tmp_path / "programs"
    programs.mkdir()
    # Its version is asked for when it has read who may connect, and before the ready line.
    (programs / "mosquitto").write_text(f"""#!{sys.executable}
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from broker.embedded import Credentials
if "-h" in sys.argv:
    Credentials(Path({str(tmp_path / "broker")!r})).set("shop-a", {SECRETS["shop-a"]!r})
os.execv({real!r}, ["mosquitto", *sys.argv[1:]])
""")
    (programs / "mosquitto").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    with running(["--data", str(tmp_path), "--port", "0", "--kind", "mosquitto"]) as child:
        address = BrokerAddress("127.0.0.1", int(ready(child)["port"]))
        terminal = TerminalEnd(address, "shop-a", SECRETS["shop-a"])
        terminal.wait_online()
        terminal.stop()


@pytest.mark.needs("mosquitto", "openssl")
def test_with_a_certificate_it_speaks_tls_alone_and_lets_in_who_is_added_meanwhile(
    tmp_path: Path,
) -> None:
    make_certificates(tmp_path)
    proof = ("--tls", str(tmp_path / "server.crt"), str(tmp_path / "server.key"))

    with running(["--data", str(tmp_path), "--host", "localhost", "--port", "0", *proof]) as child:
        port = int(ready(child)["port"])
        Credentials(tmp_path / "broker").set("shop-a", SECRETS["shop-a"])
        by_tls = BrokerAddress("localhost", port, ca_file=tmp_path / "ca.crt")
        terminal = TerminalEnd(by_tls, "shop-a", SECRETS["shop-a"])
        terminal.wait_online()
        terminal.stop()
        in_the_open = TerminalEnd(BrokerAddress("localhost", port), "shop-a", SECRETS["shop-a"])
        refused = in_the_open.changes.get(timeout=DEADLINE_S)
        in_the_open.stop()

    assert not refused.online


def test_a_certificate_that_is_not_there_or_that_amqtt_should_use_is_said_plainly(
    tmp_path: Path,
) -> None:
    proof = ("--tls", str(tmp_path / "none.crt"), str(tmp_path / "none.key"))
    missing = run(["run", "--data", str(tmp_path), "--port", "0", *proof])
    (tmp_path / "none.crt").touch()
    (tmp_path / "none.key").touch()
    other = run(["run", "--data", str(tmp_path), "--port", "0", "--kind", "amqtt", *proof])

    assert (missing.returncode, other.returncode) == (1, 1)
    assert f"{tmp_path / 'none.crt'}: No such file" in missing.stderr
    assert "take mosquitto" in other.stderr


def test_the_wire_is_printed_as_asyncapi() -> None:
    printed = run(["asyncapi"])

    assert json.loads(printed.stdout)["asyncapi"] == "3.0.0"


@pytest.mark.parametrize("command", [[], ["run"], ["asyncapi"]])
def test_help_shows_an_example(command: list[str]) -> None:
    shown = run([*command, "--help"])

    assert "./orderwire broker " in shown.stdout.partition("example")[2]
