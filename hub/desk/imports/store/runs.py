"""Runs of imports: a file that somebody had read, and how far it is taken."""

import json
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final, cast, overload

from sqlalchemy import Connection, delete, insert, select, update

from hub.base.engine.database import Database
from hub.base.fields import Reason
from hub.base.ids import new_id
from hub.base.jobs import enqueue
from hub.base.sheets import Rows, Sheet, SheetRow, read_sheet
from hub.base.transaction import Transaction
from hub.desk.imports.model import (
    ColumnsError,
    Dates,
    RowOutcome,
    State,
    guess_columns,
    map_columns,
    write_told,
)
from hub.desk.imports.store.registry import KINDS
from hub.desk.imports.tables import import_edit, import_file, import_outcome, import_run

APPLY: Final = "imports.apply"
DRAFT: Final = "imports.draft"
LOOK: Final = "imports.look"
TOPIC: Final = "imports"


@dataclass(frozen=True, slots=True, eq=False)
class FileRead:
    """A file as a table, and all its rows in order, with what is wrong with broken ones."""

    sheet: Sheet
    rows: Sequence[SheetRow | RowOutcome]


class _AllRows(Sequence[SheetRow | RowOutcome]):
    """The whole rows of a table and its broken ones, in the order of their lines."""

    def __init__(self, rows: Rows, broken: Mapping[int, RowOutcome]) -> None:
        self._rows, self._broken = rows, broken
        self._lines = sorted(broken)

    def __len__(self) -> int:
        return len(self._rows) + len(self._lines)

    @overload
    def __getitem__(self, index: int) -> SheetRow | RowOutcome: ...

    @overload
    def __getitem__(self, index: slice) -> list[SheetRow | RowOutcome]: ...

    def __getitem__(
        self, index: int | slice
    ) -> SheetRow | RowOutcome | list[SheetRow | RowOutcome]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        # So many broken rows stand before the whole row that would be at this place.
        before = bisect_left(self._lines, 0, key=lambda line: self._place(line) - place)
        if before < len(self._lines) and self._place(self._lines[before]) == place:
            return self._broken[self._lines[before]]
        return self._rows[place - before]

    def _place(self, line: int) -> int:
        """Give the place of a broken row among all rows."""
        return self._rows.count_before(line) + bisect_left(self._lines, line)


def read_file(body: str, mended: Mapping[int, Sequence[str]] | None = None) -> FileRead:
    """Read a file, its mended rows with the cells that they have now."""
    sheet = read_sheet(body).with_rows(mended or {})
    broken = {
        one.row: RowOutcome(
            one.row, "", "refuse", reasons=(Reason("row_broken", {"text": one.text}),)
        )
        for one in sheet.faults
    }
    return FileRead(sheet, _AllRows(sheet.rows, broken) if broken else sheet.rows)


@lru_cache(maxsize=4)
def file_of(database: Database, run: int, edition: int) -> FileRead:
    """Read the file of a run that is kept, with the rows that were mended up to an edition.

    The newest stay, as many transactions want them.
    """
    del edition
    with database.read() as connection:
        query = select(import_file.c.body).where(import_file.c.run_id == run)
        body = connection.execute(query).scalar_one()
        return read_file(body, cells_of(connection, run))


def cells_of(connection: Connection, run: int) -> Mapping[int, Sequence[str]]:
    """Read the cells of the rows of a run that were mended."""
    table = import_edit.c
    query = select(table.row, table.cells).where(table.run_id == run, table.cells.is_not(None))
    return {row.row: json.loads(row.cells) for row in connection.execute(query)}


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

    `chosen` are the lines of the rows that are to be taken, None for all; those of `sure` also
    where they look like something that is there. `by` is who handed the file over: the rows are
    taken in that person's name, and in that person's scope.
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
    sure: frozenset[int] = frozenset()

    @property
    def is_taken(self) -> bool:
        """Say whether every row was taken: what is left is to make a draft of them."""
        return self.next_row >= len(self.read().rows)


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
    ask: bool = False,
) -> Run:
    """Keep a file that can be read as this kind; raises SheetError, ColumnsError.

    With `ask` a file of columns that nobody knows is kept too: a person is asked what they are.
    """
    try:
        run = read_run(t, kind, body, file=file, given=given, reading=reading, by=t.actor)
    except ColumnsError:
        if not ask:
            raise
        content = read_file(body)
        header = content.sheet.header
        guessed = guess_columns(KINDS[kind].spec, header, given or remembered(t, kind, header))
        run = Run(0, kind, file, lambda: content, guessed, reading, t.actor, "mapping", 0)
    row = {
        "kind": kind,
        "file": file[:200],
        "header": json.dumps(list(run.read().sheet.header)),
        "columns": json.dumps(dict(run.columns), ensure_ascii=False),
        "anyway": reading.anyway,
        "dates": reading.dates,
        "by": t.actor,
        "at": t.at_ms,
        "state": run.state,
        "next_row": 0,
    }
    made = t.connection.execute(insert(import_run).values(row)).inserted_primary_key
    assert made is not None  # noqa: S101  # an insert of one row has a key
    # As a parameter: the statement of `values` would be kept, and the file with it.
    t.connection.execute(insert(import_file), {"run_id": int(made[0]), "body": body})
    return replace(run, id=int(made[0]))


