"""`config`: every setting, with where it came from."""

import argparse

from hub.base.commands import add_broker, add_folder
from hub.cli.options import sourced


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "config",
        help="show every setting with its source",
        description="Settings come from hub.toml in the hub's folder, then from variables such as "
        "ORDERWIRE_HUB_HTTP_PORT, then from the command line.",
        epilog="example: python -m hub config --data ./hub-files",
    )
    add_folder(parser)
    add_broker(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the settings."""
    for line in sourced(arguments).lines():
        print(line)
    return 0
