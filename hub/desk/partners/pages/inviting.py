"""Let a party's people in: a form on the customer's page, and the link, shown this once."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Query, Request, Response
from markupsafe import Markup

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.papers import draw_code
from hub.base.words import PageWords
from hub.desk.parties.model import moment_of
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.reads.customers import CustomerDetail, read_customer
from hub.desk.parties.reads.sellers import seller_name
from hub.desk.partners.acts import PartnerActs
from hub.desk.partners.model import Invited
from hub.desk.partners.reads.people import PartnerRow, list_partners
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.pages.limits import IN_TURN
from hub.web.frames.forms import draw_once, take_once
from hub.web.noun import Action, Actions, Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Inviter = Annotated[Session, Depends(signed_in_for("partners.invite"))]
Acts = Annotated[PartnerActs, Depends(acts_of(PartnerActs))]
Code = Annotated[str, Query(max_length=64)]
Short = Annotated[str, Form(max_length=200)]


@router.get("/partners/new")
def new(request: Request, site: SiteOf, session: Inviter, *, customer: Code) -> Response:
    """Show the form that lets somebody of a customer in."""
    return _form(request, session, customer=_found(site, session, customer))


@router.post("/partners/new", dependencies=[IN_TURN])
def invite(
    request: Request,
    site: SiteOf,
    session: Inviter,
    *,
    acts: Acts,
    customer: Short,
    name: Short,
    shown: Short = "",
    mail: Short = "",
) -> Response:
    """Add the user, and show the link this once, or say where it was sent."""
    found = _found(site, session, customer)
    mail = mail.strip()
    try:
        made = acts.invite(name, [customer], shown=shown, mail=mail, by=session.actor)
    except PeopleError as error:
        given = {"name": name, "shown": shown, "mail": mail}
        return _form(request, session, customer=found, given=given, error=error)
    return _sheet(request, site, session, made=made, customer=found, mail=mail)


@router.post("/partners/{user}/link")
def again(
    request: Request,
    site: SiteOf,
    session: Inviter,
    *,
    acts: Acts,
    user: int,
    customer: Short,
    mail: Short = "",
    once: Annotated[str, Form(max_length=36)] = "",
) -> Response:
    """Make another link for a partner, and end the link before it; a reload makes no third one."""
    back = f"/customers/{quote(customer, safe='')}"
    sent = take_once(site, session, name="partner_link", key=once, led_to=back)
    if sent is not None:
        return sent
    found, mail = _found(site, session, customer), mail.strip()
    try:
        made = acts.invite.again(user, mail=mail, by=session.actor)
    except PeopleError as error:
        if error.code == "user_unknown":
            raise HTTPException(404) from error
        return _form(request, session, customer=found, error=error)
    return _sheet(request, site, session, made=made, customer=found, mail=mail)


def _found(site: Site, session: Session, code: str) -> CustomerDetail:
    with site.ground.database.read() as connection:
        found = None
        if code.isprintable():
            found = read_customer(connection, code, scope=session.scope, day=site.today())
    if found is None:
        raise HTTPException(404)
    return found


def _form(
    request: Request,
    session: Session,
    *,
    customer: CustomerDetail,
    given: dict[str, str] | None = None,
    error: PeopleError | None = None,
) -> Response:
    fault = ""
    if error is not None:
        fault = words_of(request).named("user_fault", error.code)
        fault = f"{fault} ({error.about})" if error.about else fault
    return draw(
        request,
        "partner_new.html",
        session=session,
        status=409 if error else 200,
        customer=customer,
        given=given or {"mail": customer.fields.get("email", "")},
        fault=fault,
        back=_address(customer.row.code),
    )


def _sheet(
    request: Request,
    site: Site,
    session: Session,
    *,
    made: Invited,
    customer: CustomerDetail,
    mail: str,
) -> Response:
    link = "" if mail else site.ground.part(PartnerActs).mail.link_to(made)
    with site.ground.database.read() as connection:
        seller = seller_name(connection, customer.row.code, scope=session.scope)
    return draw(
        request,
        "partner_invited.html",
        session=session,
        made=made,
        customer=customer,
        seller=seller,
        mail=mail,
        link=link,
        code=Markup(draw_code(link)),  # noqa: S704  # digits and paths alone
        back=_address(customer.row.code),
    )


def _address(code: str) -> str:
    return f"/customers/{quote(code, safe='')}"


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """The partners of a customer, as who may let in another sees them."""

    code: str
    people: tuple[PartnerRow, ...]

    @staticmethod
    def draw_once() -> str:
        """Draw a key of a form that makes a link: each partner's form has its own."""
        return draw_once()


def read_panel(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> OfCustomer | None:
    """Read who of a customer signs in, for whoever may let people in."""
    if not session.may("partners.invite"):
        return None
    day = moment_of(now_ms, read_distributor(connection).zone).day
    if read_customer(connection, key, scope=session.scope, day=day) is None:
        return None
    people = list_partners(connection, key, now_ms=now_ms, scope=session.scope)
    return OfCustomer(key, tuple(people))


def offer_actions(it: object, session: Session, words: PageWords) -> Actions:
    """Offer to let somebody of the customer in."""
    del session
    assert isinstance(it, OfCustomer)  # noqa: S101  # what `read_panel` gave
    address = f"/partners/new?customer={quote(it.code, safe='')}"
    return Actions(others=(Action(words.text("partner.invite"), "user", address=address),))
