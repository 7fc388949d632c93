"""Orders a second and waiting times of whole hubs, beside the floor of `bench intake`.

One process on SQLite, one on PostgreSQL, and three processes that take orders there, each with 1,
5 and 20 lines an order: the same broker, the same payloads, 100 terminals, two orders under way.
`ratio` is to a floor on the same engine that only stores and answers. `half_p99_ms`
is the 99th percentile wait at half of what the hub managed. `cores` says how many there were.
`growth` is that of `bench growth`: beside connected terminals, and after orders of the past.
Goals: a ratio of 0.45 at 5 lines on SQLite, a p99 under 100 ms at half load, growth of 1.3 at most,
and of three workers 1.5 times what one manages, where there are cores for them.
Run it with: ./orderwire bench hub --json
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import run
from typing import Any, Final, NamedTuple

from broker.embedded import Credentials, start_broker
from simulators.data import Distributor
from simulators.faults import Child, free_port, python_module
from tests.benchmarks import growth
from tests.benchmarks.intake import (
    TERMINALS,
    WARM_UP,
    make_distributor,
    measure_floor,
    shooters_of,
)
from tests.benchmarks.mqtt_load import Outcome, drive
from tests.fixtures.databases import running_postgresql

LINES: Final = (1, 5, 20)
LEAST_RATIO: Final = 0.45
MOST_HALF_P99_MS: Final = 100
LEAST_SPEED_UP: Final = 1.5
_ENGINES: Final = (("sqlite", 0), ("postgresql", 1), ("postgresql", 3))


class Place(NamedTuple):
    """One hub to measure: its folder, its database (None: its own file), who take orders."""

    folder: Path
    url: str | None
    workers: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--orders", type=int, default=4000, help="orders of five lines to a hub")
    parser.add_argument("--floor-orders", type=int, default=10000, help="orders to the floor")
    parser.add_argument("--lines", type=int, nargs="+", default=LINES, help="lines of an order")
    growth.add_sizes(parser)
    arguments = parser.parse_args()
    figures: dict[str, Mapping[str, Any]] = {}
    for engine, workers in _ENGINES:
        for lines in arguments.lines:
            name = f"{engine}_{workers or 1}_workers_{lines}_lines"
            with (
                tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder,
                _url(engine) as url,
            ):
                place = Place(Path(folder), url, workers)
                orders = max(arguments.orders * 5 // (lines + 4) // TERMINALS, 2)
                figures[name] = measure(place, lines, orders, floor=arguments.floor_orders)
            print(f"{name}: {figures[name]}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        figures["growth"] = growth.measure(
            Path(folder),
            connected=arguments.connected,
            past=arguments.past,
            orders=arguments.orders // 2,
        )
    cores = len(os.sched_getaffinity(0))
    figures["goals"] = judge(figures, cores=cores)
    told = {"cores": cores, **figures}
    print(json.dumps(told) if arguments.json else told)


def judge(figures: Mapping[str, Mapping[str, Any]], *, cores: int) -> dict[str, bool | None]:
    """Say which goals are kept; None of one that was not measured, or that lacks cores."""
    sqlite, one, three = (
        figures.get(f"{engine}_{workers or 1}_workers_5_lines") for engine, workers in _ENGINES
    )
    return {
        "ratio": sqlite["ratio"] >= LEAST_RATIO if sqlite else None,
        "half_p99": sqlite["half_p99_ms"] < MOST_HALF_P99_MS if sqlite else None,
        "three_workers": three["orders_per_s"] >= LEAST_SPEED_UP * one["orders_per_s"]
        if one and three and cores > _ENGINES[-1][1]
        else None,
        "growth": figures["growth"]["goals"]["kept"],
    }


@contextmanager
def _url(engine: str) -> Iterator[str | None]:
    """Give a fresh database's address; None is the hub's own file."""
    if engine == "sqlite":
        yield None
    else:
        with running_postgresql() as url:
            yield url


def measure(place: Place, lines: int, orders: int, *, floor: int) -> dict[str, float]:
    """Measure one hub, full and at half load, and its floor; `orders` of each terminal."""
    full, half = asyncio.run(_hub(place, lines, orders))
    plain = asyncio.run(measure_floor(place.folder, place.url, floor // TERMINALS, client="paho"))
    measured, below = full.figures(), plain.figures()
    return {
        **measured,
        "half_p99_ms": half.figures()["p99_ms"],
        "floor_orders_per_s": below["orders_per_s"],
        "ratio": round(measured["orders_per_s"] / below["orders_per_s"], 3),
    }


async def _hub(place: Place, lines: int, orders: int) -> tuple[Outcome, Outcome]:
    port = free_port()
    distributor = make_distributor()
    passwords = await asyncio.to_thread(_load, place, distributor, port)
    broker = start_broker(place.folder / "broker", port=port, kind="mosquitto")
    with ExitStack() as started:
        started.callback(broker.stop)
        for child in _programs(place, port):
            started.enter_context(child)
        await asyncio.sleep(2)  # until the shards are shared
        address = ("127.0.0.1", port)

        async def fire(sequence: range, window: int) -> Outcome:
            shooters = shooters_of(distributor, passwords, sequence, lines=lines)
            return await drive(address, shooters, window=window)

        await fire(range(1, WARM_UP + 1), 2)
        full = await fire(range(WARM_UP + 1, WARM_UP + orders + 1), 2)
        first = WARM_UP + orders + 1
        shooters = shooters_of(
            distributor, passwords, range(first, first + orders // 2), lines=lines
        )
        pause_s = 2 * TERMINALS / full.figures()["orders_per_s"]
        half = await drive(address, shooters, window=1, pause_s=pause_s)
    (place.folder / "answer.json").write_bytes(full.last_answer)
    return full, half


def _load(place: Place, distributor: Distributor, port: int) -> dict[str, str]:
    distributor.write(place.folder / "distributor")
    command = python_module("hub", "load", str(place.folder / "distributor"), *_where(place, port))
    run(command, check=True, env={**os.environ, **_environ(place)}, stdout=sys.stderr)
    files = {one: place.folder / "terminals" / f"{one}.toml" for one in distributor.terminals}
    return {one: tomllib.loads(file.read_text())["password"] for one, file in files.items()}


def _where(place: Place, port: int) -> tuple[str, ...]:
    at_broker = ("--broker-host", "127.0.0.1", "--broker-port", str(port))
    return ("--data", str(place.folder), *at_broker)


def _environ(place: Place) -> dict[str, str]:
    return {"ORDERWIRE_HUB_DATABASE": place.url} if place.url else {}


def _programs(place: Place, port: int) -> Sequence[Child]:
    """Plan the hub's processes: one that does everything, or several that take orders."""
    users = [f"hub-{number}" for number in range(1, place.workers + 1)] or ["hub"]
    children = []
    for user in users:
        password = secrets.token_hex(32)
        Credentials(place.folder / "broker").set(user, password)
        environ = {
            **_environ(place),
            "ORDERWIRE_HUB_BROKER_USER": user,
            "ORDERWIRE_HUB_BROKER_PASSWORD": password,
            "ORDERWIRE_HUB_PUBLIC_URL": "http://127.0.0.1:1",
        }
        role = "intake" if place.workers else "all"
        ports = ("--http-port", str(free_port()))
        command = python_module("hub", "run", "--role", role, *_where(place, port), *ports)
        log = place.folder / f"{user}.log"
        children.append(Child(user, command, log=log, environ=environ))
    return children


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"{time.monotonic() - began:.0f} s in all", file=sys.stderr)
