"""`broker-user`: a name and a password at the broker for one process that takes orders."""

import argparse
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Final

from broker.contract.access import is_hub
from broker.embedded import Credentials
from hub.base.commands import CommandError, add_folder, example
from hub.run.config import Settings, settings_of
from hub.run.config.settings import PREFIX

_MODE: Final = 0o600
_BYTES: Final = 32
_STANDARD_OUTPUT: Final = "-"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "broker-user",
        help="let a process that takes orders in at a broker of one's own",
        description="Makes a password for `hub`, or `hub-1` to `hub-99` where several processes "
        "take orders, lets it in at the broker, and writes both into FILE as variables for `run`, "
        "its owner's to read. Asked again it makes another one: start that process again then.",
        epilog=example("broker-user hub-1 /etc/orderwire-hub/hub-1.env"),
    )
    parser.add_argument("user", metavar="USER", help="hub, or hub-1 to hub-99")
    parser.add_argument("file", metavar="FILE", help="where its variables go; -: standard output")
    add_folder(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Let the process in, and write what it needs."""
    if not is_hub(arguments.user):
        raise CommandError(f"{arguments.user} is none of hub, hub-1 to hub-99")
    settings = settings_of(arguments)
    password = secrets.token_urlsafe(_BYTES)
    text = f"{PREFIX}BROKER_USER={arguments.user}\n{PREFIX}BROKER_PASSWORD={password}\n"
    try:
        # First what it needs: a file that cannot be written must not cost it the password it has.
        if arguments.file == _STANDARD_OUTPUT:
            print(text, end="")
        else:
            _write(Path(arguments.file), text)
        Credentials(settings.folder / "broker").set(arguments.user, password)
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from error
    print(f"{arguments.user} is let in: start its process (again)", file=sys.stderr)
    _say_where_none_is_needed(settings)
    return 0


def _write(file: Path, text: str) -> None:
    """Write a secret, whole or not at all."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        os.fchmod(written.fileno(), _MODE)
        written.write(text)
    Path(draft).replace(file)


def _say_where_none_is_needed(settings: Settings) -> None:
    """Tell that a broker which the hub starts by itself lets it in by itself."""
    if not settings.broker_host:
        told = "broker_host is not set: the hub's own broker gets a new password at each start"
        print(told, file=sys.stderr)
