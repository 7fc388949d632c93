"""What an order costs the hub as everything else grows: terminals connected, orders of the past.

One hub on SQLite, one Mosquitto, ten terminals that keep two orders of five lines each under way:
with nobody else there, beside terminals that are connected, and after a million orders. `order_ms`
is processor time of the hub an order, while the others say nothing; `standing_pc`, of one core, is
what it spends while nobody orders and each of the connected tells how it is each half minute: that
is of what is told, not of orders. `growth` is to the first. Past orders are
copies of decided ones, written by hand: to have a million decided takes half an hour.
Goal: at most 1.3 over either range.
Run it with: ./orderwire bench growth --json
         or: ./orderwire bench growth --connected 500 --past 20000 --json
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from subprocess import run
from typing import Any, Final

from sqlalchemy import text

from broker import contract as wire
from broker.embedded import HUB_USER, Credentials, start_broker
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from simulators.data import Customer, Distributor
from simulators.faults import Child, free_port, python_module
from tests.benchmarks.honest import now_ms
from tests.benchmarks.intake import WARM_UP, make_distributor, shooters_of
from tests.benchmarks.mqtt_load import connect_packet, drive, publish_packet, subscribe_packet

ORDERING: Final = 10
CONNECTED: Final = 5_000
PAST: Final = 1_000_000
ORDERS: Final = 2_000
MOST_GROWTH: Final = 1.3
_HEARTBEAT_S: Final = 30.0
_STAND_S: Final = 10.0
_MOST_WAITS: Final = 12
_STEADY: Final = 0.9
_AT_ONCE: Final = 50
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_FAMILY: Final = ("order_", "order_revision", "decision", "order_line", "allocation", "inbox")
"""The tables in which an order grows old, each after those that it names."""


class Stander(asyncio.Protocol):
    """A terminal that orders nothing: it tells how it is, and hears what it is told."""

    def __init__(self, name: str, password: str) -> None:
        self._name, self._password = name, password
        self._packet_id = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sign in and subscribe."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(connect_packet(self._name, self._password))
        transport.write(subscribe_packet(wire.any_down(self._name)))

    def tell(self) -> None:
        """Say that the terminal is there, and nothing waits in it."""
        self._packet_id = self._packet_id % 65_535 + 1
        status = wire.Status(
            id=wire.uuid7(now_ms(), secrets.token_bytes(10)),
            term=self._name,
            boot=1,
            at=now_ms(),
            data=wire.StatusData(state="online", printer="ready"),
        )
        topic = wire.up(self._name, "status")
        self._transport.write(
            publish_packet(topic, wire.encode(status), packet_id=self._packet_id, retain=True)
        )

    def leave(self) -> None:
        """Close the line."""
        self._transport.close()


def _itself(one: Stander) -> Stander:
    return one


async def _connect(port: int, names: Sequence[str], passwords: dict[str, str]) -> list[Stander]:
    """Connect terminals, some at a time: a broker lets only so many in at once."""
    standers = [Stander(name, passwords[name]) for name in names]
    loop = asyncio.get_running_loop()
    for first in range(0, len(standers), _AT_ONCE):
        some = standers[first : first + _AT_ONCE]
        await asyncio.gather(
            *(loop.create_connection(partial(_itself, one), "127.0.0.1", port) for one in some)
        )
    return standers


async def _beat(standers: Sequence[Stander]) -> None:
    """Have each of them tell how it is each half minute, evenly one after another."""
    while standers:
        for one in standers:
            one.tell()
            await asyncio.sleep(_HEARTBEAT_S / len(standers))


def _cpu_s(pid: int) -> float:
    """Give the processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _standing(pid: int) -> float:
    """Wait until a hub has done what it does at its start; gives what it then uses of a core."""
    before = 1.0
    for _ in range(_MOST_WAITS):
        spent = _cpu_s(pid)
        await asyncio.sleep(_STAND_S)
        standing = (_cpu_s(pid) - spent) / _STAND_S
        if standing >= _STEADY * before:
            break
        before = standing
    return standing


