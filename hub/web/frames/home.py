"""The first page: the work that waits, each number leading to where it is done; then tiles."""

from collections.abc import Collection
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.kept.views import Views
from hub.web.noun import Found, Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in
from hub.web.site import Site, SiteOf

router = Router()
SignedIn = Annotated[Session, Depends(signed_in)]
_EACH: Final = 6
_PAGE: Final = "home"
_HIDDEN: Final = "hidden tiles"
_LONGEST: Final = 1_000
_NAMES: Final = r"^[a-z_ ]*$"


@router.get("/")
def home(request: Request, site: SiteOf, session: SignedIn) -> Response:
    """Show the first page, or what is live of it."""
    seen, now_ms, words = site.feed.number, site.now_ms(), words_of(request)
    topics = sorted(topic for topic, needed in site.topics.items() if session.may(needed))
    own = site.first_page(session)
    if own is not None:
        with site.ground.database.read() as connection:
            it = own.read(connection, session, words, now_ms=now_ms)
        return draw(request, own.template, session=session, it=it, topics=topics, seen=seen)
    with site.ground.database.read() as connection:
        work = [
            found
            for one in site.work
            if session.may(one.permission)
            and (found := one.read(connection, session, words, now_ms=now_ms)) is not None
        ]
        tiles = [
            tile
            for one in site.tiles
            for tile in one.read(connection, session, words, now_ms=now_ms)
        ]
        panels = site.panels("home", connection, key="", session=session, words=words)
    return draw(
        request,
        "home.html",
        session=session,
        work=work,
        tiles=tiles,
        panels=panels,
        topics=topics,
        seen=seen,
        hidden=_hidden(site, session),
    )


@router.post("/tiles")
def choose_tiles(
    site: SiteOf,
    session: SignedIn,
    *,
    offered: Annotated[str, Form(max_length=_LONGEST, pattern=_NAMES)],
    tile: Annotated[tuple[str, ...], Form()] = (),
) -> Response:
    """Keep which tiles a person wants on the first page; one that comes later is shown."""
    left = " ".join(name for name in offered.split() if name not in tile)
    views = site.ground.part(Views)
    views.save(_PAGE, name=_HIDDEN, query=left, by=session, shared=False)
    return RedirectResponse(site.home, 303)


def _hidden(site: Site, session: Session) -> Collection[str]:
    """Name the tiles that a person does not want to see."""
    return site.ground.part(Views).find_own(_PAGE, _HIDDEN, reader=session).split()


@router.get("/find")
def find(
    request: Request,
    site: SiteOf,
    session: SignedIn,
    *,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Find pages and records by what is typed into the box that every page has."""
    words, text = words_of(request), q.strip()
    found = [
        Found(name, "", entry.address, entry.icon)
        for entry in site.menu
        if session.may(entry.permission)
        and text.casefold() in (name := words.text(entry.label)).casefold()
    ]
    if text:
        with site.ground.database.read() as connection:
            for one in site.finders:
                if session.may(one.permission):
                    found += one.find(connection, text, session, most=_EACH)
    offered = [
        Found(
            words.text(one.label, text=text),
            "",
            f"{one.address}?{urlencode({'q': text})}",
            one.icon,
        )
        for one in site.otherwise
        if text and not found and session.may(one.permission)
    ]
    return draw(request, "found.html", session=session, found=found, offered=offered, text=text)
