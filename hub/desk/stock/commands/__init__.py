"""`stock ...`: what there is, and what is done to it."""

from hub.desk.stock.commands.stock import add

__all__ = ["add"]
