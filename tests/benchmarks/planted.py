"""Plants faults in copies of the product, one after another, and has a small fleet look for each.

A fault is found where the fleet ends with a broken promise; `seconds` is from the start of the
broker to that. First a fleet runs on the product as it is, and must find
nothing. The exit code is 0 where every fault was found, within five minutes each.
Run it with: ./orderwire bench planted --json
         or: ./orderwire bench planted --only series_gap,notice_dropped --for 60
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from simulators.faults.plan import CALM
from simulators.scenarios.town.options import FleetOptions
from simulators.scenarios.town.town import prepare
from tests.builders.mutants import PLANTED, Planted, lay_sources, plant

WITHIN_S: Final = 300
AS_IT_IS: Final = "as it is"
_BROKEN: Final = 1
_OVER: Final = "the day is over"
_OF_MAILS: Final = "orders that were held"
_TERMINALS: Final = 12
_FAULTS: Final = """every: 5s
kinds:
  line_doubled: {weight: 2}
  line_reset: {weight: 2}
  broker_killed: {weight: 3, for: 2s}
  hub_killed: {weight: 3, for: 2s}
"""


def prepare_town(folder: Path) -> None:
    """Prepare the shops that each of the fleets begins with."""
    options = FleetOptions(terminals=_TERMINALS, plan=CALM)
    prepare(folder, options, say=lambda _: None)


def look_for(fault: Planted | None, prepared: Path, *, for_s: int, seed: int) -> dict[str, Any]:
    """Run a fleet on a copy of the product with a fault in it, or on one without any."""
    with tempfile.TemporaryDirectory(prefix="orderwire-planted-") as name:
        place = Path(name) / "sources"
        place.mkdir()
        if fault is None:
            lay_sources(place)
        else:
            plant(fault, place)
        shutil.copytree(prepared, Path(name) / "town")
        return {"planted": fault.name if fault else AS_IT_IS} | _fleet(
            Path(name), place, for_s=for_s, seed=seed
        )


def _fleet(folder: Path, sources: Path, *, for_s: int, seed: int) -> dict[str, Any]:
    """Run the fleet; `found` says that it ended with a broken promise, and which came first."""
    faults = folder / "faults.yaml"
    faults.write_text(_FAULTS, "utf-8")
    began = time.monotonic()
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-P", "-m", "simulators", "fleet", "--json"),
                *("--terminals", str(_TERMINALS), "--orders-per-s", "3", "--for", f"{for_s}s"),
                *("--seed", str(seed), "--faults", str(faults), "--data", str(folder / "town")),
            ],
            env={**os.environ, "PYTHONPATH": str(sources), "PYTHONSAFEPATH": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=WITHIN_S,
        )
    except subprocess.TimeoutExpired:
        return {"found": False, "why": f"the fleet did not end in {WITHIN_S} s"}
    seconds = round(time.monotonic() - began)
    lines = done.stdout.splitlines()
    if done.returncode not in (0, _BROKEN) or not lines:
        return {"found": False, "seconds": seconds, "why": done.stderr.strip()[-300:]}
    said = json.loads(lines[-1])
    return {
        "found": done.returncode == _BROKEN,
        "seconds": seconds,
        "submitted": said["submitted"],
        **{name: said[name] for name in ("lost", "duplicated", "oversold", "over_limit")},
        "why": _first_words(done.stderr),
    }


def _first_words(told: str) -> str:
    """Give the first complaint of a run: it stands behind what was told of the day."""
    lines = told.splitlines()
    ends = [at for at, line in enumerate(lines) if line.startswith(_OVER)]
    complaints = lines[ends[-1] + 1 :] if ends else lines
    return next((line[:300] for line in complaints if not line.endswith(_OF_MAILS)), "")


def main() -> int:
    """Look for each fault and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [one.name for one in PLANTED]
    parser.add_argument("--only", default="", help=f"of {', '.join(names)}, with commas (all)")
    parser.add_argument("--for", dest="for_s", type=int, default=30, help="seconds of orders (30)")
    parser.add_argument("--seed", type=int, default=1, help="what strikes when (1)")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each")
    arguments = parser.parse_args()
    only = set(filter(None, arguments.only.split(",")))
    if unknown := only - set(names):
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    good = True
    chosen = [one for one in PLANTED if not only or one.name in only]
    with tempfile.TemporaryDirectory(prefix="orderwire-planted-") as name:
        prepared = Path(name) / "prepared"
        prepare_town(prepared)
        for fault in (None, *chosen):
            found = look_for(fault, prepared, for_s=arguments.for_s, seed=arguments.seed)
            good = good and found["found"] is (fault is not None)
            _tell(found, as_json=arguments.json)
    return 0 if good else 1


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    """Print what became of one fault."""
    if as_json:
        print(json.dumps(found), flush=True)
        return
    word = "found" if found["found"] else "nothing found"
    print(f"{found['planted']}: {word} in {found.get('seconds')} s  {found['why']}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
