"""`python -m hub`: run the hub, load a distributor, look after rules, orders, terminals, users."""

import argparse
import sys
from collections.abc import Sequence

from hub.cli import audit, config, leases, load, orders, packs, run, terminal, user
from hub.cli.options import CommandError
from hub.config import ConfigError
from hub.db.engine import DatabaseUnreachableError
from hub.db.migrate import SchemaTooNewError
from rules.tools.signing import SigningKeyError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    parsed = parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except (
        CommandError,
        ConfigError,
        DatabaseUnreachableError,
        SchemaTooNewError,
        SigningKeyError,
    ) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


def parser() -> argparse.ArgumentParser:
    """Describe every command."""
    whole = argparse.ArgumentParser(
        prog="python -m hub",
        description=__doc__,
        epilog="example: python -m hub run --data ./hub-files",
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for module in (run, load, packs, user, terminal, orders, leases, audit, config):
        module.add(commands)
    return whole


if __name__ == "__main__":
    sys.exit(main())
