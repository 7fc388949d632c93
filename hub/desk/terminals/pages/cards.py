"""The cards that a counter takes: operators and their PINs, other customers; and their print."""

from collections.abc import Callable
from typing import Annotated, Final, Literal, NamedTuple
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from broker.contract import CUSTOMER_CODE, OPERATOR_CODE
from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.desk.products.model.bars import Bars
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import CARD_FAULTS, CardError, NewOperator
from hub.desk.terminals.model.bars import card_bars
from hub.desk.terminals.reads.cards import CounterCards, read_cards
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Setter = Annotated[Session, Depends(signed_in_for("terminals.set"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Short = Annotated[str, Form(max_length=120)]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
_NEEDED: Final = {"true": True, "false": False, "group": None}


class _Asking(NamedTuple):
    """Who asks for something about which terminal."""

    request: Request
    site: Site
    session: Session
    terminal: str


class PrintedCard(NamedTuple):
    """A card as it is printed: whose it is, what it is for, and its bars."""

    name: str
    code: str
    is_operator: bool
    bars: Bars | None


@router.get("/terminals/{terminal}/cards")
def cards(request: Request, site: SiteOf, session: Setter, *, terminal: str) -> Response:
    """Show the cards of a counter."""
    return _page(_Asking(request, site, session, terminal))


@router.get("/terminals/{terminal}/cards/print")
def printed(request: Request, site: SiteOf, session: Setter, *, terminal: str) -> Response:
    """Show the cards as they are printed and cut out."""
    found = _found(site, session, terminal)
    operators = [(one.name, OPERATOR_CODE + one.card, True) for one in found.operators]
    own = (found.customer, CUSTOMER_CODE + found.code, False)
    others = [(one.name, CUSTOMER_CODE + one.code, False) for one in found.served]
    shown = [*operators, *([own, *others] if others else [])]
    return draw(
        request,
        "terminal_cards_print.html",
        session=session,
        it=found,
        cards=[PrintedCard(name, code, is_op, card_bars(code)) for name, code, is_op in shown],
    )


@router.post("/terminals/{terminal}/cards/operators")
def add_operator(
    request: Request,
    site: SiteOf,
    session: Setter,
    *,
    acts: Acts,
    terminal: str,
    name: Short = "",
    pin: Short = "",
) -> Response:
    """Add an operator, and show the PIN, this once."""
    asking = _Asking(request, site, session, terminal)
    return _told(
        asking,
        lambda: acts.cards.add_operator(terminal, name=name, pin=pin, by=session.actor),
    )


@router.post("/terminals/{terminal}/cards/operators/{card}/pin")
def new_pin(
    request: Request,
    site: SiteOf,
    session: Setter,
    *,
    acts: Acts,
    terminal: str,
    card: str,
    pin: Short = "",
) -> Response:
    """Give an operator another PIN, and show it, this once."""
    asking = _Asking(request, site, session, terminal)
    return _told(
        asking, lambda: acts.cards.new_pin(terminal, card, pin=pin, why="", by=session.actor)
    )


@router.post("/terminals/{terminal}/cards/operators/{card}/end")
def end_operator(
    request: Request,
    site: SiteOf,
    session: Setter,
    *,
    acts: Acts,
    terminal: str,
    card: str,
    why: Why = "",
) -> Response:
    """Take an operator off the list."""
    return _done(
        _Asking(request, site, session, terminal),
        lambda: acts.cards.end_operator(terminal, card, why=why, by=session.actor),
    )


@router.post("/terminals/{terminal}/cards/needed")
def need_operator(
    request: Request,
    site: SiteOf,
    session: Setter,
    *,
    acts: Acts,
    terminal: str,
    needed: Annotated[Literal["true", "false", "group"], Form()] = "false",
    why: Why = "",
) -> Response:
    """Say whether every order needs an operator, or leave it to the counter's group."""
    return _done(
        _Asking(request, site, session, terminal),
        lambda: acts.cards.need_operator(
            terminal, needed=_NEEDED[needed], why=why, by=session.actor
        ),
    )


@router.post("/terminals/{terminal}/cards/customers")
def serve(
    request: Request,
    site: SiteOf,
    session: Setter,
    *,
    acts: Acts,
    terminal: str,
    customer: Short = "",
    why: Why = "",
) -> Response:
    """Have the terminal order for one more customer."""
    return _done(
        _Asking(request, site, session, terminal),
        lambda: acts.cards.serve(terminal, customer.strip(), why=why, by=session.actor),
    )


@router.post("/terminals/{terminal}/cards/customers/end")
def serve_no_more(
    request: Request,
    site: SiteOf,
    session: Setter,
    *,
    acts: Acts,
    terminal: str,
    customer: Short = "",
    why: Why = "",
) -> Response:
    """Have the terminal order for a customer no more."""
    return _done(
        _Asking(request, site, session, terminal),
        lambda: acts.cards.serve_no_more(terminal, customer, why=why, by=session.actor),
    )


def _done(asking: _Asking, act: Callable[[], None]) -> Response:
    """Do an act and show the cards; where it was not done, with the reason."""
    try:
        act()
    except CardError as error:
        return _page(asking, error=error)
    return RedirectResponse(address_of(asking.terminal), 303)


def _told(asking: _Asking, act: Callable[[], NewOperator]) -> Response:
    """Do an act that makes a PIN, and show it on the page that answers, nowhere else."""
    try:
        made = act()
    except CardError as error:
        return _page(asking, error=error)
    return _page(asking, made=made)


def address_of(terminal: str) -> str:
    """Name the page of a terminal's cards."""
    return f"/terminals/{quote(terminal, safe='')}/cards"


def _found(site: Site, session: Session, terminal: str) -> CounterCards:
    found = None
    if terminal.isprintable():
        with site.ground.database.read() as connection:
            found = read_cards(connection, terminal, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found


def _page(
    asking: _Asking, *, error: CardError | None = None, made: NewOperator | None = None
) -> Response:
    request, site, session, terminal = asking
    return draw(
        request,
        "terminal_cards.html",
        session=session,
        status=CARD_FAULTS[error.code] if error else 200,
        it=_found(site, session, terminal),
        place=address_of(terminal),
        back=f"/terminals/{quote(terminal, safe='')}",
        fault=words_of(request).named("card_fault", error.code) if error else "",
        made=made,
    )
