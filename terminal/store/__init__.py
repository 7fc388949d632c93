"""What the terminal keeps: one SQLite file for its records, one for the catalogue."""

from terminal.store.audit import AuditReport, audit, read_records, stored_columns
from terminal.store.store import Store, StoreInUseError

__all__ = ["AuditReport", "Store", "StoreInUseError", "audit", "read_records", "stored_columns"]
