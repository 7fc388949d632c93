"""Help texts are laid out as wide as the screen."""

import pytest

from terminal.app.commands.helping import ExampleHelp, Parser

LONG = "see that the counter sells by the rules that the hub has published for this very day"


@pytest.mark.parametrize("columns", [60, 100])
def test_help_is_as_wide_as_the_screen(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    parser = Parser(prog="counter", description=LONG)

    widest = max(map(len, parser.format_help().splitlines()))

    assert columns - 20 < widest <= columns - 2


def test_the_lines_of_examples_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    example = f"example:\n  counter --on 2026-11-02  # {LONG}"
    parser = Parser(prog="counter", epilog=example, formatter_class=ExampleHelp)

    assert example in parser.format_help()


def test_a_command_has_its_help_laid_out_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    commands = Parser(prog="counter").add_subparsers()
    command = commands.add_parser("check", description=LONG)

    assert 40 < max(map(len, command.format_help().splitlines())) <= 58
