"""Runs of imports: a file that somebody had read, and how far it is taken."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, cast

from sqlalchemy import delete, insert, select, update

from hub.base.fields import Reason
from hub.base.jobs import enqueue
from hub.base.sheets import Sheet, SheetRow, read_sheet
from hub.base.transaction import Transaction
from hub.desk.imports.model import Dates, RowOutcome, State, map_columns, write_told
from hub.desk.imports.store.registry import KINDS
from hub.desk.imports.tables import import_outcome, import_run

APPLY: Final = "imports.apply"
TOPIC: Final = "imports"


@dataclass(frozen=True, slots=True, eq=False)
class FileRead:
    """A file as a table, and all its rows in order, with what is wrong with broken ones."""

    sheet: Sheet
    rows: Sequence[SheetRow | RowOutcome]


@lru_cache(maxsize=1)
def read_file(body: str) -> FileRead:
    """Read a file; the newest one stays, as a large one is taken in many transactions."""
    sheet = read_sheet(body)
    broken = [
        RowOutcome(one.row, "", "refuse", reasons=(Reason("row_broken", {"text": one.text}),))
        for one in sheet.faults
    ]
    rows: list[SheetRow | RowOutcome] = [*sheet.rows, *broken]
    return FileRead(sheet, sorted(rows, key=line_of) if broken else rows)


def line_of(one: SheetRow | RowOutcome) -> int:
    """Give the line on which a row begins."""
    return one.number if isinstance(one, SheetRow) else one.row


@dataclass(frozen=True, slots=True)
class Reading:
    """How a person wants a file read: rows also where others look the same, dates in an order."""

    anyway: bool = False
    dates: Dates = "year_month_day"


@dataclass(frozen=True, slots=True)
class Run:
    """A run with its file, how it is read, and how far it is taken.

    `chosen` are the lines of the rows that are to be taken, None for all.
    """

    id: int
    kind: str
    file: str
    body: str
    columns: Mapping[str, str]
    reading: Reading
    by: str
    state: State
    next_row: int
    chosen: frozenset[int] | None = None

    def read(self) -> FileRead:
        """Read the file again: it is the text that was checked."""
        return read_file(self.body)


def remembered(t: Transaction, kind: str, header: Sequence[str]) -> Mapping[str, str]:
    """Give how the columns of such a file were mapped the last time; nothing for a new header."""
    table = import_run.c
    query = (
        select(table.columns)
        .where(table.kind == kind, table.header == json.dumps(list(header)))
        .order_by(table.id.desc())
        .limit(1)
    )
    found = t.connection.execute(query).scalar()
    if found is None:
        return {}
    columns: dict[str, str] = json.loads(found)
    return {column: columns.get(column, "") for column in header}


def open_run(
    t: Transaction,
    kind: str,
    body: str,
    *,
    file: str,
    given: Mapping[str, str] | None,
    reading: Reading,
) -> Run:
    """Keep a file that can be read as this kind; raises SheetError, ColumnsError."""
    sheet = read_file(body).sheet
    known = remembered(t, kind, sheet.header) if given is None else given
    columns = map_columns(KINDS[kind].spec, sheet.header, known)
    row = {
        "kind": kind,
        "file": file[:200],
        "body": body,
        "header": json.dumps(list(sheet.header)),
        "columns": json.dumps(dict(columns), ensure_ascii=False),
        "anyway": reading.anyway,
        "dates": reading.dates,
        "by": t.actor,
        "at": t.at_ms,
        "state": "checked",
        "next_row": 0,
    }
    made = t.connection.execute(insert(import_run).values(row)).inserted_primary_key
    assert made is not None  # noqa: S101  # an insert of one row has a key
    return Run(int(made[0]), kind, file, body, columns, reading, t.actor, "checked", 0)


def find_run(t: Transaction, run: int) -> Run | None:
    """Lock and read a run; None where there is none of this id."""
    query = select(import_run).where(import_run.c.id == run).with_for_update()
    row = t.connection.execute(query).first()
    if row is None:
        return None
    return Run(
        row.id,
        row.kind,
        row.file,
        row.body,
        json.loads(row.columns),
        Reading(bool(row.anyway), cast("Dates", row.dates)),
        row.by,
        cast("State", row.state),
        row.next_row,
        None if row.chosen is None else frozenset(json.loads(row.chosen)),
    )


def start_run(t: Transaction, run: Run, chosen: Collection[int] | None = None) -> None:
    """Have a run taken by the jobs, from its first row on: these rows of it, or all."""
    own = import_run.c.id == run.id
    kept = None if chosen is None else json.dumps(sorted(chosen))
    t.connection.execute(update(import_run).where(own).values(chosen=kept, looked_at=None))
    t.connection.execute(delete(import_outcome).where(import_outcome.c.run_id == run.id))
    move_run(t, run, "running", next_row=0)


def keep_look(t: Transaction, run: Run, outcomes: Sequence[RowOutcome]) -> None:
    """Keep what would become of the rows of a run that is not taken yet."""
    t.connection.execute(delete(import_outcome).where(import_outcome.c.run_id == run.id))
    write_outcomes(t, run, outcomes)
    own = import_run.c.id == run.id
    t.connection.execute(update(import_run).where(own).values(looked_at=t.at_ms))
    t.changed(TOPIC)


def write_outcomes(t: Transaction, run: Run, outcomes: Sequence[RowOutcome]) -> None:
    """Keep what became of rows of a run."""
    columns = ("run_id", "row", "key", "action", "told")
    rows = [(run.id, one.row, one.key, one.action, write_told(one)) for one in outcomes]
    t.insert(import_outcome, columns, rows)


def move_run(t: Transaction, run: Run, state: State, *, next_row: int) -> Run:
    """Keep how far a run is, and have the jobs take what is left of it."""
    own = import_run.c.id == run.id
    t.connection.execute(update(import_run).where(own).values(state=state, next_row=next_row))
    if state == "running":
        payload = {"run": run.id, "next": next_row}
        enqueue(t, APPLY, f"{run.id}:{next_row}", payload=payload, due_at_ms=t.at_ms)
    t.changed(TOPIC)
    return replace(run, state=state, next_row=next_row)
