"""A load of many terminals in one process: the cheapest MQTT 3.1.1 client that keeps the rules.

A library client costs more per message than the hub under test. This one writes packets made
beforehand and reads only what it must, so that the hub and the floor are the limit, not the load.
Each answer counts once, and is acknowledged as a terminal does: one that is not is sent again.
"""

import asyncio
import secrets
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from broker import contract as wire

CONNACK: Final = 0x20
PUBLISH: Final = 0x30
SUBACK: Final = 0x90


@dataclass(frozen=True, slots=True)
class Shooter:
    """One terminal: its password, its topics, and its orders, encoded, in sequence order.

    `acks` is the topic on which it says that it has stored an answer.
    """

    terminal: str
    password: str
    up: str
    down: str
    payloads: Sequence[bytes]
    acks: str


def connect_packet(user: str, password: str, *, client_id: str | None = None) -> bytes:
    """Write a CONNECT of MQTT 3.1.1 with a clean session; the client id is the user's name."""
    head = text_field("MQTT") + bytes([4, 0xC2]) + struct.pack(">H", 60)
    name = text_field(user if client_id is None else client_id)
    return packet(0x10, head + name + text_field(user) + text_field(password))


def subscribe_packet(topic: str, *, qos: int = 1) -> bytes:
    """Write a SUBSCRIBE to one topic."""
    return packet(0x82, b"\x00\x01" + text_field(topic) + bytes([qos]))


def publish_packet(
    topic: str, payload: bytes, *, packet_id: int = 0, retain: bool = False
) -> bytes:
    """Write a PUBLISH: at QoS 1 with a packet id, else at QoS 0."""
    head = 0x30 | (0x02 if packet_id else 0) | (0x01 if retain else 0)
    number = struct.pack(">H", packet_id) if packet_id else b""
    return packet(head, text_field(topic) + number + payload)


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


def text_field(value: str) -> bytes:
    """Write a text as MQTT does: its length, and UTF-8."""
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw


def packet(head: int, body: bytes) -> bytes:
    """Write a packet: its first byte, how long it is, its body."""
    return bytes([head]) + _length(len(body)) + body


def take_packets(buffer: bytearray) -> list[tuple[int, bytes]]:
    """Take the whole packets out of what was received: the first byte and the body of each."""
    found = []
    at = 0
    while (one := _packet_at(buffer, at)) is not None:
        head, start, at = one
        found.append((head, bytes(buffer[start:at])))
    del buffer[:at]
    return found


def _packet_at(buffer: bytearray, at: int) -> tuple[int, int, int] | None:
    """Find the packet at `at`: its first byte, and where its body starts and ends."""
    length = shift = 0
    position = at + 1
    while position < len(buffer):
        byte = buffer[position]
        length |= (byte & 0x7F) << shift
        position += 1
        shift += 7
        if not byte & 0x80:
            end = position + length
            return (buffer[at], position, end) if end <= len(buffer) else None
    return None


def payload_of(head: int, body: bytes) -> tuple[bytes, bytes]:
    """Read a PUBLISH: its payload, and the acknowledgement it calls for."""
    topic_end = 2 + int(struct.unpack_from(">H", body)[0])
    if not head & 0x06:
        return body[topic_end:], b""
    return body[topic_end + 2 :], b"\x40\x02" + body[topic_end : topic_end + 2]


