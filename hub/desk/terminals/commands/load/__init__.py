"""`load`: a distributor's folder, read and checked."""

from hub.desk.terminals.commands.load.load import add

__all__ = ["add"]
