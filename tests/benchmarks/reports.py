"""Milliseconds that people wait for a report and for the first page, as the server takes them.

A hub with 1,000,000 orders of a year, on SQLite and on PostgreSQL, one person at a time: the data
of `bench pages`, made once and kept. Each report is asked for over its usual days, and over the
financial year where it has days; figures are p50 and p95 in ms from request to last byte on
loopback. Goals: p95 of the first page at most 50 ms, of a report's first page at most 300 ms.
There is nothing to compare with but these goals, so run it where nothing else runs.
Run it with: ./orderwire bench reports --json
"""

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import httpx2

from simulators.faults import Child, free_port, python_module
from tests.benchmarks.desk_data import Size, made
from tests.benchmarks.pages import PASSWORD, database_of, fetched, kept_folder, new_user

MOST_HOME_MS: Final = 50
MOST_REPORT_MS: Final = 300
ENGINES: Final = ("sqlite", "postgresql")
DATED: Final = (
    "order_summary",
    "orders",
    "customer_orders",
    "sales",
    "customer_sales",
    "product_contribution",
    "scheme_performance",
    "unfilled",
    "stock_movement",
)
OF_NOW: Final = (
    "held_orders",
    "approvals",
    "stock_summary",
    "low_stock",
    "batch_expiry",
    "credit",
    "outstanding",
    "terminals",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--orders", type=int, default=1_000_000, help="how many orders there are")
    parser.add_argument("--products", type=int, default=50_000)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=20, help="how often each report is asked for")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="this engine alone")
    parser.add_argument("--kept", type=Path, default=kept_folder(), help="where the data are kept")
    arguments = parser.parse_args()
    size = Size(arguments.orders, arguments.products, arguments.customers)
    figures = {}
    for engine in arguments.engine or ENGINES:
        folder = arguments.kept / f"{engine}-{size.word}"
        with database_of(engine, folder) as url:
            made(folder / "hub", url, size)
            figures[engine] = _measure(folder / "hub", url, times=arguments.times)
        print(f"{engine}: {json.dumps(figures[engine], indent=1)}", file=sys.stderr)
    if arguments.json:
        print(json.dumps({"orders": size.orders, **figures}))


def _measure(
    folder: Path, url: str | None, *, times: int
) -> dict[str, dict[str, float] | list[str]]:
    """Ask for every report so many times, and name those that miss their goal."""
    environ = {"ORDERWIRE_HUB_DATABASE": url} if url else {}
    user, port = new_user(folder, environ), free_port()
    command = python_module("hub", "run", "--role", "web", "--data", str(folder))
    command += ["--http-port", str(port)]
    address = f"http://127.0.0.1:{port}"
    figures: dict[str, dict[str, float]] = {}
    with (
        Child("hub", command, log=folder / "web.log", environ=environ),
        httpx2.Client(base_url=address, headers={"Origin": address}, timeout=300) as browser,
    ):
        answer = browser.post("/sign-in", data={"name": user, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        for name, path in _paths().items():
            figures[name] = fetched(browser, partial(path, Random(1)), times=times)
            print(f"{name}: {figures[name]}", file=sys.stderr)
    missed = [
        name
        for name, one in figures.items()
        if one["p95_ms"] > (MOST_HOME_MS if name == "home" else MOST_REPORT_MS)
    ]
    return {**figures, "missed": missed}


def _paths() -> dict[str, Callable[[Random], str]]:
    """Name the pages, and write their addresses."""
    addresses = {"home": "/", "approvals page": "/approvals"}
    addresses |= {name: f"/reports/{name}" for name in (*DATED, *OF_NOW)}
    addresses |= {f"{name}, financial year": f"/reports/{name}?period=fy" for name in DATED}
    return {name: partial(_same, address) for name, address in addresses.items()}


def _same(address: str, _draw: Random) -> str:
    return address


if __name__ == "__main__":
    main()
