"""`load`: a distributor's folder into the hub, all of it or nothing."""

import argparse
import getpass
from pathlib import Path
from typing import Final

from hub.base.commands import CommandError, add_broker, add_folder, example, opened
from hub.base.sheets import SheetError, decode_sheet
from hub.desk.rulepacks.commands.folder import read_pack_folder
from hub.desk.terminals.acts.load_distributor import LoadDistributor, Loaded, LoadRefusedError
from hub.desk.terminals.commands.load.reading import FILES, DistributorError, read_distributor

PACK: Final = "pack"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "load",
        help="load a distributor's folder",
        description="Load products, customers, warehouses, batches, terminals and a first rule "
        "pack. What is there already and equal is left alone; with any fault nothing is loaded.",
        epilog=example("load ./distributor --data ./hub-files"),
    )
    parser.add_argument(
        "source", metavar="FOLDER", type=Path, help="with distributor.toml, CSV files and pack/"
    )
    add_folder(parser)
    add_broker(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Load, and say what changed."""
    source: Path = arguments.source
    if not source.is_dir():
        raise CommandError(f"{source} is no folder")
    pack = read_pack_folder(source / PACK, shown=f"{PACK}/")
    try:
        texts = {name: _text(source / name) for name in FILES if (source / name).is_file()}
        distributor = read_distributor(texts, scale=pack.compiled.scale)
    except DistributorError as error:
        raise CommandError(str(error)) from error
    with opened(arguments, creating=True) as ground:
        try:
            loaded = ground.part(LoadDistributor)(distributor, pack, by=getpass.getuser())
        except LoadRefusedError as error:
            raise CommandError(str(error)) from error
    for line in _told(loaded):
        print(line)
    return 0


def _text(path: Path) -> str:
    try:
        return decode_sheet(path.read_bytes())
    except SheetError as error:
        raise CommandError(f"{path.name}:{error.fault.row}: {error.fault.text}") from error


def _told(loaded: Loaded) -> list[str]:
    """Word what a load did."""
    if loaded.nothing:
        return ["nothing changed", *loaded.notes]
    kinds = [*loaded.added, *(kind for kind in loaded.changed if kind not in loaded.added)]
    counts = [
        f"{kind}: {loaded.added.get(kind, 0)} added, {loaded.changed.get(kind, 0)} changed"
        for kind in kinds
        if loaded.added.get(kind) or loaded.changed.get(kind)
    ]
    return [*counts, *loaded.notes]
