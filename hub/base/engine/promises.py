"""Promises: what the audit checks of each noun, and how one statement makes a check."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: its name for programs, and its words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: rows looked at, and faults in plain words."""

    promise: Promise
    checked: int
    faults: Sequence[str]


Check = Callable[[Connection, int], Iterator[Finding]]
"""Checks promises as of one moment; the number is that moment in Unix milliseconds."""

Notes = Callable[[Connection], Sequence[str]]
"""Tells what is worth knowing and breaks no promise."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A check of one statement: `broken` selects what breaks it, `fault` words one row.

    `of` is the table of which the rows are counted.
    """

    promise: Promise
    of: str
    broken: str
    fault: str


def check_all(statements: Sequence[Statement]) -> Check:
    """Make the check that runs statements one after another."""

    def check(connection: Connection, _now_ms: int) -> Iterator[Finding]:
        for one in statements:
            counted = connection.exec_driver_sql(f"SELECT count(*) FROM {one.of}").scalar_one()  # noqa: S608
            rows = connection.exec_driver_sql(one.broken).all()
            yield Finding(one.promise, counted, [one.fault.format(*row) for row in rows])

    return check
