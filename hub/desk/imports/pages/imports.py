"""The addresses of imports: the runs with the form for a file, one run, its rows, exports."""

from collections.abc import Iterator, Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final, cast, get_args

from fastapi import File, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields.words import sentence
from hub.base.sheets import LARGEST, Sheet, SheetError, decode_file, write_workbook
from hub.base.words import PageWords
from hub.desk.imports.model import (
    DATES,
    Action,
    Dates,
    ImportKind,
    RowOutcome,
    texts_of,
    write_day,
)
from hub.desk.imports.pages.mending import Cell, cells_to_mend, doubtful_rows, show_file
from hub.desk.imports.pages.own_runs import Acts, Importer, list_fields, see_own
from hub.desk.imports.reads import (
    EXPORTS,
    HowRead,
    RunRow,
    export_masters,
    list_runs,
    read_bad_rows,
    read_how,
    read_outcomes,
    read_run,
)
from hub.desk.imports.store import KINDS, Reading
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.site import Site, SiteOf

router = Router()
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RUNS: Final = 30
_SHOWN: Final = 300
_PREVIEW: Final = 3
_TABS: Final[tuple[Action, ...]] = ("refuse", "change", "add", "same", "leave")
"""What may become of a row; the first that any row comes to is shown first."""


@router.get("/imports")
def imports(request: Request, site: SiteOf, session: Importer, *, kind: str = "") -> Response:
    """Show the form for a file, and the newest runs."""
    return _list_page(request, site, session, kind=kind)


