"""A counter terminal's start, memory and time a scan: 100,000 products under 1,000 schemes.

The real daemon gets its catalogue and rule pack from a real hub, is stopped, and started again
with no hub in sight: that start is timed, from the process's first moment to `ready`, and its work
(`ready_cpu_s`), which is the same on a machine that others keep busy. Then codes
are written to its standard input, one at a time; a scan lasts until its log line says what was
done, which is after the order was looked up, priced and committed. `scan_*` are those of orders of
20 lines, `scan_500_*` the last hundred of an order of 500. That one is submitted and its slip
printed before the memory is read. `printing_rss_mib` is the child that encodes slips, which
ends when none came for ten minutes. Then the hub is started again, and orders are submitted one
after the other: `submit_to_first_byte_ms` lasts from SUBMIT, over the hub's durable answer, until
the printer has received the first byte of the slip. Compares with nothing: the figures are the
daemon's budget. `journal` says how SQLite wrote: `truncate`, the Pi's normal way, or `wal`. The
terminal runs the rules as sources, which is all that a shop's package has; machine code, which the
hub may run here, is faster and larger. `rules` says which of the two the terminal had loaded.
Run it with: ./orderwire bench terminal --json
"""

import argparse
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections import deque
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from simulators.data import COUNTER, Distributor
from simulators.devices import Event, Received, SimulatedPrinter
from simulators.faults import free_port
from simulators.scenarios.site import Site
from terminal.store.database import FILE
from tests.benchmarks.terminal_trade import large_trade

LINES = 20
BASKETS = 25
LARGE = 500
LAST = 100
ORDERS = 60
ROOT = Path(__file__).parents[2]
RESET = b"\x1b@"
"""The first bytes of every slip."""
_AS_INSTALLED = """
import sys
sys.modules["typing_extensions"] = None
from terminal.app.cli import main
main()
"""
"""Starts a terminal as its package has it: its byte code is there, since the first start here, and
one library is not, which other parts of the product bring along and others take if they find it."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        figures = _measure(Path(folder))
    print(json.dumps(figures) if arguments.json else figures)


def _measure(folder: Path) -> dict[str, float | str]:
    distributor = large_trade(folder / "pack", today=date(2026, 11, 2))
    site = Site(folder, say=lambda text: print(text, file=sys.stderr))
    site.prepare(distributor)
    with SimulatedPrinter.on_tcp() as printer:
        config = _config(site, folder, printer)
        with site:
            _equip(config, folder)
        figures = _timed(config, folder, distributor, printer)
        with site:
            return figures | _answered(config, folder, distributor, printer)


def _config(site: Site, folder: Path, printer: SimulatedPrinter) -> Path:
    """Write the counter's configuration, with its printer and page."""
    config = folder / "counter.toml"
    made = site.paths.config(COUNTER).read_text(encoding="utf-8")
    assert "printer" not in tomllib.loads(made)
    page = f"[page]\nport = {free_port()}\n"
    assert printer.address is not None
    host, port = printer.address
    slips = f'[printer]\nkind = "tcp"\nhost = "{host}"\nport = {port}\n'
    config.write_text(made + slips + page, encoding="utf-8")
    return config


