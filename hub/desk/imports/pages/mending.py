"""What a person mends of a file at a page: what its columns are, and cells of its rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.fields.words import sentence
from hub.base.sheets import Sheet
from hub.base.words import PageWords
from hub.desk.imports.model import (
    DATES,
    ColumnsError,
    Dates,
    ImportKind,
    RowOutcome,
    guess_columns,
)
from hub.desk.imports.pages.own_runs import Acts, Importer, list_fields, see_own
from hub.desk.imports.reads import HowRead, RunRow, read_how, read_outcome
from hub.desk.imports.store import KINDS, Reading, file_of
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.site import Site, SiteOf

router = Router()
_SAMPLES: Final = 3
_LONGEST: Final = 2_000
_MOST_CELLS: Final = 300
"""Cells that one page offers to mend: a form has bounds."""
_CODE: Final = "code"
_DOUBTS: Final = frozenset({"customer_may_be_there", "batch_past_expiry"})
"""Reasons that a person may set aside: the row is taken as it is."""
Cells = Annotated[list[Annotated[str, Form(max_length=_LONGEST)]], Form(max_length=_MOST_CELLS)]
Places = Annotated[list[Annotated[str, Form(max_length=40)]], Form(max_length=_MOST_CELLS)]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell to be mended: `at` is its row and column, `wrong` says that a reason names it."""

    at: str
    label: str
    text: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file with what its columns are, as a page shows cells of it."""

    sheet: Sheet
    how: HowRead
    spec: ImportKind

    def cells_of(self, line: int) -> Sequence[str] | None:
        """Give the cells of the row that begins on a line, one for each column; None for no row."""
        for one in (*self.sheet.rows, *self.sheet.broken):
            if one.number == line:
                columns = len(self.sheet.header)
                return (*one.cells, *[""] * columns)[:columns]
        return None

    def cells(
        self, one: RowOutcome, words: PageWords, fields: Iterable[str] | None = None
    ) -> list[Cell]:
        """Give cells of a row to be mended: of these fields, or all."""
        there = self.cells_of(one.row) or ()
        wrong = {reason.field for reason in one.reasons}
        wanted = None if fields is None else set(fields)
        cells = []
        for index, (column, text) in enumerate(zip(self.sheet.header, there, strict=False)):
            name = self.how.columns.get(column, "")
            if wanted is None or name in wanted:
                label = words.named(self.spec.words, name) if name else column
                cells.append(Cell(f"{one.row}:{index}", label, text, bool(name) and name in wrong))
        return cells


def show_file(site: Site, run: RunRow, how: HowRead) -> FileShown:
    """Read the file of a run as it is now."""
    file = file_of(site.ground.database, run.id, run.edition)
    return FileShown(file.sheet, how, KINDS[run.kind].spec)


def cells_to_mend(
    shown: FileShown, outcomes: Sequence[RowOutcome], words: PageWords
) -> Mapping[int, list[Cell]]:
    """Give the cells that reasons name, by the lines of their rows; of the first rows alone."""
    offered: dict[int, list[Cell]] = {}
    count = 0
    for one in outcomes:
        named = {reason.field for reason in one.reasons if reason.field}
        twice = any(reason.code == "row_twice" for reason in one.reasons)
        fields = named | (set(shown.spec.key) if twice else set())
        cells = shown.cells(one, words, fields) if fields else []
        count += len(cells)
        if count > _MOST_CELLS:
            break
        offered[one.row] = cells
    return offered


def doubtful_rows(outcomes: Iterable[RowOutcome]) -> set[int]:
    """Give the lines of the rows that are refused for nothing but a doubt."""
    return {
        one.row
        for one in outcomes
        if one.reasons and all(reason.code in _DOUBTS for reason in one.reasons)
    }


@router.get("/imports/{run_id}/columns")
def columns(request: Request, site: SiteOf, session: Importer, *, run_id: int) -> Response:
    """Show the columns of a file, each with its first cells and the fields that it may be."""
    run = see_own(site, session, run_id)
    with site.ground.database.read() as connection:
        how = read_how(connection, run_id, scope=session.scope, user=session.user)
    if how is None or run.state not in {"mapping", "checked"}:
        return RedirectResponse(f"/imports/{run_id}", 303)
    spec, file = KINDS[run.kind].spec, file_of(site.ground.database, run_id, run.edition)
    given = {one: how.columns.get(one, "") for one in file.sheet.header}
    chosen = guess_columns(spec, file.sheet.header, {} if run.state == "mapping" else given)
    if run.state == "mapping":
        chosen = {one: given[one] or chosen[one] for one in file.sheet.header}
    return _columns_page(request, site, session, run=run, chosen=chosen, how=how)


@router.post("/imports/{run_id}/columns")
def map_columns(
    request: Request,
    site: SiteOf,
    session: Importer,
    *,
    acts: Acts,
    run_id: int,
    column: Cells,
    field: Annotated[list[str], Form(max_length=_MOST_CELLS)],
    dates: Annotated[Dates, Form()] = DATES[0],
    anyway: Annotated[bool, Form()] = False,
) -> Response:
    """Keep what the columns are, and find out again what would become of the rows."""
    run = see_own(site, session, run_id)
    if len(column) != len(field):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen = dict(zip(column, field, strict=True))
    try:
        acts.take.map_columns(run_id, chosen, reading=Reading(anyway, dates), by=session.user)
    except ColumnsError as error:
        words = words_of(request)
        faults = [sentence(one, language=words.language) for one in error.reasons]
        how = HowRead(chosen, dates, anyway)
        return _columns_page(request, site, session, run=run, chosen=chosen, how=how, faults=faults)
    acts.check.look(run_id, by=session.user)
    return RedirectResponse(f"/imports/{run_id}", 303)


def _columns_page(
    request: Request,
    site: Site,
    session: Importer,
    *,
    run: RunRow,
    chosen: Mapping[str, str],
    how: HowRead,
    faults: Sequence[str] = (),
) -> Response:
    file, spec = file_of(site.ground.database, run.id, run.edition), KINDS[run.kind].spec
    with site.ground.database.read() as connection:
        fields = list_fields(connection, spec, scope=session.scope)
    rows = file.sheet.rows[:_SAMPLES]
    samples = {
        column: [row.cells[index] for row in rows] for index, column in enumerate(file.sheet.header)
    }
    return draw(
        request,
        "import_columns.html",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        run=run,
        spec=spec,
        fields=fields,
        chosen=chosen,
        samples=samples,
        faults=faults,
        how=how,
        orders=DATES,
    )


@router.get("/imports/{run_id}/rows/{line}")
def row(request: Request, site: SiteOf, session: Importer, *, run_id: int, line: int) -> Response:
    """Show all cells of a row, to be mended."""
    run = see_own(site, session, run_id)
    scope, user = session.scope, session.user
    with site.ground.database.read() as connection:
        how = read_how(connection, run_id, scope=scope, user=user)
    if run.state != "checked":
        return RedirectResponse(f"/imports/{run_id}", 303)
    words = words_of(request)
    shown = None if how is None else show_file(site, run, how)
    if shown is None or shown.cells_of(line) is None:
        raise HTTPException(404)
    with site.ground.database.read() as connection:
        one = read_outcome(connection, run_id, line, scope=scope, user=user)
    outcome = one or RowOutcome(line, "", "leave")
    return draw(
        request,
        "import_row.html",
        session=session,
        run=run,
        one=outcome,
        cells=shown.cells(outcome, words),
        reasons=[sentence(reason, language=words.language) for reason in outcome.reasons],
        longest=_LONGEST,
    )


@router.post("/imports/{run_id}/mend")
def mend(
    site: SiteOf,
    session: Importer,
    *,
    acts: Acts,
    run_id: int,
    at: Places | None = None,
    cell: Cells | None = None,
    sure: Annotated[int | None, Form()] = None,
    same: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Keep the cells that were changed, and find out again what would become of the rows.

    `sure` is the line of a row that is something new whatever it looks like; `same` the line of a
    row and the code of the record that it is.
    """
    run = see_own(site, session, run_id)
    with site.ground.database.read() as connection:
        how = read_how(connection, run_id, scope=session.scope, user=session.user)
    if how is None or run.state != "checked":
        return RedirectResponse(f"/imports/{run_id}", 303)
    shown = show_file(site, run, how)
    rows = _changed(shown, at or (), cell or ())
    line, _, code = same.partition(":")
    if code and line.isdecimal():
        column = _column_of(shown, _CODE)
        _set(shown, rows, line=int(line), index=column, text=code)
    if rows:
        acts.take.mend(run_id, rows, by=session.user)
    if sure is not None and shown.cells_of(sure) is not None:
        acts.take.mend(run_id, {sure: rows.get(sure)}, sure=True, by=session.user)
    acts.check.look(run_id, by=session.user)
    return RedirectResponse(f"/imports/{run_id}", 303)


