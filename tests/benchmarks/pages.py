"""Milliseconds that staff wait for a page at a large distributor, as the server takes them.

A hub with 1,000,000 orders, 50,000 products and 20,000 customers, on SQLite and on PostgreSQL, one
person at a time. Each page is fetched so many times, no two the same where it can differ; figures
are p50 and p95 in ms from request to last byte on loopback. Goals: p95 at most 100 ms, the first
page of any filter at most 150 ms. There is nothing to compare with but these goals, so run it where
nothing else runs. The data are made once, in about ten minutes an engine, and kept.
Run it with: ./orderwire bench pages --json
"""

import argparse
import base64
import json
import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import run
from typing import Final

import httpx2

from simulators.faults import Child, free_port, python_module
from tests.benchmarks.desk_data import Size, made
from tests.fixtures.databases import running_postgresql

MOST_P95_MS: Final = 100
MOST_FIRST_MS: Final = 150
_ENGINES: Final = ("sqlite", "postgresql")
PASSWORD: Final = "pages are measured with this"

Pages = dict[str, Callable[[random.Random], str]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--orders", type=int, default=1_000_000, help="how many orders there are")
    parser.add_argument("--products", type=int, default=50_000)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=40, help="how often each page is fetched")
    parser.add_argument("--engine", choices=_ENGINES, action="append", help="this engine alone")
    parser.add_argument("--kept", type=Path, default=kept_folder(), help="where the data are kept")
    arguments = parser.parse_args()
    size = Size(arguments.orders, arguments.products, arguments.customers)
    figures = {}
    for engine in arguments.engine or _ENGINES:
        folder = arguments.kept / f"{engine}-{size.word}"
        with database_of(engine, folder) as url:
            made(folder / "hub", url, size)
            figures[engine] = _measure(folder / "hub", url, size, times=arguments.times)
        print(f"{engine}: {json.dumps(figures[engine], indent=1)}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(figures))


def kept_folder() -> Path:
    """Name the platform's folder for what can be made again."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "orderwire" / "bench-pages"


@contextmanager
def database_of(engine: str, folder: Path) -> Iterator[str | None]:
    """Give a database's address; None is the hub's own SQLite file."""
    if engine == "sqlite":
        yield None
    else:
        with running_postgresql(kept=folder) as url:
            yield url


def _measure(
    folder: Path, url: str | None, size: Size, *, times: int
) -> dict[str, dict[str, float] | list[str]]:
    """Fetch every page so many times, and name those that miss a goal."""
    environ = {"ORDERWIRE_HUB_DATABASE": url} if url else {}
    user = new_user(folder, environ)
    port = free_port()
    command = python_module("hub", "run", "--role", "web", "--data", str(folder))
    command += ["--http-port", str(port)]
    figures: dict[str, dict[str, float]] = {}
    log = folder / "web.log"
    address = f"http://127.0.0.1:{port}"
    with (
        Child("hub", command, log=log, environ=environ),
        httpx2.Client(base_url=address, headers={"Origin": address}, timeout=60) as browser,
    ):
        answer = browser.post("/sign-in", data={"name": user, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        draw = random.Random(1)
        for name, path in _pages(browser, size).items():
            figures[name] = fetched(browser, partial(path, draw), times=times)
    missed = [
        name
        for name, one in figures.items()
        if one["p95_ms"] > MOST_P95_MS or one["first_ms"] > MOST_FIRST_MS
    ]
    return {**figures, "missed": missed}


def new_user(folder: Path, environ: dict[str, str]) -> str:
    """Add somebody who may read everything; each run adds one, as a password is told only once."""
    name = f"reader{time.time_ns() // 1_000_000}"
    command = python_module("hub", "user", "add", name, "--role", "admin", "--password-stdin")
    run(
        [*command, "--data", str(folder)],
        check=True,
        text=True,
        input=f"{PASSWORD}\n",
        stdout=sys.stderr,
        env={**os.environ, **environ},
    )
    return name


def _pages(browser: httpx2.Client, size: Size) -> Pages:
    """Name the pages, and write their addresses."""
    listed = browser.get("/orders?days=0").text
    found = sorted(set(re.findall(r"/orders/([0-9a-f-]{36})", listed)))
    assert found, "no order is on the list"

    def shop(draw: random.Random) -> str:
        return f"B{draw.randrange(size.customers):05}"

    return {
        "orders": lambda _: "/orders?days=0",
        "orders held": lambda _: "/orders?status=held&days=0",
        "orders rejected": lambda _: "/orders?status=rejected&days=0",
        "orders of a shop": lambda draw: f"/orders?q={shop(draw)}&days=0",
        "orders by number": lambda draw: f"/orders?q=A-{draw.randrange(size.orders):06}&days=0",
        "orders by nothing": lambda draw: f"/orders?q=nobody{draw.random()}&days=0",
        "orders by the end of a number": lambda draw: f"/orders?q={draw.randrange(size.orders)}",
        "orders by a frequent name": lambda _: "/orders?q=stores&days=0",
        "orders of a week by a name": lambda _: "/orders?q=stores",
        "orders of a month": lambda _: "/orders?days=30",
        "orders by amount": lambda _: "/orders?days=0&sort=-payable",
        "orders, a later page": lambda draw: _later("/orders?days=0", draw.randrange(size.orders)),
        "an order": lambda draw: f"/orders/{draw.choice(found)}",
        "customers": lambda _: "/customers",
        "customers by name": lambda draw: (
            f"/customers?q=Sharma+Mart+{draw.randrange(size.customers)}"
        ),
        "a customer": lambda draw: f"/customers/{shop(draw)}",
        "products": lambda _: "/products",
        "products by name": lambda _: "/products?q=tea",
        "terminals": lambda _: "/terminals",
    }


def _later(address: str, order: int) -> str:
    """Write the address of the page of orders that begins below an order's place in the books."""
    place = json.dumps([str(order), str(order), 0], separators=(",", ":"))
    return f"{address}&at={base64.urlsafe_b64encode(place.encode()).decode().rstrip('=')}"


def fetched(browser: httpx2.Client, path: Callable[[], str], *, times: int) -> dict[str, float]:
    """Fetch a page so many times; `first_ms` is the first, when nothing has been read yet."""
    waits = []
    for _ in range(times):
        address = path()
        began = time.perf_counter()
        answer = browser.get(address)
        waits.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    first = waits[0]
    waits.sort()
    return {
        "first_ms": round(first, 1),
        "p50_ms": round(waits[len(waits) // 2], 1),
        "p95_ms": round(waits[int(len(waits) * 0.95)], 1),
    }


if __name__ == "__main__":
    main()
