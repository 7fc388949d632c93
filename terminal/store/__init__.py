"""What the terminal keeps: one SQLite file for its records, one for the catalogue."""

from terminal.store.audit import AuditReport, audit, read_records
from terminal.store.store import Store

__all__ = ["AuditReport", "Store", "audit", "read_records"]
