"""What systemd hears of a hub, and what its unit is given for the broker."""

import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.embedded import Credentials
from hub.run.config.settings import read_settings
from hub.run.operating.supervision import Supervisor
from tests.builders.hub_commands import run_hub
from tests.fixtures.hub_process import HubProcess


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    """Listen as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(10)
        yield line


@pytest.mark.needs("mosquitto")
def test_a_hub_says_that_it_serves_that_it_turns_and_that_it_ends(
    heard: socket.socket, tmp_path: Path, hub_process: HubProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub_process.stop()
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "30000")

    hub_process.start()
    begun = [heard.recv(100) for _ in range(3)]
    hub_process.stop()
    rest = [heard.recv(100)]
    while rest[-1] == b"WATCHDOG=1":
        rest.append(heard.recv(100))

    assert begun == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    assert rest[-1] == b"STOPPING=1"


def test_a_watchdog_is_told_three_times_in_its_time_and_nobody_where_nobody_watches(
    heard: socket.socket, tmp_path: Path
) -> None:
    now_s = 0.0
    supervised = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "60000000"}
    watched = Supervisor(supervised, lambda: now_s)
    unwatched = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "notify")}, lambda: now_s)

    for _ in range(120):
        watched.turns()
        unwatched.turns()
        Supervisor({}).serves()
        Supervisor({"NOTIFY_SOCKET": str(tmp_path / "gone")}).serves()
        now_s += 0.5
    watched.ends()
    words = [heard.recv(100)]
    while words[-1] != b"STOPPING=1":
        words.append(heard.recv(100))

    assert words == [b"WATCHDOG=1"] * 3 + [b"STOPPING=1"]


def test_a_socket_without_a_file_is_found_by_its_name() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind("")  # the kernel names it
        line.settimeout(10)
        Supervisor({"NOTIFY_SOCKET": line.getsockname().decode().replace("\0", "@")}).serves()

        assert line.recv(100) == b"READY=1"


def test_a_process_that_takes_orders_gets_a_name_and_a_password_at_the_broker(
    tmp_path: Path,
) -> None:
    folder, file = tmp_path / "files", tmp_path / "hub-2.env"
    folder.mkdir()
    (folder / "hub.toml").write_text('broker_host = "broker.example"\n')

    first = run_hub(folder, "broker-user", "hub-2", str(file))
    variables = dict(line.split("=", 1) for line in file.read_text().splitlines())
    printed = run_hub(folder, "broker-user", "hub-3", "-").stdout
    again = run_hub(folder, "broker-user", "hub-2", str(file))

    settings = read_settings({"folder": folder}, variables).settings
    who = Credentials(folder / "broker")
    assert (first.returncode, again.returncode) == (0, 0)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert settings.broker_user == "hub-2"
    assert not who.verify("hub-2", settings.broker_password)
    assert who.verify("hub-2", file.read_text().strip().rpartition("PASSWORD=")[2])
    assert who.verify("hub-3", printed.strip().rpartition("PASSWORD=")[2])
    assert "user hub-2\ntopic readwrite ow/#" in who.access_path.read_text()


def test_who_is_no_program_of_the_hub_and_what_cannot_be_written_change_nothing(
    tmp_path: Path,
) -> None:
    shop = run_hub(tmp_path, "broker-user", "shop-1", str(tmp_path / "shop.env"))
    nowhere = run_hub(tmp_path, "broker-user", "hub-1", str(tmp_path / "none" / "hub-1.env"))

    assert (shop.returncode, nowhere.returncode) == (2, 2)
    assert "none of hub, hub-1 to hub-99" in shop.stderr
    assert "No such file or directory" in nowhere.stderr
    assert not (tmp_path / "broker").exists()