@router.post("/imports", max_body_size=2 * LARGEST)
def hand_over(
    request: Request,
    site: SiteOf,
    session: Importer,
    *,
    acts: Acts,
    file: Annotated[UploadFile, File()],
    kind: Annotated[str, Form(max_length=32)],
    dates: Annotated[Dates, Form()] = DATES[0],
    anyway: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a file and find out what would become of it; nothing is taken yet."""
    words = words_of(request)
    if kind not in KINDS:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    if not _may(session, KINDS[kind].spec):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    try:
        run = acts.take(
            kind,
            decode_file(file.file.read(LARGEST + 1)),
            file=file.filename or "-",
            reading=Reading(anyway, dates),
            ask=True,
            by=session.user,
        )
    except SheetError as error:
        fault = words.text("imports.row_text", row=error.fault.row, text=error.fault.text)
        return _list_page(request, site, session, faults=[fault], kind=kind)
    acts.check.look(run, by=session.user)
    return RedirectResponse(f"/imports/{run}", 303)


@router.get("/imports/masters/{kind}.xlsx")
def masters(site: SiteOf, session: Importer, *, kind: str) -> Response:
    """Give all masters of a kind as a workbook that can be taken again."""
    if kind not in EXPORTS:
        raise HTTPException(404)
    with site.ground.database.read() as connection:
        rows = export_masters(connection, kind, scope=session.scope, now_ms=site.now_ms())
        body = write_workbook(kind, rows)
    headers = {"Content-Disposition": f'attachment; filename="{kind}.xlsx"'}
    return Response(body, media_type=_XLSX, headers=headers)


@router.get("/imports/{run_id}")
def run(
    request: Request, site: SiteOf, session: Importer, *, run_id: int, show: str = ""
) -> Response:
    """Show what would become of a file's rows, or what became of them."""
    seen, scope, user = site.feed.number, session.scope, session.user
    with site.ground.database.read() as connection:
        found = read_run(connection, run_id, scope=scope, user=user)
        how = read_how(connection, run_id, scope=scope, user=user)
        if found is None or how is None:
            raise HTTPException(404)
        shown = _shown(found, show)
        outcomes = read_outcomes(
            connection, run_id, action=shown, most=_SHOWN, scope=scope, user=user
        )
    own = found.by == user
    if found.state == "mapping" and own:
        return RedirectResponse(f"/imports/{run_id}/columns", 303)
    checked = found.state == "checked"
    looking = checked and found.looked_at is None
    spec, words = KINDS[found.kind].spec, words_of(request)
    preview, mending = [], dict[int, list[Cell]]()
    if checked:
        file = show_file(site, found, how)
        preview = _preview(file.sheet, how, spec)
        if own and not looking and shown == "refuse":
            mending = dict(cells_to_mend(file, outcomes, words))
    return draw(
        request,
        "import_run.html",
        session=session,
        run=found,
        tabs=[one for one in _TABS if found.counts.get(one)],
        shown=shown,
        own=own,
        looking=looking,
        moving=looking or found.state == "running",
        choosing=own and found.looked_at is not None and shown in {"add", "change"},
        mending=mending,
        doubtful=doubtful_rows(outcomes),
        seen=seen,
        field_words=spec.words,
        rows=[(one, list(_told(one, spec, words))) for one in outcomes],
        most=_SHOWN,
        preview=preview,
    )


def _may(session: Session, spec: ImportKind) -> bool:
    return not spec.permission or session.may(spec.permission)


def _shown(found: RunRow, wanted: str) -> Action:
    """Say which rows are shown: those asked for, else the first that there are."""
    if wanted in get_args(Action):
        return cast("Action", wanted)
    return next((one for one in _TABS if found.counts.get(one)), "refuse")


@router.post("/imports/{run_id}/look")
def look(site: SiteOf, session: Importer, *, acts: Acts, run_id: int) -> Response:
    """Find out again what would become of a file's rows."""
    see_own(site, session, run_id)
    acts.check.look(run_id, by=session.user)
    return RedirectResponse(f"/imports/{run_id}", 303)


@router.post("/imports/{run_id}/take")
def take(
    site: SiteOf,
    session: Importer,
    *,
    acts: Acts,
    run_id: int,
    which: Annotated[str, Form(pattern="^(all|chosen)$")] = "all",
    row: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Have the rows taken that can be, or the chosen ones; sent twice, they are taken once."""
    see_own(site, session, run_id)
    acts.take.begin(run_id, by=session.user, chosen=None if which == "all" else row or [])
    return RedirectResponse(f"/imports/{run_id}", 303)


@router.get("/imports/{run_id}/refused.csv")
def refused_rows(site: SiteOf, session: Importer, *, run_id: int) -> Response:
    """Give exactly the rows that were refused, in the file's own columns."""
    with site.ground.database.read() as connection:
        text = read_bad_rows(connection, run_id, scope=session.scope, user=session.user)
    if text is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'attachment; filename="refused-{run_id}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _list_page(
    request: Request,
    site: Site,
    session: Session,
    *,
    faults: Sequence[str] = (),
    kind: str = "",
) -> Response:
    with site.ground.database.read() as connection:
        runs = list_runs(connection, most=_RUNS, scope=session.scope, user=session.user)
        kinds = [
            (name, one.spec, list_fields(connection, one.spec, scope=session.scope))
            for name, one in KINDS.items()
            if _may(session, one.spec)
        ]
    return draw(
        request,
        "imports.html",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        runs=runs,
        faults=faults,
        kinds=kinds,
        exports=tuple(EXPORTS),
        orders=DATES,
        largest=LARGEST,
        kind=kind,
    )


def _told(one: RowOutcome, spec: ImportKind, words: PageWords) -> Iterator[str]:
    """Word what becomes of a row: fields that differ, and why it is refused, with the column."""
    for text, fields in (("imports.differs", one.changed), ("imports.waits", one.waiting)):
        if fields and one.action != "add":
            named = ", ".join(words.named(spec.words, name) for name in fields)
            yield words.text(text, fields=named)
    for reason in one.reasons:
        field = f"{words.named(spec.words, reason.field)}: " if reason.field else ""
        yield field + sentence(reason, language=words.language)


def _preview(sheet: Sheet, how: HowRead, spec: ImportKind) -> list[dict[str, str | date]]:
    """Give the first rows by field, as they are read; a date as one."""
    rows: list[dict[str, str | date]] = []
    for row in sheet.rows[:_PREVIEW]:
        texts: dict[str, str | date] = dict(texts_of(sheet.by_column(row), how.columns))
        for name in spec.days:
            if name in texts:
                texts[name] = _day(write_day(str(texts[name]), how.dates))
        rows.append(texts)
    return rows


def _day(text: str) -> str | date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
