"""Which schemes hold for a line, asked of engines that others wrote: zen-engine and rule-engine."""

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from rules import Facts, Order, load_pack
from rules.language import read_pack
from tests.benchmarks.rules_peers import Engine, Matches, OurMatching, RuleEngine, ZenBatch, ZenLoop
from tests.benchmarks.rules_workload import workload
from tests.fixtures.trials import Trials

_ORDERS: Final = 4


def try_matching(seed: int) -> list[str]:
    """Let four engines match the lines of the same orders to the same random schemes."""
    schemes = random.Random(seed).choice([30, 100, 200])
    made = workload(schemes, orders=_ORDERS, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        made.write(Path(folder))
        pack = load_pack(read_pack(Path(folder)))
    ours = _matches(OurMatching(pack), made.orders)
    foreign: list[Engine] = [
        RuleEngine(made.schemes),
        ZenLoop(made.schemes),
        ZenBatch(made.schemes),
    ]
    wrong = [
        f"seed {seed}: {type(engine).__name__} differs on {schemes} schemes"
        for engine in foreign
        if _matches(engine, made.orders) != ours
    ]
    return wrong if any(map(any, ours)) else [*wrong, f"seed {seed}: nothing holds at all"]


def _matches(engine: Engine, orders: Sequence[tuple[Order, Facts]]) -> list[Matches]:
    return [engine.read(engine.match(engine.prepare(*asked))) for asked in orders]


@pytest.mark.timeout(3_600)
def test_the_index_finds_for_every_line_what_other_engines_find(trials: Trials) -> None:
    found = trials.run(try_matching, usual=2, long=100)

    assert found == [], "\n".join(found)
