"""Both readings of one rule file beside each other, and what is said where they differ."""

import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules import (
    CompiledPack,
    Gate,
    Product,
    Result,
    Return,
    Sale,
    check_gate,
    evaluate,
    load_pack,
    settle_return,
)
from rules.language import read_pack
from rules.tools.schema.documents import Question
from tests.differential.orders import fewer
from tests.differential.plain.decide import decide
from tests.differential.plain.desk import Desk
from tests.differential.plain.settling.gates import pass_gate
from tests.differential.plain.settling.returns import settle
from tests.differential.standings import at_the_edge, random_returns, settled_question
from tests.differential.terms import GATES, Clerk
from tests.differential.told import as_decision, as_passage, as_settled
from tests.differential.worlds import random_products
from tests.differential.written import Written, as_yaml

ORDERS, GATED, RETURNED = 37, 2, 1
"""How many orders, orders at a gate and returns each rule file decides."""

_TRIES = 8
"""How many orders are tried until one is sold, so that there is something to return."""


@dataclass(frozen=True)
class Rules:
    """One rule file, as it is written and as the engine has it."""

    document: Written
    pack: CompiledPack


Way = Callable[[Question, Rules], tuple[Any, Any]]
"""Decides something by the engine and by the second reading."""


def packed(document: Written) -> bytes:
    """Read a rule file as it would stand in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pack.yaml").write_text(as_yaml(document))
        return read_pack(Path(folder))


def compiled(document: Written) -> CompiledPack:
    """Take a rule file the whole way: text, checks, packed bytes, engine."""
    return load_pack(packed(document))


def differences(seed: int) -> list[str]:
    """Decide by one random rule file twice, and describe all that differs."""
    chance = random.Random(seed)
    products = random_products(chance)
    document = Clerk(chance).write()
    rules = Rules(document, compiled(document))
    return [
        f"seed {seed}, {_described(asked, rules, way)}"
        for asked, way in _questions(chance, products, rules)
        if _differs(asked, rules, way)
    ]


def _questions(
    chance: random.Random, products: dict[str, Product], rules: Rules
) -> Iterator[tuple[Question, Way]]:
    for number in range(ORDERS):
        asked = settled_question(chance, products, rules.document)
        if number % 12 == 0:
            asked = at_the_edge(chance, asked, _decide(asked, rules))
        yield asked, _order
    for _ in range(GATED):
        yield settled_question(chance, products, rules.document), _gate(chance.choice(GATES))
    for _ in range(RETURNED):
        asked = settled_question(chance, products, rules.document)
        for _ in range(_TRIES):
            result = _decide(asked, rules)
            if result.outcome != "reject":
                break
            asked = settled_question(chance, products, rules.document)
        yield asked, _return(*random_returns(chance, result))


def _decide(asked: Question, rules: Rules) -> Result:
    return evaluate(asked.order, asked.facts, asked.counters, rules.pack)


def _order(asked: Question, rules: Rules) -> tuple[Any, Any]:
    order, facts, counters = asked.order, asked.facts, asked.counters
    engine = _decide(asked, rules)
    second = decide(order, facts, counters, document=rules.document)
    return as_decision(engine, rules.pack.scale), second


def _gate(gate: Gate) -> Way:
    def way(asked: Question, rules: Rules) -> tuple[Any, Any]:
        order, facts, counters = asked.order, asked.facts, asked.counters
        totals = _decide(asked, rules).totals
        engine = check_gate(gate, order, totals, facts=facts, pack=rules.pack)
        second = pass_gate(Desk(rules.document, order, facts, counters), gate)
        return as_passage(engine, rules.pack.scale), second

    return way


def _return(before: Return, returned: Return) -> Way:
    def way(asked: Question, rules: Rules) -> tuple[Any, Any]:
        sale = Sale(asked.order, asked.facts, asked.counters)
        engine = settle_return(sale, returned, rules.pack, before=before)
        second = settle(sale, returned, before, document=rules.document)
        return as_settled(engine, rules.pack.scale), second

    return way


def _differs(asked: Question, rules: Rules, way: Way) -> bool:
    engine, second = way(asked, rules)
    return bool(engine != second)


def _described(asked: Question, rules: Rules, way: Way) -> str:
    """Show the smallest order that still differs, and in what."""
    smaller = True
    while smaller:
        shorter = (fewer(asked, line) for line in asked.order.lines)
        found = next((one for one in shorter if _differs(one, rules, way)), None)
        smaller = found is not None
        asked = found or asked
    engine, second = way(asked, rules)
    told = [
        f"{name}: engine {mine}\n{' ' * len(name)}  second {getattr(second, name)}"
        for name, mine in vars(engine).items()
        if mine != getattr(second, name)
    ]
    order, facts = asked.order, asked.facts
    shelves = {line.sku: (facts.batches or {}).get(line.sku) for line in order.lines}
    return "\n".join(
        [
            f"{order.business_date}, {order.payment}",
            *map(str, order.lines),
            f"{facts.customer}, {facts.credit}",
            f"{'stock not known' if facts.batches is None else shelves}, {facts.distances}",
            f"{asked.counters}",
            *told,
        ]
    )
