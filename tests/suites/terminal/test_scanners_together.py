"""Scanners in the network, and several scanners at one counter that are pulled at once."""

import asyncio
import contextlib
import os
import struct
import tty
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest

from terminal.core.ports import Scanner
from terminal.devices.scanners import (
    KeyboardScanner,
    ScannersTogether,
    SerialScanner,
    TcpScanner,
)

DEADLINE_S = 60
KEYS = dict(zip("1234567890", range(2, 12), strict=True)) | {"\r": 28}


@dataclass
class NetworkScanner:
    """A scanner with a socket of its own: it sends to whoever is connected."""

    greeting: bytes = b""
    port: int = 0
    lines: list[asyncio.StreamWriter] = field(default_factory=list)
    connected: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def switched_on(self) -> AsyncIterator[None]:
        """Listen, again at the same port where it was on before."""
        server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for line in self.lines:
                line.transport.abort()
            self.lines.clear()
            self.connected.clear()
            await server.wait_closed()

    async def _meet(self, _: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        self.lines.append(line)
        line.write(self.greeting)
        self.connected.set()

    def send(self, some: bytes) -> None:
        """Send bytes to everybody."""
        for line in self.lines:
            line.write(some)


@contextlib.contextmanager
def pseudo_terminal() -> Iterator[tuple[int, str]]:
    """Give a raw line: its far end, and its file."""
    hand, device = os.openpty()
    tty.setraw(device)
    try:
        yield hand, os.ttyname(device)
    finally:
        os.close(hand)
        os.close(device)


def typed(key: str) -> bytes:
    """Press and let go one key, as the kernel tells it."""
    steps = [(1, KEYS[key], 1), (0, 0, 0), (1, KEYS[key], 0), (0, 0, 0)]
    return b"".join(struct.pack("llHHi", 0, 0, *step) for step in steps)


async def next_code(scanner: Scanner) -> str:
    async with asyncio.timeout(DEADLINE_S):
        return await scanner.read()


def test_a_scanner_in_the_network_is_read_until_it_goes_and_when_it_is_back() -> None:
    async def run() -> list[str]:
        far = NetworkScanner()
        codes = []
        async with far.switched_on():
            scanner = TcpScanner("127.0.0.1", far.port, settles_s=0.0)
            reading = asyncio.ensure_future(next_code(scanner))
            await far.connected.wait()
            far.send(b"]C1010950110153000310LOT\x1d21X\r\n")
            codes.append(await reading)
            reading = asyncio.ensure_future(next_code(scanner))
        async with far.switched_on():
            await far.connected.wait()
            far.send(b"OW-SUB")
            far.send(b"MIT\r")
            codes.append(await reading)
            scanner.close()
        return codes

    assert asyncio.run(run()) == ["]C1010950110153000310LOT\x1d21X", "OW-SUBMIT"]


def test_what_a_converter_kept_from_before_the_connection_is_dropped() -> None:
    async def run() -> str:
        far = NetworkScanner(greeting=b"STALE\r")
        async with far.switched_on():
            scanner = TcpScanner("127.0.0.1", far.port, settles_s=0.1)
            reading = asyncio.ensure_future(next_code(scanner))
            await far.connected.wait()
            while not reading.done():
                far.send(b"FRESH\r")
                await asyncio.wait({reading}, timeout=0.2)
            scanner.close()
            return reading.result()

    assert asyncio.run(run()) == "FRESH"


def test_a_scanner_that_is_not_in_the_network_is_looked_for_and_no_error() -> None:
    async def run() -> None:
        scanner = TcpScanner("127.0.0.1", 1)
        with pytest.raises(OSError, match="Connect call failed"):
            await scanner.open_device()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await scanner.read()

    asyncio.run(run())


def test_three_scanners_pulled_at_once_never_mix_two_codes() -> None:
    """Every byte of each code is followed by one of another scanner's code."""
    at_line, at_board, in_network = "8901234500019", "8909876500012", "]C10109501101530003"

    async def run() -> list[str]:
        far = NetworkScanner()
        with pseudo_terminal() as (line, path), pseudo_terminal() as (hand, board):
            async with far.switched_on():
                scanners = (
                    SerialScanner(path),
                    KeyboardScanner(lambda: board, grab=lambda _: None),
                    TcpScanner("127.0.0.1", far.port, settles_s=0.0),
                )
                together = ScannersTogether(scanners)
                first = asyncio.ensure_future(next_code(together))
                await far.connected.wait()
                for at in range(max(map(len, (at_line, at_board, in_network)))):
                    os.write(line, at_line[at : at + 1].encode())
                    os.write(hand, b"".join(map(typed, at_board[at : at + 1])))
                    far.send(in_network[at : at + 1].encode())
                    await asyncio.sleep(0)
                os.write(line, b"\r")
                os.write(hand, typed("\r"))
                far.send(b"\r")
                codes = [await first, await next_code(together), await next_code(together)]
                for scanner in scanners:
                    scanner.close()
                return codes

    assert sorted(asyncio.run(run())) == sorted([at_line, at_board, in_network])


def test_one_scanner_unplugged_leaves_the_others_to_be_read() -> None:
    async def run() -> list[str]:
        far = NetworkScanner()
        with pseudo_terminal() as (line, path):
            async with far.switched_on():
                network = TcpScanner("127.0.0.1", far.port, settles_s=0.0)
                serial = SerialScanner(path)
                together = ScannersTogether((network, serial))
                first = asyncio.ensure_future(next_code(together))
                await far.connected.wait()
                far.send(b"ONE\r")
                codes = [await first]
            os.write(line, b"TWO\r")
            codes.append(await next_code(together))
            serial.close()
            return codes

    assert asyncio.run(run()) == ["ONE", "TWO"]


class Typed:
    """Codes typed in, and then no more."""

    def __init__(self, *codes: str) -> None:
        self._codes = list(codes)

    async def read(self) -> str:
        """Give the next; raises EOFError after the last."""
        if not self._codes:
            raise EOFError
        return self._codes.pop(0)


def test_all_are_heard_in_turn_and_the_end_comes_with_the_last_of_them() -> None:
    async def run() -> list[str]:
        together = ScannersTogether((Typed("A1", "A2", "A3"), Typed("B1")))
        codes = [await together.read() for _ in range(4)]
        with pytest.raises(EOFError):
            await together.read()
        return codes

    assert asyncio.run(run()) == ["A1", "B1", "A2", "A3"]
