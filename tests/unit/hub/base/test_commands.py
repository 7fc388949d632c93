"""Examples in the help of the hub's commands: they can be typed as they stand."""

import argparse
import sys
from collections.abc import Iterator

import pytest

from hub.base.commands import example
from hub.run.command_line import parser


@pytest.mark.parametrize(
    ("started", "shown"),
    [
        ("/opt/orderwire/bin/orderwire-hub", "example: orderwire-hub orders --json"),
        ("/opt/orderwire/hub/__main__.py", "example: ./orderwire hub orders --json"),
    ],
)
def test_an_example_names_the_hub_as_it_is_started(
    monkeypatch: pytest.MonkeyPatch, started: str, shown: str
) -> None:
    monkeypatch.setattr(sys, "argv", [started])

    assert example("orders --json") == shown


def test_the_help_of_every_command_ends_with_such_an_example() -> None:
    described = dict(commands("hub", parser()))

    assert {"hub run", "hub user add", "hub terminal add", "hub order cancel"} <= described.keys()
    for name, one in described.items():
        if one.epilog is not None:
            assert f"{one.epilog} ".startswith(f"example: ./orderwire {name} "), name


def test_an_example_stands_in_one_line_however_narrow_the_terminal_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    for name, one in commands("hub", parser()):
        if one.epilog is not None:
            assert one.format_help().splitlines()[-1] == one.epilog, name


def commands(
    name: str, described: argparse.ArgumentParser
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Walk a command and those inside it."""
    yield name, described
    for action in described._actions:  # noqa: SLF001  # argparse has no other way to ask
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  # likewise
            for inner, one in action.choices.items():
                yield from commands(f"{name} {inner}", one)
