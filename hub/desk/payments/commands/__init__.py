"""`payment take`, `clear`, `deposit`, `bounce` and `allocate`."""

from hub.desk.payments.commands.describing import add

__all__ = ["add"]
