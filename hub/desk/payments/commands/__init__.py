"""`payment take`, what becomes of it, and what is given back or given up."""

from hub.desk.payments.commands.describing import add

__all__ = ["add"]