class TerminalLoad(asyncio.Protocol):
    """One terminal, closed loop: it keeps `window` orders under way until all are answered.

    With `pause_s` it sends its next order at least so long after the one before.
    """

    def __init__(
        self, shooter: Shooter, outcome: Outcome, *, window: int, pause_s: float = 0.0
    ) -> None:
        self._shooter = shooter
        self._payloads = iter(shooter.payloads)
        self._left = len(shooter.payloads)
        self._outcome = outcome
        self._window = window
        self._pause_s = pause_s
        self._sent_at: dict[bytes, float] = {}
        self._due_s = 0.0
        self._buffer = bytearray()
        self._packet_id = 0
        self.ready = asyncio.get_running_loop().create_future()
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sign in and subscribe; `ready` is set when the broker has granted it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(connect_packet(self._shooter.terminal, self._shooter.password))
        transport.write(subscribe_packet(self._shooter.down))

    def start(self) -> None:
        """Send the first window."""
        self._due_s = asyncio.get_running_loop().time()
        self._transport.write(b"".join(self._next() for _ in range(self._window)))

    def stop(self) -> None:
        """Close the connection."""
        self._transport.close()

    def _next(self) -> bytes:
        payload = next(self._payloads, None)
        if payload is None:
            return b""
        self._sent_at[_id_behind(b'"id":"', payload)] = time.perf_counter()
        return self._packet(self._shooter.up, payload)

    def _packet(self, topic: str, payload: bytes) -> bytes:
        self._packet_id = self._packet_id % 65535 + 1
        return publish_packet(topic, payload, packet_id=self._packet_id)

    def data_received(self, data: bytes) -> None:
        """Take the whole packets that have come, and write what they call for at once."""
        self._buffer += data
        out: list[bytes] = []
        for head, body in take_packets(self._buffer):
            self._take(head, body, out)
        if out:
            self._transport.write(b"".join(out))

    def _take(self, head: int, body: bytes, out: list[bytes]) -> None:
        kind = head & 0xF0
        if kind == SUBACK and body[2] <= 1:
            self.ready.set_result(None)
        elif kind == SUBACK or (kind == CONNACK and body[1]):
            self.ready.set_exception(ConnectionRefusedError(f"the broker refused: {body.hex()}"))
        elif kind == PUBLISH:
            payload, acknowledgement = payload_of(head, body)
            out.append(acknowledgement)
            self._answered(payload, out)

    def _answered(self, payload: bytes, out: list[bytes]) -> None:
        if b'"type":"answer"' not in payload[:40]:
            return
        out.append(self._packet(self._shooter.acks, self._ack(payload)))
        sent_at = self._sent_at.pop(_id_behind(b'"ref":"', payload), None)
        if sent_at is None:  # told again, or of before this connection
            return
        self._outcome.waits_ms.append((time.perf_counter() - sent_at) * 1000)
        self._outcome.last_answer = payload
        self._send_next(out)
        self._left -= 1
        if not self._left:
            self.done.set_result(None)

    def _ack(self, answer: bytes) -> bytes:
        """Write that an answer is stored."""
        now = time.time_ns() // 1_000_000
        return wire.encode(
            wire.Ack(
                id=wire.uuid7(now, secrets.token_bytes(10)),
                term=self._shooter.terminal,
                boot=1,
                at=now,
                ref=_id_behind(b'"id":"', answer).decode(),
                data=wire.AckData(order=_id_behind(b'"order":"', answer).decode(), revision=1),
            )
        )

    def _send_next(self, out: list[bytes]) -> None:
        """Send the next order now or, with a pause, when it is due."""
        if not self._pause_s:
            out.append(self._next())
            return
        loop = asyncio.get_running_loop()
        self._due_s = max(self._due_s + self._pause_s, loop.time())
        loop.call_at(self._due_s, lambda: self._transport.write(self._next()))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail whoever still waits."""
        for future in (self.ready, self.done):
            if not future.done():
                future.set_exception(exc or ConnectionResetError("the broker closed the line"))


def _id_behind(mark: bytes, payload: bytes) -> bytes:
    """Give the id that stands behind the first such mark in a message."""
    at = payload.index(mark) + len(mark)
    return payload[at : at + 36]


def _itself(load: TerminalLoad) -> TerminalLoad:
    return load


async def drive(
    address: tuple[str, int], shooters: Sequence[Shooter], *, window: int = 2, pause_s: float = 0.0
) -> Outcome:
    """Connect all terminals, send all their orders and wait for every answer."""
    outcome = Outcome()
    loads = [TerminalLoad(one, outcome, window=window, pause_s=pause_s) for one in shooters]
    for load in loads:
        await asyncio.get_running_loop().create_connection(partial(_itself, load), *address)
    await asyncio.gather(*(load.ready for load in loads))
    outcome.started = time.perf_counter()
    for number, load in enumerate(loads):  # with a pause not all at once
        asyncio.get_running_loop().call_later(pause_s * number / len(loads), load.start)
    await asyncio.gather(*(load.done for load in loads))
    outcome.seconds = time.perf_counter() - outcome.started
    for load in loads:
        load.stop()
    return outcome
