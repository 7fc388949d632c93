"""A reconnect storm: terminals that were away come back together, with orders that waited in them.

Compares with nothing. Broker and hub run on SQLite; each terminal has so many orders, keeps 16 of
them under way as terminals do, and sends again what was not answered. A third of the way the broker
is killed and started again. `drained_s` is from the first connection to the last answer;
`first_answer_s` says when terminals had their first one, middle and last: a shop that is starved is
far behind. `lost` and `doubled` compare the hub's list with what was sent.
Run it with: ./orderwire bench reconnect --terminals 200 --orders 10 --json
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from broker import contract as wire
from simulators.data.distributor import Customer, Product
from simulators.faults import Child
from simulators.faults.plan import CALM
from simulators.scenarios.once import fmcg_today
from simulators.scenarios.site import HOST, Site
from simulators.scenarios.town.options import FleetOptions, refuse_too_many
from simulators.scenarios.town.town import prepare, shops_of
from tests.benchmarks.mqtt_load import (
    CONNACK,
    PUBLISH,
    SUBACK,
    connect_packet,
    payload_of,
    publish_packet,
    subscribe_packet,
    take_packets,
)

WINDOW: Final = 16
_LINES: Final = 5
_RESEND_S: Final = (5.0, 60.0)
_PAUSE_S: Final = (0.5, 10.0)
_DOWN_S: Final = 2.0
_BOUND_S: Final = 3_600.0


@dataclass(slots=True)
class Storm:
    """What the terminals share: where the broker is, when the storm began, what was answered."""

    port: int
    began: float = 0.0
    answered: int = 0
    turn: int = 0
    """So many answers, and then the broker is killed."""
    turned: asyncio.Event = field(default_factory=asyncio.Event)
    sent: int = 0
    first_s: list[float] = field(default_factory=list)
    done_s: list[float] = field(default_factory=list)


class _Line(asyncio.Protocol):
    """One connection of a terminal."""

    def __init__(self, terminal: "WaitingTerminal") -> None:
        self._terminal = terminal
        self._buffer = bytearray()
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sign in and subscribe."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        name = self._terminal.name
        transport.write(connect_packet(name, self._terminal.password))
        transport.write(subscribe_packet(wire.down(name, "answer")))

    def data_received(self, data: bytes) -> None:
        """Take what came; the orders go once the subscription is granted."""
        self._buffer += data
        for head, body in take_packets(self._buffer):
            kind = head & 0xF0
            if kind == CONNACK and body[1]:
                self.transport.close()
            elif kind == SUBACK:
                self._terminal.send_due(self.transport, afresh=True)
            elif kind == PUBLISH:
                payload, acknowledgement = payload_of(head, body)
                self.transport.write(acknowledgement)
                self._terminal.take(payload, self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Have the terminal come back."""
        del exc
        if not self.ended.done():
            self.ended.set_result(None)


class WaitingTerminal:
    """A terminal that was away: its orders by id, in the order of their numbers."""

    def __init__(self, name: str, password: str, orders: dict[str, bytes], *, storm: Storm) -> None:
        self.name = name
        self.password = password
        self._waiting = orders
        self._due: dict[str, tuple[float, int]] = {}
        self._packet_id = 0
        self._storm = storm
        self._draw = random.Random(name)
        self._heard = False

    async def come_back(self) -> None:
        """Stay connected, again and again, until every order is answered."""
        loop, pause_s = asyncio.get_running_loop(), _PAUSE_S[0]
        while self._waiting:
            with suppress(OSError):
                _, line = await loop.create_connection(lambda: _Line(self), HOST, self._storm.port)
                await self._hold(line)
            await asyncio.sleep(pause_s * self._draw.uniform(0.5, 1))
            pause_s = min(2 * pause_s, _PAUSE_S[1])

    async def _hold(self, line: _Line) -> None:
        """Send again what is due, as long as the line holds."""
        while self._waiting and not line.ended.done():
            await asyncio.wait({line.ended}, timeout=1)
            if not line.ended.done():
                self.send_due(line.transport)
        line.transport.close()

    def send_due(self, transport: asyncio.Transport, *, afresh: bool = False) -> None:
        """Send those of the window that are due; after a reconnect all of them are."""
        if afresh:
            self._due.clear()
        now = asyncio.get_running_loop().time()
        out = []
        for order in list(self._waiting)[:WINDOW]:
            due, times = self._due.get(order, (0.0, 0))
            if due > now:
                continue
            pause_s = min(_RESEND_S[0] * 2**times, _RESEND_S[1]) * self._draw.uniform(0.5, 1)
            self._due[order] = (now + pause_s, times + 1)
            self._packet_id = self._packet_id % 65535 + 1
            topic = wire.up(self.name, "order")
            out.append(publish_packet(topic, self._waiting[order], packet_id=self._packet_id))
        self._storm.sent += len(out)
        transport.write(b"".join(out))

    def take(self, payload: bytes, transport: asyncio.Transport) -> None:
        """Take an answer, once, and send what has now room in the window."""
        message = msgspec.json.decode(payload)
        order = str(message["data"].get("order")) if message["type"] == "answer" else ""
        if self._waiting.pop(order, None) is None:
            return
        storm, at_s = self._storm, asyncio.get_running_loop().time() - self._storm.began
        storm.answered += 1
        if storm.answered >= storm.turn:
            storm.turned.set()
        if not self._heard:
            self._heard = True
            storm.first_s.append(at_s)
        if not self._waiting:
            storm.done_s.append(at_s)
        self.send_due(transport)