class Place:
    """A hub's folder, its broker's port, and how far its terminals have counted their orders."""

    def __init__(self, folder: Path, connected: int) -> None:
        self.folder = folder
        self.port = free_port()
        self._seq = 1
        password = secrets.token_hex(32)
        Credentials(folder / "broker").set(HUB_USER, password)
        self._environ = {"ORDERWIRE_HUB_BROKER_PASSWORD": password}
        everybody = max(connected, ORDERING)
        made = make_distributor()
        self._distributor = replace(
            made, customers=tuple(_shop(number) for number in range(everybody))
        )
        self._passwords = self._load(self._distributor)

    @property
    def ordering(self) -> Distributor:
        """Give the distributor with the shops alone that order."""
        return replace(self._distributor, customers=self._distributor.customers[:ORDERING])

    def _kept(self) -> tuple[str, ...]:
        at = ("--broker-host", "127.0.0.1", "--broker-port", str(self.port))
        return ("--data", str(self.folder), *at)

    def _load(self, distributor: Distributor) -> dict[str, str]:
        distributor.write(self.folder / "distributor")
        command = python_module("hub", "load", str(self.folder / "distributor"), *self._kept())
        run(command, check=True, env={**os.environ, **self._environ}, stdout=sys.stderr)
        files = {one: self.folder / "terminals" / f"{one}.toml" for one in distributor.terminals}
        return {
            one: str(tomllib.loads(file.read_text())["password"]) for one, file in files.items()
        }

    async def measure(self, connected: int, orders: int) -> dict[str, float]:
        """Measure what an order costs beside so many connected terminals."""
        command = python_module("hub", "run", *self._kept(), "--http-port", str(free_port()))
        log = self.folder / "hub.log"
        broker = start_broker(self.folder / "broker", port=self.port, kind="mosquitto")
        try:
            with Child("hub", command, log=log, environ=self._environ) as hub:
                return await self._measure(hub.pid, connected, orders)
        finally:
            broker.stop()

    async def _measure(self, pid: int, connected: int, orders: int) -> dict[str, float]:
        names = list(self._distributor.terminals)[ORDERING:connected]
        standers = await _connect(self.port, names, self._passwords)
        beating = asyncio.create_task(_beat(standers))
        address = ("127.0.0.1", self.port)
        await drive(address, self._shooters(WARM_UP))
        standing = await _standing(pid)
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        shooters, spent = self._shooters(orders // ORDERING), _cpu_s(pid)
        outcome = await drive(address, shooters)
        used = _cpu_s(pid) - spent
        for one in standers:
            one.leave()
        return {
            "connected": len(standers) + ORDERING,
            "orders": len(outcome.waits_ms),
            "order_ms": round(1000 * used / len(outcome.waits_ms), 3),
            "standing_pc": round(100 * standing, 1),
            "p99_ms": outcome.figures()["p99_ms"],
        }

    def _shooters(self, orders: int) -> Any:
        first, self._seq = self._seq, self._seq + orders
        return shooters_of(self.ordering, self._passwords, range(first, self._seq))

    def grow_old(self, past: int) -> int:
        """Copy the orders that there are until there are so many; gives how many there are."""
        hub = build_hub(Settings(folder=self.folder))
        try:
            with hub.ground.database.write() as connection:
                while (there := connection.execute(text(_COUNT)).scalar_one()) < past:
                    self._copy(connection, min(there, past - there))
                    connection.commit()
                    print(f"{there} past orders", file=sys.stderr)
                connection.execute(text("ANALYZE"))
                connection.commit()
        finally:
            hub.close()
        return int(there)

    def _copy(self, connection: Any, count: int) -> None:
        """Copy the first of all orders, as if other terminals had sent them before."""
        shift = connection.execute(text("SELECT max(id) FROM order_")).scalar_one()
        last = connection.execute(text(_NTH), {"n": count - 1}).scalar_one()
        for name in _FAMILY:
            columns = [row[1] for row in connection.execute(text(f"PRAGMA table_info({name})"))]
            given = ", ".join(
                _COPIED.get((name, one)) or _ID.get(one, f"a.{one}") for one in columns
            )
            connection.execute(
                text(
                    f"INSERT INTO {name} ({', '.join(columns)}) SELECT {given} "  # noqa: S608
                    f"FROM {name} a JOIN order_ o ON {_BY.get(name, 'o.id = a.order_id')} "
                    "WHERE o.id <= :last"
                ),
                {"shift": shift, "last": last},
            )


_COUNT: Final = "SELECT count(*) FROM order_"
_NTH: Final = "SELECT id FROM order_ ORDER BY id LIMIT 1 OFFSET :n"
_BY: Final = {"order_": "o.id = a.id", "inbox": "o.uuid = a.order_uuid"}
_UUID: Final = "substr(o.uuid, 1, 24) || printf('%012x', o.id + :shift)"
_ID: Final = {"order_id": "a.order_id + :shift"}
_COPIED: Final = {
    ("order_", "id"): "a.id + :shift",
    ("order_", "uuid"): _UUID,
    ("order_", "source_key"): "'past-' || (a.id + :shift)",
    ("order_", "business_date"): "date(a.business_date, '-' || (1 + a.id % 365) || ' days')",
    ("order_", "status"): "'invoiced'",
    ("order_revision", "status"): "'invoiced'",
    ("order_revision", "exposure"): "0",
    ("allocation", "id"): "NULL",
    ("inbox", "terminal"): "'past-' || (o.id + :shift)",
    ("inbox", "order_uuid"): _UUID,
}
"""What is otherwise of a copy: it is another order, of an earlier day, and billed."""


def _shop(number: int) -> Customer:
    return Customer(f"B{number:05}", f"Shop {number}", f"bench-{number}", "retailer", "IN/KA/BLR")


def measure(folder: Path, *, connected: int, past: int, orders: int) -> dict[str, Any]:
    """Measure a hub by itself, with connected terminals, and with orders of the past."""
    place = Place(folder, connected)
    alone = asyncio.run(place.measure(ORDERING, orders))
    print(f"alone: {alone}", file=sys.stderr)
    crowded = asyncio.run(place.measure(connected, orders))
    print(f"beside {connected}: {crowded}", file=sys.stderr)
    there = place.grow_old(past)
    old = asyncio.run(place.measure(ORDERING, orders))
    print(f"after {there}: {old}", file=sys.stderr)
    growth = {
        "connected": round(crowded["order_ms"] / alone["order_ms"], 2),
        "past": round(old["order_ms"] / alone["order_ms"], 2),
    }
    return {
        "alone": alone,
        "crowded": crowded,
        "old": {**old, "past": there},
        "growth": growth,
        "goals": {"growth_most": MOST_GROWTH, "kept": max(growth.values()) <= MOST_GROWTH},
    }


def add_sizes(parser: argparse.ArgumentParser) -> None:
    """Describe how far it grows."""
    parser.add_argument("--connected", type=int, default=CONNECTED, help="terminals (5000)")
    parser.add_argument("--past", type=int, default=PAST, help="orders of the past (1000000)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--orders", type=int, default=ORDERS, help="orders of each measure (2000)")
    add_sizes(parser)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        figures = measure(
            Path(folder),
            connected=arguments.connected,
            past=arguments.past,
            orders=arguments.orders,
        )
    print(json.dumps(figures) if arguments.json else figures)


if __name__ == "__main__":
    main()
