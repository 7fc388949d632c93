"""The audit's queries: one module for each part of the books."""

from hub.db.audits.books import StoredBooks

__all__ = ["StoredBooks"]
