"""`invoice make`, `cancel`, `credit` and `show`."""

from hub.desk.invoices.commands.describing import add

__all__ = ["add"]
