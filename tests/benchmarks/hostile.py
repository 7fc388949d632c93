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
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from subprocess import run
from typing import Any, Final
from urllib.parse import urlsplit

from simulators.faults import Child, free_port, python_module
from tests.benchmarks.attacks import ATTACKS, Target
from tests.benchmarks.honest import (
    CALM_S,
    HONEST,
    HonestTerminal,
    figures_of,
    honest_terminals,
    password_of,
    waits_of,
)
from tests.benchmarks.intake import make_distributor

QUIET_S: Final = 5.0
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
            password=password_of(place, attacker.terminal),
            customer=attacker.id,
            victim=distributor.customers[0].terminal,
            skus=tuple(skus),
        )
        broker = int((place / "broker" / "mosquitto.pid").read_text())
        async with honest_terminals(place, distributor, port) as terminals:
            return await _phases(terminals, target, attacks, {"hub": hub.pid, "broker": broker})


async def _phases(
    terminals: Sequence[HonestTerminal],
    target: Target,
    attacks: Sequence[str],
    pids: Mapping[str, int],
) -> dict[str, Any]:
    """Measure in peace, then under each attack, and set the figures against the goals."""
    await asyncio.sleep(CALM_S)
    before = {name: _rss_mib(pid) for name, pid in pids.items()}
    peace: list[float] = []
    under: dict[str, dict[str, float]] = {}
    for name in attacks:
        # In peace before each: whatever else the machine does is then in both.
        peace += await waits_of(terminals, asyncio.sleep(QUIET_S))
        waits = await waits_of(terminals, _attack(name, target))
        under[name] = figures_of(name, waits, terminals)
    quiet = figures_of("quiet", peace, terminals)
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


async def _attack(name: str, target: Target) -> None:
    """Attack from a process of its own."""
    command = python_module("tests.benchmarks.attacks", name, json.dumps(asdict(target)))
    child = await asyncio.create_subprocess_exec(*command)
    if await child.wait():
        print(f"the attack {name} was turned away", file=sys.stderr)


def _rss_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


if __name__ == "__main__":
    main()
