"""Cases that run on Python and on MicroPython alike: modules of plain functions with asserts."""

import ast
import importlib.util
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[2]
RUNNER: Final = ROOT / "tests" / "builders" / "on_micropython" / "runner.py"
FOLDER: Final = "ORDERWIRE_CASES"
"""Names, in the environment of cases, the folder in which they make their own."""
CASES: Final = ROOT / "tests" / "unit" / "firmware" / "cases"


def named_cases() -> Iterator[tuple[str, str]]:
    """Give module and name of every case."""
    for path in sorted(CASES.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield path.stem, node.name


def run_on_python(module: str, case: str) -> None:
    """Run one case in this process, in a folder that is away after it."""
    with TemporaryDirectory(prefix="orderwire-cases-") as folder:
        os.environ[FOLDER] = folder
        try:
            _run_case(module, case)
        finally:
            del os.environ[FOLDER]


def _run_case(module: str, case: str) -> None:
    spec = importlib.util.spec_from_file_location(f"cases_{module}", CASES / f"{module}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    getattr(loaded, case)()


def run_on_micropython(program: Path, module: str) -> dict[str, str]:
    """Run all cases of a module on the interpreter; gives the fault of each, empty for none."""
    with TemporaryDirectory(prefix="orderwire-cases-") as folder:
        done = subprocess.run(
            [str(program), str(RUNNER), str(CASES / f"{module}.py")],
            cwd=ROOT,
            env={"MICROPYPATH": f"{ROOT}:.frozen", FOLDER: folder},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(line) for line in done.stdout.splitlines())


def run_script(program: Path, name: str, *arguments: str, heap: str = "2m") -> str:
    """Run a program of `on_micropython` to its end; gives what it printed last."""
    done = subprocess.run(
        [str(program), "-X", f"heapsize={heap}", str(RUNNER.parent / f"{name}.py"), *arguments],
        cwd=ROOT,
        env={"MICROPYPATH": f"{ROOT}:{RUNNER.parent}:.frozen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]
