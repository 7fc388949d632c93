"""What systemd hears of a terminal, on a socket of ours."""

import asyncio
import contextlib
import socket
from pathlib import Path

import pytest

from terminal.devices.supervisor import keep_watched, notify
from tests.fixtures.new_device import NewDevice

EXPECTED = [b"READY=1", *[b"WATCHDOG=1"] * 3]


@pytest.fixture
def heard(tmp_path: Path) -> "socket.socket":
    """Listen as systemd does."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.bind(str(tmp_path / "notify"))
    line.settimeout(10)
    return line


def test_it_says_that_it_serves_and_goes_on_saying_that_it_lives(
    heard: "socket.socket", tmp_path: Path
) -> None:
    supervised = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000"}
    words: list[bytes] = []

    async def listen() -> None:
        watched = asyncio.create_task(keep_watched(supervised))
        while len(words) < len(EXPECTED):
            words.append(await asyncio.to_thread(heard.recv, 100))
        watched.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watched

    asyncio.run(listen())

    assert words == EXPECTED
    heard.close()


def test_a_device_that_waits_for_its_slip_serves_and_lives_too(
    heard: "socket.socket", tmp_path: Path, new_device: NewDevice
) -> None:
    new_device.start(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="30000")

    words = [heard.recv(100) for _ in EXPECTED]

    assert words == EXPECTED
    heard.close()


def test_nobody_is_told_where_nobody_supervises(
    heard: "socket.socket", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))  # another program's
    heard.setblocking(False)

    notify("READY=1", {})
    asyncio.run(keep_watched({}))

    with pytest.raises(BlockingIOError):
        heard.recv(100)
    heard.close()


def test_a_supervisor_that_is_gone_stops_nothing_and_is_told_again(tmp_path: Path) -> None:
    place = tmp_path / "gone"

    notify("READY=1", {"NOTIFY_SOCKET": str(place)})

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(place))
        notify("STOPPING=1", {"NOTIFY_SOCKET": str(place)})
        line.settimeout(10)
        assert line.recv(100) == b"STOPPING=1"


def test_a_socket_without_a_file_is_found_by_its_name() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind("")  # the kernel names it
        name = line.getsockname().decode().replace("\0", "@")
        notify("STOPPING=1", {"NOTIFY_SOCKET": name})
        line.settimeout(10)

        assert line.recv(100) == b"STOPPING=1"
