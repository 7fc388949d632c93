"""The same decisions to the last byte: whatever the hash seed, and on the next Python."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from rules import Counters
from rules.language import read_pack
from rules.tools.schema.documents import Question, write
from tests.conftest import find_python_313
from tests.differential.agreement import packed
from tests.differential.standings import settled_question
from tests.differential.terms import Clerk
from tests.differential.worlds import random_products

ROOT: Final = Path(__file__).parents[2]
_RANDOM_PACKS: Final = 20
_QUESTIONS: Final = 10

pytestmark = [
    pytest.mark.xdist_group("everywhere alike"),
    pytest.mark.timeout(900),  # the machine code may still be built
]

Hashes = dict[str, list[str]]


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Pack every shipped pack, and some random ones with questions beside them."""
    folder = tmp_path_factory.mktemp("packs")
    for source in sorted((ROOT / "rules" / "packs").iterdir()):
        (folder / f"{source.name}.json").write_bytes(read_pack(source))
    for seed in range(_RANDOM_PACKS):
        chance = random.Random(seed)
        products = random_products(chance)
        document = Clerk(chance).write()
        (folder / f"random-{seed}.json").write_bytes(packed(document))
        asked = [settled_question(chance, products, document) for _ in range(_QUESTIONS)]
        (folder / f"random-{seed}.jsonl").write_text("\n".join(map(_as_line, asked)))
    return sorted(folder.glob("*.json"))


def _as_line(asked: Question) -> str:
    """Write a question as one line of JSON."""
    document = json.loads(write(replace(asked, counters=Counters())))
    for (rule, scope), count in asked.counters.counts.items():
        document["counters"]["counts"].setdefault(rule, {})[scope] = count._asdict()
    return json.dumps(document)


def _hashes(python: Path, packs: list[Path], *, seed: int, rules: Path = ROOT) -> Hashes:
    told = subprocess.run(
        [str(python), "-P", "-m", "tests.differential.hashes", *map(str, packs)],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(map(str, (rules, ROOT))),
            "PYTHONHASHSEED": str(seed),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    found: Hashes = json.loads(told.stdout)
    return found


def test_every_shipped_case_is_among_what_is_compared(packs: list[Path]) -> None:
    found = _hashes(Path(sys.executable), packs, seed=1)

    for path in packs:
        expected = 3 * (len(json.loads(path.read_bytes())["cases"]) or _QUESTIONS)
        assert len(set(found[str(path)])) > expected // 2, path.name


def test_two_hash_seeds_decide_alike(packs: list[Path]) -> None:
    python = Path(sys.executable)

    assert _hashes(python, packs, seed=1) == _hashes(python, packs, seed=4242)


@pytest.mark.needs("compiled rules")
def test_machine_code_decides_alike(packs: list[Path]) -> None:
    compiled = Path(os.environ["ORDERWIRE_COMPILED"])
    here = Path(sys.executable)

    assert list(compiled.glob("rules/stages/evaluation.*.so"))
    assert _hashes(here, packs, seed=7, rules=compiled) == _hashes(here, packs, seed=1)


@pytest.mark.needs("compiled rules")
def test_nothing_of_ours_builds_on_a_class_of_machine_code() -> None:
    compiled = os.environ["ORDERWIRE_COMPILED"]

    told = subprocess.run(
        [sys.executable, "-P", "-m", "tests.differential.machine_code_bases"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((compiled, str(ROOT)))},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stdout) == (0, ""), told.stderr


@pytest.mark.needs("python3.13")
def test_python_3_13_decides_alike_without_any_library(packs: list[Path]) -> None:
    newer = find_python_313()
    assert newer is not None

    assert _hashes(newer, packs, seed=7) == _hashes(Path(sys.executable), packs, seed=1)
