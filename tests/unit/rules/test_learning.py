"""The page that teaches the language: each step, put beside those before it, does what it says."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from rules import load_pack, run_cases
from rules.language import read_pack
from rules.tools.lint.linting import lint

PAGE = (Path(__file__).parents[3] / "rules" / "LANGUAGE.md").read_text(encoding="utf-8")
TEACHING, REFERENCE = PAGE.split("## A pack\n")
STEPS = re.findall(r"```yaml\n(.*?)```", TEACHING, re.DOTALL)
DAY = date(2026, 4, 1)


def _folder(folder: Path, steps: list[str]) -> Path:
    for number, step in enumerate(steps, 1):
        (folder / f"{number}.yaml").write_text(step, encoding="utf-8")
    return folder


def test_there_are_ten_steps() -> None:
    assert re.findall(r"(?m)^\*\*(\d+)\.", TEACHING) == [str(one) for one in range(1, 11)]
    assert len(STEPS) == 10


@pytest.mark.parametrize("count", range(1, 11))
def test_each_step_works_beside_those_before_it(count: int, tmp_path: Path) -> None:
    pack = load_pack(read_pack(_folder(tmp_path, STEPS[:count])))

    assert run_cases(pack) == ()
    assert len(pack.cases) >= count


def test_all_steps_together_leave_no_doubt(tmp_path: Path) -> None:
    packed = read_pack(_folder(tmp_path, STEPS))

    found = lint(json.loads(packed), load_pack(packed), on=DAY)

    assert [str(one) for one in found.findings] == []


def test_the_pack_of_the_reference_is_one(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", REFERENCE, re.DOTALL)
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "base.csv").write_text("sku,price\nTEA-250,99.00\n")

    pack = load_pack(read_pack(_folder(tmp_path, [example])))

    assert run_cases(pack) == ()
