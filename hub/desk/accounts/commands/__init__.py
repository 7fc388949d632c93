"""`accounts ageing` and `accounts statement`."""

from hub.desk.accounts.commands.describing import add

__all__ = ["add"]
