"""`orders` and `order ...`: what was decided, and what staff do with it."""

from hub.desk.orders.commands.describing import add

__all__ = ["add"]