def _orders(customer: Customer, goods: Sequence[Product], count: int) -> dict[str, bytes]:
    """Write the orders that waited in a terminal, the oldest first."""
    now = int(datetime.now(UTC).timestamp() * 1000)
    draw, found = random.Random(customer.id), {}
    for seq in range(1, count + 1):
        made = now - 60_000 * (count - seq)
        order = wire.uuid7(made, secrets.token_bytes(10))
        chosen = draw.sample(goods, _LINES)
        message = wire.Order(
            id=wire.uuid7(made, secrets.token_bytes(10)),
            term=customer.terminal,
            boot=1,
            seq=seq,
            at=made,
            data=wire.OrderData(
                order=order,
                number=f"{customer.terminal}-{seq:05}",
                customer=customer.id,
                lines=[wire.OrderLine(line=n, sku=p.sku, qty=n) for n, p in enumerate(chosen, 1)],
                captured_at=made,
                mono_ms=seq,
                clock_trusted=True,
            ),
        )
        found[order] = wire.encode(message)
    return found


async def _weather(broker: Child, storm: Storm) -> None:
    """Kill the broker once a third is answered, and start it again."""
    await storm.turned.wait()
    broker.kill()
    await asyncio.sleep(_DOWN_S)
    broker.launch()
    await asyncio.to_thread(broker.wait_ready)


async def _rage(site: Site, terminals: Sequence[WaitingTerminal], storm: Storm) -> None:
    storm.began = asyncio.get_running_loop().time()
    async with asyncio.timeout(_BOUND_S):
        weather = asyncio.create_task(_weather(site.broker, storm))
        await asyncio.gather(*(one.come_back() for one in terminals))
        await weather


def measure(folder: Path, terminals: int, orders: int) -> dict[str, Any]:
    """Have so many terminals come back with so many orders each."""
    options = FleetOptions(terminals=terminals, plan=CALM, staff=False, processes=1)
    refuse_too_many(options)
    prepare(folder, options, say=_say)
    shops = shops_of(options)
    site = Site(folder, say=_say)
    goods = fmcg_today(imported=False).products[:100]
    waiting = {one.terminal: _orders(one, goods, orders) for one in shops.customers}
    sent = {order for one in waiting.values() for order in one}
    with site:
        storm = Storm(site.broker_port, turn=len(sent) // 3)
        back = [
            WaitingTerminal(name, _password(site, name), dict(held), storm=storm)
            for name, held in waiting.items()
        ]
        asyncio.run(_rage(site, back, storm))
        cpu_s = _used_s(site.hub.pid)
        listed = Counter(one.id for one in site.orders())
        audit = site.audit()
    storm.first_s.sort()
    return {
        "terminals": terminals,
        "orders": len(sent),
        "sendings": storm.sent,
        "drained_s": round(max(storm.done_s), 1),
        "first_answer_s": [round(storm.first_s[at], 1) for at in (terminals // 2, -1)],
        "hub_cpu_ms_an_order": round(1000 * cpu_s / len(sent), 2),
        "lost": len(sent - set(listed)),
        "doubled": sum(count - 1 for count in listed.values()) + len(set(listed) - sent),
        "audit": "ok" if audit["ok"] else str(audit["said"])[:200],
    }


def _password(site: Site, terminal: str) -> str:
    return str(tomllib.loads(site.paths.config(terminal).read_text("utf-8"))["password"])


def _used_s(pid: int) -> float:
    """Give the processor time of a program."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def main() -> int:
    """Measure and print; 1 where an order was lost or came twice."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--terminals", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--orders", type=int, default=50, help="that wait in each (50)")
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        figures = measure(Path(folder), arguments.terminals, arguments.orders)
    print(json.dumps(figures) if arguments.json else figures)
    return 0 if not figures["lost"] and not figures["doubled"] and figures["audit"] == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
