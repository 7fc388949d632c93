"""`python -m hub`: run the hub, load a distributor, look after rules, orders, terminals, users."""

import argparse
import sys
from collections.abc import Sequence

from hub.base.commands import CommandError
from hub.base.engine.database import DatabaseUnreachableError
from hub.base.engine.migrate import SchemaTooNewError
from hub.cli import audit, config, leases, load, orders, packs, run, terminal, user
from hub.config import ConfigError
from rules.tools.signing import SigningKeyError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m hub",
        description=__doc__,
        epilog="example: python -m hub run --data ./hub-files",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (run, load, packs, user, terminal, orders, leases, audit, config):
        module.add(commands)
    parsed = parser.parse_args(arguments)
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


if __name__ == "__main__":
    sys.exit(main())
