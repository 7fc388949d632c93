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


def test_a_reason_that_is_longer_than_is_kept_is_refused_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    read = parser().parse_args
    voided = ("payment", "void", "P-1", "--by", "asha", "--reason")

    assert len(read([*voided, "x" * 500]).reason) == 500
    with pytest.raises(SystemExit):
        read([*voided, "x" * 501])
    assert "argument --reason: 501 letters, 500 at most" in capsys.readouterr().err


def test_every_command_that_is_given_a_reason_reads_it_so() -> None:
    reasons = [
        (name, action.type)
        for name, one in commands("hub", parser())
        for action in one._actions  # noqa: SLF001 -- it has no other list of them
        if {"--reason", "--why"} & set(action.option_strings) and not action.choices
    ]

    assert len(reasons) > 20
    for name, read in reasons:
        assert callable(read), name
        with pytest.raises(argparse.ArgumentTypeError, match="500 at most"):
            read("x" * 501)


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
