"""Expressions that went wrong: refused in their place, or they mean what rule-engine says."""

import random
import re
import time
from collections.abc import Callable
from typing import Any, Final

import pytest

from rules.engine.expressions import compile_condition
from rules.language.expressions import read_expression
from rules.language.text.faults import Faults, Place
from rules.language.text.nodes import Scalar
from rules.language.vocabulary import FACTS
from tests.builders.oracle import oracle
from tests.fixtures.trials import Trials
from tests.fuzz.mutations import mutated
from tests.fuzz.turns import try_turns

_AT_A_TIME: Final = 200
_SLOW_S: Final = 1.0
_PLACE: Final = Place("pack.yaml", 3, 9)
_KINDS: Final = FACTS["credit"]
_WRITTEN: Final = [
    "order.payment == 'advance' or order.lines > 3",
    "customer.exposure + order.payable > customer.limit",
    "customer.type in ['retailer', 'wholesaler'] and not (order.gross < 100.50)",
    "(order.lines > 3 ? order.net : order.gross - order.tax) >= 5 * order.tax",
    "customer.overdue_days >= 45 and customer.overdue * 2 > 1000 and order.payment != 'cash'",
    "order.lines not in [1, 2, 3] or -order.net < -20.25",
    'customer.id == "C1" and customer.status in ["hold"]',
    "not not (order.lines == 2 == (order.net > 1.00))",
    "order.gross - order.net - order.tax >= 0.01 and (order.lines + 1) * 2 <= 9",
]
_WORD: Final = re.compile(r"[a-z_]+\.[a-z_]+|[0-9.]+|'[^']*'|\"[^\"]*\"|[a-z]+|[=!<>]+|\S")
_LANGUAGE: Final[list[list[str]]] = [
    ["==", "!=", "<", "<=", ">", ">="],
    ["+", "-", "*"],
    ["and", "or"],
    [name for name, kind in _KINDS.items() if kind == "money"],
    [name for name, kind in _KINDS.items() if kind != "money"],
    ["0", "1", "2", "3", "0.01", "20.25", "1000", "(", ")", "not", "in", "?", ":", "'x'", "''"],
]


def _joined(chance: random.Random) -> str:
    """Take an expression, or two of them together."""
    text = chance.choice(_WRITTEN)
    if chance.random() < 0.3:
        sign = chance.choice(["and", "or", "==", "+", "in", "?", ","])
        text = f"({text}) {sign} ({chance.choice(_WRITTEN)})"
    return text


def _turned(chance: random.Random, text: str) -> str:
    """Put words of the language in the place of others, so that more still means something."""
    for _ in range(chance.randint(1, 3)):
        word = chance.choice(list(_WORD.finditer(text)))
        alike = next(group for group in _LANGUAGE if word[0] in group or group is _LANGUAGE[-1])
        text = text[: word.start()] + chance.choice(alike) + text[word.end() :]
    return text


def _facts(chance: random.Random) -> dict[str, Any]:
    by_kind: dict[str, Callable[[], Any]] = {
        "money": lambda: chance.choice([0, 1, 10_050, chance.randint(-200_000, 200_000)]),
        "count": lambda: chance.randint(0, 9),
        "text": lambda: chance.choice([None, "advance", "cash", "C1", "retailer", "hold"]),
    }
    return {name: by_kind[kind]() for name, kind in _KINDS.items()}


def try_expressions(seed: int) -> list[str]:
    """Read mutated expressions, and ask those that are taken beside rule-engine."""
    return try_turns(seed, _AT_A_TIME, _try)


def _try(chance: random.Random, _turn: int) -> list[str]:
    text = chance.choice([mutated, _turned])(chance, _joined(chance))
    try:
        found = _misread(chance, text)
    except Exception as error:
        error.add_note(f"{text[:600]!r}")
        raise
    return [f"{text[:600]!r}: {found}"] if found else []


def _misread(chance: random.Random, text: str) -> str:
    faults = Faults()
    start = time.process_time()
    tree = read_expression(Scalar(_PLACE, text), _KINDS, faults, scale=2)
    if time.process_time() - start > _SLOW_S:
        return "is slow"
    if tree is None:
        first = faults.found[0].place if faults.found else None
        there = first is not None and first.line == 3 and 9 <= first.column <= 9 + len(text)
        return "" if there else f"is refused at {first}"
    holds = compile_condition(tree)
    for _ in range(5):
        facts = _facts(chance)
        if bool(holds(facts)) is not oracle(text, facts, _KINDS):
            return f"differs from rule-engine for {facts}"
    return ""


@pytest.mark.timeout(3_600)
def test_a_spoilt_expression_is_refused_in_its_place_or_means_what_it_says(trials: Trials) -> None:
    found = trials.run(try_expressions, usual=4_000 // _AT_A_TIME, long=60_000 // _AT_A_TIME)

    assert found == [], "\n".join(found)
