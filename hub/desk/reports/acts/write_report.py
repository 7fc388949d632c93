"""Write the file of a report for a program, with the rights and the rows that it has."""

from dataclasses import dataclass, replace

from hub.base.access import Session
from hub.base.transaction import Transactions
from hub.desk.reports.reads.files import WriteFile
from hub.desk.reports.reads.sources import Asked


@dataclass(slots=True)
class WriteReport:
    """The act, with what it needs; it changes nothing."""

    transactions: Transactions
    write: WriteFile

    def __call__(self, asked: Asked, session: Session, *, kind: str, language: str) -> bytes:
        """Write it, `csv`, `xlsx` or `pdf`, in a language; raises UnansweredError."""
        reader = replace(session, language=language)
        with self.transactions.reading(at_ms=asked.now_ms) as t:
            return self.write(t, asked, reader, kind=kind)
