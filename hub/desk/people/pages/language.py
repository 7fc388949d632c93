"""Choose the language of the pages, signed in or not."""

from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.desk.people.acts import PeopleActs
from hub.web.noun import Router
from hub.web.pages import keep_language
from hub.web.sessions import current_session, own_path
from hub.web.site import SiteOf
from rules import LANGUAGES

router = Router()


@router.post("/language")
def choose(
    request: Request,
    site: SiteOf,
    session: Annotated[Session | None, Depends(current_session)],
    *,
    language: Annotated[str, Form(max_length=8)],
    wanted: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Show all pages in a language from now on, and go back to where the choice was made.

    This browser remembers it for whoever is here; who is signed in has it in every browser.
    """
    if language not in LANGUAGES:
        raise HTTPException(422)
    if session is not None:
        site.ground.part(PeopleActs).own.choose_language(session, language)
    answer = RedirectResponse(own_path(wanted, site.home), 303)
    keep_language(request, answer, language)
    return answer
