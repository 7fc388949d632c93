"""Honest terminals that order at their times, and how long their answers take meanwhile."""

import asyncio
import contextlib
import secrets
import sys
import time
import tomllib
from collections.abc import AsyncIterator, Awaitable, Sequence
from pathlib import Path
from typing import Final

from broker import contract as wire
from simulators.data import Distributor
from tests.benchmarks.intake import make_order
from tests.benchmarks.mqtt_load import (
    PUBLISH,
    SUBACK,
    connect_packet,
    payload_of,
    publish_packet,
    subscribe_packet,
    take_packets,
)

HONEST: Final = 20
PAUSE_S: Final = 0.4
CALM_S: Final = 3.0
OVERDUE_S: Final = 4.0


class HonestTerminal(asyncio.Protocol):
    """An honest terminal: it sends an order at its times, whatever became of the one before.

    `waits_ms` has the time of each order to its answer, of the phase at hand.
    """

    def __init__(self, distributor: Distributor, at: int, *, password: str) -> None:
        self._distributor, self._at = distributor, at
        self._name = distributor.customers[at].terminal
        self._password = password
        self._buffer = bytearray()
        self._sent_at: dict[str, float] = {}
        self._seq = 0
        self._ready = asyncio.get_running_loop().create_future()
        self._sending: asyncio.Task[None] | None = None
        self.waits_ms: list[float] = []
        self.lost = 0

    async def join(self, address: tuple[str, int]) -> None:
        """Connect, subscribe, and begin to order."""
        await asyncio.get_running_loop().create_connection(lambda: self, *address)
        await self._ready
        self._sending = asyncio.create_task(self._order_on())

    def leave(self) -> None:
        """Stop ordering and go."""
        if self._sending is not None:
            self._sending.cancel()
        self._transport.close()

    @property
    def overdue(self) -> int:
        """Count the orders that have waited for longer than a terminal would."""
        now = time.perf_counter()
        return sum(1 for sent_at in self._sent_at.values() if now - sent_at > OVERDUE_S)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sign in and subscribe."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(connect_packet(self._name, self._password))
        transport.write(subscribe_packet(wire.any_down(self._name)))

    def connection_lost(self, _exc: Exception | None) -> None:
        """Count how often the broker threw this terminal out."""
        self.lost += 1

    def data_received(self, data: bytes) -> None:
        """Take what has come, and acknowledge it."""
        self._buffer += data
        for head, body in take_packets(self._buffer):
            if head & 0xF0 == SUBACK and not self._ready.done():
                self._ready.set_result(None)
            elif head & 0xF0 == PUBLISH:
                payload, acknowledgement = payload_of(head, body)
                self._transport.write(acknowledgement)
                self._take(payload)

    async def _order_on(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + PAUSE_S * self._at / HONEST
        while True:
            await asyncio.sleep(max(0.0, due - loop.time()))
            due += PAUSE_S
            self._seq += 1
            order = make_order(self._distributor, self._at, seq=self._seq, now=now_ms())
            self._sent_at[order.data.order] = time.perf_counter()
            self._publish("order", order)

    def _take(self, payload: bytes) -> None:
        message = wire.decode_down(payload)
        if not isinstance(message, wire.Answer):
            return
        sent_at = self._sent_at.pop(message.data.order, None)
        if sent_at is not None:
            self.waits_ms.append((time.perf_counter() - sent_at) * 1000)
        told = wire.AckData(order=message.data.order, revision=message.data.revision)
        ack = wire.Ack(
            id=wire.uuid7(now_ms(), secrets.token_bytes(10)),
            term=self._name,
            boot=1,
            at=now_ms(),
            ref=message.id,
            data=told,
        )
        self._publish("ack", ack)

    def _publish(self, kind: wire.UpKind, message: wire.Order | wire.Ack) -> None:
        packet_id = self._seq % 65_535 + 1
        topic = wire.up(self._name, kind)
        self._transport.write(publish_packet(topic, wire.encode(message), packet_id=packet_id))


@contextlib.asynccontextmanager
async def honest_terminals(
    place: Path, distributor: Distributor, port: int
) -> AsyncIterator[Sequence[HonestTerminal]]:
    """Have the honest terminals at work."""
    terminals = [
        HonestTerminal(
            distributor, at, password=password_of(place, distributor.customers[at].terminal)
        )
        for at in range(HONEST)
    ]
    for terminal in terminals:
        await terminal.join(("127.0.0.1", port))
    yield terminals
    for terminal in terminals:
        terminal.leave()


async def waits_of(terminals: Sequence[HonestTerminal], lasting: Awaitable[None]) -> list[float]:
    """Let the terminals order for as long as something lasts, and a little longer."""
    for one in terminals:
        one.waits_ms = []
    await lasting
    await asyncio.sleep(CALM_S)
    return [wait for one in terminals for wait in one.waits_ms]


def figures_of(
    name: str, waits_ms: Sequence[float], terminals: Sequence[HonestTerminal]
) -> dict[str, float]:
    """Sum a phase up."""
    if not waits_ms:
        raise SystemExit(f"{name}: no order was answered")
    waits = sorted(waits_ms)
    figures: dict[str, float] = {
        "p50_ms": round(waits[len(waits) // 2], 2),
        "p99_ms": round(waits[int(len(waits) * 0.99)], 2),
        "most_ms": round(waits[-1], 2),
        "answered": len(waits),
        "unanswered": sum(one.overdue for one in terminals),
        "thrown_out": sum(one.lost for one in terminals),
    }
    print(f"{name}: {figures}", file=sys.stderr)
    return figures


def password_of(place: Path, terminal: str) -> str:
    text = (place / "terminals" / f"{terminal}.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["password"])


def now_ms() -> int:
    return time.time_ns() // 1_000_000
