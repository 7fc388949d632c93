"""Terminals for programs: operators' cards with their PINs, and customers that a counter serves."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from broker.contract import CUSTOMER_CODE, OPERATOR_CODE
from hub.base.access import Session
from hub.base.words import PageWords
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import CARD_FAULTS, CardError
from hub.desk.terminals.reads.cards import read_cards
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/terminals")
Reader = Annotated[Session, Depends(token_for("terminals.read"))]
Setter = Annotated[Session, Depends(token_for("terminals.set"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Body = Annotated[bytes, Depends(body_of)]
Made = TypeVar("Made")


class OperatorSent(msgspec.Struct, forbid_unknown_fields=True):
    """A new operator; without a PIN one is drawn."""

    name: str
    pin: str = ""


class PinSent(msgspec.Struct, forbid_unknown_fields=True):
    """Another PIN of an operator; without one it is drawn."""

    pin: str = ""
    why: Why = ""


class EndSent(msgspec.Struct, forbid_unknown_fields=True):
    """Why something ends."""

    why: Why = ""


class NeededSent(msgspec.Struct, forbid_unknown_fields=True):
    """Whether every order of the counter needs an operator; null leaves it to its group."""

    needed: bool | None
    why: Why = ""


class CustomerSent(msgspec.Struct, forbid_unknown_fields=True):
    """A customer that the counter orders for, or does no more."""

    customer: str
    why: Why = ""


@router.get("/{terminal}/cards")
def cards(site: SiteOf, session: Reader, *, terminal: str) -> JSONResponse:
    """Give the cards that a counter takes."""
    return JSONResponse(_cards(site, session, terminal))


@router.post("/{terminal}/cards/operators")
def add_operator(session: Setter, *, terminal: str, acts: Acts, body: Body) -> JSONResponse:
    """Add an operator; the PIN is given this once."""
    sent = read_said(body or b"{}", OperatorSent)
    made = _do(
        lambda: acts.cards.add_operator(terminal, name=sent.name, pin=sent.pin, by=session.actor)
    )
    return JSONResponse({"card": made.card, "name": made.name, "pin": made.pin}, HTTPStatus.CREATED)


@router.post("/{terminal}/cards/operators/{card}/pin")
def new_pin(session: Setter, *, terminal: str, card: str, acts: Acts, body: Body) -> JSONResponse:
    """Give an operator another PIN; it is given this once."""
    sent = read_said(body or b"{}", PinSent)
    made = _do(
        lambda: acts.cards.new_pin(terminal, card, pin=sent.pin, why=sent.why, by=session.actor)
    )
    return JSONResponse({"card": made.card, "name": made.name, "pin": made.pin})


@router.post("/{terminal}/cards/operators/{card}/end")
def end_operator(
    site: SiteOf, session: Setter, *, terminal: str, card: str, acts: Acts, body: Body
) -> JSONResponse:
    """Take an operator off the list."""
    sent = read_said(body or b"{}", EndSent)
    _do(lambda: acts.cards.end_operator(terminal, card, why=sent.why, by=session.actor))
    return JSONResponse(_cards(site, session, terminal))


@router.put("/{terminal}/cards/needed")
def need_operator(
    site: SiteOf, session: Setter, *, terminal: str, acts: Acts, body: Body
) -> JSONResponse:
    """Say whether every order of the counter needs an operator."""
    sent = read_said(body or b"{}", NeededSent)
    _do(
        lambda: acts.cards.need_operator(
            terminal, needed=sent.needed, why=sent.why, by=session.actor
        )
    )
    return JSONResponse(_cards(site, session, terminal))


@router.post("/{terminal}/cards/customers")
def serve(site: SiteOf, session: Setter, *, terminal: str, acts: Acts, body: Body) -> JSONResponse:
    """Have the terminal order for one more customer."""
    sent = read_said(body or b"{}", CustomerSent)
    _do(lambda: acts.cards.serve(terminal, sent.customer, why=sent.why, by=session.actor))
    return JSONResponse(_cards(site, session, terminal))


@router.post("/{terminal}/cards/customers/end")
def serve_no_more(
    site: SiteOf, session: Setter, *, terminal: str, acts: Acts, body: Body
) -> JSONResponse:
    """Have the terminal order for a customer no more."""
    sent = read_said(body or b"{}", CustomerSent)
    _do(lambda: acts.cards.serve_no_more(terminal, sent.customer, why=sent.why, by=session.actor))
    return JSONResponse(_cards(site, session, terminal))


def _do(act: Callable[[], Made]) -> Made:
    """Do an act; raises ApiError where it was not done."""
    try:
        return act()
    except CardError as error:
        raise _told(error) from error


def _told(error: CardError) -> ApiError:
    text = PageWords().named("card_fault", error.code)
    return ApiError(HTTPStatus(CARD_FAULTS[error.code]), error.code, text, about=error.about)


def _cards(site: Site, session: Session, terminal: str) -> dict[str, Any]:
    found = None
    if terminal.isprintable():
        with site.ground.database.read() as connection:
            found = read_cards(connection, terminal, scope=session.scope)
    if found is None:
        raise _told(CardError("terminal_unknown", terminal))
    return {
        "terminal": terminal,
        "customer": found.code,
        "operator_needed": found.needed,
        "operator_needed_here": found.said,
        "operators": [
            {"card": one.card, "name": one.name, "code": OPERATOR_CODE + one.card}
            for one in found.operators
        ],
        "customers": [
            {"customer": one.code, "name": one.name, "code": CUSTOMER_CODE + one.code}
            for one in found.served
        ],
    }
