"""The page of a partner's link: a password is chosen, and the partner is signed in."""

import secrets
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.desk.partners.acts import PartnerActs
from hub.desk.partners.model import Welcomed
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.desk.people.model.accounts import AGE_LIMIT_MS
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.pages.limits import IN_TURN
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import asker_address, set_token
from hub.web.site import SiteOf, acts_of

router = Router()
Acts = Annotated[PartnerActs, Depends(acts_of(PartnerActs))]
Password = Annotated[str, Form(max_length=1024)]
_GONE: Final = HTTPStatus.NOT_FOUND


@router.get("/welcome/{token}")
def look(request: Request, *, acts: Acts, token: str) -> Response:
    """Show whom the link is for; looking uses nothing up."""
    return _page(request, acts.welcome.look(token), token=token)


@router.post("/welcome/{token}", dependencies=[IN_TURN])
def enter(
    request: Request,
    site: SiteOf,
    *,
    acts: Acts,
    token: str,
    given: Password = "",
    again: Password = "",
) -> Response:
    """Take the chosen password, sign the partner in, and lead to the first page."""
    words = words_of(request)
    if given != again:
        fault = words.named("user_fault", "password_invalid")
        return _page(request, acts.welcome.look(token), token=token, fault=fault)
    try:
        account = acts.welcome(token, given)
    except PeopleError as error:
        fault = words.named("user_fault", error.code)
        return _page(request, acts.welcome.look(token), token=token, fault=fault)
    if account is None:
        return _page(request, None, token=token)
    browser = Browser(
        asker_address(request), request.headers.get("user-agent", ""), secrets.token_urlsafe(32)
    )
    sign_in = site.ground.part(PeopleActs).sign_in
    opened = sign_in.open(account, browser=browser, now_ms=site.now_ms())
    answer = RedirectResponse(f"{site.home}?first=1", 303)
    set_token(request, answer, opened, lasting_ms=AGE_LIMIT_MS)
    return answer


def _page(request: Request, found: Welcomed | None, *, token: str, fault: str = "") -> Response:
    status = _GONE if found is None else 422 if fault else 200
    return draw(
        request,
        "partner_welcome.html",
        session=None,
        status=status,
        found=found,
        token=token,
        fault=fault,
    )
