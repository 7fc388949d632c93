"""A board and its hub in one process, where time passes as fast as nobody has anything to do."""

import asyncio
import json
import selectors
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from firmware.board.base import BaseBoard
from firmware.constants import HUB_STATUS
from firmware.core.wire import topic
from firmware.flash.journal import Journal

TERMINAL: Final = "anand-stores"
WIRE: Final = Path(__file__).parents[1] / "golden" / "wire"
_PUBACK, _PUBLISH, _CONNECT, _SUBSCRIBE, _PING = 0x40, 0x30, 0x10, 0x80, 0xC0


class _NoWait(selectors.DefaultSelector):
    """Waits for nothing: what it is to wait for has passed at once."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0
        return super().select(0)


class HurriedLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to where the next timer is due, as soon as nothing else is to do."""

    def __init__(self) -> None:
        self._no_wait = _NoWait()
        super().__init__(self._no_wait)

    def time(self) -> float:
        """Give the seconds of this clock."""
        return self._no_wait.now


@contextmanager
def untraced() -> Iterator[None]:
    """Look at something as nobody on the board does."""
    before = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(before)


def golden(name: str) -> dict[str, Any]:
    """Give a message of the wire as it is kept."""
    told = json.loads((WIRE / f"{name}.json").read_text())
    assert isinstance(told, dict)
    return told


