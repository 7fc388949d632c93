"""Orders a second through the hub, beside a floor that only stores and answers.

Compares, in one run and for SQLite and PostgreSQL each: the hub (rules, credit, batch allocation,
orders, trace) and the plain floor of `floor.py`, on the same Mosquitto, the same payloads and the
same durable group commit. `ratio` is to the floor that speaks MQTT by paho-mqtt, the library that
one would take, so that it tells of the hub alone; `ratio_to_own_floor` to one that has the hub's
own client. Hub and floor have the very same load: 100 terminals keep two 5-line orders each under
way, and say of each answer that they have stored it, as terminals do; both keep that, too.
Run it with: ./orderwire bench intake --json
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import run

from broker import contract as wire
from broker.embedded import HUB_USER, Credentials, start_broker
from simulators.data import Batch, Customer, Distributor, fmcg
from simulators.faults import Child, free_port, python_module
from tests.benchmarks.mqtt_load import Outcome, Shooter, drive
from tests.fixtures.databases import running_postgresql

TERMINALS = 100
LINES = 5
PRODUCTS = 1000
WARM_UP = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--orders", type=int, default=8000, help="orders to the hub, each engine")
    parser.add_argument("--floor-orders", type=int, default=20000, help="orders to the floor")
    arguments = parser.parse_args()
    figures: dict[str, Mapping[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        for engine in ("sqlite", "postgresql"):
            with _database(engine) as url:
                place = Path(folder) / engine
                place.mkdir()
                figures[engine] = _measure(place, url, arguments)
            print(f"{engine}: {figures[engine]}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(figures))


@contextmanager
def _database(engine: str) -> Iterator[str | None]:
    """Give a database's address; None is the hub's own SQLite file."""
    if engine == "sqlite":
        yield None
    else:
        with running_postgresql() as server:
            yield server


def _measure(place: Path, url: str | None, arguments: argparse.Namespace) -> dict[str, float]:
    hub = asyncio.run(_hub(place, url, arguments.orders // TERMINALS))
    orders = arguments.floor_orders // TERMINALS
    plain = asyncio.run(measure_floor(place, url, orders, client="paho")).figures()
    own = asyncio.run(measure_floor(place, url, orders, client="own")).figures()
    measured = hub.figures()
    return {
        **measured,
        **{f"floor_{name}": value for name, value in plain.items()},
        "ratio": round(measured["orders_per_s"] / plain["orders_per_s"], 3),
        "own_floor_orders_per_s": own["orders_per_s"],
        "ratio_to_own_floor": round(measured["orders_per_s"] / own["orders_per_s"], 3),
    }


async def _hub(place: Path, url: str | None, orders: int) -> Outcome:
    """Drive the real hub, loaded with real products and ample stock."""
    port = free_port()
    kept = ["--data", str(place), "--broker-host", "127.0.0.1", "--broker-port", str(port)]
    password = secrets.token_hex(32)
    Credentials(place / "broker").set(HUB_USER, password)
    environ = {"ORDERWIRE_HUB_BROKER_PASSWORD": password}
    if url:
        environ["ORDERWIRE_HUB_DATABASE"] = url
    distributor = make_distributor()
    distributor.write(place / "distributor")
    load = python_module("hub", "load", str(place / "distributor"), *kept)
    await asyncio.to_thread(run, load, check=True, env={**os.environ, **environ}, stdout=sys.stderr)
    passwords = {
        terminal: tomllib.loads((place / "terminals" / f"{terminal}.toml").read_text())["password"]
        for terminal in distributor.terminals
    }
    command = python_module("hub", "run", *kept, "--http-port", str(free_port()))
    broker = start_broker(place / "broker", port=port, kind="mosquitto")
    with Child("hub", command, log=place / "hub.log", environ=environ):
        outcome = await _fire(port, distributor, passwords, orders)
    broker.stop()
    (place / "answer.json").write_bytes(outcome.last_answer)
    return outcome


async def measure_floor(place: Path, url: str | None, orders: int, *, client: str) -> Outcome:
    """Drive the floor the same way; it answers with the hub's own last answer."""
    distributor = make_distributor()
    kept = place / f"{client}-floor"
    credentials = Credentials(kept)
    passwords = {user: secrets.token_hex(32) for user in (HUB_USER, *distributor.terminals)}
    for user, password in passwords.items():
        credentials.set(user, password)
    broker = start_broker(kept, port=0, kind="mosquitto")
    port = broker.address.port
    command = python_module("tests.benchmarks.floor", "--port", str(port))
    command += ["--database", url or f"sqlite:///{kept / 'floor.db'}"]
    command += ["--answer", str(place / "answer.json"), "--client", client]
    environ = {"FLOOR_PASSWORD": passwords[HUB_USER]}
    with Child("floor", command, log=kept / "floor.log", environ=environ):
        outcome = await _fire(port, distributor, passwords, orders)
    broker.stop()
    return outcome


