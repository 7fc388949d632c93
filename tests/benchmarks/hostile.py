"""What honest terminals notice of a hostile neighbour.

Twenty terminals send an order of five lines each five times in two seconds to the hub with its own
broker, in peace and while a neighbour with one terminal's password attacks in each way of
`attacks.py`. Reports the time from publish to answer, as p50 and p99 in ms, and what hub and broker
held in memory before and after. Goals: every order answered; p99 under an attack at most twice the
quiet one and under 250 ms; memory of either grown by less than 64 MiB.
Run it with: ./orderwire bench hostile --json
"""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import sys
import tempfile
import time
import tomllib
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from subprocess import run
from typing import Any, Final
from urllib.parse import urlsplit

from broker import contract as wire
from simulators.data import Distributor
from simulators.faults import Child, free_port, python_module
from tests.benchmarks.attacks import ATTACKS, Target
from tests.benchmarks.intake import make_distributor, make_order
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
QUIET_S: Final = 5.0
CALM_S: Final = 3.0
OVERDUE_S: Final = 4.0
TIMES: Final = 2
MOST_MS: Final = 250
MOST_MIB: Final = 64


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--only", choices=ATTACKS, action="append", help="these attacks alone")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        figures = asyncio.run(_measure(Path(folder), arguments.only or list(ATTACKS)))
    print(json.dumps(figures) if arguments.json else figures)


async def _measure(place: Path, attacks: list[str]) -> dict[str, Any]:
    """Run the hub, and all phases one after another."""
    distributor = make_distributor()
    distributor.write(place / "distributor")
    port = free_port()
    kept = ["--data", str(place), "--broker-port", str(port)]
    load = python_module("hub", "load", str(place / "distributor"), *kept)
    await asyncio.to_thread(run, load, check=True, stdout=sys.stderr)
    command = python_module("hub", "run", *kept, "--http-port", str(free_port()))
    with Child("hub", command, log=place / "hub.log") as hub:
        http = urlsplit(hub.ready["http"])
        skus = [one.sku for one in distributor.products[:200]]
        attacker = distributor.customers[HONEST]
        target = Target(
            broker=("127.0.0.1", port),
            http=(str(http.hostname), http.port or 0),
            terminal=attacker.terminal,
            password=_password(place, attacker.terminal),
            customer=attacker.id,
            victim=distributor.customers[0].terminal,
            skus=tuple(skus),
        )
        broker = int((place / "broker" / "mosquitto.pid").read_text())
        async with _honest(place, distributor, port) as terminals:
            return await _phases(terminals, target, attacks, {"hub": hub.pid, "broker": broker})


class _Terminal(asyncio.Protocol):
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
            order = make_order(self._distributor, self._at, seq=self._seq, now=_now_ms())
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
            id=wire.uuid7(_now_ms(), secrets.token_bytes(10)),
            term=self._name,
            boot=1,
            at=_now_ms(),
            ref=message.id,
            data=told,
        )
        self._publish("ack", ack)

    def _publish(self, kind: wire.UpKind, message: wire.Order | wire.Ack) -> None:
        packet_id = self._seq % 65_535 + 1
        topic = wire.up(self._name, kind)
        self._transport.write(publish_packet(topic, wire.encode(message), packet_id=packet_id))


@contextlib.asynccontextmanager
async def _honest(
    place: Path, distributor: Distributor, port: int
) -> AsyncIterator[Sequence[_Terminal]]:
    """Have the honest terminals at work."""
    terminals = [
        _Terminal(distributor, at, password=_password(place, distributor.customers[at].terminal))
        for at in range(HONEST)
    ]
    for terminal in terminals:
        await terminal.join(("127.0.0.1", port))
    yield terminals
    for terminal in terminals:
        terminal.leave()


async def _phases(
    terminals: Sequence[_Terminal], target: Target, attacks: Sequence[str], pids: Mapping[str, int]
) -> dict[str, Any]:
    """Measure in peace, then under each attack, and set the figures against the goals."""
    await asyncio.sleep(CALM_S)
    before = {name: _rss_mib(pid) for name, pid in pids.items()}
    peace: list[float] = []
    under: dict[str, dict[str, float]] = {}
    for name in attacks:
        # In peace before each: whatever else the machine does is then in both.
        peace += await _waits(terminals, asyncio.sleep(QUIET_S))
        waits = await _waits(terminals, _attack(name, target))
        under[name] = _figures(name, waits, terminals)
    quiet = _figures("quiet", peace, terminals)
    after = {name: _rss_mib(pid) for name, pid in pids.items()}
    grown = {name: round(after[name] - before[name], 1) for name in pids}
    allowed_ms = min(TIMES * quiet["p99_ms"], MOST_MS)
    return {
        "machine": {"load": round(os.getloadavg()[0], 1), "processors": os.cpu_count()},
        "quiet": quiet,
        **under,
        "memory_mib": {"before": before, "after": after, "grown": grown},
        "goals": {
            "all_answered": not any(one["unanswered"] for one in under.values()),
            "p99_at_most_ms": round(allowed_ms, 1),
            "p99_above_it": [name for name, one in under.items() if one["p99_ms"] > allowed_ms],
            "memory_kept": max(grown.values()) < MOST_MIB,
        },
    }


async def _waits(terminals: Sequence[_Terminal], lasting: Awaitable[None]) -> list[float]:
    """Let the terminals order for as long as something lasts, and a little longer."""
    for one in terminals:
        one.waits_ms = []
    await lasting
    await asyncio.sleep(CALM_S)
    return [wait for one in terminals for wait in one.waits_ms]


def _figures(
    name: str, waits_ms: Sequence[float], terminals: Sequence[_Terminal]
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


async def _attack(name: str, target: Target) -> None:
    """Attack from a process of its own."""
    command = python_module("tests.benchmarks.attacks", name, json.dumps(asdict(target)))
    child = await asyncio.create_subprocess_exec(*command)
    if await child.wait():
        print(f"the attack {name} was turned away", file=sys.stderr)


def _password(place: Path, terminal: str) -> str:
    text = (place / "terminals" / f"{terminal}.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["password"])


def _rss_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    main()
