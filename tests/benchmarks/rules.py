"""Microseconds an order of 20 lines takes the rules, beside two other engines.

One seeded trade of 10,000 products and 2,000 customers, with 100, 1,000 and 10,000 schemes of
which about six hold for a line at every size. Timed are

- `us_matching`: the search for the schemes that hold, by itself;
- `us_priced`: what a terminal does: prices, schemes, free goods, tax, with every step recorded;
- `us_per_order`: what the hub does: the same with credit and batches;
- `us_written`: that, and all of the result written out: lines, every step and near miss with what
  its words need, both hashes.

They run in turn with that same search on zen-engine, by whichever of its two untraced ways is
faster and with its trace, and on rule-engine. All have to agree on every line. A time is the least
of several rounds an order, averaged over the orders: customers and products have been seen before,
as in a day's work. The ratios are of the whole order to the others' search, at 10,000 schemes.

At that size it also reads the rule files beside PyYAML's C loader (`ratio_load_to_plain_yaml`),
reads them again after one scheme of a hundred has changed (`reload_s`, `ratio_reload_to_cold`),
loads them packed, and starts a process that has no parser, as a terminal's (`terminal_ready_s`).

The launcher gives it the rules as machine code, as a hub has them (`compiled`). A second process
measures the sources as they are, as a terminal has them, beside zen (`plain`).
Run it with: ./orderwire bench rules --json
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from rules import CompiledPack, Counters, Facts, Order, evaluate, load_pack
from rules.language import read_pack
from rules.tools.build.compiling import is_compiled
from tests.benchmarks.rules_loading import loading_figures
from tests.benchmarks.rules_peers import (
    Engine,
    Matches,
    OurMatching,
    RuleEngine,
    ZenBatch,
    ZenLoop,
)
from tests.benchmarks.rules_workload import HOLDING, Workload, workload

SIZES: Final = (100, 1_000, 10_000)
ORDERS: Final = 20
SLOW_ORDERS: Final = {"zen_traced": 3, "rule_engine": 1}
ROUNDS: Final = 15
SLOW_ROUNDS: Final = 2

Figures = Mapping[str, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--seed", type=int, default=1, help="another trade, in the same manner")
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.plain:
        print(json.dumps(_plain(arguments.seed)))
        return
    measured: dict[int, Figures] = {}
    for size in SIZES:
        trade = workload(size, orders=ORDERS, seed=arguments.seed)
        measured[size] = _measure(trade)
        print(f"{size} schemes: {measured[size]}", file=sys.stderr)
    figures = {
        "compiled": is_compiled(),
        **_summary(measured),
        "plain": _plain_apart(arguments.seed),
        **loading_figures(trade, seed=arguments.seed),
    }
    print(json.dumps(figures) if arguments.json else figures)


def _plain_apart(seed: int) -> dict[str, float]:
    """Measure the sources in a process of their own."""
    asked = [sys.executable, "-m", __spec__.name, "--plain", "--seed", str(seed)]
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONSAFEPATH": ""}
    told = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(told.stdout)
    return figures


def _plain(seed: int) -> dict[str, float]:
    """Measure whole orders beside the untraced ways of zen, at the largest size."""
    if is_compiled():
        raise SystemExit("these are not the sources")
    trade = workload(SIZES[-1], orders=ORDERS, seed=seed)
    zens: list[Engine] = [ZenLoop(trade.schemes), ZenBatch(trade.schemes)]
    calls = {type(one).__name__: _calls(trade, one) for one in zens}
    calls |= _deciding(trade, _pack(trade))
    times = _microseconds(calls)
    zen = min(times[type(one).__name__] for one in zens)
    return {
        "us_per_order": times["order"],
        "us_priced": times["priced"],
        "ratio_to_zen_untraced": round(times["order"] / zen, 3),
    }


def _pack(trade: Workload) -> CompiledPack:
    with tempfile.TemporaryDirectory(prefix="orderwire-bench-") as folder:
        trade.write(Path(folder))
        return load_pack(read_pack(Path(folder)))


def _measure(trade: Workload) -> dict[str, float]:
    pack = _pack(trade)
    engines: dict[str, Engine] = {
        "matching": OurMatching(pack),
        "zen_loop": ZenLoop(trade.schemes),
        "zen_batch": ZenBatch(trade.schemes),
        "zen_traced": ZenLoop(trade.schemes, trace=True),
        "rule_engine": RuleEngine(trade.schemes),
    }
    _agree(trade, engines)
    calls = {name: _calls(trade, engine) for name, engine in engines.items()}
    calls |= _deciding(trade, pack)
    return _microseconds(calls)


def _deciding(trade: Workload, pack: CompiledPack) -> dict[str, list[Callable[[], Any]]]:
    """Give what is timed of whole orders."""
    shop = [(order, replace(facts, credit=None, batches=None)) for order, facts in trade.orders]
    ways = {
        "priced": (shop, False),
        "order": (trade.orders, False),
        "written": (trade.orders, True),
    }
    return {
        name: [_Deciding(order, facts, pack, written=written) for order, facts in orders]
        for name, (orders, written) in ways.items()
    }


@dataclass(frozen=True, slots=True)
class _Deciding:
    """One order to decide, and whether all of its result is read."""

    order: Order
    facts: Facts
    pack: CompiledPack
    written: bool = False

    def __call__(self) -> None:
        result = evaluate(self.order, self.facts, Counters(), self.pack)
        if self.written:
            _ = (result.lines, result.trace, result.near_misses, result.result_hash)


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result


def _agree(trade: Workload, engines: Mapping[str, Engine]) -> None:
    """End the benchmark where two engines find different schemes, or none worth the name."""
    ours = _found(trade, engines["matching"], count=ORDERS)
    for name, engine in engines.items():
        count = SLOW_ORDERS.get(name, ORDERS)
        if _found(trade, engine, count=count) != ours[:count]:
            raise SystemExit(f"{name} finds other schemes")
    hits = sum(len(line) for order in ours for line in order)
    lines = sum(len(order) for order in ours)
    if not HOLDING / 2 < hits / lines < HOLDING * 2:
        raise SystemExit(f"{hits / lines} schemes hold for a line: not the trade that was meant")


def _found(trade: Workload, engine: Engine, *, count: int) -> list[Matches]:
    return [
        engine.read(engine.match(engine.prepare(order, facts)))
        for order, facts in trade.orders[:count]
    ]


def _calls(trade: Workload, engine: Engine) -> list[Callable[[], Any]]:
    prepared = [engine.prepare(order, facts) for order, facts in trade.orders]
    return [lambda one=one: engine.match(one) for one in prepared]  # type: ignore[misc]


def _microseconds(calls: Mapping[str, Sequence[Callable[[], Any]]]) -> dict[str, float]:
    """Time all in turn, so that a busy moment of the machine meets them alike."""
    best: dict[str, list[float]] = {}
    for turn in range(ROUNDS):
        for name, orders in calls.items():
            if name in SLOW_ORDERS and turn >= SLOW_ROUNDS:
                continue
            times = [_timed(order)[0] for order in orders[: SLOW_ORDERS.get(name)]]
            best[name] = [*map(min, times, best.get(name, times))]
    return {name: round(sum(times) / len(times) * 1e6, 1) for name, times in best.items()}


def _summary(measured: Mapping[int, Figures]) -> dict[str, Any]:
    least, most = measured[SIZES[0]], measured[SIZES[-1]]
    order, matching = most["order"], most["matching"]
    zen = min(most["zen_loop"], most["zen_batch"])
    return {
        "us_per_order": {str(size): one["order"] for size, one in measured.items()},
        "us_priced": {str(size): one["priced"] for size, one in measured.items()},
        "us_written": {str(size): one["written"] for size, one in measured.items()},
        "us_matching": {str(size): one["matching"] for size, one in measured.items()},
        "us_zen_untraced": zen,
        "ratio_to_zen_untraced": round(order / zen, 3),
        "ratio_to_zen_traced": round(order / most["zen_traced"], 5),
        "ratio_to_rule_engine": round(order / most["rule_engine"], 6),
        "priced_to_zen_untraced": round(most["priced"] / zen, 3),
        "written_to_zen_untraced": round(most["written"] / zen, 3),
        "matching_to_zen_untraced": round(matching / zen, 3),
        "growth_100_to_10000": round(order / least["order"], 2),
        "matching_growth_100_to_10000": round(matching / least["matching"], 2),
    }


if __name__ == "__main__":
    main()
