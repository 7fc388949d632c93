"""Terminals for programs: what one keeps and cannot give back is settled."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import TerminalError
from hub.desk.terminals.reads.awaited import read_awaited
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import SiteOf, acts_of

router = Router(prefix="/api/v1/terminals")
Settler = Annotated[Session, Depends(token_for("terminals.settle"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Body = Annotated[bytes, Depends(body_of)]


class ToSettle(msgspec.Struct, forbid_unknown_fields=True):
    """What was done about the orders."""

    why: Why


@router.post("/{terminal}/settle")
def settle(
    site: SiteOf, session: Settler, *, terminal: str, acts: Acts, body: Body
) -> JSONResponse:
    """Await a terminal no more; gives how many orders it keeps that are not here."""
    said = read_said(body, ToSettle)
    with site.ground.database.read() as connection:
        found = read_awaited(connection, terminal, scope=session.scope)
    if found is None:
        text = f"terminal {terminal} keeps nothing that is not here"
        raise ApiError(HTTPStatus.NOT_FOUND, "terminal_not_awaited", text)
    try:
        done = acts.settle(terminal, by=session.user, why=said.why)
    except TerminalError as error:
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "why_missing", str(error)) from error
    return JSONResponse({"terminal": terminal, "missing": done.missing})
