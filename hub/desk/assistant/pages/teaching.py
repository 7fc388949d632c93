"""The page of words: what was not understood, and what people taught the assistant."""

from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.words import PageWords
from hub.desk.assistant.acts import AssistantActs
from hub.desk.assistant.model.lexicon import MEANINGS
from hub.desk.assistant.reads.words import list_taught, list_unread
from hub.web.frames.filters import Option
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Teacher = Annotated[Session, Depends(signed_in_for("assistant.teach"))]
Acts = Annotated[AssistantActs, Depends(acts_of(AssistantActs))]
PLACE: Final = "/ask/words"
_FAMILIES: Final = {"reports": "report_name", "groups": "report_grain", "status": "report_status"}


@router.get(PLACE)
def show_words(request: Request, site: SiteOf, session: Teacher) -> Response:
    """Show what was not understood, and the words that were taught."""
    return _page(request, site, session)


@router.post(PLACE)
def teach(
    request: Request,
    site: SiteOf,
    session: Teacher,
    *,
    acts: Acts,
    phrase: Annotated[str, Form(max_length=60)],
    means: Annotated[str, Form(max_length=70)],
) -> Response:
    """Have a phrase mean something from now on."""
    section, _, name = means.partition(".")
    if not acts.teach(phrase.strip(), section=section, name=name, by=session.user):
        return _page(request, site, session, fault=words_of(request).text("ask.word_wrong"))
    return RedirectResponse(PLACE, 303)


@router.post(f"{PLACE}/{{number}}/forget")
def forget(session: Teacher, *, acts: Acts, number: int) -> Response:
    """Have a phrase mean nothing any more."""
    if not acts.teach.forget(number, by=session.user):
        raise HTTPException(404)
    return RedirectResponse(PLACE, 303)


@router.post("/ask/unread/{number}/drop")
def drop(session: Teacher, *, acts: Acts, number: int) -> Response:
    """Take a question off the list."""
    if not acts.keep.drop(number, by=session.user):
        raise HTTPException(404)
    return RedirectResponse(PLACE, 303)


def _page(request: Request, site: Site, session: Session, *, fault: str = "") -> Response:
    words = words_of(request)
    with site.ground.database.read() as connection:
        unread = list_unread(connection, scope=session.scope)
        taught = list_taught(connection, scope=session.scope)
    return draw(
        request,
        "ask_words.html",
        session=session,
        status=422 if fault else 200,
        place=PLACE,
        fault=fault,
        unread=unread,
        taught=[
            (number, one.phrase, words.named(_FAMILIES[one.section], one.name), by)
            for number, one, by in taught
        ],
        meanings={section: _options(section, words) for section in MEANINGS},
    )


def _options(section: str, words: PageWords) -> list[Option]:
    family = _FAMILIES[section]
    return [Option(f"{section}.{one}", words.named(family, one)) for one in MEANINGS[section]]
