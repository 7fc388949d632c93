"""Runs of imports read for pages and commands: of oneself, and of the people whom one sees."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import Connection, Select, func, or_, select

from hub.base.access import Scope
from hub.base.sheets import read_sheet
from hub.desk.imports.model import Action, Dates, RowOutcome, read_told, write_rows
from hub.desk.imports.tables import import_edit, import_file, import_outcome, import_run
from hub.desk.people.tables import shown_users, user_account

_AT_ONCE: Final = 1_000
_COLUMNS: Final = tuple(one for one in import_run.c if one.name != "header")


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in a list; `counts` are of the rows so far, by what became or would become of them.

    `version` is the draft of the rule pack that was made of prices, `faults` why none was.
    """

    id: int
    kind: str
    file: str
    by: str
    at: int
    state: str
    next_row: int
    looked_at: int | None
    edition: int
    counts: Mapping[str, int]
    version: int | None = None
    faults: tuple[str, ...] = ()


def list_runs(
    connection: Connection, *, most: int, scope: Scope, user: str = ""
) -> Sequence[RunRow]:
    """Read the newest runs that somebody sees."""
    query = _seen(select(*_COLUMNS), scope, user).order_by(import_run.c.id.desc()).limit(most)
    return [_run(connection, row) for row in connection.execute(query).all()]


def read_run(connection: Connection, run: int, *, scope: Scope, user: str = "") -> RunRow | None:
    """Read one run; None for who does not see it."""
    query = _seen(select(*_COLUMNS), scope, user).where(import_run.c.id == run)
    row = connection.execute(query).first()
    return None if row is None else _run(connection, row)


def read_outcomes(
    connection: Connection, run: int, *, action: Action, most: int, scope: Scope, user: str = ""
) -> Sequence[RowOutcome]:
    """Read what became of the first rows of a run that came to this."""
    outcomes = each_outcome(connection, run, action=action, scope=scope, user=user)
    return list(islice(outcomes, most))


def read_outcome(
    connection: Connection, run: int, line: int, *, scope: Scope, user: str = ""
) -> RowOutcome | None:
    """Read what became of the row that begins on a line; None where nothing is known of it."""
    table = import_outcome.c
    query = _seen(select(import_outcome), scope, user).where(table.run_id == run, table.row == line)
    query = query.join(import_run, import_run.c.id == table.run_id)
    row = connection.execute(query).first()
    if row is None:
        return None
    return read_told(row.row, row.key, cast("Action", row.action), told=row.told)


def each_outcome(
    connection: Connection,
    run: int,
    *,
    action: Action | None = None,
    scope: Scope,
    user: str = "",
) -> Iterator[RowOutcome]:
    """Read what became of every row of a run, one by one, of those of one action or of all."""
    table = import_outcome.c
    query = _seen(select(import_outcome), scope, user).where(table.run_id == run)
    query = query.join(import_run, import_run.c.id == table.run_id).order_by(table.row)
    if action is not None:
        query = query.where(table.action == action)
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield read_told(row.row, row.key, cast("Action", row.action), told=row.told)


@dataclass(frozen=True, slots=True)
class HowRead:
    """How the file of a run is read: its columns, the order of its dates, and what is in doubt."""

    columns: Mapping[str, str]
    dates: Dates
    anyway: bool


def read_how(connection: Connection, run: int, *, scope: Scope, user: str = "") -> HowRead | None:
    """Read how a file is read; None for who does not see the run."""
    table = import_run.c
    query = _seen(select(table.columns, table.dates, table.anyway), scope, user).where(
        table.id == run
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return HowRead(json.loads(row.columns), cast("Dates", row.dates), bool(row.anyway))


def read_bad_rows(connection: Connection, run: int, *, scope: Scope, user: str = "") -> str | None:
    """Write exactly the rows that were refused, in the file's own columns; None for no run."""
    query = _seen(select(import_file.c.body), scope, user).where(import_run.c.id == run)
    query = query.join(import_run, import_run.c.id == import_file.c.run_id)
    body = connection.execute(query).scalar()
    if body is None:
        return None
    table = import_outcome.c
    lines = set(
        connection.execute(
            select(table.row).where(table.run_id == run, table.action == "refuse")
        ).scalars()
    )
    edits = import_edit.c
    mended = select(edits.row, edits.cells).where(edits.run_id == run, edits.cells.is_not(None))
    cells = {row.row: json.loads(row.cells) for row in connection.execute(mended)}
    return bad_rows(body, lines, cells)


def _seen(query: Select[Any], scope: Scope, user: str) -> Select[Any]:
    """Have somebody see their own runs and their sellers' people's; all who sees the network."""
    if scope.sees_network:
        return query
    people = select(user_account.c.name).where(shown_users(scope))
    return query.where(or_(import_run.c.by == user, import_run.c.by.in_(people)))


def bad_rows(body: str, lines: set[int], mended: Mapping[int, Sequence[str]] | None = None) -> str:
    """Write the rows that begin on these lines, in the file's own columns, as they are mended."""
    sheet = read_sheet(body).with_rows(mended or {})
    rows = [(one.number, one.cells) for one in (*sheet.rows, *sheet.broken)]
    chosen = [cells for number, cells in sorted(rows) if number in lines]
    return write_rows(sheet.header, chosen, sheet.delimiter)


def _run(connection: Connection, row: object) -> RunRow:
    values = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 -- a row of the query
    table = import_outcome.c
    counted = connection.execute(
        select(table.action, func.count())
        .where(table.run_id == values["id"])
        .group_by(table.action)
    )
    counts = Counter(dict(map(tuple, counted)))
    names = ("id", "kind", "file", "by", "at", "state", "next_row", "looked_at", "edition")
    made = json.loads(values["made"] or "{}")
    return RunRow(
        **{name: values[name] for name in names},
        counts=counts,
        version=made.get("version"),
        faults=tuple(made.get("faults", ())),
    )
