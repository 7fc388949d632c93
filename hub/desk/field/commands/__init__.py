"""`field beat`, `walk`, `visits`, `tasks`, `settle`, `survey`, `answers` and `performance`."""

from hub.desk.field.commands.describing import add

__all__ = ["add"]
