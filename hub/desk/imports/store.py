"""Rows of files taken into the masters, inside a given transaction; and the runs that do so."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from sqlalchemy import insert, select, update

from hub.base.access import Scope
from hub.base.jobs import Job, enqueue
from hub.base.sheets import Sheet, SheetRow, read_sheet
from hub.base.transaction import StoringError, Transaction
from hub.desk.imports.model import (
    Action,
    ImportKind,
    Kind,
    RowOutcome,
    State,
    map_columns,
    texts_of,
    write_told,
)
from hub.desk.imports.tables import import_outcome, import_run
from hub.desk.parties.model.cells import CellError, Reason, look_of_code, read_code
from hub.desk.parties.model.customers import Change, Kept, Refused
from hub.desk.parties.model.fields import FIELDS, write_fields
from hub.desk.parties.store.changing import alter_customer, place_customer
from hub.desk.parties.store.customers import find_customer

APPLY: Final = "imports.apply"
TOPIC: Final = "imports"
AT_ONCE: Final = 200
"""Rows of one transaction: orders wait for no more than these."""
CUSTOMERS: Final = ImportKind("customers", ("code", *FIELDS), ("code",))
KINDS: Final[Mapping[str, ImportKind]] = {"customers": CUSTOMERS}


@dataclass(frozen=True, slots=True)
class Run:
    """A run with its file; `anyway` takes rows also where others look the same."""

    id: int
    kind: Kind
    file: str
    body: str
    columns: Mapping[str, str]
    anyway: bool
    by: str
    state: State
    next_row: int

    def sheet(self) -> Sheet:
        """Read the file again: it is the text that was checked."""
        return read_sheet(self.body)


def remembered(t: Transaction, kind: Kind, header: Sequence[str]) -> Mapping[str, str]:
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
    kind: Kind,
    body: str,
    *,
    file: str,
    given: Mapping[str, str] | None,
    anyway: bool,
) -> Run:
    """Keep a file that can be read as this kind; raises SheetError, ColumnsError."""
    sheet = read_sheet(body)
    known = remembered(t, kind, sheet.header) if given is None else given
    columns = map_columns(KINDS[kind], sheet.header, known)
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
    kind, state = cast("Kind", row.kind), cast("State", row.state)
    columns = json.loads(row.columns)
    return Run(row.id, kind, row.file, row.body, columns, row.anyway, row.by, state, row.next_row)


def start_run(t: Transaction, run: Run) -> None:
    """Have a run taken by the jobs, from its first row on."""
    _move(t, run, "running", next_row=0)
    _want_next(t, run, 0)


def take_next(t: Transaction, run: Run, *, scope: Scope) -> Run:
    """Take the next rows of a run, keep what became of each, and want the rest done."""
    outcomes = list(take_rows(t, run, start=run.next_row, most=AT_ONCE, scope=scope))
    t.connection.execute(insert(import_outcome), [_row_of(run, one) for one in outcomes] or [])
    end = run.next_row + len(outcomes)
    if end >= len(rows_of(run)):
        return _move(t, run, "done", next_row=end)
    _want_next(t, run, end)
    return _move(t, run, "running", next_row=end)


def take_job(t: Transaction, job: Job, *, scope: Scope) -> None:
    """Take the next rows of a run, unless somebody has taken these already."""
    run = find_run(t, job.payload["run"])
    if run is not None and run.state == "running" and run.next_row == job.payload["next"]:
        take_next(t, run, scope=scope)


def rows_of(run: Run) -> Sequence[SheetRow | RowOutcome]:
    """Give every row of a run in the order of the file, and what is wrong with broken ones."""
    sheet = run.sheet()
    broken = [
        RowOutcome(one.row, "", "refuse", reasons=(Reason("row_broken", {"text": one.text}),))
        for one in sheet.faults
    ]
    return sorted([*sheet.rows, *broken], key=_line_of)


def _line_of(one: SheetRow | RowOutcome) -> int:
    return one.number if isinstance(one, SheetRow) else one.row


def take_rows(
    t: Transaction, run: Run, *, start: int, most: int, scope: Scope
) -> Iterator[RowOutcome]:
    """Take rows into the masters, each whole or not at all."""
    sheet, rows = run.sheet(), rows_of(run)
    first = _first_lines(run, sheet)
    for one in rows[start : start + most]:
        if isinstance(one, RowOutcome):
            yield one
            continue
        texts = texts_of(sheet.by_column(one), run.columns)
        key = texts.get("code", "")
        earlier = first.get(look_of_code(key.strip()), one.number)
        if earlier != one.number:
            yield _refuse(one.number, key, Reason("row_twice", {"key": key, "row": earlier}))
            continue
        try:
            with t.part():
                yield _take_customer(t, one.number, texts, run=run, scope=scope)
        except StoringError:
            yield _refuse(one.number, key, Reason("parent_below", {}, "parent"))


def _first_lines(run: Run, sheet: Sheet) -> Mapping[str, int]:
    """Give the line on which each code, or one that looks like it, stands first."""
    first: dict[str, int] = {}
    column = next(name for name, field in run.columns.items() if field == "code")
    place = sheet.header.index(column)
    for row in sheet.rows:
        first.setdefault(look_of_code(row.cells[place].strip()), row.number)
    return first


def _refuse(row: int, key: str, *reasons: Reason) -> RowOutcome:
    return RowOutcome(row, key[:200], "refuse", reasons=reasons)


def _take_customer(
    t: Transaction, row: int, texts: dict[str, str], *, run: Run, scope: Scope
) -> RowOutcome:
    """Add a customer, or change those fields of it that the row says something of."""
    try:
        code = read_code(texts.pop("code", ""))
    except CellError as error:
        return _refuse(row, "", error.reason._replace(field="code"))
    found = find_customer(t, code, scope=scope)
    if found is None:
        done = place_customer(t, code, texts, scope=scope, why=run.file, anyway=run.anyway)
        return _outcome(row, code, "add", done=done)
    now = write_fields(found)
    changes = {name: Change(now.get(name, ""), text) for name, text in texts.items()}
    done = alter_customer(t, code, changes, scope=scope, why=run.file)
    nothing = isinstance(done, Kept) and not done.changed and not done.waiting
    return _outcome(row, code, "same" if nothing else "change", done=done)


def _outcome(row: int, code: str, action: Action, *, done: Kept | Refused) -> RowOutcome:
    if isinstance(done, Refused):
        return replace(_refuse(row, code, *done.reasons), duplicates=done.duplicates)
    return RowOutcome(row, code, action, done.changed, done.waiting)


def _move(t: Transaction, run: Run, state: State, *, next_row: int) -> Run:
    own = import_run.c.id == run.id
    t.connection.execute(update(import_run).where(own).values(state=state, next_row=next_row))
    t.changed(TOPIC)
    return replace(run, state=state, next_row=next_row)


def _want_next(t: Transaction, run: Run, start: int) -> None:
    payload = {"run": run.id, "next": start}
    enqueue(t, APPLY, f"{run.id}:{start}", payload=payload, due_at_ms=t.at_ms)


def _row_of(run: Run, one: RowOutcome) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "row": one.row,
        "key": one.key,
        "action": one.action,
        "told": write_told(one),
    }
