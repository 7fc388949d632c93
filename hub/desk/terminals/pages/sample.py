"""The page of the sample: added to a new hub, looked around in, removed whole."""

from typing import Annotated, Final

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Actor, Session
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model.sample import TERMINAL, SampleError
from hub.desk.terminals.reads.setup import read_sample
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Beginner = Annotated[Session, Depends(signed_in_for("setup.begin"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
_PAGE: Final = "/setup/sample"
_SETUP: Final = "/setup/hub"


@router.get("/setup/sample")
def show(request: Request, site: SiteOf, session: Beginner) -> Response:
    """Show what the sample is good for, and what removing it takes."""
    return _page(request, site, session)


@router.get("/setup/sample/remove")
def again(session: Beginner) -> Response:
    """Lead from the address above what was wrong to the page."""
    del session
    return RedirectResponse(_PAGE, 303)


@router.post("/setup/sample")
def add(request: Request, site: SiteOf, session: Beginner, *, acts: Acts) -> Response:
    """Fill the new hub with the sample."""
    try:
        acts.sample.add(by=_actor(session))
    except SampleError as error:
        return _page(request, site, session, error=error)
    return RedirectResponse(_PAGE, 303)


@router.post("/setup/sample/remove")
def remove(
    request: Request,
    site: SiteOf,
    session: Beginner,
    *,
    acts: Acts,
    orders: Annotated[int, Form(ge=0, le=10**9)] = 0,
) -> Response:
    """Take the sample away, with as many orders as were shown."""
    try:
        acts.sample.remove(orders=orders, by=_actor(session))
    except SampleError as error:
        return _page(request, site, session, error=error)
    return RedirectResponse(_SETUP, 303)


def _actor(session: Session) -> Actor:
    return Actor(session.user, session.roles, session.scope)


def _page(
    request: Request, site: Site, session: Session, *, error: SampleError | None = None
) -> Response:
    with site.ground.database.read() as connection:
        found = read_sample(connection, scope=session.scope)
    if found is None and error is None:
        return RedirectResponse(_SETUP, 303)
    return draw(
        request,
        "setup_sample.html",
        session=session,
        status=422 if error else 200,
        found=found,
        fault=words_of(request).named("sample_fault", error.code) if error else "",
        terminal=TERMINAL,
        folder=str(site.ground.folder),
    )
