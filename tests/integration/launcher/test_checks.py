"""`./orderwire test`: style, types and contracts beside the tests, and told at the end."""

import subprocess
from collections.abc import Mapping

import pytest

from tests.builders.launcher_project import LauncherProject

GOOD = {"ruff": "exit 0", "mypy": "echo all types fit", "lint-imports": "exit 0"}


def fake_venv(project: LauncherProject, programs: Mapping[str, str]) -> None:
    """Make a .venv that holds the lock of developers, whose programs only say something."""
    (project.venv / "bin").mkdir(parents=True)
    for name, line in programs.items():
        program = project.venv / "bin" / name
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
    parts = [project.root / "requirements" / "dev.txt", project.root / "pyproject.toml"]
    written = b"".join(part.read_bytes() for part in parts)
    done = subprocess.run(["cksum"], input=written, capture_output=True, check=True)
    (project.venv / ".holds-dev").write_bytes(done.stdout)


@pytest.mark.parametrize(
    ("faults", "ends"),
    [
        ({}, "all types fit"),
        ({"mypy": "echo a type is wrong; exit 1"}, "orderwire: failed: [mypy]"),
        ({"python": "exit 1", "ruff": "exit 1"}, "[pytest] [ruff check --quiet .]"),
    ],
    ids=["all is well", "types", "a test and style"],
)
def test_checks_run_beside_the_tests_and_are_told_at_the_end(
    project: LauncherProject, faults: Mapping[str, str], ends: str
) -> None:
    fake_venv(project, {"python": 'echo "tests: $*"', **GOOD, **faults})

    ran = project.run("test", "--quick")

    assert ran.returncode == (1 if faults else 0), ran.stderr
    if "python" not in faults:
        assert "tests: -m pytest -n 3 --dist loadgroup" in ran.stdout
    told = ran.stderr.splitlines()
    assert any(ends in line for line in told[-3:]), ran.stderr
    assert not list(project.venv.glob(".checks*"))


def test_a_run_that_lost_what_its_checks_said_has_failed(project: LauncherProject) -> None:
    takes_away = 'rm -f "${0%/bin/*}"/.checks*'
    fake_venv(project, {**GOOD, "mypy": "exit 1", "python": takes_away})

    ran = project.run("test", "--quick")

    assert ran.returncode == 1
    assert "orderwire: failed: [" in ran.stderr


def test_what_an_earlier_run_left_is_not_told_of_the_present(project: LauncherProject) -> None:
    fake_venv(project, {"python": 'echo "tests: $*"'})
    (project.venv / ".checks").write_text("a type was wrong")

    ran = project.run("test", "tests/unit")

    assert (ran.returncode, ran.stdout) == (0, "tests: -m pytest tests/unit\n")
    assert "a type was wrong" not in ran.stderr
