"""Saving a list's view under a name, and taking it away."""

from typing import Annotated

from fastapi import Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.kept.views import Views
from hub.web.noun import Router
from hub.web.sessions import own_path, signed_in
from hub.web.site import SiteOf

router = Router()
SignedIn = Annotated[Session, Depends(signed_in)]
Back = Annotated[str, Form(max_length=2_000)]


@router.post("/views")
def save_view(
    site: SiteOf,
    session: SignedIn,
    *,
    of: Annotated[str, Form(max_length=32, pattern=r"^[a-z_]+$")],
    name: Annotated[str, Form(max_length=60, pattern=r"\S")],
    query: Annotated[str, Form(max_length=1_500)] = "",
    shared: Annotated[bool, Form()] = False,
    back: Back = "/",
) -> Response:
    """Keep what the list shows under a name; an earlier view of that name gives way."""
    site.ground.part(Views).save(of, name=name.strip(), query=query, by=session, shared=shared)
    return RedirectResponse(own_path(back, site.home), 303)


@router.post("/views/{view}/drop")
def drop_view(site: SiteOf, session: SignedIn, *, view: int, back: Back = "/") -> Response:
    """Take a view of one's own away, or, as an administrator, a shared one."""
    if not site.ground.part(Views).drop(view, by=session):
        raise HTTPException(404)
    return RedirectResponse(own_path(back, site.home), 303)
