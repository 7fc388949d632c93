"""A load of many terminals in one process: the cheapest MQTT 3.1.1 client that keeps the rules.

A library client costs more per message than the hub under test. This one writes packets made
beforehand and reads only what it must, so that the hub and the floor are the limit, not the load.
"""

import asyncio
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

_CONNACK: Final = 0x20
_PUBLISH: Final = 0x30
_PUBACK: Final = 0x40
_SUBACK: Final = 0x90


@dataclass(frozen=True, slots=True)
class Shooter:
    """One terminal: its password, its topics, and its orders, encoded, in sequence order."""

    terminal: str
    password: str
    up: str
    down: str
    payloads: Sequence[bytes]


@dataclass(slots=True)
class Outcome:
    """What one run measured: answers, wall time and each order's time from publish to answer."""

    started: float = 0.0
    seconds: float = 0.0
    waits_ms: list[float] = field(default_factory=list)
    last_answer: bytes = b""

    def figures(self) -> dict[str, float]:
        """Give orders a second and the middle and 99th percentile wait."""
        waits = sorted(self.waits_ms)
        return {
            "orders_per_s": round(len(waits) / self.seconds, 1),
            "p50_ms": round(waits[len(waits) // 2], 2),
            "p99_ms": round(waits[int(len(waits) * 0.99)], 2),
        }


def _length(size: int) -> bytes:
    out = bytearray()
    while True:
        size, low = divmod(size, 128)
        out.append(low | (0x80 if size else 0))
        if not size:
            return bytes(out)


def _text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw


def _packet(head: int, body: bytes) -> bytes:
    return bytes([head]) + _length(len(body)) + body


class TerminalLoad(asyncio.Protocol):
    """One terminal, closed loop: it keeps `window` orders under way until all are answered."""

    def __init__(self, shooter: Shooter, outcome: Outcome, *, window: int) -> None:
        self._shooter = shooter
        self._payloads = iter(shooter.payloads)
        self._left = len(shooter.payloads)
        self._outcome = outcome
        self._window = window
        self._sent_at: list[float] = []
        self._buffer = bytearray()
        self._packet_id = 0
        self.ready = asyncio.get_running_loop().create_future()
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sign in and subscribe; `ready` is set when the broker has granted it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        name = _text(self._shooter.terminal)
        head = _text("MQTT") + bytes([4, 0xC2]) + struct.pack(">H", 60)
        login = head + name + name + _text(self._shooter.password)
        wanted = b"\x00\x01" + _text(self._shooter.down) + b"\x01"
        transport.write(_packet(0x10, login) + _packet(0x82, wanted))

    def start(self) -> None:
        """Send the first window."""
        self._transport.write(b"".join(self._next() for _ in range(self._window)))

    def stop(self) -> None:
        """Close the connection."""
        self._transport.close()

    def _next(self) -> bytes:
        payload = next(self._payloads, None)
        if payload is None:
            return b""
        self._packet_id = self._packet_id % 65535 + 1
        self._sent_at.append(time.perf_counter())
        topic = _text(self._shooter.up)
        return _packet(0x32, topic + struct.pack(">H", self._packet_id) + payload)

    def data_received(self, data: bytes) -> None:
        """Take the whole packets that have come, and write what they call for at once."""
        self._buffer += data
        out: list[bytes] = []
        at = 0
        while (found := self._packet_at(at)) is not None:
            head, start, at = found
            self._take(head, bytes(self._buffer[start:at]), out)
        del self._buffer[:at]
        if out:
            self._transport.write(b"".join(out))

    def _packet_at(self, at: int) -> tuple[int, int, int] | None:
        """Find the packet at `at`: its first byte, and where its body starts and ends."""
        length = shift = 0
        position = at + 1
        while position < len(self._buffer):
            byte = self._buffer[position]
            length |= (byte & 0x7F) << shift
            position += 1
            shift += 7
            if not byte & 0x80:
                end = position + length
                return (self._buffer[at], position, end) if end <= len(self._buffer) else None
        return None

    def _take(self, head: int, body: bytes, out: list[bytes]) -> None:
        kind = head & 0xF0
        if kind == _SUBACK and body[2] <= 1:
            self.ready.set_result(None)
        elif kind == _SUBACK or (kind == _CONNACK and body[1]):
            self.ready.set_exception(ConnectionRefusedError(f"the broker refused: {body.hex()}"))
        elif kind == _PUBLISH:
            topic_end = 2 + struct.unpack_from(">H", body)[0]
            payload_at = topic_end
            if head & 0x06:
                payload_at += 2
                out.append(b"\x40\x02" + body[topic_end:payload_at])
            self._answered(body[payload_at:], out)

    def _answered(self, payload: bytes, out: list[bytes]) -> None:
        if not self._sent_at or b'"type":"answer"' not in payload[:40]:
            return
        self._outcome.waits_ms.append((time.perf_counter() - self._sent_at.pop(0)) * 1000)
        self._outcome.last_answer = payload
        out.append(self._next())
        self._left -= 1
        if not self._left:
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail whoever still waits."""
        for future in (self.ready, self.done):
            if not future.done():
                future.set_exception(exc or ConnectionResetError("the broker closed the line"))


def _itself(load: TerminalLoad) -> TerminalLoad:
    return load


async def drive(
    address: tuple[str, int], shooters: Sequence[Shooter], *, window: int = 2
) -> Outcome:
    """Connect all terminals, send all their orders and wait for every answer."""
    outcome = Outcome()
    loads = [TerminalLoad(one, outcome, window=window) for one in shooters]
    for load in loads:
        await asyncio.get_running_loop().create_connection(partial(_itself, load), *address)
    await asyncio.gather(*(load.ready for load in loads))
    outcome.started = time.perf_counter()
    for load in loads:
        load.start()
    await asyncio.gather(*(load.done for load in loads))
    outcome.seconds = time.perf_counter() - outcome.started
    for load in loads:
        load.stop()
    return outcome
