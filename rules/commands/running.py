"""What a command is, and how it ends."""

import argparse
from collections.abc import Callable
from typing import Final, NamedTuple

OK: Final = 0
FAULTS: Final = 1
USAGE: Final = 2


class StopError(Exception):
    """A command cannot go on; the message is for people."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        self.code = code
        super().__init__(message)


class Command(NamedTuple):
    """What runs a command, what it does in words, an example, and what it takes."""

    run: Callable[[argparse.Namespace], int]
    text: str
    example: str
    takes: Callable[[argparse.ArgumentParser], None]
