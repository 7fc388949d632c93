"""Choose the language of the pages, signed in or not."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.web.pages import keep_language
from hub.web.sessions import own_path
from hub.web.site import SiteOf
from rules import LANGUAGES

router = APIRouter()


@router.post("/language")
def choose(
    request: Request,
    site: SiteOf,
    *,
    language: Annotated[str, Form(max_length=8)],
    wanted: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Show this browser all pages in a language from now on, and go back to where it was."""
    if language not in LANGUAGES:
        raise HTTPException(422)
    answer = RedirectResponse(own_path(wanted, site.home), 303)
    keep_language(request, answer, language)
    return answer
