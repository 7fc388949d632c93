"""`pack ...`: the versions of the rule pack on the command line."""

from hub.cli.packs.commands import add

__all__ = ["add"]
