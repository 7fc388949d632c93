"""What the commands share."""

import argparse


class CommandError(Exception):
    """A command cannot do what it was asked; the text says why."""


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Let a command be told where the hub's files are."""
    parser.add_argument("--data", metavar="DIR", help="the hub's folder (see `config`)")


def add_broker(parser: argparse.ArgumentParser) -> None:
    """Let a command be told where the broker is."""
    parser.add_argument("--broker-host", metavar="HOST", help="the broker that terminals use")
    parser.add_argument("--broker-port", metavar="PORT", help="its port (1883)")
