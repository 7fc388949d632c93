"""Orders a second that `rules diff` decides with two packs, over real orders.

The shipped file of real orders, some 24 lines each, is asked several times over under the gift-ware
pack and a copy of it: with a scheme that moves three of four orders, and with a surcharge for a
region that no order is from. Lines are read, decided and compared by one process, counted in its
own processor time, and by one a core, counted by the clock: where the machine has other work to do,
only the first tells anything. Of several rounds the least counts. Beside it, seconds of processor
time to lint 10,000 schemes.
Run it with: ./orderwire bench rules_diff --json
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

from rules import load_pack
from rules.language import read_pack
from rules.tools.lint.linting import lint
from rules.tools.replay.deciding import compare_file
from simulators.data import ORDERS, read_orders, write_questions
from tests.benchmarks.rules_workload import workload

TIMES: Final = 4
ROUNDS: Final = 3
SCHEMES: Final = 10_000
CHANGES: Final = {
    "moved": ("{from: 24, percent: 3}", "{from: 24, percent: 3.5}"),
    "untouched": ("{geo: [JE, GG]}, adjust: {percent: 4}", "{geo: [JE, GG]}, adjust: {percent: 5}"),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    chosen = parser.parse_args()
    figures = {**measure_diff(), "lint_10000_cpu_s": measure_lint()}
    if chosen.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:>32}  {value}" for name, value in figures.items()))


def measure_diff() -> dict[str, Any]:
    """Give orders a second by what changed and by how many processes."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "asked"
        orders = write_questions(read_orders(ORDERS), folder) * TIMES
        first, *rest = (folder / "orders.jsonl").read_text().splitlines()
        text = "\n".join([first, *rest * TIMES])
        before, rules = read_pack(folder / "pack"), folder / "pack" / "pack.yaml"
        kept = rules.read_text()
        for change, (old, new) in CHANGES.items():
            if old not in kept:
                raise SystemExit(f"the pack does not say {old} any more")
            rules.write_text(kept.replace(old, new))
            after = read_pack(folder / "pack")
            packs = before, after
            seconds, found = _least(partial(compare_file, *packs, text, jobs=1), process_time)
            figures[f"{change}_orders_per_cpu_s"] = round(orders / seconds)
            seconds, _ = _least(partial(compare_file, *packs, text), perf_counter)
            figures[f"{change}_orders_per_s"] = round(orders / seconds)
            figures[f"{change}_share"] = round(found.changed / found.orders, 2)
    return figures


def measure_lint() -> float:
    """Give the seconds it takes to lint a generated pack."""
    with tempfile.TemporaryDirectory() as folder:
        workload(SCHEMES, orders=1, seed=1).write(Path(folder))
        packed = read_pack(Path(folder))
    document, pack = json.loads(packed), load_pack(packed)
    return round(_least(partial(lint, document, pack, on=date(2026, 11, 2)), process_time)[0], 2)


def _least(call: Callable[[], Any], clock: Callable[[], float]) -> tuple[float, Any]:
    times = []
    for _ in range(ROUNDS):
        began = clock()
        found = call()
        times.append(clock() - began)
    return min(times), found


if __name__ == "__main__":
    main()
