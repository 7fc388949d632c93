"""The decision core as machine code: what building it says where it cannot be."""

from pathlib import Path

import pytest

from rules.__main__ import main


def test_without_a_compiler_nothing_is_built_and_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    into = tmp_path / "compiled" / "here"

    assert main(["compile", "-o", str(into)]) == 1
    assert "apt-get install gcc libc6-dev" in capsys.readouterr().err
    assert not into.parent.exists()


def test_a_build_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    compiler = tmp_path / "bin" / "gcc"
    compiler.parent.mkdir()
    compiler.symlink_to("/bin/false")
    monkeypatch.setenv("PATH", str(compiler.parent))
    # No Python that the build starts comes up; a compiler that fails is asked half a minute later.
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    into = tmp_path / "compiled" / "here"
    into.mkdir(parents=True)
    (into / "kept").touch()

    assert main(["compile", "-o", str(into)]) == 1
    assert "the build failed" in capsys.readouterr().err
    assert [path.name for path in into.parent.rglob("*")] == ["here", "kept"]
