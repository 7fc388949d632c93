"""`pack ...`: the versions of the rule pack on the command line."""

from hub.desk.rulepacks.commands.commands import add

__all__ = ["add"]
