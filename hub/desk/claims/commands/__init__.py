"""`claim ...`: what the commands of claims are, and what they do."""

from hub.desk.claims.commands.describing import add

__all__ = ["add"]
