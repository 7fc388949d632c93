"""The decision core as machine code: the same modules, built by mypyc into a copy of the package.

Nothing is written twice and nothing needs the build: where it is missing, the same sources run as
they are, at about twice the time an order.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import rules
from rules.stages import run

_PACKAGE: Final = Path(rules.__file__).parent
_COMPILED: Final = ("values", "engine", "stages", "words")
_LEFT: Final = frozenset(
    {
        # Documents are read and described by the annotations of these, which mypyc erases.
        "engine/inputs.py",
        "engine/result.py",
        "engine/returns.py",
        # A result that writes a field out when it is first asked for, which native classes cannot.
        "stages/decision.py",
        # Each surface builds its own writer on the one of decimals.
        "words/writing.py",
    }
)
# -O3 with symbols for a debugger, mypyc's own choice, is a third more to build and 3 MB more to
# load: an order is decided within 3 % as fast without.
_SETTINGS: Final = {"MYPYC_OPT_LEVEL": "1", "MYPYC_DEBUG_LEVEL": "0"}
_OPTIONS: Final = ("--explicit-package-bases", "--ignore-missing-imports", "--config-file=")


class CompileError(Exception):
    """The core could not be built; the message says why, and what to do where that is known."""


def is_compiled() -> bool:
    """Tell whether this process decides orders by machine code."""
    return not str(run.__file__).endswith(".py")


def compile_core(into: Path) -> None:
    """Build a copy of the package with its core as machine code; `into` goes first on the path.

    The folder appears whole or not at all, and only if all shipped packs pass their cases with it.

    Raises:
        CompileError: there is no compiler, the build failed, or a case failed.
    """
    _ask_for_parts()
    into = into.absolute()  # the cases are run from another folder
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".building-") as folder:
        copy = Path(folder, "build")
        shutil.copytree(_PACKAGE, copy / "rules", ignore=shutil.ignore_patterns("__pycache__"))
        _build(copy)
        _prove(copy)
        shutil.rmtree(into, ignore_errors=True)
        copy.replace(into)


def _ask_for_parts() -> None:
    if not all(map(find_spec, ("mypyc", "setuptools"))):
        raise CompileError("mypyc is missing: pip install -r requirements/compile.txt")
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        raise CompileError(f"no C compiler ({compiler}): apt-get install gcc libc6-dev")
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        raise CompileError("the headers of Python are missing: apt-get install python3-dev")


def _build(copy: Path) -> None:
    built = _run(["-m", "mypyc", *_OPTIONS, *core_modules()], copy, **_SETTINGS)
    if built.returncode:
        raise CompileError(f"the build failed:\n{(built.stdout + built.stderr)[-2000:]}")
    for left in ("build", ".mypy_cache"):
        shutil.rmtree(copy / left)


def _prove(copy: Path) -> None:
    """Run the cases of every shipped pack with what was built."""
    for pack in sorted(path.parent for path in copy.glob("rules/packs/*/pack.yaml")):
        tested = _run(
            ["-m", "rules", "test", str(pack)], copy, PYTHONPATH=str(copy), PYTHONSAFEPATH="1"
        )
        if tested.returncode:
            raise CompileError(
                f"{pack.name} decides otherwise when built:\n{tested.stderr[-2000:]}"
            )


def _run(
    arguments: Sequence[str], folder: Path, **settings: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def core_modules() -> list[str]:
    """Name the modules that become machine code, from the folder that holds the package."""
    found = (path for part in _COMPILED for path in (_PACKAGE / part).rglob("*.py"))
    names = {path.relative_to(_PACKAGE).as_posix() for path in found if path.stem != "__init__"}
    return [f"rules/{name}" for name in sorted(names - _LEFT)]