def find_run(t: Transaction, run: int) -> Run | None:
    """Lock and read a run; None where there is none of this id."""
    columns = [one for one in import_run.c if one.name != "header"]
    query = select(*columns).where(import_run.c.id == run)
    row = t.connection.execute(query.with_for_update() if t.writes else query).first()
    if row is None:
        return None
    return Run(
        row.id,
        row.kind,
        row.file,
        partial(file_of, t.database, row.id, row.edition),
        json.loads(row.columns),
        Reading(bool(row.anyway), cast("Dates", row.dates)),
        row.by,
        cast("State", row.state),
        row.next_row,
        None if row.chosen is None else frozenset(json.loads(row.chosen)),
        _sure(t, row.id) if row.edition else frozenset(),
    )


def _sure(t: Transaction, run: int) -> frozenset[int]:
    """Read the lines of the rows of a run that are to be taken whatever they look like."""
    table = import_edit.c
    query = select(table.row).where(table.run_id == run, table.sure)
    return frozenset(t.connection.execute(query).scalars())


def read_otherwise(
    t: Transaction, run: Run, *, columns: Mapping[str, str], reading: Reading
) -> None:
    """Have the file of a run read with other columns or in another way; raises ColumnsError."""
    header = run.read().sheet.header
    mapped = map_columns(KINDS[run.kind].spec, header, columns)
    values = {
        "columns": json.dumps(dict(mapped), ensure_ascii=False),
        "anyway": reading.anyway,
        "dates": reading.dates,
    }
    t.connection.execute(update(import_run).where(import_run.c.id == run.id).values(values))
    _look_anew(t, run)


def mend_rows(
    t: Transaction, run: Run, rows: Mapping[int, Sequence[str] | None], *, sure: bool = False
) -> None:
    """Keep the cells that rows of a run have now; None leaves them as they are."""
    table = import_edit.c
    for line, cells in rows.items():
        own = (table.run_id == run.id) & (table.row == line)
        kept = None if cells is None else json.dumps(list(cells), ensure_ascii=False)
        before = t.connection.execute(select(table.cells, table.sure).where(own)).first()
        if before is None:
            values = {"run_id": run.id, "row": line, "cells": kept, "sure": sure}
            t.connection.execute(insert(import_edit).values(values))
        else:
            values = {"cells": kept or before.cells, "sure": sure or bool(before.sure)}
            t.connection.execute(update(import_edit).where(own).values(values))
    own_run = update(import_run).where(import_run.c.id == run.id)
    t.connection.execute(own_run.values(edition=import_run.c.edition + 1))
    _look_anew(t, run)


def _look_anew(t: Transaction, run: Run) -> None:
    """Forget what would become of a run's rows: it has to be found out again."""
    t.connection.execute(delete(import_outcome).where(import_outcome.c.run_id == run.id))
    values = {"state": "checked", "next_row": 0, "looked_at": None, "made": None}
    t.connection.execute(update(import_run).where(import_run.c.id == run.id).values(values))
    t.changed(TOPIC)


def start_run(t: Transaction, run: Run, chosen: Collection[int] | None = None) -> None:
    """Have a run taken by the jobs, from its first row on: these rows of it, or all."""
    own = import_run.c.id == run.id
    kept = None if chosen is None else json.dumps(sorted(chosen))
    t.connection.execute(
        update(import_run).where(own).values(chosen=kept, looked_at=None, made=None)
    )
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


def move_run(t: Transaction, run: Run, state: State, *, next_row: int, job: str = APPLY) -> Run:
    """Keep how far a run is, and have the jobs do what is left of it."""
    own = import_run.c.id == run.id
    t.connection.execute(update(import_run).where(own).values(state=state, next_row=next_row))
    if state == "running":
        payload = {"run": run.id, "next": next_row}
        # A run whose draft had faults is taken once more: the same rows may be wanted again.
        enqueue(t, job, new_id(t.at_ms), payload=payload, due_at_ms=t.at_ms)
    t.changed(TOPIC)
    return replace(run, state=state, next_row=next_row)


def end_run(t: Transaction, run: Run, made: Mapping[str, object]) -> Run:
    """Keep what a run made; with faults it made nothing, and may be mended and taken again."""
    state: State = "checked" if "faults" in made else "done"
    values: dict[str, object] = {"state": state, "made": json.dumps(dict(made), ensure_ascii=False)}
    if state == "checked":
        values["looked_at"] = t.at_ms
    t.connection.execute(update(import_run).where(import_run.c.id == run.id).values(values))
    t.changed(TOPIC)
    return replace(run, state=state)
