"""Slips on disk: queued -> sent -> printed, handed or unknown; never sent twice, copies say so."""

import sqlite3
from collections.abc import Callable
from typing import Final, Literal

from terminal.store.database import transaction
from terminal.store.records import NewSlip, SlipState, SpoolJob, seal

NoCopy = Literal["none", "waits"]
"""Why there is no copy: no slip was made, or the slip still waits for the printer."""

_COLUMNS: Final = "id, order_id, kind, revision, copy, body, state"
_REPORTS_KEPT: Final = 20
_OLD_REPORTS: Final = """
DELETE FROM slips WHERE order_id IS NULL AND state NOT IN ('queued', 'sent') AND id <=
    (SELECT id FROM slips WHERE order_id IS NULL ORDER BY id DESC LIMIT 1 OFFSET ?)
"""


def _as_it_was(job: SpoolJob) -> bytes:
    """Give what a slip said."""
    return job.body


class Spool:
    """The slips of one terminal."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, slip: NewSlip) -> bool:
        """Spool a slip; False where this very slip was made before.

        Of slips that are about no order only the newest are kept, once they were printed.
        """
        with transaction(self._db):
            if slip.order_id is None:
                self._db.execute(_OLD_REPORTS, (_REPORTS_KEPT,))
            return insert_slip(self._db, slip)

    def add_if_unanswered(self, slip: NewSlip) -> bool:
        """Spool the QUEUED slip, unless the answer came first."""
        with transaction(self._db):
            row = self._db.execute(
                "SELECT 1 FROM orders WHERE id = ? AND state = 'queued'", (slip.order_id,)
            ).fetchone()
            return row is not None and insert_slip(self._db, slip)

    def next_job(self) -> SpoolJob | None:
        """Give the oldest slip that waits for the printer."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM slips WHERE state = 'queued' ORDER BY id LIMIT 1"  # noqa: S608
        ).fetchone()
        return SpoolJob(*row) if row else None

    def mark(self, job_id: int, state: SlipState) -> bool:
        """Move a slip on; on disk when this returns. False where it was dropped meanwhile."""
        query = "UPDATE slips SET state = ? WHERE id = ? AND state <> 'dropped'"
        return bool(self._db.execute(query, (state, job_id)).rowcount)

    def put_back(self, job_id: int) -> None:
        """Have a slip wait again that was not sent after all, unless it is out of date by now."""
        self._db.execute(
            "UPDATE slips SET state = CASE WHEN kind = 'queued' AND EXISTS"
            " (SELECT 1 FROM answers WHERE answers.order_id = slips.order_id)"
            " THEN 'dropped' ELSE 'queued' END WHERE id = ?",
            (job_id,),
        )

    def give_up_sent(self) -> int:
        """Call every slip that was on its way when the terminal stopped unknown; count them.

        The printer may hold it still: sending it again could print it twice.
        """
        return self._db.execute("UPDATE slips SET state = 'unknown' WHERE state = 'sent'").rowcount

    def waiting(self) -> int:
        """Count the slips that are not on paper yet."""
        return self._count("'queued', 'sent'")

    def is_under_way(self) -> bool:
        """Tell whether a slip is on its way to the printer."""
        return self._count("'sent'") > 0

    def unknown(self) -> int:
        """Count the slips that may not be on paper and have no copy after them."""
        row = self._db.execute(
            "SELECT count(*) FROM slips WHERE state = 'unknown' AND NOT EXISTS (SELECT 1 FROM slips"
            " AS later WHERE later.order_id = slips.order_id AND later.id > slips.id"
            " AND later.state IN ('printed', 'handed'))"
        ).fetchone()
        return int(row[0])

    def queued_slip(self, order_id: str) -> SlipState | None:
        """Tell what became of an order's QUEUED slip, None where none was made."""
        query = "SELECT state FROM slips WHERE order_id = ? AND kind = 'queued' AND copy = 0"
        row = self._db.execute(query, (order_id,)).fetchone()
        return row[0] if row else None

    def copy_last(
        self, order_id: str | None, made_at: int, *, body: Callable[[SpoolJob], bytes] = _as_it_was
    ) -> SpoolJob | NoCopy:
        """Spool a copy of an order's newest slip, or of the newest slip of all.

        `body` gives what the copy says: it may say more than the slip. A notice that did not print
        by itself has its copy where its order is named, and is not the newest slip of all; a QUEUED
        slip that was answered first has none.
        """
        with transaction(self._db):
            row = self._db.execute(
                f"SELECT {_COLUMNS} FROM slips WHERE order_id IS NOT NULL"  # noqa: S608
                " AND (?1 IS NULL OR order_id = ?1) AND copy = 0"
                " AND (state <> 'dropped' OR kind = 'notice' AND order_id = ?1)"
                " ORDER BY id DESC LIMIT 1",
                (order_id,),
            ).fetchone()
            if row is None:
                return "none"
            job = SpoolJob(*row)
            if job.state in {"queued", "sent"}:
                return "waits"
            copy = 1 + self._copies(job)
            fields = (job.order_id, job.kind, job.revision, copy, body(job))
            self._db.execute(
                "INSERT INTO slips VALUES (NULL, ?, ?, ?, ?, ?, 'queued', ?, ?)",
                (*fields, made_at, seal(*fields)),
            )
            return job

    def _copies(self, job: SpoolJob) -> int:
        row = self._db.execute(
            "SELECT max(copy) FROM slips WHERE order_id = ? AND kind = ? AND revision = ?",
            (job.order_id, job.kind, job.revision),
        ).fetchone()
        return int(row[0])

    def _count(self, states: str) -> int:
        query = f"SELECT count(*) FROM slips WHERE state IN ({states})"  # noqa: S608  # own words
        return int(self._db.execute(query).fetchone()[0])


def insert_slip(connection: sqlite3.Connection, slip: NewSlip) -> bool:
    """Spool a slip inside the caller's transaction; False where it was made before."""
    fields = (slip.order_id, slip.kind, slip.revision, 0, slip.body)
    state: SlipState = "queued" if slip.prints else "dropped"
    return bool(
        connection.execute(
            "INSERT OR IGNORE INTO slips VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*fields, state, slip.made_at, seal(*fields)),
        ).rowcount
    )


def drop_unseen(connection: sqlite3.Connection, order_id: str) -> None:
    """Take an order's QUEUED slip out inside the caller's transaction, where nobody saw it yet.

    Its answer is there: both would come out of a printer that was away, the older one first.
    """
    connection.execute(
        "UPDATE slips SET state = 'dropped'"
        " WHERE order_id = ? AND kind = 'queued' AND state = 'queued'",
        (order_id,),
    )
