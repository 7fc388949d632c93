"""What it takes to read rule files, to read them again, and to start with a packed pack.

Reading is compared with PyYAML's own C loader and `csv` over the same files, in turns; each counts
with the best of them, and both have imported what they need. A reload begins when one scheme of a
hundred, here and there in its file, has changed, and ends with a pack that is ready to decide.
"""

import csv
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import yaml

from rules import PackLoader, load_pack
from rules.language import PackReader, read_pack
from tests.benchmarks.rules_workload import Workload

ROUNDS: Final = 3
RELOADS: Final = 5
CHANGED: Final = 100
"""One scheme of so many changes before a reload."""

_ROOT: Final = Path(__file__).parents[2]
_MIB: Final = 2**20
_GIVEN: Final = re.compile(r"(?<=percent: )[\d.]+|(?<=every: )\d+")
_TERMINAL: Final = """
import json, sys
from pathlib import Path
from rules import evaluate, load_pack
pack = load_pack(Path(sys.argv[1]).read_bytes())
status = Path("/proc/self/status").read_text()
kib = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
print(json.dumps({"parsers": sorted({"yaml", "rule_engine"} & set(sys.modules)), "kib": sum(kib)}))
"""


def loading_figures(trade: Workload, *, seed: int) -> dict[str, float]:
    """Measure, in seconds and MiB.

    The benchmark ends where a reload gives other bytes, or a terminal has a parser.
    """
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as name:
        folder = Path(name)
        trade.write(folder)
        packed = read_pack(folder)
        plain_s, yaml_s, packed_s = _first_times(folder)
        reload_s = _reload(trade, folder, random.Random(seed))
        terminal_s, terminal_mib = _terminal(packed, folder / "pack.json")
    return {
        "load_yaml_s": round(yaml_s, 3),
        "plain_yaml_s": round(plain_s, 3),
        "ratio_load_to_plain_yaml": round(yaml_s / plain_s, 3),
        "load_packed_s": round(packed_s, 3),
        "reload_s": round(reload_s, 3),
        "ratio_reload_to_cold": round(reload_s / (yaml_s + packed_s), 4),
        "mib": _mib(packed),
        "terminal_ready_s": round(terminal_s, 3),
        "terminal_mib": round(terminal_mib, 1),
    }


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = call()
    return time.perf_counter() - began, found


def _first_times(folder: Path) -> tuple[float, float, float]:
    """Time the plain loader, reading and loading, each with the best of several turns."""
    turns = []
    for _ in range(ROUNDS):
        plain_s, _ = _timed(lambda: _load_plainly(folder))
        yaml_s, packed = _timed(lambda: read_pack(folder))
        packed_s, _ = _timed(lambda packed=packed: load_pack(packed))  # type: ignore[misc]
        turns.append((plain_s, yaml_s, packed_s))
    plain, read, loaded = zip(*turns, strict=True)
    return min(plain), min(read), min(loaded)


def _load_plainly(folder: Path) -> None:
    """Do the least: every file to Python's own objects, nothing checked and no place kept."""
    for path in sorted(folder.rglob("*.yaml")):
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            list(csv.reader(file))


def _reload(trade: Workload, folder: Path, chance: random.Random) -> float:
    """Give the best time from changed files to a pack that is ready to decide."""
    reader, loader = PackReader(folder), PackLoader()
    pack = loader.load(reader.read())
    best = float("inf")
    for _ in range(RELOADS):
        before, trade = pack, _changed(trade, chance)
        trade.write(folder)
        seconds, pack = _timed(lambda: loader.load(reader.read()))
        best = min(best, seconds)
        if pack.hash == before.hash or pack.hash != load_pack(read_pack(folder)).hash:
            raise SystemExit("a reload does not give what a first reading gives")
    return best


def _changed(trade: Workload, chance: random.Random) -> Workload:
    schemes = list(trade.schemes)
    for place in chance.sample(range(len(schemes)), len(schemes) // CHANGED):
        given = str(chance.randint(2, 50))
        scheme = schemes[place]
        schemes[place] = replace(scheme, gives=_GIVEN.sub(given, scheme.gives, count=1))
    return replace(trade, schemes=tuple(schemes))


def _terminal(packed: bytes, path: Path) -> tuple[float, float]:
    """Give the seconds from the start of a fresh process to a loaded pack, and its MiB at most."""
    path.write_bytes(packed)
    best, kib = float("inf"), 0
    for _ in range(ROUNDS):
        seconds, done = _timed(
            lambda: subprocess.run(
                [sys.executable, "-c", _TERMINAL, str(path)],
                cwd=_ROOT,
                capture_output=True,
                check=True,
            )
        )
        told = json.loads(done.stdout)
        if told["parsers"]:
            raise SystemExit(f"a terminal has imported {told['parsers']}")
        best, kib = min(best, seconds), told["kib"]
    return best, kib / 1024


def _mib(packed: bytes) -> float:
    """Give the memory that a loaded pack takes, in Python's own count."""
    tracemalloc.start()
    kept = load_pack(packed)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return round(taken / _MIB, 1)
