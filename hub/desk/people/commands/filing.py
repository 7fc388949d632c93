"""`customer file`, `product file` and their like: keep a file at a record, list them, end one."""

import argparse
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from hub.base.access import EVERYTHING, Permission, Scope
from hub.base.commands import CommandError, NotDoneError, add_folder, example, opened
from hub.base.engine import Connection
from hub.base.fields import Refused
from hub.base.ground import Ground
from hub.base.kept.files import Files, KeptFile, SentFile, read_files
from hub.base.kept.kinds import LARGEST
from hub.desk.people.commands.proving import add_by, prove_user


class SeeRecord(Protocol):
    """Says whether somebody sees a record."""

    def __call__(
        self, connection: Connection, ground: Ground, key: str, /, *, scope: Scope
    ) -> bool:
        """Look for the record of this key."""


@dataclass(frozen=True, slots=True)
class FilesOf:
    """The files of a noun's records for commands: `see` says whether somebody sees a record.

    `such` is the code of one, for the examples.
    """

    noun: str
    topic: str
    change: Permission
    such: str
    see: SeeRecord


def add_file_commands(
    inner: "argparse._SubParsersAction[argparse.ArgumentParser]", of: FilesOf
) -> None:
    """Describe the commands beside a noun's others."""
    named = inner.add_parser(
        "files", help="list the files kept at it", epilog=example(f"{of.noun} files {of.such}")
    )
    named.add_argument("key", metavar=of.noun.upper(), help="its code")
    named.add_argument("--json", action="store_true", help="one JSON object a line")
    named.set_defaults(run=partial(_run_list, of=of))
    keep = inner.add_parser(
        "file",
        help="keep a file at it: a PDF, a JPEG or a PNG; or end one by its number",
        epilog=example(f"{of.noun} file {of.such} licence.pdf --title Licence --by asha"),
    )
    keep.add_argument("key", metavar=of.noun.upper(), help="its code")
    what = keep.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="FILE", help="what is kept")
    what.add_argument("--end", type=int, metavar="NUMBER", help="take this one away")
    keep.add_argument("--title", default="", help="what it is; its name, if left out")
    keep.add_argument("--reason", default="", help="why it is taken away")
    add_by(keep)
    keep.set_defaults(run=partial(_run_keep, of=of))
    for parser in (named, keep):
        add_folder(parser)


def _run_list(arguments: argparse.Namespace, *, of: FilesOf) -> int:
    with opened(arguments) as ground, ground.database.read() as connection:
        _see(connection, ground, arguments.key, of=of, scope=EVERYTHING)
        found = [one for one in read_files(connection, of.noun, arguments.key) if one.in_force]
    for one in found:
        if arguments.json:
            print(json.dumps({"file": one.id, "title": one.title, "name": one.name}))
        else:
            print(f"{one.id:>6}  {one.kind:<4} {one.bytes / 1000:>8,.0f} kB  {one.title}")
    return 0


def _run_keep(arguments: argparse.Namespace, *, of: FilesOf) -> int:
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, of.change)
        with ground.database.read() as connection:
            _see(connection, ground, arguments.key, of=of, scope=scope)
        files, who = ground.part(Files), {"by": account.name, "topic": of.topic}
        if arguments.end is not None:
            why = arguments.reason
            _done(files.end(of.noun, arguments.key, arguments.end, **who, why=why))
            print(f"file {arguments.end} is taken away")
            return 0
        sent = SentFile(_read(arguments.file), arguments.file.name, arguments.title)
        kept = _done(files.add(of.noun, arguments.key, sent, **who))
        print(f"file {kept.id}: {kept.title}")
    return 0


def _see(connection: Connection, ground: Ground, key: str, *, of: FilesOf, scope: Scope) -> None:
    if not of.see(connection, ground, key, scope=scope):
        raise CommandError(f"there is no {of.noun} {key}")


def _read(file: Path) -> bytes:
    """Read what is sent, no more of it than shows that it is too large; raises CommandError."""
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def _done(done: KeptFile | Refused) -> KeptFile:
    if isinstance(done, Refused):
        raise NotDoneError(done)
    return done
