"""Runs of imports: a file that somebody had read, and how far it is taken."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, cast

from sqlalchemy import insert, select, update

from hub.base.fields import Reason
from hub.base.jobs import enqueue
from hub.base.sheets import Sheet, SheetRow, read_sheet
from hub.base.transaction import Transaction
from hub.desk.imports.model import RowOutcome, State, map_columns
from hub.desk.imports.store.registry import KINDS
from hub.desk.imports.tables import import_run

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
class Run:
    """A run with its file; `anyway` takes rows also where others look the same."""

    id: int
    kind: str
    file: str
    body: str
    columns: Mapping[str, str]
    anyway: bool
    by: str
    state: State
    next_row: int

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
    anyway: bool,
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
        "anyway": anyway,
        "by": t.actor,
        "at": t.at_ms,
        "state": "checked",
        "next_row": 0,
    }
    made = t.connection.execute(insert(import_run).values(row)).inserted_primary_key
    assert made is not None  # noqa: S101  # an insert of one row has a key
    return Run(int(made[0]), kind, file, body, columns, anyway, t.actor, "checked", 0)


def find_run(t: Transaction, run: int) -> Run | None:
    """Lock and read a run; None where there is none of this id."""
    query = select(import_run).where(import_run.c.id == run).with_for_update()
    row = t.connection.execute(query).first()
    if row is None:
        return None
    state, columns = cast("State", row.state), json.loads(row.columns)
    return Run(
        row.id, row.kind, row.file, row.body, columns, row.anyway, row.by, state, row.next_row
    )


def start_run(t: Transaction, run: Run) -> None:
    """Have a run taken by the jobs, from its first row on."""
    move_run(t, run, "running", next_row=0)


def move_run(t: Transaction, run: Run, state: State, *, next_row: int) -> Run:
    """Keep how far a run is, and have the jobs take what is left of it."""
    own = import_run.c.id == run.id
    t.connection.execute(update(import_run).where(own).values(state=state, next_row=next_row))
    if state == "running":
        payload = {"run": run.id, "next": next_row}
        enqueue(t, APPLY, f"{run.id}:{next_row}", payload=payload, due_at_ms=t.at_ms)
    t.changed(TOPIC)
    return replace(run, state=state, next_row=next_row)
