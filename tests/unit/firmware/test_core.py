"""The core of the firmware, case by case, on Python and on the real MicroPython."""

from functools import cache
from pathlib import Path

import pytest

from tests.builders.micropython import named_cases, run_on_micropython, run_on_python


@cache
def faults(program: Path, module: str) -> dict[str, str]:
    return run_on_micropython(program, module)


@pytest.mark.parametrize(("module", "case"), list(named_cases()))
def test_on_python(module: str, case: str) -> None:
    run_on_python(module, case)


@pytest.mark.needs("micropython")
@pytest.mark.parametrize(
    ("module", "case"),
    [
        # The interpreter runs all cases of a module at once.
        pytest.param(module, case, marks=pytest.mark.xdist_group(f"{module} on micropython"))
        for module, case in named_cases()
    ],
)
def test_on_micropython(micropython: Path, module: str, case: str) -> None:
    fault = faults(micropython, module)[case]

    assert fault == "", fault
