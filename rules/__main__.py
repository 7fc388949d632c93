"""Command line: check, test and pack a folder of rule files, without a hub."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rules import load_pack, run_cases
from rules.language import PackError, read_pack

_OK: Final = 0
_FAULTS: Final = 1
_USAGE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is well, 1 faults or failing cases, 2 a wrong call."""
    chosen = _parser().parse_args(arguments)
    folder: Path = chosen.folder
    if not folder.is_dir():
        print(f"{folder} is not a folder", file=sys.stderr)
        return _USAGE
    try:
        packed = read_pack(folder)
    except PackError as error:
        for fault in error.faults:
            print(_with_source(fault, folder), file=sys.stderr)
        print(f"faults: {len(error.faults)}, nothing was loaded", file=sys.stderr)
        return _FAULTS
    if chosen.command == "test":
        return _test(packed)
    pack = load_pack(packed)
    if chosen.command == "pack":
        chosen.output.write_bytes(packed)
    print(f"{pack.name} {pack.version}: {len(packed)} bytes, {pack.hash}")
    return _OK


def _with_source(fault: str, folder: Path) -> str:
    """Show the line a fault is about below it, with a caret at its column."""
    name, line, column, _ = fault.split(":", 3)
    try:
        text = (folder / name).read_text(encoding="utf-8-sig").splitlines()[int(line) - 1]
    except (OSError, UnicodeDecodeError, IndexError):
        return fault
    return f"{fault}\n    {text}\n    {' ' * (int(column) - 1)}^"


def _test(packed: bytes) -> int:
    pack = load_pack(packed)
    failures = run_cases(pack)
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{pack.name} {pack.version}: {len(pack.cases)} cases, {len(failures)} failed")
    return _FAULTS if failures else _OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rules",
        description="Check, test and pack a folder of rule files.",
        epilog="example: python -m rules test rules/packs/fmcg",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("check", "report every fault in the files"),
        ("test", "check, then run the cases beside the rules"),
        ("pack", "check, then write the pack that hub and terminals load"),
    ):
        command = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=f"example: python -m rules {name} rules/packs/fmcg"
            + (" -o fmcg.json" if name == "pack" else ""),
        )
        command.add_argument("folder", type=Path, help="folder with the *.yaml files")
        if name == "pack":
            command.add_argument("-o", "--output", type=Path, required=True, help="file to write")
    return parser


if __name__ == "__main__":
    sys.exit(main())
