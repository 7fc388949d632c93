"""What honest terminals notice of a hostile neighbour.

Twenty terminals send an order of five lines each five times in two seconds to the hub with its own
broker, in peace and while a neighbour with one terminal's password attacks in each way of
`attacks.py`, each with a password of its own. An attack that is over at once is made again, with
another password and after peace, until 500 orders were answered: of 154 the 99th percentile would
be the second longest wait. Reports the time from publish to answer, as p50 and p99 in ms, what each
phase cost hub and broker of processor time a second, whether the attacker was turned away, and what
hub and broker held in memory before and after. Goals: every order answered;
p99 under an attack at most twice the quiet one and under 250 ms; memory of either grown by less
than 64 MiB. With each order the hub's cache of its books grows, until it has 64 MiB: what as many
orders grow it by in peace is not counted as an attack's.
Run it with: ./orderwire bench hostile --json
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from subprocess import run
from typing import Any, Final, NamedTuple
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
ANSWERS: Final = 500
"""How many orders have to be answered under an attack before its 99th percentile tells anything."""
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
        # Whoever floods is kept out for a while: the next attack takes another password.
        attackers = distributor.customers[HONEST:]
        targets = {
            name: [
                Target(
                    broker=("127.0.0.1", port),
                    http=(str(http.hostname), http.port or 0),
                    terminal=attacker.terminal,
                    password=password_of(place, attacker.terminal),
                    customer=attacker.id,
                    victim=distributor.customers[0].terminal,
                    skus=tuple(skus),
                )
                for attacker in attackers[first :: len(attacks)]
            ]
            for first, name in enumerate(attacks)
        }
        broker = int((place / "broker" / "mosquitto.pid").read_text())
        async with honest_terminals(place, distributor, port) as terminals:
            return await _phases(terminals, targets, {"hub": hub.pid, "broker": broker})


async def _phases(
    terminals: Sequence[HonestTerminal],
    targets: Mapping[str, Sequence[Target]],
    pids: Mapping[str, int],
) -> dict[str, Any]:
    """Measure in peace, then under each attack, and set the figures against the goals."""
    await asyncio.sleep(CALM_S)
    before = _memory_of(pids)
    peace: list[float] = []
    grown_in_peace = dict.fromkeys(pids, 0.0)
    under: dict[str, dict[str, Any]] = {}
    for name, with_passwords in targets.items():
        rounds: list[_Round] = []
        for target in with_passwords:
            rounds.append(await _attack_once(name, target, terminals, pids))
            if sum(len(one.waits) for one in rounds) >= ANSWERS:
                break
        peace += [wait for one in rounds for wait in one.peace]
        for which in pids:
            grown_in_peace[which] += sum(one.grown_in_peace[which] for one in rounds)
        waits = [wait for one in rounds for wait in one.waits]
        under[name] = {
            **figures_of(name, waits, terminals),
            "rounds": len(rounds),
            "turned_away": all(one.turned_away for one in rounds),
            "in_peace": _mean(pids, [one.cost_in_peace for one in rounds]),
            "cpu_ms_a_second": _mean(pids, [one.cost for one in rounds]),
            "grown_mib": {
                which: round(sum(one.grown[which] for one in rounds), 1) for which in pids
            },
        }
    quiet = figures_of("quiet", peace, terminals)
    an_order = {one: grown / len(peace) for one, grown in grown_in_peace.items()}
    by_attacks = {
        one: round(sum(of["grown_mib"][one] - each * of["answered"] for of in under.values()), 1)
        for one, each in an_order.items()
    }
    allowed_ms = min(TIMES * quiet["p99_ms"], MOST_MS)
    return {
        "machine": {"load": round(os.getloadavg()[0], 1), "processors": os.cpu_count()},
        "quiet": quiet,
        **under,
        "memory_mib": {
            "before": before,
            "after": _memory_of(pids),
            "an_order_in_peace": {one: round(mib, 4) for one, mib in an_order.items()},
            "grown_by_attacks": by_attacks,
        },
        "goals": {
            "all_answered": not any(one["unanswered"] for one in under.values()),
            "p99_at_most_ms": round(allowed_ms, 1),
            "p99_above_it": [name for name, one in under.items() if one["p99_ms"] > allowed_ms],
            "memory_kept": max(by_attacks.values()) < MOST_MIB,
        },
    }


class _Round(NamedTuple):
    """An attack and the peace before it: waits in ms, processor time in ms a second, and MiB."""

    peace: list[float]
    cost_in_peace: Mapping[str, float]
    grown_in_peace: Mapping[str, float]
    waits: list[float]
    cost: Mapping[str, float]
    grown: Mapping[str, float]
    turned_away: bool


async def _attack_once(
    name: str, target: Target, terminals: Sequence[HonestTerminal], pids: Mapping[str, int]
) -> _Round:
    """Measure in peace, and then under one attack: whatever else the machine does is in both."""
    attack = await _prepare(name, target)
    began = _Spent(pids)
    peace = await waits_of(terminals, asyncio.sleep(QUIET_S))
    cost_in_peace, grown_in_peace = began.ms_a_second(), began.grown()
    began = _Spent(pids)
    waits = await waits_of(terminals, _run(name, attack))
    return _Round(
        peace,
        cost_in_peace,
        grown_in_peace,
        waits,
        began.ms_a_second(),
        began.grown(),
        turned_away=bool(attack.returncode),
    )


def _mean(pids: Mapping[str, int], costs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {which: round(sum(one[which] for one in costs) / len(costs), 1) for which in pids}


async def _prepare(name: str, target: Target) -> Process:
    """Start an attacker, a process of its own, and wait until it needs no more than a word."""
    command = python_module("tests.benchmarks.attacks", name, json.dumps(asdict(target)))
    attack = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    if attack.stdout is None or await attack.stdout.readline() != b"ready\n":
        raise SystemExit(f"{name}: the attack could not be prepared")
    return attack


async def _run(name: str, attack: Process) -> None:
    """Have a prepared attack run, to its end."""
    await attack.communicate(b"go\n")
    if attack.returncode:
        print(f"the attack {name} was turned away", file=sys.stderr)


class _Spent:
    """What processes spend of processor time and memory from now on."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._began, self._before = time.monotonic(), self._now_ms()
        self._memory = _memory_of(pids)

    def ms_a_second(self) -> dict[str, float]:
        """Give it for each process by name, in ms a second."""
        seconds = time.monotonic() - self._began
        return {
            name: round((spent - self._before[name]) / seconds, 1)
            for name, spent in self._now_ms().items()
        }

    def grown(self) -> dict[str, float]:
        """Give by how many MiB each has grown."""
        now = _memory_of(self._pids)
        return {name: round(now[name] - was, 1) for name, was in self._memory.items()}

    def _now_ms(self) -> dict[str, float]:
        tick_ms = 1_000 / os.sysconf("SC_CLK_TCK")
        stats = {
            name: Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            for name, pid in self._pids.items()
        }
        return {name: (int(stat[11]) + int(stat[12])) * tick_ms for name, stat in stats.items()}


def _memory_of(pids: Mapping[str, int]) -> dict[str, float]:
    return {name: _rss_mib(pid) for name, pid in pids.items()}


def _rss_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


if __name__ == "__main__":
    main()
