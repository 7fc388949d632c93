"""`backup` and `restore`: the hub's books and keys as one file, and back."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from broker.embedded import FolderInUseError, hold_folder
from hub.base.clock import SystemClock
from hub.base.commands import CommandError, add_folder, example, opened
from hub.run.backup import (
    DATABASE,
    Manifest,
    begin_life,
    find_newer,
    open_books,
    read_manifest,
    restore_backup,
    take_backup,
)
from hub.run.config import Settings, settings_of
from hub.run.operating.last_backup import note_backup


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    _add_backup(commands)
    _add_restore(commands)


def _add_backup(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "backup",
        help="write books and keys into one file, while the hub runs",
        description="The file has everything a new machine needs: orders, stock, rules, users, "
        "photos, files of records, the signing key, who may connect. It is checked before it gets "
        "its name, and holds secrets: its owner alone may read it. Books of an earlier version are "
        "taken as they are. Those on PostgreSQL are copied with pg_dump: the command says what "
        "belongs beside.",
        epilog=example("backup /media/usb/orderwire-monday.tar"),
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="where to, a new file")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_folder(parser)
    parser.set_defaults(run=_backup)


def _backup(arguments: argparse.Namespace) -> int:
    """Take a backup."""
    settings = settings_of(arguments)
    folder, named = settings.folder, settings.named_files
    with open_books(settings) as database:
        manifest = take_backup(database, folder, arguments.file, clock=SystemClock(), named=named)
    note_backup(folder, arguments.file, taken_at=manifest.taken_at)
    told = {"file": str(arguments.file), **asdict(manifest)}
    print(json.dumps(told) if arguments.json else f"{arguments.file}: {_described(manifest)}")
    for path in named:
        if not path.resolve().is_relative_to(folder.resolve()):
            print(f"not in it, as it is not in {folder}: {path}", file=sys.stderr)
    return 0


def _described(manifest: Manifest) -> str:
    """Say what is in a backup."""
    taken = datetime.fromtimestamp(manifest.taken_at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    newest = f", the newest {manifest.newest_order}" if manifest.newest_order else ""
    return f"{manifest.distributor} as of {taken}, {manifest.orders} orders{newest}"


def _add_restore(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "restore",
        help="put a backup back; what is there is set aside",
        description="Refuses a hub that runs. Afterwards the hub knows that it was restored, and "
        "`audit` names every terminal that it has still to hear of.",
        epilog=example("restore /media/usb/orderwire-monday.tar --yes"),
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("file", metavar="FILE", type=Path, nargs="?", help="what `backup` wrote")
    which.add_argument(
        "--put-back",
        action="store_true",
        help="the books were put back by other means, as pg_restore: begin a new life of them",
    )
    parser.add_argument(
        "--yes", action="store_true", help="also where a hub with newer or unreadable books is"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    add_folder(parser)
    parser.set_defaults(run=_restore)


def _restore(arguments: argparse.Namespace) -> int:
    """Put a backup back."""
    if arguments.put_back:
        return _put_back(arguments)
    settings = settings_of(arguments)
    manifest = read_manifest(arguments.file)
    with ExitStack() as stack:
        _hold(settings.folder, stack)
        _see_what_is_there(settings, manifest, sure=arguments.yes)
        done = restore_backup(arguments.file, settings.folder, clock=SystemClock())
        note_backup(settings.folder, arguments.file, taken_at=done.manifest.taken_at)
    _warn_of_other_books(arguments)
    if arguments.json:
        told = {**asdict(done), "set_aside": str(done.set_aside) if done.set_aside else None}
        print(json.dumps(told))
        return 0
    print(f"restored {_described(done.manifest)}")
    if done.set_aside is not None:
        print(f"what was here before is in {done.set_aside}")
    _tell_what_follows(done.terminals)
    return 0


def _put_back(arguments: argparse.Namespace) -> int:
    """Begin a new life of books that were put back by other means."""
    with ExitStack() as stack:
        _hold(settings_of(arguments).folder, stack)
        ground = stack.enter_context(opened(arguments, creating=True))
        now_ms = ground.clock.now_ms()
        begun, terminals = begin_life(ground.database, backup_at=now_ms, now_ms=now_ms)
    if arguments.json:
        print(json.dumps({"incarnation": asdict(begun), "terminals": terminals}))
        return 0
    print(f"the books of {ground.database.where} begin a new life")
    _tell_what_follows(terminals)
    return 0


def _hold(folder: Path, stack: ExitStack) -> None:
    """Keep the folder from a hub and from a broker until the end; raises CommandError."""
    try:
        stack.enter_context(hold_folder(folder, "hub"))
        stack.enter_context(hold_folder(folder / "broker", "broker"))
    except FolderInUseError as error:
        raise CommandError(f"{error}: stop it first") from error
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror}") from error


def _tell_what_follows(terminals: Sequence[str]) -> None:
    print(f"it has still to hear of {len(terminals)} terminals: {', '.join(terminals)}")
    print("until then orders of their customers wait; `terminal settle` lets them go on without")
    print(
        "what people entered after that moment is not in it: orders of the desk, deliveries, "
        "invoices, payments, claims, users, passwords. Numbers of documents since would be given "
        "again: if papers have any, move their series on first, by `invoice move-on` or at "
        "/invoices/series"
    )
    print("everybody has to sign in again, and links of partners that were not used open nothing")


def _warn_of_other_books(arguments: argparse.Namespace) -> None:
    """Tell where the settings that were put back name other books than those put back."""
    settings = settings_of(arguments)
    books = settings.folder / DATABASE
    file = settings.database_file
    if file is None or file.resolve() != books.resolve():
        print(
            f"CAREFUL: the settings name {settings.safe_database} for the books, and those of the "
            f"backup are in {books}: take `database` out of hub.toml, or a hub goes on with others",
            file=sys.stderr,
        )


def _see_what_is_there(settings: Settings, manifest: Manifest, *, sure: bool) -> None:
    """Stop at books that a restore would set aside unasked; raises BackupError, CommandError."""
    file = settings.database_file
    if file is None:
        raise CommandError(
            f"{settings.safe_database} is a server's: put it back with "
            "pg_restore, and then `restore --put-back`"
        )
    if not file.exists():
        return
    newer = find_newer(file, manifest)
    if sure or newer == (0, 0):
        return
    if newer is None:
        found = "books that cannot be read"
    elif newer.orders > 0:
        found = f"{newer.orders} orders more than the backup"
    else:
        found = f"{newer.rows} changes of after the backup was taken (money, stock, settings)"
    raise CommandError(
        f"{file.parent} has {found}: they would be set aside, not deleted; say --yes to go on"
    )
