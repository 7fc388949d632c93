"""What a terminal tells of itself: asked for on its page, and shown."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model.diagnoses import DIAGNOSIS_FAULTS, DiagnosisError
from hub.desk.terminals.reads.claims import is_shown
from hub.desk.terminals.reads.machines.diagnoses import (
    diagnoses_itself,
    list_diagnoses,
    read_diagnosis,
)
from hub.desk.terminals.words import DIAGNOSES, FINDINGS, LOG_LINES
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Setter = Annotated[Session, Depends(signed_in_for("terminals.set"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]


@router.get("/terminals/{terminal}/diagnoses")
def diagnoses(request: Request, site: SiteOf, session: Setter, *, terminal: str) -> Response:
    """Show what a terminal was asked for, and what came."""
    return _page(request, site, session, terminal=terminal)


@router.post("/terminals/{terminal}/diagnoses")
def ask(
    request: Request,
    site: SiteOf,
    session: Setter,
    *,
    acts: Acts,
    terminal: str,
    why: Why = "",
) -> Response:
    """Ask a terminal to tell of itself."""
    try:
        acts.diagnose(terminal, why=why, by=session.actor)
    except DiagnosisError as error:
        return _page(request, site, session, terminal=terminal, error=error)
    return RedirectResponse(f"/terminals/{quote(terminal, safe='')}/diagnoses", 303)


@router.get("/terminals/{terminal}/diagnoses/{name}")
def diagnosis(
    request: Request, site: SiteOf, session: Setter, *, terminal: str, name: str
) -> Response:
    """Show what a terminal told."""
    found = None
    if terminal.isprintable() and name.isprintable():
        with site.ground.database.read() as connection:
            found = read_diagnosis(connection, terminal, name, scope=session.scope)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return draw(
        request,
        "terminal_diagnosis.html",
        session=session,
        terminal=terminal,
        it=found,
        looks=FINDINGS,
        levels=LOG_LINES,
        states=DIAGNOSES,
    )


def _page(
    request: Request,
    site: Site,
    session: Session,
    *,
    terminal: str,
    error: DiagnosisError | None = None,
) -> Response:
    seen, known = site.feed.number, False
    if terminal.isprintable():
        with site.ground.database.read() as connection:
            known = is_shown(connection, terminal, scope=session.scope)
            able = diagnoses_itself(connection, terminal, scope=session.scope)
            found = list_diagnoses(connection, terminal, scope=session.scope)
    if not known:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    words = words_of(request)
    return draw(
        request,
        "terminal_diagnoses.html",
        session=session,
        status=DIAGNOSIS_FAULTS[error.code] if error else HTTPStatus.OK,
        terminal=terminal,
        found=found,
        able=able,
        states=DIAGNOSES,
        seen=seen,
        fault=words.named("diagnosis_fault", error.code) if error else "",
    )
