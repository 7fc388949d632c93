"""`field beat`, `walk`, `visits` and `performance`."""

from hub.desk.field.commands.describing import add

__all__ = ["add"]
