"""The documents: their commands run, their links lead somewhere, each command explains itself."""

import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.architecture.test_sizes import PACKAGES, ROOT, tracked


def commands_of(parser: ArgumentParser, words: str) -> Iterator[tuple[str, ArgumentParser]]:
    """Give a command by its words, as `hub pack add`, and every one below it."""
    yield words, parser
    groups = parser._subparsers._group_actions if parser._subparsers else []  # noqa: SLF001  # argparse tells it nowhere else
    for group in groups:
        for name, below in dict(group.choices or {}).items():
            yield from commands_of(below, f"{words} {name}")


COMMANDS = dict(
    found
    for package in PACKAGES
    for found in commands_of(import_module(f"{package}.__main__").parser(), package)
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    shown = COMMANDS[command].format_help()

    assert re.search(r"example", shown, flags=re.IGNORECASE), shown


@pytest.mark.parametrize("package", PACKAGES)
def test_every_command_of_a_package_is_in_its_readme(package: str) -> None:
    text = (ROOT / package / "README.md").read_text()
    leaves = [
        words
        for words, parser in COMMANDS.items()
        if words.split()[0] == package and parser._subparsers is None  # noqa: SLF001
    ]

    named = [
        words
        for words in leaves
        if COMMANDS[words].prog in text or f"`{words.partition(' ')[2]}" in text
    ]
    assert [words for words in leaves if words not in named] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_a_help_text_names_exists(command: str) -> None:
    shown = " ".join(COMMANDS[command].format_help().split())
    programs = {parser.prog.split()[-1]: words for words, parser in COMMANDS.items()}
    packages = {name: words for name, words in programs.items() if words in PACKAGES}

    named = re.findall(r"`(?:\./orderwire )?([a-z]+) ([a-z-]+)", shown)
    missing = [
        f"{program} {below}"
        for program, below in named
        if program in packages and f"{packages[program]} {below}" not in COMMANDS
    ]

    assert missing == []


NAMES = {
    "broker": "broker",
    "hub": "hub",
    "rules": "rules",
    "simulators": "sim",
    "terminal": "terminal",
}


@pytest.mark.parametrize("package", NAMES)
@pytest.mark.parametrize(
    ("started", "start"),
    [("/project/.venv/bin/pytest", "./orderwire "), ("/usr/bin/orderwire-terminal", "orderwire-")],
    ids=["by the launcher", "as installed"],
)
def test_a_program_is_called_in_its_help_as_people_start_it(
    package: str, started: str, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [started])

    shown = import_module(f"{package}.__main__").parser().format_help()

    example = re.split("examples?:", shown)[1]
    assert shown.startswith(f"usage: {start}{NAMES[package]} ")
    assert f"{start}{NAMES[package]} " in example
    assert "python -m" not in shown


def test_a_program_shows_its_help_where_it_is_asked_for_it() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "hub", "pack", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout == COMMANDS["hub pack"].format_help()


def test_every_launcher_command_in_the_documents_exists() -> None:
    known = set(re.findall(r"^  ([a-z]+) ", usage(), flags=re.MULTILINE))
    named = {
        (path.name, command)
        for path in tracked("*.md")
        for command in re.findall(r"\./orderwire ([a-z]+)", path.read_text())
    }

    assert {(name, command) for name, command in named if command not in known} == set()


def usage() -> str:
    """Read what the launcher prints when it is asked for nothing."""
    return subprocess.run([ROOT / "orderwire"], capture_output=True, text=True, check=True).stdout


def test_every_benchmark_is_in_the_launcher_s_list() -> None:
    listed = subprocess.run(
        [ROOT / "orderwire", "bench", "--help"], capture_output=True, text=True, check=True
    ).stdout
    runs = {
        path.stem
        for path in (ROOT / "tests" / "benchmarks").glob("*.py")
        if f"./orderwire bench {path.stem}" in path.read_text()
    }

    assert set(re.findall(r"^  ([a-z_]+) ", listed, flags=re.MULTILINE)) == runs


@pytest.mark.parametrize("document", [p.relative_to(ROOT) for p in tracked("*.md")], ids=str)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    text = (ROOT / document).read_text()
    links = [
        link.split("#")[0]
        for link in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"[a-z]+:|#", link)
    ]

    assert [x for x in links if not (ROOT / document).parent.joinpath(x).exists()] == []


def test_the_changelog_tells_of_what_is_not_released_yet() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    unreleased = text.split("## Unreleased", 1)[1].split("\n## ", 1)[0]

    assert re.findall(r"^- ", unreleased, flags=re.MULTILINE)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_readme_says_who_may_import_it_and_why_it_is_so(package: str) -> None:
    text = (ROOT / package / "README.md").read_text().lower()

    assert "import" in text
    assert "decision" in text
