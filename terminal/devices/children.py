"""Python programs of ours as child processes: their memory goes back when they end."""

import os
import sys
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[2]


def python_child(module: str, *arguments: str) -> list[str]:
    """Give the command that runs a module of ours with this very interpreter."""
    return [sys.executable, "-m", module, *arguments]


def child_environment() -> dict[str, str]:
    """Let the child find this very package, wherever the daemon was started."""
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
