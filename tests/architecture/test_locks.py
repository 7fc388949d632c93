"""The lock files: complete, hashed, and free of addresses."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXTRAS = ("terminal", "hub", "sim", "compile", "dev")
OWN_ENVIRONMENTS = ("emupos", "firmware", "firmware-esp32", "firmware-pico-w")
HUB_ONLY = {"fastapi", "sqlmodel", "sqlalchemy", "pydantic", "rule-engine", "amqtt", "alembic"}


def locked(extra: str) -> dict[str, str]:
    """Read the pinned versions of one lock file."""
    text = (ROOT / "requirements" / f"{extra}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;\\]+)", text, flags=re.MULTILINE))


def declared(extra: str) -> set[str]:
    """Read the names an extra asks for, through the extras it includes."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    names: set[str] = set()
    for entry in extras[extra]:
        inner = re.match(r"orderwire\[(.+)\]", entry)
        if inner:
            names |= {n for e in inner[1].split(",") for n in declared(e)}
        else:
            match = re.match(r"[A-Za-z0-9._-]+", entry)
            assert match is not None
            names.add(re.sub(r"[._]", "-", match[0]).lower())
    return names


@pytest.mark.parametrize("extra", EXTRAS)
def test_every_declared_dependency_is_pinned(extra: str) -> None:
    assert declared(extra) - set(locked(extra)) == set()


@pytest.mark.parametrize("extra", EXTRAS + OWN_ENVIRONMENTS)
def test_every_pin_has_a_hash_and_no_file_names_an_index(extra: str) -> None:
    text = (ROOT / "requirements" / f"{extra}.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())

    assert [e.split("\n")[0] for e in entries if "--hash=sha256:" not in e] == []
    assert re.findall(r"https?://|--index|--find-links|file:", text) == []


def test_all_lock_files_agree_on_versions() -> None:
    everything = locked("dev")

    differing = {
        (extra, name): version
        for extra in EXTRAS
        for name, version in locked(extra).items()
        if everything.get(name) != version
    }

    assert differing == {}


def test_the_terminal_pulls_none_of_the_hub_s_packages() -> None:
    assert set(locked("terminal")) & HUB_ONLY == set()
