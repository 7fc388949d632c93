"""What writes the files of reports: the page frame, as acts are handed it."""

from typing import Protocol

from hub.base.access import Session
from hub.base.transaction import Transaction
from hub.desk.reports.reads.sources import Asked


class WriteFile(Protocol):
    """Writes the file of a report for whoever a session is of."""

    def __call__(self, t: Transaction, asked: Asked, session: Session, *, kind: str) -> bytes:
        """Write it; raises UnansweredError."""
