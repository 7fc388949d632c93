"""Terminals for programs: made, claimed, approved, revoked; and what a device with a claim asks."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from broker.contract.enrolment import ENROLMENTS_PATH, write_claim
from hub.base.access import Session
from hub.base.words import PageWords
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import EnrolmentError
from hub.desk.terminals.model.enrolment import CLAIM_HOURS, FAULTS
from hub.desk.terminals.reads.claims import read_terminal
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.sessions import asker_address
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(token_for("terminals.read"))]
Enroller = Annotated[Session, Depends(token_for("terminals.enrol"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Body = Annotated[bytes, Depends(body_of)]


class NewTerminal(msgspec.Struct, forbid_unknown_fields=True):
    """A terminal to be added, without access yet."""

    terminal: str
    customer: str
    warehouse: str


class NewClaim(msgspec.Struct, forbid_unknown_fields=True):
    """A claim to be made: how long it can be used, and whether a person approves the device."""

    hours: int = CLAIM_HOURS
    approve: bool = False


class Seen(msgspec.Struct, forbid_unknown_fields=True):
    """The device that is meant, by the number that it shows."""

    number: str


class ToRotate(msgspec.Struct, forbid_unknown_fields=True):
    """Why a terminal is to change its password, or no more."""

    why: Why = ""


@router.post(ENROLMENTS_PATH)
def enrol(request: Request, acts: Acts, *, body: Body) -> Response:
    """Answer a device that asks with a claim; its proof is in what it sends."""
    try:
        told = acts.admit(body, address=asker_address(request))
    except EnrolmentError as error:
        raise _told(error) from error
    return Response(told, media_type="application/json")


@router.get("/api/v1/terminals/{terminal}")
def show(site: SiteOf, session: Reader, *, terminal: str) -> JSONResponse:
    """Give a terminal: whose it is, and how its device got in."""
    return JSONResponse(_document(site, session, terminal))


@router.post("/api/v1/terminals")
def add(site: SiteOf, session: Enroller, *, acts: Acts, body: Body) -> JSONResponse:
    """Add a terminal."""
    new = read_said(body or b"{}", NewTerminal)
    _do(
        acts.claim.add,
        new.terminal,
        customer=new.customer,
        warehouse=new.warehouse,
        by=session.actor,
    )
    headers = {"Location": f"/api/v1/terminals/{new.terminal}"}
    return JSONResponse(_document(site, session, new.terminal), HTTPStatus.CREATED, headers)


@router.post("/api/v1/terminals/{terminal}/claim")
def claim(
    request: Request, session: Enroller, *, acts: Acts, terminal: str, body: Body
) -> JSONResponse:
    """Make a claim; its text is given this once."""
    new = read_said(body or b"{}", NewClaim)
    made = _do(
        acts.claim.make,
        terminal,
        by=session.actor,
        hours=new.hours,
        asks=new.approve,
        address=str(request.base_url).rstrip("/"),
    )
    return JSONResponse({"terminal": terminal, "claim": write_claim(made)}, HTTPStatus.CREATED)


@router.post("/api/v1/terminals/{terminal}/claim/withdraw")
def withdraw(site: SiteOf, session: Enroller, *, acts: Acts, terminal: str) -> JSONResponse:
    """Withdraw the claim that no device has used."""
    _do(acts.claim.withdraw, terminal, by=session.actor)
    return JSONResponse(_document(site, session, terminal))


@router.post("/api/v1/terminals/{terminal}/approve")
def approve(
    site: SiteOf, session: Enroller, *, acts: Acts, terminal: str, body: Body
) -> JSONResponse:
    """Let the device in that waits."""
    seen = read_said(body or b"{}", Seen)
    _do(acts.claim.approve, terminal, number=seen.number, by=session.actor)
    return JSONResponse(_document(site, session, terminal))


@router.post("/api/v1/terminals/{terminal}/refuse")
def refuse(
    site: SiteOf, session: Enroller, *, acts: Acts, terminal: str, body: Body
) -> JSONResponse:
    """Turn the device away that waits."""
    seen = read_said(body or b"{}", Seen)
    _do(acts.claim.refuse, terminal, number=seen.number, by=session.actor)
    return JSONResponse(_document(site, session, terminal))


@router.post("/api/v1/terminals/{terminal}/rotate")
def rotate(
    site: SiteOf, session: Enroller, *, acts: Acts, terminal: str, body: Body
) -> JSONResponse:
    """Ask a terminal for another password; asked already, it is not asked a second time."""
    asked = read_said(body or b"{}", ToRotate)
    _do(acts.rotate.ask, terminal, why=asked.why, by=session.actor)
    return JSONResponse(_document(site, session, terminal), HTTPStatus.ACCEPTED)


@router.post("/api/v1/terminals/{terminal}/rotate/withdraw")
def withdraw_rotation(
    site: SiteOf, session: Enroller, *, acts: Acts, terminal: str, body: Body
) -> JSONResponse:
    """Take back what was asked, while the terminal gave nothing yet."""
    asked = read_said(body or b"{}", ToRotate)
    _do(acts.rotate.withdraw, terminal, why=asked.why, by=session.actor)
    return JSONResponse(_document(site, session, terminal))


@router.post("/api/v1/terminals/{terminal}/revoke")
def revoke(site: SiteOf, session: Enroller, *, acts: Acts, terminal: str) -> JSONResponse:
    """Take a terminal's access away."""
    _do(acts.enrol.revoke, terminal, by=session.actor)
    return JSONResponse(_document(site, session, terminal))


def _do(act: Callable[..., Any], *given: object, **named: object) -> Any:  # noqa: ANN401 -- the act's
    """Do an act; raises ApiError where it was not done."""
    try:
        return act(*given, **named)
    except EnrolmentError as error:
        raise _told(error) from error


def _told(error: EnrolmentError) -> ApiError:
    status = HTTPStatus(FAULTS[error.code])
    text = PageWords().named("enrol_fault", error.code)
    return ApiError(status, error.code, text, about=error.about)


def _document(site: Site, session: Session, terminal: str) -> Any:  # noqa: ANN401 -- JSON
    now_ms = site.now_ms()
    with site.ground.database.read() as connection:
        found = read_terminal(connection, terminal, now_ms=now_ms, scope=session.scope)
    if found is None:
        raise _told(EnrolmentError("terminal_unknown", terminal))
    row, made, rotation = found.row, found.claim, found.rotation
    return {
        "terminal": row.id,
        "customer": row.customer_code,
        "warehouse": found.warehouse,
        "access": found.has_access,
        "revoked": row.revoked,
        "presence": row.presence,
        "claim": {
            "state": found.look(now_ms),
            "made_at": made.made_at,
            "made_by": made.made_by,
            "expires_at": made.expires_at,
            "asked_at": made.asked_at,
            "device": made.device,
            "address": made.address,
            "number": made.number,
        }
        if made
        else None,
        "rotation": {
            "state": rotation.state,
            "asked_at": rotation.asked_at,
            "asked_by": rotation.asked_by,
            "given_at": rotation.given_at,
            "ended_at": rotation.ended_at,
        }
        if rotation
        else None,
    }
