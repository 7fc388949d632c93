"""The documents: their commands run, their links lead somewhere, each command explains itself."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.test_sizes import PACKAGES, ROOT, tracked

COMMANDS = [
    ("broker",),
    ("broker", "run"),
    ("hub",),
    ("hub", "run"),
    ("hub", "load"),
    ("hub", "pack"),
    *(
        ("hub", "pack", name)
        for name in (
            "list",
            "show",
            "add",
            "shadow",
            "effect",
            "publish",
            "call-off",
            "roll-back",
            "drop",
        )
    ),
    ("hub", "user", "add"),
    ("hub", "terminal", "add"),
    ("hub", "terminal", "list"),
    ("hub", "terminal", "revoke"),
    ("hub", "orders"),
    ("hub", "order", "cancel"),
    ("hub", "audit"),
    ("hub", "config"),
    ("rules",),
    ("rules", "check"),
    ("rules", "test"),
    ("rules", "pack"),
    ("rules", "keygen"),
    ("rules", "verify"),
    ("rules", "evaluate"),
    ("rules", "explain"),
    ("rules", "diff"),
    ("rules", "lint"),
    ("rules", "return"),
    ("rules", "schema"),
    ("simulators",),
    ("simulators", "demo"),
    ("simulators", "questions"),
    ("simulators", "replay"),
    ("terminal",),
    ("terminal", "run"),
    ("terminal", "audit"),
    ("terminal", "config"),
    ("terminal", "print-sheet"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(command: tuple[str, ...]) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", command[0], *command[1:], "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert shown.returncode == 0, shown.stderr
    assert re.search(r"example", shown.stdout, flags=re.IGNORECASE), shown.stdout


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
