"""`customers` and `customer ...`: who buys, and what people do with them."""

from hub.desk.parties.commands.describing import add

__all__ = ["add"]
