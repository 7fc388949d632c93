"""What a broken promise leaves: seed, options, logs and databases in one file, to play it again."""

import json
import subprocess
import tarfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from simulators.errors import InputFileError
from simulators.scenarios.town.options import FleetOptions, options_of

FORMAT: Final = 1
NAME: Final = "bundle.tar.gz"
_HEAD: Final = "bundle.json"
_LARGEST_HEAD: Final = 5_000_000
_LEFT_OUT: Final = frozenset({NAME, "sign-ins.txt", "postgresql", "terminals", "signing"})
"""Passwords and keys stay where they are, and a database server's files mean nothing elsewhere."""


def write_bundle(
    folder: Path, options: FleetOptions, *, said: dict[str, Any], complaints: Sequence[str]
) -> Path:
    """Write what is needed to look into a run and to play it again; gives the file."""
    head = {
        "format": FORMAT,
        "software": software(),
        "commit": _commit(),
        "options": options.document(),
        "said": said,
        "complaints": list(complaints),
    }
    (folder / _HEAD).write_text(json.dumps(head, indent=1), "utf-8")
    file = folder / NAME
    with tarfile.open(file, "w:gz", compresslevel=1) as bundle:
        bundle.add(folder / _HEAD, _HEAD)
        for path in sorted(folder.iterdir()):
            if path.name not in _LEFT_OUT and path.name != _HEAD:
                bundle.add(path, path.name, filter=_without_secrets)
    return file


def read_bundle(file: Path) -> FleetOptions:
    """Read how a run of a bundle was started; raises InputFileError for another version's."""
    try:
        with tarfile.open(file, "r:gz") as bundle:
            member = bundle.next()
            if member is None or member.name != _HEAD or member.size > _LARGEST_HEAD:
                raise InputFileError(f"{file}: no bundle of `sim fleet`")
            read = bundle.extractfile(member)
            head = json.loads(read.read()) if read else {}
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise InputFileError(f"{file}: no bundle of `sim fleet`: {error}") from error
    if head.get("format") != FORMAT or head.get("software") != software():
        raise InputFileError(
            f"{file}: a bundle of {head.get('software')}, format {head.get('format')}; this is "
            f"{software()}, format {FORMAT}: play it with commit {head.get('commit')}"
        )
    try:
        return options_of(head["options"])
    except (KeyError, TypeError) as error:
        raise InputFileError(f"{file}: its options cannot be read: {error}") from error


def software() -> str:
    """Name this version."""
    try:
        return f"orderwire {version('orderwire')}"
    except PackageNotFoundError:
        return "orderwire"


def _commit() -> str:
    """Name the commit that runs, empty where there is no repository."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip()


def _without_secrets(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    secret = member.name.endswith((".key", ".lock", "/passwd", "/acl"))
    return None if secret or not (member.isfile() or member.isdir()) else member
