"""The house's sizes: functions, modules, folders, parameters and names."""

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("sources")

ROOT = Path(__file__).parents[2]
PACKAGES = ("rules", "broker", "hub", "terminal", "simulators")
MEASURED = (*PACKAGES, "firmware")
"""The firmware has no command line of its own on this machine: it is measured like the others."""

FUNCTION_LINES = 60
MODULE_LINES = 500
FOLDER_MODULES = 12
POSITIONAL = 3
BANNED = {"util", "utils", "helper", "helpers", "manager", "data", "info", "process", "misc"}

NOUN = re.compile(r"hub/desk/\w+")
"""A noun's own folder: the contracts say which kinds of modules stand in it, and nothing else."""

POSITIONAL_EXCEPTIONS: dict[str, str] = {
    "rules/stages/evaluation.py evaluate": "the engine's one question, in the design's own words",
}
"""Functions that take more, each with its reason."""

FOLDER_EXCEPTIONS: dict[str, str] = {
    "hub/base/migrations/versions": "a numbered history: it only grows, and nobody edits it",
}
"""Folders that hold more, each with its reason."""

NAME_EXCEPTIONS: dict[str, str] = {
    "simulators/data": "the folder of real data files is called so in the design",
}
"""Names that break the rule, each with its reason."""


def tracked(*patterns: str) -> list[Path]:
    """List the files git knows, so that a stray build folder is not measured."""
    names = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    return [ROOT / name for name in names if name and (ROOT / name).exists()]


def sources() -> list[Path]:
    """List the product's Python modules, without generated migrations."""
    return [p for p in tracked("*.py") if p.relative_to(ROOT).parts[0] in MEASURED]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Walk all functions and methods of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Parse each module once."""
    return {str(p.relative_to(ROOT)): ast.parse(p.read_text()) for p in tracked("*.py")}


def test_no_function_is_longer_than_sixty_lines(trees: dict[str, ast.Module]) -> None:
    found = [
        f"{name}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for name, tree in trees.items()
        for node in functions(tree)
        if node.end_lineno is not None and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]

    assert found == []


def test_no_module_is_longer_than_five_hundred_lines() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in tracked("*.py")
        if (lines := path.read_text().count("\n")) > MODULE_LINES
    ]

    assert found == []


def test_no_folder_holds_more_than_twelve_modules() -> None:
    folders = [str(p.parent.relative_to(ROOT)) for p in sources() if p.name != "__init__.py"]
    count = Counter(folder for folder in folders if not NOUN.fullmatch(folder))

    crowded = {folder: n for folder, n in count.items() if n > FOLDER_MODULES}
    assert {folder: n for folder, n in crowded.items() if folder not in FOLDER_EXCEPTIONS} == {}


def test_no_function_takes_more_than_three_positional_parameters(
    trees: dict[str, ast.Module],
) -> None:
    found = []
    for name, tree in trees.items():
        if name.split("/")[0] not in MEASURED:
            continue
        for node in functions(tree):
            named = [a.arg for a in [*node.args.posonlyargs, *node.args.args]]
            own = [a for a in named if a not in {"self", "cls"}]
            if len(own) > POSITIONAL and f"{name} {node.name}" not in POSITIONAL_EXCEPTIONS:
                found.append(f"{name}:{node.lineno} {node.name}")

    assert found == []


def test_every_module_says_in_one_line_what_it_is_for(trees: dict[str, ast.Module]) -> None:
    found = [name for name, tree in trees.items() if not ast.get_docstring(tree)]

    assert found == []


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    places = {
        Path(*relative.parts[:depth])
        for relative in (p.relative_to(ROOT) for p in sources())
        for depth in range(2, len(relative.parts) + 1)
    }

    found = [str(p) for p in places if p.stem in BANNED and str(p) not in NAME_EXCEPTIONS]

    assert found == []


def test_every_package_has_a_readme() -> None:
    missing = [p for p in MEASURED if not (ROOT / p / "README.md").is_file()]

    assert missing == []
