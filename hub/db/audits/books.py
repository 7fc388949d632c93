"""Runs all checks of the audit as of one moment."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection

from hub.base.clock import Clock
from hub.base.engine.database import Database
from hub.db.audits.decisions import Replay
from hub.db.audits.leases import find_leases
from hub.db.audits.packs import find_packs, note_set_up
from hub.db.audits.prices import note_alarms
from hub.db.audits.statements import MISSING_NUMBERS, SEQUENCE_GAPS, STATEMENTS, Statement
from hub.services.audit import Finding

_GAPS_SHOWN: Final = 10


class StoredBooks:
    """The books in the hub's database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def findings(self) -> Iterable[Finding]:
        """Check every promise, in the order they are told."""
        with self._database.read() as connection:
            yield from (_find(connection, statement) for statement in STATEMENTS)
            yield find_leases(connection, self._clock.now_ms())
            yield from Replay(connection).findings()
            yield from find_packs(connection)

    def notes(self) -> Sequence[str]:
        """Tell of numbers that have not come, of prices that differ, and of packs set up alone."""
        with self._database.read() as connection:
            gaps = connection.exec_driver_sql(SEQUENCE_GAPS).all()
            missing = [
                f"terminal {terminal}: of the numbers up to {last}, {last - count} have not come: "
                + self._missing(connection, terminal)
                for terminal, _, last, count in gaps
            ]
            return [*missing, *note_alarms(connection), *note_set_up(connection)]

    def _missing(self, connection: Connection, terminal: str) -> str:
        """Name the first numbers that are missing."""
        statement = self._database.sql(MISSING_NUMBERS)
        missing: list[str] = []
        expected = 1
        for (seq,) in connection.exec_driver_sql(statement, (terminal,)):
            missing += map(str, range(expected, min(seq, expected + _GAPS_SHOWN)))
            expected = seq + 1
            if len(missing) >= _GAPS_SHOWN:
                return ", ".join(missing[:_GAPS_SHOWN]) + " ..."
        return ", ".join(missing)


def _find(connection: Connection, check: Statement) -> Finding:
    """Make one check."""
    checked = connection.exec_driver_sql(f"SELECT count(*) FROM {check.of}").scalar_one()  # noqa: S608
    rows = connection.exec_driver_sql(check.broken).all()
    return Finding(check.promise, checked, [check.fault.format(*row) for row in rows])
