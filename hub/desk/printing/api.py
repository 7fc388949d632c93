"""Print runs for programs: files of many invoices, asked for, followed and taken in one."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Response
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.printing.acts import PrintingActs
from hub.desk.printing.model import MOST, Owner, PrintRun, Wish, once_each
from hub.desk.printing.reads import list_runs, read_run
from hub.web.noun import Router
from hub.web.papers import PaperSize, ProgramLanguage, send_packed
from hub.web.programs import ApiError, RowId, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/print-runs")
Reader = Annotated[Session, Depends(token_for("invoices.read"))]
Acts = Annotated[PrintingActs, Depends(acts_of(PrintingActs))]
Body = Annotated[bytes, Depends(body_of)]


class ToDraw(msgspec.Struct, forbid_unknown_fields=True):
    """Whose files are asked for: invoices and notes by their ids, each once."""

    invoices: Annotated[list[RowId], msgspec.Meta(min_length=1, max_length=MOST)]


@router.get("")
def print_runs(site: SiteOf, session: Reader) -> JSONResponse:
    """Give the runs that the program asked for, the newest first."""
    with site.ground.database.read() as connection:
        runs = list_runs(connection, owner=Owner(session.user), scope=session.scope)
    return JSONResponse([document_of(one) for one in runs])


@router.post("")
def ask(
    site: SiteOf,
    session: Reader,
    *,
    acts: Acts,
    language: ProgramLanguage,
    body: Body,
    size: PaperSize = "a4",
) -> JSONResponse:
    """Ask for the files of many invoices; what is drawn still is not asked for twice."""
    wish = Wish(once_each(read_said(body, ToDraw).invoices), size, **language)
    done = acts.ask(wish, owner=Owner(session.user), scope=session.scope)
    if isinstance(done, Refused):
        first = done.reasons[0]
        unknown = first.code == "invoice_unknown"
        status = HTTPStatus.NOT_FOUND if unknown else HTTPStatus.CONFLICT
        raise ApiError(status, first.code, sentence(first), **first.params)
    return JSONResponse(document_of(_find(site, session, done)), HTTPStatus.ACCEPTED)


@router.get("/{run}")
def print_run(site: SiteOf, session: Reader, *, run: int) -> JSONResponse:
    """Give how far a run is: `state` is drawing, ready or failed."""
    return JSONResponse(document_of(_find(site, session, run)))


@router.get("/{run}/papers.zip")
def papers(site: SiteOf, session: Reader, *, acts: Acts, run: int) -> Response:
    """Give the files of a run that is ready, in one."""
    found = _find(site, session, run)
    given = acts.give(run, owner=Owner(session.user), scope=session.scope)
    if given is None and found.state == "ready":
        text = "the program does not see each document of the run any more"
        raise ApiError(HTTPStatus.NOT_FOUND, "invoice_unknown", text)
    if given is None:
        text = f"{found.drawn} of {found.documents} files are drawn"
        raise ApiError(HTTPStatus.CONFLICT, "print_run_unready", text, state=found.state)
    return send_packed(given, f"papers-{run}.zip")


def document_of(run: PrintRun) -> dict[str, Any]:
    """Write a run for programs; times are Unix ms."""
    return {**asdict(run), "kept_until": run.kept_until}


def _find(site: Site, session: Session, run: int) -> PrintRun:
    with site.ground.database.read() as connection:
        found = read_run(connection, run, owner=Owner(session.user), scope=session.scope)
    if found is None:
        text = "the program asked for no such run"
        raise ApiError(HTTPStatus.NOT_FOUND, "print_run_unknown", text)
    return found
