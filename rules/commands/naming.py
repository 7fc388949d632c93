"""What people type to start a program of ours: their help texts and examples say it."""

import sys
from pathlib import Path
from typing import Final

_INSTALLED: Final = "orderwire-"


def name_program(part: str) -> str:
    """Give the words that start a part: `./orderwire rules`, or `orderwire-rules` where pip put it.

    Whoever started one of the installed programs is shown all of them so.
    """
    if Path(sys.argv[0]).name.startswith(_INSTALLED):
        return f"{_INSTALLED}{part}"
    return f"./orderwire {part}"