def _changed(shown: FileShown, at: Sequence[str], cell: Sequence[str]) -> dict[int, list[str]]:
    """Give the rows of which a cell was changed, with all their cells."""
    if len(at) != len(cell):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    rows: dict[int, list[str]] = {}
    for place, text in zip(at, cell, strict=True):
        line, _, index = place.partition(":")
        if not line.isdecimal() or not index.isdecimal():
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
        _set(shown, rows, line=int(line), index=int(index), text=text)
    return {line: cells for line, cells in rows.items() if _differs(shown, line, cells)}


def _set(shown: FileShown, rows: dict[int, list[str]], *, line: int, index: int, text: str) -> None:
    before = shown.cells_of(line)
    if before is None or not 0 <= index < len(before):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    cells = rows.setdefault(line, list(before))
    # A field of one line shows no line breaks: a cell that is otherwise the same keeps its own.
    shown_as = before[index].replace("\r", "").replace("\n", "")
    if text != shown_as:
        cells[index] = text


def _differs(shown: FileShown, line: int, cells: Sequence[str]) -> bool:
    whole = any(one.number == line for one in shown.sheet.rows)
    return not whole or list(cells) != list(shown.cells_of(line) or ())


def _column_of(shown: FileShown, field: str) -> int:
    named = (
        index
        for index, column in enumerate(shown.sheet.header)
        if shown.how.columns.get(column) == field
    )
    return next(named, -1)
