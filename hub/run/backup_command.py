"""`backup`: the hub's books and keys as one file."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from hub.base.commands import add_folder, example, opened
from hub.run.backup import Manifest, take_backup
from hub.run.config import settings_of


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "backup",
        help="write books and keys into one file, while the hub runs",
        description="The file has everything a new machine needs: orders, stock, rules, users, "
        "the signing key, who may connect. It is checked before it gets its name, and holds "
        "secrets: its owner alone may read it.",
        epilog=example("backup /media/usb/orderwire-monday.tar"),
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="where to, a new file")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_folder(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Take a backup."""
    folder = settings_of(arguments).folder
    with opened(arguments) as ground:
        manifest = take_backup(ground.database, folder, arguments.file, clock=ground.clock)
    told = {"file": str(arguments.file), **asdict(manifest)}
    print(json.dumps(told) if arguments.json else f"{arguments.file}: {described(manifest)}")
    return 0


def described(manifest: Manifest) -> str:
    """Say what is in a backup."""
    taken = datetime.fromtimestamp(manifest.taken_at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    newest = f", the newest {manifest.newest_order}" if manifest.newest_order else ""
    return f"{manifest.distributor} as of {taken}, {manifest.orders} orders{newest}"
