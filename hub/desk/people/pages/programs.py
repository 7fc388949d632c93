"""Programs that use the API: their tokens, made, shown once, and revoked."""

from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.api_tokens import OF_PROGRAMS
from hub.desk.people.model.faults import OWN_ONLY, PeopleError
from hub.desk.people.words import IN_USE, REVOKED
from hub.web.frames.forms import draw_once, take_once
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

router = Router()
Changer = Annotated[Session, Depends(signed_in_for("tokens.change"))]
Name = Annotated[str, Form(max_length=64)]


@router.get("/programs")
def programs(request: Request, site: SiteOf, session: Changer) -> Response:
    """Show the programs."""
    return _page(request, site, session)


@router.post("/programs")
def add(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    name: Name,
    role: Annotated[list[str], Form()] = [],  # noqa: B006 -- FastAPI copies it
    once: Annotated[str, Form(max_length=36)] = "",
) -> Response:
    """Let a program in, and show its token, this once; a reload makes no other token."""
    sent = take_once(site, session, name="program", key=once, led_to="/programs")
    if sent is not None:
        return sent
    acts = site.ground.part(PeopleActs).tokens
    try:
        token = acts.add(name.strip(), roles=tuple(role), by=session.actor)
    except PeopleError as error:
        return _refused(request, site, session, error=error)
    return _page(request, site, session, token=token, name=name.strip())


@router.post("/programs/revoke")
def revoke(request: Request, site: SiteOf, session: Changer, *, name: Name) -> Response:
    """Let a program in no more."""
    try:
        site.ground.part(PeopleActs).tokens.revoke(name, by=session.actor)
    except PeopleError as error:
        return _refused(request, site, session, error=error)
    return RedirectResponse("/programs", 303)


def _refused(request: Request, site: Site, session: Session, *, error: PeopleError) -> Response:
    fault = words_of(request).named("user_fault", error.code)
    status = 403 if error.code in OWN_ONLY else 409
    return _page(request, site, session, fault=fault, status=status)


def _page(
    request: Request,
    site: Site,
    session: Session,
    *,
    token: str = "",
    name: str = "",
    fault: str = "",
    status: int = 200,
) -> Response:
    return draw(
        request,
        "programs.html",
        session=session,
        status=status,
        programs=site.ground.part(PeopleActs).tokens.list(scope=session.scope),
        looks={True: IN_USE, False: REVOKED},
        all_roles=OF_PROGRAMS,
        once=draw_once(),
        token=token,
        name=name,
        fault=fault,
    )
