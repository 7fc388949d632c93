"""`payment take`, `clear`, `deposit`, `bounce`, `allocate` and `void`."""

from hub.desk.payments.commands.describing import add

__all__ = ["add"]
