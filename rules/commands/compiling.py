"""The command that builds the decision core as machine code."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rules.commands.running import FAULTS, OK, Command, StopError
from rules.tools.build.compiling import CompileError, compile_core, core_modules


def _compile(chosen: argparse.Namespace) -> int:
    try:
        compile_core(chosen.output)
    except CompileError as error:
        raise StopError(str(error), FAULTS) from error
    print(f"{len(core_modules())} modules as machine code in {chosen.output}; all cases pass")
    return OK


def _takes_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o", "--output", type=Path, required=True, help="folder to put first on PYTHONPATH"
    )


COMMANDS: Final[Mapping[str, Command]] = {
    "compile": Command(
        _compile,
        "build the decision core as machine code: half the time an order, the same decisions",
        "-o compiled",
        _takes_folder,
    ),
}