@dataclass
class Hub:
    """The other end of the line: takes orders once each, answers, and tells again until it is kept.

    The order that it takes second is refused at first: it has another one under its number. The
    third is refused for good. Of the first there is a notice, too.
    """

    folder: str
    orders: dict[str, tuple[str, list[Any]]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    unkept: dict[int, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    told: int = 0

    def take(self, message: dict[str, Any]) -> None:
        """Take an order."""
        data = message["data"]
        order, number = data["order"], data["number"]
        if order not in self.seen:
            self.seen.append(order)
        rank = self.seen.index(order)
        if rank == 1 and number.endswith("-00002"):
            self.refuse(message, code="sequence_conflict", numbered_to=6)
            return
        if rank == 2:
            self.refuse(message, code="invalid", numbered_to=None)
        else:
            self.answer(message, "answer", revision=1, status="confirmed")
            if rank == 0:
                self.answer(message, "notice", revision=2, status="cancelled")
        before = self.orders.setdefault(order, (number, data["lines"]))
        if before != (number, data["lines"]):
            self.faults.append(f"{order} came as {before} and as {number}")

    def refuse(self, message: dict[str, Any], **said: Any) -> None:
        """Refuse a message."""
        told = golden("refused")
        told["data"].update(said, order=message["data"]["order"])
        self.post({**told, "ref": message["id"]})

    def answer(self, message: dict[str, Any], kind: str, **said: Any) -> None:
        """Answer an order, or tell of it."""
        told = golden(kind)
        of_order = {name: message["data"][name] for name in ("order", "number")}
        told["data"].update(said, **of_order)
        self.post({**told, "ref": message["id"]})

    def post(self, message: dict[str, Any]) -> None:
        """Put a message where it stays until the board has it."""
        if message not in self.unkept.values():
            self.told += 1
            self.unkept[self.told] = message

    def was_kept(self, packet_id: int) -> None:
        """See that what the board says it has is on its flash."""
        message = self.unkept.pop(packet_id, None)
        if message is None or message["type"] not in ("answer", "notice", "refused"):
            return
        with untraced():
            stored = Journal(self.folder).by_id(message["data"]["order"])
        if stored is None:
            kept = False
        elif message["data"].get("code") == "sequence_conflict":
            kept = not stored.number.endswith("-00002")
        else:
            is_new = stored.revision >= message["data"].get("revision", 0)
            kept = is_new and not stored.is_waiting
        if not kept:
            self.faults.append(f"acknowledged and not kept: {message}")


class Line:
    """A connection of the board to its hub: what `asyncio` gives as reader and writer."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.reader = asyncio.StreamReader()
        self._rest = b""
        self._is_open = False
        self._sent: set[int] = set()

    def write(self, chunk: bytes) -> None:
        """Take bytes of the board."""
        self._rest += bytes(chunk)
        for first, body in self._packets():
            self._take(first, body)
        self._send_all()

    async def drain(self) -> None:
        """Let others go on."""
        await asyncio.sleep(0)

    def close(self) -> None:
        """End it."""
        self.reader.feed_eof()

    async def wait_closed(self) -> None:
        """Be closed at once."""

    def _packets(self) -> Iterator[tuple[int, bytes]]:
        while len(self._rest) > 1:
            begins, length = 1, 0
            while self._rest[begins] & 0x80:
                length |= (self._rest[begins] & 0x7F) << 7 * (begins - 1)
                begins += 1
            length |= self._rest[begins] << 7 * (begins - 1)
            begins += 1
            if len(self._rest) < begins + length:
                return
            first, body = self._rest[0], self._rest[begins : begins + length]
            self._rest = self._rest[begins + length :]
            yield first, body

    def _take(self, first: int, body: bytes) -> None:
        kind = first & 0xF0
        if kind == _CONNECT:
            self.reader.feed_data(b"\x20\x02\x00\x00")
        elif kind == _SUBSCRIBE:
            self.reader.feed_data(b"\x90\x04" + body[:2] + b"\x01\x01")
            self._is_open = True
            self._publish(HUB_STATUS, golden("hub_status"), 0)
        elif kind == _PING:
            self.reader.feed_data(b"\xd0\x00")
        elif kind == _PUBACK:
            self.hub.was_kept(int.from_bytes(body[:2], "big"))
        elif kind == _PUBLISH:
            size = int.from_bytes(body[:2], "big")
            self.reader.feed_data(b"\x40\x02" + body[2 + size : 4 + size])
            if body[2 : 2 + size].endswith(b"/order"):
                self.hub.take(json.loads(body[4 + size :]))

    def _send_all(self) -> None:
        for packet_id, message in self.hub.unkept.items():
            if self._is_open and packet_id not in self._sent:
                self._sent.add(packet_id)
                self._publish(topic(TERMINAL, "down", message["type"]), message, packet_id)

    def _publish(self, name: str, message: dict[str, Any], packet_id: int) -> None:
        number = packet_id.to_bytes(2, "big") if packet_id else b""
        body = len(name).to_bytes(2, "big") + name.encode() + number + json.dumps(message).encode()
        length, left = b"", len(body)
        while left > 0x7F:
            length, left = length + bytes([left & 0x7F | 0x80]), left >> 7
        first = 0x32 if packet_id else 0x30
        self.reader.feed_data(bytes([first]) + length + bytes([left]) + body)


class HurriedBoard(BaseBoard):
    """A board in a folder of this machine; its paper is `paper`, its hub is told by `hub`."""

    takes_updates = False
    has_printer = True

    def __init__(self, folder: str, hub: Hub) -> None:
        self.folder = folder
        self.hub = hub
        self.paper = b""
        self.said: list[str] = []
        self.codes: asyncio.Queue[bytes] = asyncio.Queue()
        self.printer = "paper"
        self._events = {}

    def ticks_ms(self) -> int:
        """Give the milliseconds of the loop's clock."""
        return int(asyncio.get_running_loop().time() * 1000)

    def free_bytes(self) -> int:
        """Have room."""
        return 1_000_000

    def say(self, tone: str, text: str) -> None:
        """Keep what was said."""
        self.said.append(f"{tone} {text}")

    def scan(self, code: str) -> None:
        """Scan a code."""
        for byte in code.encode() + b"\r":
            self.codes.put_nowait(bytes([byte]))

    async def scanned(self) -> bytes:
        """Give one byte of the scanner."""
        return await self.codes.get()

    async def print(self, chunk: bytes) -> None:
        """Print, as slowly as paper comes."""
        await asyncio.sleep(0.001)
        self.paper += chunk

    async def printer_reply(self, within_s: int) -> int | None:
        """Say that all of it is on paper."""
        await asyncio.sleep(within_s / 10)
        return 0

    async def open(self, host: str, port: int, ca: str) -> Any:
        """Connect to the hub."""
        del host, port, ca
        line = Line(self.hub)
        return line.reader, line


async def until(condition: Callable[[], bool], *, within_s: float) -> bool:
    """Wait, on the loop's clock, until something is so; False where it does not become so."""
    for _ in range(int(within_s * 10)):
        if condition():
            return True
        await asyncio.sleep(0.1)
    return condition()
