"""The hub's command line: every noun's commands, and the hub that they open."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from hub.base.access import EVERYTHING, has_sellers
from hub.base.clock import ClockError
from hub.base.commands import (
    CommandError,
    CommandParser,
    NotDoneError,
    add_broker,
    add_folder,
    called,
    example,
)
from hub.base.engine.database import Database, DatabaseUnreachableError, NotCopiedError
from hub.base.engine.migrate import SchemaTooNewError, SchemaTooOldError
from hub.base.engine.soundness import DatabaseDamagedError
from hub.base.fields.words import refusal_lines
from hub.base.ground import Ground
from hub.base.limits.machine import keep_new_files_private
from hub.base.papers import ChangedPaperError
from hub.desk.parties.reads import read_distributor
from hub.run import audit_command, backup_command, jobs_command, roles
from hub.run.backup import BackupError
from hub.run.blocks import give_large_blocks_back
from hub.run.bootstrap import NOUNS, build_hub
from hub.run.config import ConfigError, Settings, settings_of, sourced
from hub.run.https import command as https_command
from hub.run.operating import broker_user_command, doctor_command, several_command
from rules.tools.build.signing import SigningKeyError

_HASTE_S: Final = "2"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status. What it writes is for its owner's eyes only."""
    keep_new_files_private()
    give_large_blocks_back()
    described, given = parser(), sys.argv[1:] if arguments is None else list(arguments)
    described.ask_of_sellers(partial(sells_alone, given))
    parsed = described.parse_args(given)
    try:
        return int(parsed.run(parsed))
    except (
        BackupError,
        ChangedPaperError,
        ClockError,
        CommandError,
        ConfigError,
        DatabaseDamagedError,
        DatabaseUnreachableError,
        NotCopiedError,
        SchemaTooNewError,
        SchemaTooOldError,
        SigningKeyError,
    ) as error:
        print(error, file=sys.stderr)
        return 2
    except (OperationalError, UnicodeDecodeError) as error:
        # Of rows the pages of which are sound, and their bytes are not.
        print(f"the database cannot be read: {_cause(error)}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


def _cause(error: OperationalError | UnicodeDecodeError) -> str:
    """Give the database's own words, without the statement and its rows."""
    return str(error.orig if isinstance(error, OperationalError) else error)


def sells_alone(given: Sequence[str]) -> bool:
    """Say whether the company sells alone at the hub that a command names, or no hub is there yet.

    Where that cannot be told, for whatever cause, help leaves nothing out. It waits for nothing: no
    page of a large file is looked at but those of the answer, and a silent server has two seconds.
    """
    named = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    add_folder(named)
    try:
        settings = settings_of(named.parse_known_args(given)[0])
        file = settings.database_file
        if file is not None and not file.exists():
            return True
        with closing(_open_at_once(settings)) as database, database.read() as opened:
            return not has_sellers(opened, scope=EVERYTHING)
    except (argparse.ArgumentError, ConfigError, OSError, SQLAlchemyError, ValueError):
        return False


def _open_at_once(settings: Settings) -> Database:
    """Open a database without a look at its pages, and without a long wait for its server."""
    if settings.database_file is not None:
        return Database(settings.database_url)
    url = make_url(settings.database_url).update_query_dict({"connect_timeout": _HASTE_S})
    return Database(url.render_as_string(hide_password=False))


def parser() -> CommandParser:
    """Describe every command of the hub."""
    described = CommandParser(
        prog=called(),
        description="Run the hub, load a distributor, look after rules, orders, terminals, users.",
        epilog=example("run --data ./hub-files"),
    )
    described.set_defaults(opener=open_hub)
    takes: argparse.ArgumentParser = described  # those below it are added to any parser
    commands = takes.add_subparsers(required=True, metavar="COMMAND")
    roles.add(commands)
    for noun in NOUNS:
        for add in noun.commands:
            add(commands)
    https_command.add(commands)
    audit_command.add(commands)
    jobs_command.add(commands)
    backup_command.add(commands)
    doctor_command.add(commands)
    broker_user_command.add(commands)
    several_command.add(commands, command=main)
    add_config(commands)
    return described


@contextmanager
def open_hub(arguments: argparse.Namespace, *, creating: bool) -> Iterator[Ground]:
    """Build the hub that a command is for; raises CommandError where there is none yet.

    Only a command that may make a hub brings an earlier version's books up, as `run` does.
    """
    settings = settings_of(arguments)
    file = settings.database_file
    if not creating and file is not None and not file.exists():
        raise CommandError(f"{file}: no hub is here; name its folder with --data, or load one")
    hub = build_hub(settings, upgrading=creating)
    try:
        yield hub.ground
    except NotDoneError as error:
        with hub.ground.database.read() as connection:
            money = read_distributor(connection).money
        raise CommandError("\n".join(refusal_lines(error.refused, money=money))) from error
    finally:
        hub.close()


def add_config(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command that shows the settings."""
    shows = commands.add_parser(
        "config",
        help="show every setting with its source",
        description="Settings come from hub.toml in the hub's folder, then from variables such as "
        "ORDERWIRE_HUB_HTTP_PORT, then from the command line.",
        epilog=example("config --data ./hub-files"),
    )
    add_folder(shows)
    add_broker(shows)
    shows.set_defaults(run=run_config)


def run_config(arguments: argparse.Namespace) -> int:
    """Show the settings."""
    for line in sourced(arguments).lines():
        print(line)
    return 0
