"""The database: connections, column types, and how its schema is brought up to date."""

from sqlalchemy import Connection

__all__ = ["Connection"]
