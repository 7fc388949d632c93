"""`import KIND`: a file of masters, checked or taken."""

from hub.desk.imports.commands.files import add

__all__ = ["add"]
