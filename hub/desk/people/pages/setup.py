"""The first page of a new hub: who owns it, made with the word that the hub told where it runs."""

from typing import Annotated, Final

from fastapi import Form, HTTPException, Query, Request, Response

from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.pages.limits import IN_TURN, SignInLimits, Trying
from hub.desk.people.pages.sign_in import open_browser
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import asker_address
from hub.web.site import SiteOf

router = Router()
NEXT: Final = "/setup/hub"
"""Where the owner goes on; it leads on by itself to what is still to be done."""


@router.get("/setup")
def ask(
    request: Request, site: SiteOf, *, word: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """Show who is to own the hub; a hub that has an owner has no such page."""
    if not site.ground.part(PeopleActs).first.is_word(word):
        raise HTTPException(404)
    return _page(request, word=word)


@router.post("/setup", dependencies=[IN_TURN])
def make(
    request: Request,
    site: SiteOf,
    *,
    word: Annotated[str, Form(max_length=64)],
    name: Annotated[str, Form(max_length=64)],
    given: Annotated[str, Form(max_length=1024)],
    again: Annotated[str, Form(max_length=1024)],
) -> Response:
    """Make the owner, and lead on to what the hub is about."""
    acts, limits, now = site.ground.part(PeopleActs), site.ground.part(SignInLimits), site.now_ms()
    trying = Trying("setup", asker_address(request))
    if limits.wait(trying, now):
        raise HTTPException(429)
    right = acts.first.is_word(word)
    limits.note(trying, now, right=right)
    if not right:
        raise HTTPException(404)
    if given != again:
        return _page(request, word=word, name=name, why="password_invalid")
    try:
        account = acts.first.make(word, name=name, password=given)
    except PeopleError as error:
        return _page(request, word=word, name=name, why=error.code)
    browser = Browser(trying.address, request.headers.get("user-agent", ""))
    token = acts.sign_in.open(account, browser=browser, now_ms=now)
    return open_browser(request, site, token, wanted=NEXT)


def _page(request: Request, *, word: str, name: str = "", why: str = "") -> Response:
    """Show the form, with why nobody was made."""
    return draw(
        request,
        "setup_owner.html",
        session=None,
        status=422 if why else 200,
        word=word,
        name=name,
        fault=words_of(request).named("user_fault", why) if why else "",
    )
