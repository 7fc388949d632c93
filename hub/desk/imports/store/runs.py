"""Runs of imports: a file that somebody had read, and how far it is taken."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final, cast

from sqlalchemy import delete, insert, select, update

from hub.base.engine.database import Database
from hub.base.fields import Reason
from hub.base.ids import new_id
from hub.base.jobs import enqueue
from hub.base.sheets import Sheet, SheetRow, read_sheet
from hub.base.transaction import Transaction
from hub.desk.imports.model import Dates, RowOutcome, State, map_columns, write_told
from hub.desk.imports.store.registry import KINDS
from hub.desk.imports.tables import import_outcome, import_run

APPLY: Final = "imports.apply"
LOOK: Final = "imports.look"
TOPIC: Final = "imports"


@dataclass(frozen=True, slots=True, eq=False)
class FileRead:
    """A file as a table, and all its rows in order, with what is wrong with broken ones."""

    sheet: Sheet
    rows: Sequence[SheetRow | RowOutcome]


def read_file(body: str) -> FileRead:
    """Read a file."""
    sheet = read_sheet(body)
    broken = [
        RowOutcome(one.row, "", "refuse", reasons=(Reason("row_broken", {"text": one.text}),))
        for one in sheet.faults
    ]
    rows: list[SheetRow | RowOutcome] = [*sheet.rows, *broken]
    return FileRead(sheet, sorted(rows, key=line_of) if broken else rows)


@lru_cache(maxsize=4)
def file_of(database: Database, run: int) -> FileRead:
    """Read the file of a run that is kept; the newest stay, as many transactions want them."""
    with database.read() as connection:
        query = select(import_run.c.body).where(import_run.c.id == run)
        return read_file(connection.execute(query).scalar_one())


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
    """A run with what reads its file, how it is read, and how far it is looked at or taken.

    `chosen` are the lines of the rows that are to be taken, None for all. `by` is who handed the
    file over: the rows are taken in that person's name, and in that person's scope.
    """

    id: int
    kind: str
    file: str
    read: Callable[[], FileRead]
    columns: Mapping[str, str]
    reading: Reading
    by: str
    state: State
    next_row: int
    chosen: frozenset[int] | None = None


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


def read_run(
    t: Transaction,
    kind: str,
    body: str,
    *,
    file: str,
    given: Mapping[str, str] | None,
    reading: Reading,
    by: str,
) -> Run:
    """Make a run of a file that is not kept; raises SheetError, ColumnsError."""
    content = read_file(body)
    header = content.sheet.header
    known = remembered(t, kind, header) if given is None else given
    columns = map_columns(KINDS[kind].spec, header, known)
    return Run(0, kind, file, lambda: content, columns, reading, by, "checked", 0)


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
    run = read_run(t, kind, body, file=file, given=given, reading=reading, by=t.actor)
    row = {
        "kind": kind,
        "file": file[:200],
        "body": body,
        "header": json.dumps(list(run.read().sheet.header)),
        "columns": json.dumps(dict(run.columns), ensure_ascii=False),
        "anyway": reading.anyway,
        "dates": reading.dates,
        "by": t.actor,
        "at": t.at_ms,
        "state": "checked",
        "next_row": 0,
    }
    made = t.connection.execute(insert(import_run).values(row)).inserted_primary_key
    assert made is not None  # noqa: S101  # an insert of one row has a key
    return replace(run, id=int(made[0]))


def find_run(t: Transaction, run: int) -> Run | None:
    """Lock and read a run; None where there is none of this id."""
    columns = [one for one in import_run.c if one.name not in {"body", "header"}]
    query = select(*columns).where(import_run.c.id == run)
    row = t.connection.execute(query.with_for_update() if t.writes else query).first()
    if row is None:
        return None
    return Run(
        row.id,
        row.kind,
        row.file,
        partial(file_of, t.database, row.id),
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
    """Keep what would become of the next rows of a run, and have the jobs look at the rest."""
    if run.next_row == 0:
        t.connection.execute(delete(import_outcome).where(import_outcome.c.run_id == run.id))
    write_outcomes(t, run, outcomes)
    end = run.next_row + len(outcomes)
    done = end >= len(run.read().rows)
    own = import_run.c.id == run.id
    kept = {"next_row": end, "looked_at": t.at_ms if done else None}
    t.connection.execute(update(import_run).where(own).values(kept))
    if not done:
        payload = {"run": run.id, "next": end}
        # The same rows may be wanted again: a new process finds out first what is before them.
        enqueue(t, LOOK, new_id(t.at_ms), payload=payload, due_at_ms=t.at_ms)
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
