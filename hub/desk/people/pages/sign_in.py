"""Sign in and out."""

import secrets
from typing import Annotated, Final

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.desk.people.model.accounts import AGE_LIMIT_MS, key_of_name
from hub.desk.people.pages.limits import (
    IN_TURN,
    SignInLimits,
    Trying,
    browser_token,
    keep_browser_token,
)
from hub.desk.people.pages.steps import step_address
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import (
    asker_address,
    begun_session,
    clear_token,
    own_path,
    set_token,
    token_of,
)
from hub.web.site import Site, SiteOf, site_of

router = Router()
_TOKEN_BYTES: Final = 32


@router.get("/sign-in")
def ask(
    request: Request,
    site: SiteOf,
    begun: Annotated[Session | None, Depends(begun_session)],
    *,
    wanted: Annotated[str, Query(alias="next")] = "",
    whose: Annotated[str, Query(alias="of")] = "",
) -> Response:
    """Show the sign-in page, or what has to be done first in a session that was begun.

    A page that came by itself leads on at once where somebody has signed in meanwhile.
    """
    if begun is not None and (begun.step or whose):
        return _lead_on(site, begun, wanted=wanted, whose=whose)
    return _page(request, wanted=wanted, whose=whose)


@router.post("/sign-in", dependencies=[IN_TURN])
def enter(
    request: Request,
    site: SiteOf,
    *,
    name: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=1024)],
    wanted: Annotated[str, Form(alias="next")] = "",
    whose: Annotated[str, Form(alias="of")] = "",
) -> Response:
    """Check name and password, and open a session."""
    now, name = site.now_ms(), name.strip()
    limits, acts = site.ground.part(SignInLimits), site.ground.part(PeopleActs).sign_in
    kept = browser_token(request)
    known = kept if kept and acts.is_known(name, kept) else ""
    trying = Trying(key_of_name(name), asker_address(request), known)
    wait_ms = limits.wait(trying, now)
    if wait_ms:
        return _wait(request, wait_ms, wanted=wanted, whose=whose, name=name)
    kept = kept or secrets.token_urlsafe(_TOKEN_BYTES)
    browser = Browser(trying.address, request.headers.get("user-agent", ""), kept)
    token = acts.enter(name=name, password=password, browser=browser, now_ms=now)
    limits.note(trying, now, right=token is not None)
    if token is None:
        fault = words_of(request).text("sign_in.wrong")
        return _page(request, wanted=wanted, whose=whose, name=name, status=401, fault=fault)
    answer = open_browser(request, site, token, wanted=wanted, whose=whose)
    keep_browser_token(request, answer, kept)
    return answer


def open_browser(
    request: Request, site: Site, token: str, *, wanted: str, whose: str = ""
) -> Response:
    """Hand the browser a session, end the one before, and lead to what comes first."""
    acts = site.ground.part(PeopleActs).sign_in
    previous = token_of(request)
    if previous is not None:
        acts.leave(previous, now_ms=site.now_ms())
    session = acts.find(token, now_ms=site.now_ms(), touch=False)
    answer = _lead_on(site, session, wanted=wanted, whose=whose)
    set_token(request, answer, token, lasting_ms=AGE_LIMIT_MS)
    return answer


@router.post("/sign-out")
def leave(request: Request, site: SiteOf) -> Response:
    """End the session."""
    token = token_of(request)
    if token is not None:
        site.ground.part(PeopleActs).sign_in.leave(token, now_ms=site.now_ms())
    answer = RedirectResponse("/sign-in", 303)
    clear_token(answer)
    return answer


def _lead_on(site: Site, session: Session | None, *, wanted: str, whose: str) -> Response:
    """Lead to what has to be done first, and from there to the page that was wanted.

    A page whose session ended says by `whose`, the user's row, for whom it was drawn: another
    person begins at home. A link that somebody opened is anybody's, and names nobody.
    """
    user, step = (str(session.user_id), session.step) if session is not None else ("", "")
    where = own_path(wanted, site.home) if whose in {"", user} else site.home
    return RedirectResponse(step_address(step, where) if step else where, 303)


def _wait(request: Request, wait_ms: int, *, wanted: str, whose: str, name: str) -> Response:
    seconds = -(-wait_ms // 1000)
    fault = words_of(request).counted("sign_in.too_many", seconds)
    page = _page(request, wanted=wanted, whose=whose, name=name, status=429, fault=fault)
    page.headers["Retry-After"] = str(seconds)
    return page


def _page(
    request: Request,
    *,
    wanted: str,
    whose: str,
    name: str = "",
    status: int = 200,
    fault: str = "",
) -> Response:
    return draw(
        request,
        "sign_in.html",
        session=None,
        status=status,
        next=own_path(wanted, site_of(request).home),
        whose=whose,
        name=name,
        fault=fault,
        not_set_up=site_of(request).ground.part(PeopleActs).first.is_open(),
    )
