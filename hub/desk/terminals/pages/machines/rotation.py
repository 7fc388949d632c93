"""How a terminal changes its password: staff ask on its page, it gives the new one and uses it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBasicCredentials

from broker.contract.enrolment import (
    ROTATION_PATH,
    ROTATION_USED_PATH,
    NewPassword,
    UsedPassword,
)
from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.base.words import PageWords
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import EnrolmentError
from hub.desk.terminals.model.enrolment import FAULTS
from hub.desk.terminals.pages.enrolment import Asking, do_on_page
from hub.desk.terminals.pages.machine import BASIC, see_who_asks
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf, acts_of

router = Router()
Enroller = Annotated[Session, Depends(signed_in_for("terminals.enrol"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Given = Annotated[HTTPBasicCredentials, Depends(BASIC)]
Body = Annotated[bytes, Depends(body_of)]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]


@router.post("/terminals/{terminal}/rotate")
def rotate(
    request: Request,
    site: SiteOf,
    session: Enroller,
    *,
    acts: Acts,
    terminal: str,
    why: Why = "",
) -> Response:
    """Ask the terminal for another password."""
    return do_on_page(
        Asking(request, site, session, terminal),
        act=lambda: acts.rotate.ask(terminal, why=why, by=session.actor),
    )


@router.post("/terminals/{terminal}/rotate/withdraw")
def withdraw(
    request: Request, site: SiteOf, session: Enroller, *, acts: Acts, terminal: str
) -> Response:
    """Take back what was asked."""
    return do_on_page(
        Asking(request, site, session, terminal),
        act=lambda: acts.rotate.withdraw(terminal, why="", by=session.actor),
    )


@router.post(ROTATION_PATH)
def give(site: SiteOf, *, acts: Acts, given: Given, body: Body) -> JSONResponse:
    """Take the new password of a terminal that proves who it is by the one before."""
    see_who_asks(site, given)
    sent = read_said(body, NewPassword)
    return _done(
        lambda: acts.rotate.give(
            given.username,
            sent.rotation,
            digest=sent.password_sha256,
            line=sent.password_line,
        )
    )


@router.post(ROTATION_USED_PATH)
def use(site: SiteOf, *, acts: Acts, given: Given, body: Body) -> JSONResponse:
    """Hear from a terminal, by its new password, that the broker let it in by that."""
    digest = see_who_asks(site, given)
    sent = read_said(body, UsedPassword)
    return _done(lambda: acts.rotate.use(given.username, sent.rotation, digest=digest))


def _done(act: Callable[[], None]) -> JSONResponse:
    try:
        act()
    except EnrolmentError as error:
        text = PageWords().named("enrol_fault", error.code)
        raise ApiError(HTTPStatus(FAULTS[error.code]), error.code, text) from error
    return JSONResponse({"taken": True})
