"""Packed bytes that went wrong: refused with the one error of the loader, or by their cases."""

import random
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from rules import PackLoadError, load_pack, run_cases
from rules.language import read_pack
from tests.fixtures.trials import Trials
from tests.fuzz.mutations import as_file, grafted, mutated, mutated_bytes
from tests.fuzz.turns import try_turns

RULES: Final = Path(__file__).parents[2] / "rules"
_AT_A_TIME: Final = 100
_OFTEN: Final = (1, 2, 4)
"""How often each pack is spoilt: the large one takes far longer than the small one."""
_CASES_EACH: Final = 5
"""Of so many packs one runs its cases, which takes far longer than loading."""


@cache
def _packs() -> list[bytes]:
    folders = [RULES / "packs" / "schemes", RULES / "packs" / "fmcg", RULES / "examples" / "pack"]
    return [read_pack(folder) for folder in folders]


def _mutation(chance: random.Random) -> bytes:
    packed = chance.choices(_packs(), _OFTEN)[0]
    way = chance.random()
    if way < 0.6:
        return grafted(chance, packed.decode()).encode()
    if way < 0.8:
        return as_file(mutated(chance, packed.decode()))
    return mutated_bytes(chance, packed)


def try_packed(seed: int) -> list[str]:
    """Load mutated packs and run the cases of those that load."""
    return try_turns(seed, _AT_A_TIME, _try)


def _try(chance: random.Random, turn: int) -> list[str]:
    with suppress(PackLoadError):
        pack = load_pack(_mutation(chance))
        if turn % _CASES_EACH == 0:
            run_cases(pack)
    return []


@pytest.mark.timeout(3_600)
def test_spoilt_packed_bytes_are_refused_or_their_cases_tell(trials: Trials) -> None:
    found = trials.run(try_packed, usual=500 // _AT_A_TIME, long=40_000 // _AT_A_TIME)

    assert found == [], "\n".join(found)
