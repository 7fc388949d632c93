"""Serial lines with each kind of flow control."""

import asyncio
import os
import termios
import tty
from collections.abc import Iterator

import pytest

from terminal.devices.printers.cables import Cable
from terminal.devices.serial_line import Flow, open_line


@pytest.fixture
def line() -> Iterator[str]:
    """Give a pseudo terminal's path."""
    near, far = os.openpty()
    tty.setraw(far)
    yield os.ttyname(far)
    os.close(near)
    os.close(far)


@pytest.mark.parametrize(
    ("flow", "held_by"),
    [("none", set()), ("xonxoff", {"bytes"}), ("rtscts", {"wire"}), ("dsrdtr", set())],
)
def test_the_system_is_told_how_the_other_end_holds_the_line(
    line: str, flow: Flow, held_by: set[str]
) -> None:
    handle = open_line(line, 9600, flow)
    try:
        incoming, _, control, *_ = termios.tcgetattr(handle)
    finally:
        os.close(handle)

    found = {"bytes": incoming & termios.IXON, "wire": control & termios.CRTSCTS}
    assert {name for name, is_set in found.items() if is_set} == held_by


def test_nothing_is_written_before_the_printer_says_that_it_is_ready() -> None:
    async def run() -> tuple[bytes, bytes]:
        received: list[bytes] = []
        got = asyncio.Event()

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while chunk := await reader.read(100):
                received.append(chunk)
                got.set()
            writer.close()

        server = await asyncio.start_server(take, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            is_ready = False
            cable = Cable(reader, writer, may_send=lambda: is_ready)
            writing = asyncio.create_task(cable.write(b"slip"))
            writer.write(b"status?")
            await got.wait()
            before = b"".join(received)
            got.clear()
            is_ready = True
            await writing
            await got.wait()
            await cable.finish()
        return before, b"".join(received)

    assert asyncio.run(run()) == (b"status?", b"status?slip")
