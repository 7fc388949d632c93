"""`products` and `product ...`: what is sold."""

from hub.desk.products.commands.products import add

__all__ = ["add"]
