"""Orders, facts and counters that went wrong: refused with their paths, or decided."""

import json
import random
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from rules import CompiledPack, Counters, Facts, Order, evaluate, load_pack
from rules.language import read_pack
from rules.tools.schema.documents import decided, read, write
from rules.tools.schema.reading import DocumentError
from tests.fixtures.trials import Trials
from tests.fuzz.mutations import grafted, mutated
from tests.fuzz.turns import try_turns

EXAMPLES: Final = Path(__file__).parents[2] / "rules" / "examples"
_KINDS: Final[dict[str, type[Any]]] = {"order": Order, "facts": Facts, "counters": Counters}
_AT_A_TIME: Final = 100


@cache
def _pack() -> CompiledPack:
    return load_pack(read_pack(EXAMPLES / "pack"))


@cache
def _text(name: str) -> str:
    return (EXAMPLES / f"{name}.json").read_text()


def _mutation(chance: random.Random, text: str) -> str:
    return mutated(chance, text) if chance.random() < 0.5 else grafted(chance, text)


def try_documents(seed: int) -> list[str]:
    """Read one spoilt document of a question, and decide the order where it can be read."""
    return try_turns(seed, _AT_A_TIME, _try)


def _try(chance: random.Random, _turn: int) -> list[str]:
    spoilt = chance.choice(list(_KINDS))
    try:
        asked = {
            name: read(kind, _mutation(chance, _text(name)) if name == spoilt else _text(name))
            for name, kind in _KINDS.items()
        }
    except DocumentError as error:
        has_paths = bool(error.faults) and all(fault.startswith("$") for fault in error.faults)
        return [] if has_paths else [f"no path in {error.faults}"]
    result = evaluate(asked["order"], asked["facts"], asked["counters"], _pack())
    json.loads(write(decided(result, _pack())))
    return []


@pytest.mark.timeout(3_600)
def test_a_spoilt_document_is_refused_with_its_path_or_decided(trials: Trials) -> None:
    found = trials.run(try_documents, usual=2_000 // _AT_A_TIME, long=40_000 // _AT_A_TIME)

    assert found == [], "\n".join(found)
