"""Help texts of the commands, without what a counter would keep in memory for them."""

import argparse
import os
import sys
from typing import Any, Final

_COLUMNS: Final = 80
_MARGIN: Final = 2


class Help(argparse.HelpFormatter):
    """Lays help out as wide as the screen.

    `argparse` asks `shutil` for that, of every argument of every command: with its archives that
    is half a MiB, which a counter would keep as long as it runs.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_screen_width() - _MARGIN)


class ExampleHelp(Help, argparse.RawDescriptionHelpFormatter):
    """Leaves the lines of examples as they are written."""


class Parser(argparse.ArgumentParser):
    """A parser of which the help and that of its commands are laid out so."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 (what `argparse` takes)
        super().__init__(**{"formatter_class": Help, **given})


def _screen_width() -> int:
    """Give the columns of the screen, or of `COLUMNS` where that is set; 80 where there is none."""
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    if sys.__stdout__ is None:
        return _COLUMNS
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _COLUMNS
    except (ValueError, OSError):
        return _COLUMNS
