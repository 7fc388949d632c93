"""The addresses of imports: the runs with the form for a file, one run, its refused rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields.words import sentence
from hub.base.sheets import SheetError, decode_sheet, read_sheet
from hub.base.words import PageWords
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.model import ColumnsError, ImportKind, RowOutcome, texts_of
from hub.desk.imports.reads import (
    KeptFile,
    list_runs,
    read_bad_rows,
    read_file,
    read_outcomes,
    read_run,
)
from hub.desk.imports.store import KINDS
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = APIRouter()
Importer = Annotated[Session, Depends(signed_in_for("imports.run"))]
Acts = Annotated[ImportActs, Depends(acts_of(ImportActs))]
_LARGEST: Final = 20_000_000
_RUNS: Final = 30
_SHOWN: Final = 200
_PREVIEW: Final = 5


@router.get("/imports")
def imports(request: Request, site: SiteOf, session: Importer) -> Response:
    """Show the form for a file, and the newest runs."""
    return _list_page(request, site, session)


@router.post("/imports", max_body_size=_LARGEST)
def hand_over(
    request: Request,
    site: SiteOf,
    session: Importer,
    *,
    acts: Acts,
    file: Annotated[UploadFile, File()],
    kind: Annotated[str, Form(max_length=32)],
    columns: Annotated[str, Form(max_length=5_000)] = "",
    anyway: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a file and show what would become of it; nothing is taken yet."""
    words = words_of(request)
    if kind not in KINDS:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    body = file.file.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        run = acts.take(
            kind,
            decode_sheet(body),
            file=file.filename or "-",
            columns=_columns(columns),
            anyway=anyway,
            by=session.user,
        )
    except SheetError as error:
        fault = words.text("imports.row_text", row=error.fault.row, text=error.fault.text)
        return _list_page(request, site, session, faults=[fault], kind=kind, columns=columns)
    except ColumnsError as error:
        faults = [sentence(one, language=words.language) for one in error.reasons]
        return _list_page(request, site, session, faults=faults, kind=kind, columns=columns)
    return RedirectResponse(f"/imports/{run}", 303)


@router.get("/imports/{run_id}")
def run(request: Request, site: SiteOf, session: Importer, *, acts: Acts, run_id: int) -> Response:
    """Show what would become of a file's rows, or what became of them."""
    with site.ground.database.read() as connection:
        found = read_run(connection, run_id, scope=session.scope)
        kept = read_file(connection, run_id, scope=session.scope)
        bad = read_outcomes(connection, run_id, refused=True, most=_SHOWN, scope=session.scope)
    if found is None or kept is None:
        raise HTTPException(404)
    counts: Mapping[str, int] = found.counts
    if found.state == "checked":
        checked = acts.check(
            found.kind,
            kept.body,
            file=found.file,
            columns={**dict.fromkeys(read_sheet(kept.body).header, ""), **kept.columns},
            anyway=kept.anyway,
            by=session.user,
            scope=session.scope,
        )
        counts = Counter(one.action for one in checked)
        bad = [one for one in checked if one.action == "refuse"][:_SHOWN]
    return draw(
        request,
        "import_run.html",
        session=session,
        run=found,
        counts=counts,
        field_words=KINDS[found.kind].spec.words,
        bad=_told(bad, KINDS[found.kind].spec, words_of(request)),
        preview=_preview(kept),
    )


@router.post("/imports/{run_id}/take")
def take(session: Importer, *, acts: Acts, run_id: int) -> Response:
    """Have the rows taken that can be; sent twice, they are taken once."""
    acts.take.begin(run_id, by=session.user)
    return RedirectResponse(f"/imports/{run_id}", 303)


@router.get("/imports/{run_id}/refused.csv")
def refused_rows(site: SiteOf, session: Importer, *, run_id: int) -> Response:
    """Give exactly the rows that were refused, in the file's own columns."""
    with site.ground.database.read() as connection:
        text = read_bad_rows(connection, run_id, scope=session.scope)
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
    columns: str = "",
) -> Response:
    with site.ground.database.read() as connection:
        runs = list_runs(connection, most=_RUNS, scope=session.scope)
    return draw(
        request,
        "imports.html",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        runs=runs,
        faults=faults,
        kinds=tuple(KINDS),
        kind=kind,
        columns=columns,
    )


def _columns(written: str) -> Mapping[str, str] | None:
    """Read lines of COLUMN=FIELD; None where nothing is said."""
    pairs = [line.rpartition("=") for line in written.splitlines() if line.strip()]
    return {column.strip(): field.strip() for column, _, field in pairs} or None


def _told(
    bad: Sequence[RowOutcome], spec: ImportKind, words: PageWords
) -> list[tuple[RowOutcome, list[str]]]:
    """Word why each row is refused, with the column."""
    return [
        (
            one,
            [
                (f"{words.named(spec.words, reason.field)}: " if reason.field else "")
                + sentence(reason, language=words.language)
                for reason in one.reasons
            ],
        )
        for one in bad
    ]


def _preview(kept: KeptFile) -> list[dict[str, str]]:
    """Give the first rows by field, as they are read."""
    sheet = read_sheet(kept.body)
    return [texts_of(sheet.by_column(row), kept.columns) for row in sheet.rows[:_PREVIEW]]