def as_installed(bytecode: Path) -> dict[str, str]:
    """Give the environment of a terminal's package: our sources, with their byte code beside."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(bytecode)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ


def _start(config: Path, folder: Path) -> "subprocess.Popen[str]":
    kept = ["--config", str(config), "--data", str(folder / "counter")]
    return subprocess.Popen(
        [sys.executable, "-c", _AS_INSTALLED, "run", *kept, "--stdin"],
        env=as_installed(folder / "bytecode"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


def _equip(config: Path, folder: Path) -> None:
    """Let the terminal fetch its catalogue and rules from the hub, once."""
    terminal = _start(config, folder)
    assert terminal.stderr is not None
    _read_until(terminal.stderr, "is in force")  # the pack, which is fetched last
    terminal.terminate()
    terminal.wait()


def _timed(
    config: Path, folder: Path, distributor: Distributor, printer: SimulatedPrinter
) -> dict[str, float | str]:
    started = time.perf_counter()
    terminal = _start(config, folder)
    assert terminal.stdout is not None
    _read_until(terminal.stdout, "ready ")
    ready_s, ready_cpu_s = time.perf_counter() - started, _cpu_s(terminal.pid)
    _drain(terminal.stdout)
    codes = [product.gtin for product in distributor.products]
    waits = []
    for first in range(0, LINES * BASKETS, LINES):
        waits += [_scan(terminal, code) for code in codes[first : first + LINES]]
        for _ in range(2):  # the second one says that it is meant
            _scan(terminal, "CANCEL")
    large = [_scan(terminal, code) for code in codes[:: len(codes) // LARGE]]
    _scan(terminal, "SUBMIT")
    encoding = [0.0]
    while not printer.slips():
        encoding.append(sum(rss_mib(child) for child in children_of(terminal.pid)))
    figures: dict[str, float | str] = {
        "journal": _journal(folder / "counter"),
        "rules": "machine code" if has_machine_code(terminal.pid) else "sources",
        "ready_s": round(ready_s, 3),
        "ready_cpu_s": round(ready_cpu_s, 3),
        "rss_mib": rss_mib(terminal.pid),
        "printing_rss_mib": max(encoding),
        **_spread("scan", waits),
        **_spread(f"scan_{LARGE}", large[-LAST:]),
    }
    terminal.terminate()
    terminal.wait()
    return figures


def _answered(
    config: Path, folder: Path, distributor: Distributor, printer: SimulatedPrinter
) -> dict[str, float]:
    """Submit orders to the hub; time each from SUBMIT to its slip's first byte."""
    slips: SimpleQueue[float] = SimpleQueue()

    def note(event: Event) -> None:
        if isinstance(event, Received) and event.stream.startswith(RESET):
            slips.put(time.perf_counter())

    terminal = _start(config, folder)
    assert terminal.stderr is not None
    assert terminal.stdout is not None
    _drain(terminal.stdout)
    _read_until(terminal.stderr, "answer stored")  # of the order that waited for the hub
    printer.wait_for_slips(2, timeout_s=60)
    end = printer.listen(note)
    waits = []
    for number, product in enumerate(distributor.products[:ORDERS], 3):
        _scan(terminal, product.gtin)
        began = time.perf_counter()
        _scan(terminal, "SUBMIT")
        waits.append((slips.get(timeout=60) - began) * 1000)
        printer.wait_for_slips(number, timeout_s=60)
    end()
    terminal.terminate()
    terminal.wait()
    waits.sort()
    return {
        "submit_to_first_byte_p50_ms": round(waits[len(waits) // 2], 1),
        "submit_to_first_byte_p99_ms": round(waits[int(len(waits) * 0.99)], 1),
    }


def _spread(name: str, waits: list[float]) -> dict[str, float]:
    """Tell the middle, the hundredth part above and the most of some times."""
    waits = sorted(waits)
    return {
        f"{name}_p50_ms": round(waits[len(waits) // 2], 2),
        f"{name}_p99_ms": round(waits[int(len(waits) * 0.99)], 2),
        f"{name}_max_ms": round(waits[-1], 2),
    }


def _scan(terminal: "subprocess.Popen[str]", code: str) -> float:
    """Scan a code; give the milliseconds until the terminal says what it did."""
    assert terminal.stdin is not None
    assert terminal.stderr is not None
    began = time.perf_counter()
    terminal.stdin.write(code + "\n")
    _read_until(terminal.stderr, '"order": ')
    return (time.perf_counter() - began) * 1000


def _drain(stream: IO[str]) -> None:
    """Read what the prompt says, which nobody looks at: a full pipe would stop the terminal."""
    threading.Thread(target=lambda: deque(stream, maxlen=0), daemon=True).start()


def _read_until(stream: IO[str], wanted: str) -> None:
    for line in stream:
        if wanted in line:
            return
    raise SystemExit(f"the terminal ended before it said {wanted!r}")


def rss_mib(pid: int) -> float:
    """Tell what memory a process holds in MiB; 0 of one that has ended."""
    status = _read_of(pid, "status").splitlines()
    kib = [int(line.split()[1]) for line in status if line.startswith("VmRSS")]
    return round(sum(kib) / 1024, 1)


def has_machine_code(pid: int) -> bool:
    """Tell whether a process has loaded rules as machine code."""
    mapped = {Path(line.split()[-1]) for line in _read_of(pid, "maps").splitlines()}
    return any(one.suffix == ".so" and "rules" in one.parent.parts for one in mapped)


def _cpu_s(pid: int) -> float:
    """Count the seconds of work of a process and of its children that have ended."""
    _, _, numbers = _read_of(pid, "stat").rpartition(") ")
    ticks = sum(map(int, numbers.split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _journal(folder: Path) -> str:
    """Tell how the records are written: TRUNCATE is the Pi's way, and most machines'.

    WAL is taken by itself where this Python's SQLite is free of the WAL-reset bug; a run there has
    the figures of WAL, and says so.
    """
    with contextlib.closing(sqlite3.connect(folder / FILE)) as records:
        (journal,) = records.execute("PRAGMA journal_mode").fetchone()
    # A file that was written by TRUNCATE says DELETE to who has not asked for it: no WAL in both.
    return "wal" if journal == "wal" else "truncate"


def children_of(pid: int) -> list[int]:
    """Name the children of a process; none of one that has ended."""
    return [int(child) for child in _read_of(pid, f"task/{pid}/children").split()]


def _read_of(pid: int, name: str) -> str:
    """Read what the system tells of a process; nothing of one that has ended, also just now."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return ""


if __name__ == "__main__":
    main()
