"""Milliseconds that people wait for a report and for the first page, as the server takes them.

A hub with 1,000,000 orders of a year, on SQLite and on PostgreSQL, one person at a time: the data
of `bench pages`, made once and kept. Each report is asked for over its usual days, and over the
financial year where it has days; figures are p50 and p95 in ms from request to last byte on
loopback, and `cpu_ms` is what the hub's process worked for a request. Then a file of 100,000
orders is written as a job writes it, in a process of its own. Goals: p95 of the first page and of
the trend of 24 months at most 50 ms, of a report's first page at most 300 ms; the file in at most
15 s of work and 200 MiB above what the process has without it.
There is nothing to compare with but these goals, so run it where nothing else runs. Data that an
earlier version made are brought up to this one first, and the sums of past days are made as the
jobs of a hub would have: `--kept FOLDER` names data made before, which are changed by it.
Run it with: ./orderwire bench reports --json
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from subprocess import PIPE, run
from typing import Final

import httpx2

from hub.base.access import EVERYTHING
from hub.base.words import PageWords
from hub.desk.parties.store.tree import business_zone
from hub.desk.reports.model.addressed import read_request
from hub.desk.reports.pages.filing import sheet_of
from hub.desk.reports.reads.asking import ask, local_date
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from hub.web.frames import exports
from simulators.faults import Child, free_port, python_module
from tests.benchmarks.desk_data import Size, keep_sums, made
from tests.benchmarks.pages import PASSWORD, database_of, fetched, kept_folder, new_user

MOST_HOME_MS: Final = 50
MOST_REPORT_MS: Final = 300
MOST_FILE_S: Final = 15
MOST_FILE_MIB: Final = 200
FILE_ROWS: Final = 100_000
TREND: Final = "trend of 24 months"
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
    "trends",
    "customer_performance",
    "distributor_productivity",
    "terminal_activity",
    "order_to_cash",
    "delivery_notes",
    "payments",
    "claims",
)
OF_NOW: Final = (
    "held_orders",
    "approvals",
    "stock_summary",
    "low_stock",
    "batch_expiry",
    "credit",
    "outstanding",
    "stock_cover",
    "targets",
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
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)  # what `_file` runs
    arguments = parser.parse_args()
    if arguments.file:
        write_one(arguments.file)
        return
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
    _bring_up(folder, url)
    user, port = new_user(folder, environ), free_port()
    command = python_module("hub", "run", "--role", "web", "--data", str(folder))
    command += ["--http-port", str(port)]
    address = f"http://127.0.0.1:{port}"
    figures: dict[str, dict[str, float]] = {}
    with (
        Child("hub", command, log=folder / "web.log", environ=environ) as hub,
        httpx2.Client(base_url=address, headers={"Origin": address}, timeout=300) as browser,
    ):
        answer = browser.post("/sign-in", data={"name": user, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        for name, path in _paths().items():
            before_s = _worked_s(hub.pid)
            figures[name] = fetched(browser, partial(path, Random(1)), times=times)
            worked_s = _worked_s(hub.pid) - before_s
            figures[name]["cpu_ms"] = round(worked_s * 1_000 / times, 1)
            print(f"{name}: {figures[name]}", file=sys.stderr)
    missed = [
        name
        for name, one in figures.items()
        if one["p95_ms"] > (MOST_HOME_MS if name in {"home", TREND} else MOST_REPORT_MS)
    ]
    file = _file(folder, environ)
    if file["cpu_s"] > MOST_FILE_S or file["mib"] > MOST_FILE_MIB:
        missed.append("file")
    return {**figures, "file": file, "missed": missed}


def _bring_up(folder: Path, url: str | None) -> None:
    """Bring kept data up to this version, with the sums that its jobs would have made by now."""
    hub = build_hub(Settings(folder=folder, database=url or ""))
    try:
        keep_sums(hub)
    finally:
        hub.close()


def _worked_s(pid: int) -> float:
    """Give the seconds that a process has worked so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _file(folder: Path, environ: dict[str, str]) -> dict[str, float]:
    """Have a file written in a process of its own, whose memory nothing else has used."""
    command = python_module("tests.benchmarks.reports", "--file", str(folder))
    done = run(command, check=True, text=True, stdout=PIPE, env={**os.environ, **environ})
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def write_one(folder: Path) -> None:
    """Write the workbook of the newest orders as a job writes it, and print what it took."""
    url = os.environ.get("ORDERWIRE_HUB_DATABASE", "")
    hub = build_hub(Settings(folder=folder, database=url))
    begun_s, begun = time.process_time(), getrusage(RUSAGE_SELF).ru_maxrss
    with hub.transactions.reading() as t:
        zone, now_ms = business_zone(t), hub.ground.clock.now_ms()
        wanted = read_request("orders", {"from": "2000-01-01"}, local_date(now_ms, zone))
        asked = ask(wanted, reader="bench", now_ms=now_ms, zone=zone)
        sheet = sheet_of(t.connection, asked, EVERYTHING, words=PageWords(), most=FILE_ROWS)
        body = exports.written(sheet, "xlsx")
    used = {
        "rows": FILE_ROWS,
        "bytes": len(body),
        "cpu_s": round(time.process_time() - begun_s, 1),
        "mib": round((getrusage(RUSAGE_SELF).ru_maxrss - begun) / 1024, 1),
    }
    print(json.dumps(used))
    hub.close()


def _paths() -> dict[str, Callable[[Random], str]]:
    """Name the pages, and write their addresses."""
    addresses = {"home": "/", "approvals page": "/approvals"}
    addresses |= {name: f"/reports/{name}" for name in (*DATED, *OF_NOW)}
    today = date.today()  # noqa: DTZ011  (any day near now)
    first = today.replace(year=today.year - 2, day=1)
    addresses[TREND] = f"/reports/trends?group_by=month&from={first}&to={today}"
    addresses |= {f"{name}, financial year": f"/reports/{name}?period=fy" for name in DATED}
    return {name: partial(_same, address) for name, address in addresses.items()}


def _same(address: str, _draw: Random) -> str:
    return address


if __name__ == "__main__":
    main()
