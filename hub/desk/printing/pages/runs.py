"""A person's print runs: asked for from the list of invoices, followed, and saved as one ZIP."""

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.datastructures import QueryParams
from fastapi.responses import RedirectResponse
from pydantic import Field

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.invoices.pages.listing import INVOICES
from hub.desk.invoices.reads.listing import list_ids
from hub.desk.printing.acts import PrintingActs
from hub.desk.printing.model import MOST, Owner, Wish, once_each
from hub.desk.printing.reads import list_runs
from hub.web.frames.asked import read_asked
from hub.web.frames.filters import FilterError
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.papers import PaperLanguage, PaperSize, send_packed
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("invoices.read"))]
Acts = Annotated[PrintingActs, Depends(acts_of(PrintingActs))]
Chosen = Annotated[
    list[Annotated[int, Field(ge=0, lt=2**63)]], Form(default_factory=list, max_length=MOST)
]
Query = Annotated[str, Form(max_length=2_000)]


@router.get("/print-runs")
def print_runs(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the reader's runs of the last week, and how far each is."""
    return _show(request, site, session)


@router.post("/print-runs")
def ask_chosen(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    acts: Acts,
    language: PaperLanguage,
    key: Chosen,
    size: PaperSize = "a4",
) -> Response:
    """Ask for the files of the invoices that were chosen in the list."""
    wish = Wish(once_each(key), size, **language)
    done = acts.ask(wish, owner=_owner(session), scope=session.scope)
    return _lead(request, site, session, done=done)


@router.post("/print-runs/all")
def ask_all(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    acts: Acts,
    language: PaperLanguage,
    query: Query = "",
    size: PaperSize = "a4",
) -> Response:
    """Ask for the files of all invoices that a list shows, with its filters, on all its pages."""
    try:
        wanted = read_asked(INVOICES, QueryParams(query)).wanted
    except FilterError as error:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY) from error
    find = partial(list_ids, today=site.today(), scope=session.scope)
    with site.ground.database.read() as connection:
        found = find(connection, replace(wanted, place=None))
    wish = Wish(tuple(found), size, **language)
    done = acts.ask(wish, owner=_owner(session), scope=session.scope)
    return _lead(request, site, session, done=done)


@router.get("/print-runs/{run}/papers.zip")
def save(session: Reader, *, acts: Acts, run: int) -> Response:
    """Give the files of a run in one; 404 while there are none."""
    return send_packed(
        acts.give(run, owner=_owner(session), scope=session.scope), f"papers-{run}.zip"
    )


def _owner(session: Session) -> Owner:
    return Owner(session.user, session.user_id)


def _lead(request: Request, site: Site, session: Session, *, done: int | Refused) -> Response:
    """Lead to the run, or show why there is none."""
    if isinstance(done, int):
        return RedirectResponse(f"/print-runs#run-{done}", 303)
    if done.reasons[0].code == "invoice_unknown":
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return _show(request, site, session, done=done)


def _show(
    request: Request, site: Site, session: Session, *, done: Refused | None = None
) -> Response:
    seen, language = site.feed.number, words_of(request).language
    with site.ground.database.read() as connection:
        runs = list_runs(connection, owner=_owner(session), scope=session.scope)
    why_not = [sentence(one, language=language) for one in done.reasons] if done else []
    return draw(
        request,
        "print_runs.html",
        session=session,
        status=HTTPStatus.CONFLICT if done else HTTPStatus.OK,
        runs=runs,
        why_not=why_not,
        seen=seen,
    )
