"""The terminal's benchmark measures what a package runs, and children that may just have ended."""

import mmap
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.terminal import as_installed, children_of, has_machine_code, rss_mib


@pytest.fixture
def ended() -> Iterator[int]:
    """Give a process that has ended, and that nobody has asked about yet."""
    with subprocess.Popen(["true"]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        yield child.pid


def test_one_that_has_just_ended_holds_nothing(ended: int) -> None:
    assert (rss_mib(ended), children_of(ended)) == (0.0, [])


def test_one_that_is_gone_holds_nothing() -> None:
    with subprocess.Popen(["true"]) as child:
        child.wait()

    assert (rss_mib(child.pid), children_of(child.pid)) == (0.0, [])


def test_one_that_runs_is_measured() -> None:
    assert rss_mib(os.getpid()) > 1


def test_a_terminal_runs_the_rules_as_sources_though_the_hub_has_them_as_machine_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "compiled" / "rules" / "__init__.py"
    built.parent.mkdir(parents=True)
    built.touch()
    monkeypatch.setenv("PYTHONPATH", str(built.parents[1]))
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    asked = [sys.executable, "-c", "import rules; print(rules.__file__)"]

    found = subprocess.check_output(asked, env=as_installed(tmp_path / "bytecode"), text=True)

    assert Path(found.strip()) == Path(__file__).parents[3] / "rules" / "__init__.py"


@pytest.mark.parametrize("folder", ["rules", "elsewhere"])
def test_machine_code_is_told_by_what_a_process_has_mapped(tmp_path: Path, folder: str) -> None:
    library = tmp_path / folder / "core.so"
    library.parent.mkdir()
    library.write_bytes(b"\0" * 4096)

    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ):
        assert has_machine_code(os.getpid()) is (folder == "rules")