async def _fire(
    port: int,
    distributor: Distributor,
    passwords: Mapping[str, str],
    orders: int,
) -> Outcome:
    """Warm up with a few orders a terminal, then measure the rest."""
    address = ("127.0.0.1", port)
    first, rest = range(1, WARM_UP + 1), range(WARM_UP + 1, WARM_UP + orders + 1)
    await drive(address, shooters_of(distributor, passwords, first))
    return await drive(address, shooters_of(distributor, passwords, rest))


def make_distributor() -> Distributor:
    """Take real products, a hundred ordinary shops, and one ample batch a product."""
    real = fmcg(today=date(2026, 11, 2))
    products = real.products[:PRODUCTS]
    return replace(
        real,
        products=products,
        customers=tuple(
            Customer(f"B{n:03}", f"Shop {n}", f"bench-{n}", "retailer", "IN/KA/BLR")
            for n in range(TERMINALS)
        ),
        batches=tuple(
            Batch(p.sku, f"L-{p.sku}", 100_000_000, received=date(2026, 11, 1)) for p in products
        ),
    )


def shooters_of(
    distributor: Distributor,
    passwords: Mapping[str, str],
    sequence: range,
    *,
    lines: int = LINES,
) -> list[Shooter]:
    """Encode each terminal's orders of that part of its sequence, a second after one another.

    Their ids begin with the moment that they were made at, as those of shops do: a database finds
    the place of a new one beside the last one's.
    """
    now = int(datetime.now(UTC).timestamp() * 1000)
    return [
        Shooter(
            customer.terminal,
            passwords[customer.terminal],
            wire.up(customer.terminal, "order"),
            wire.down(customer.terminal, "answer"),
            [
                wire.encode(make_order(distributor, at, seq=seq, now=made, lines=lines))
                for seq in sequence
                if (made := now - 1000 * (sequence.stop - seq) + at)
            ],
            wire.up(customer.terminal, "ack"),
        )
        for at, customer in enumerate(distributor.customers)
    ]


def make_order(
    distributor: Distributor, at: int, *, seq: int, now: int, lines: int = LINES
) -> wire.Order:
    """Write one order of a shop: its terminal's `seq`, made at Unix milliseconds `now`."""
    customer = distributor.customers[at]
    first = (at * 7 + seq * lines) % (PRODUCTS - lines)
    chosen = distributor.products[first : first + lines]
    return wire.Order(
        id=wire.uuid7(now, secrets.token_bytes(10)),
        term=customer.terminal,
        boot=1,
        seq=seq,
        at=now,
        data=wire.OrderData(
            order=wire.uuid7(now, secrets.token_bytes(10)),
            number=f"{customer.terminal}-{seq}",
            customer=customer.id,
            lines=[wire.OrderLine(line=n, sku=p.sku, qty=n * 2) for n, p in enumerate(chosen, 1)],
            captured_at=now,
            mono_ms=seq,
            clock_trusted=True,
        ),
    )


if __name__ == "__main__":
    main()
