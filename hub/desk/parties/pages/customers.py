"""The addresses of customers: list, record, forms, decisions and who serves them."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Refused
from hub.base.fields.words import sentence
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.addresses import FIELDS as ADDRESS_FIELDS
from hub.desk.parties.model.addresses import REQUIRED
from hub.desk.parties.model.customers import SECOND_HANDS, Role, Span
from hub.desk.parties.model.fields import FIELDS
from hub.desk.parties.model.gst import STATES
from hub.desk.parties.pages.forms import check, form_of
from hub.desk.parties.pages.listing import CUSTOMERS, address_of, read_list
from hub.desk.parties.pages.record import described, record_of, verdict
from hub.desk.parties.reads.addresses import list_addresses
from hub.desk.parties.reads.customers import CustomerDetail, read_customer
from hub.desk.parties.reads.sellers import list_roles
from hub.desk.parties.words import word_field
from hub.desk.people.reads.alone import is_alone
from hub.desk.people.reads.users import list_names
from hub.desk.people.store.hands import read_hands
from hub.web.frames.forms import (
    FormPlace,
    changes_of,
    finish_form,
    open_edit,
    open_form,
    read_form,
    refuse_edit,
    take_form,
)
from hub.web.frames.lists import show_list
from hub.web.frames.records import LONGEST_NOTE, keep_note, show_record
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("customers.read"))]
Adder = Annotated[Session, Depends(signed_in_for("customers.add"))]
Changer = Annotated[Session, Depends(signed_in_for("customers.change"))]
Approver = Annotated[Session, Depends(signed_in_for("customers.approve"))]
Acts = Annotated[CustomerActs, Depends(acts_of(CustomerActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
_NEW = "/customers/new"


@router.get("/customers")
def customers(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, what is live of it, or a file of it."""
    read = partial(read_list, scope=session.scope)
    return show_list(request, site, session, frame=CUSTOMERS, read=read)


@router.get(_NEW)
def new(request: Request, site: SiteOf, session: Adder) -> Response:
    """Show the form that adds a customer."""
    values = {one.name: one.default for one in FIELDS.values() if one.default}
    return open_form(_place(request, site, session), values)


@router.post(_NEW)
def add(request: Request, site: SiteOf, session: Adder, *, given: Given, acts: Acts) -> Response:
    """Add a customer, or show again what is wrong and who may be there already."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    code, anyway = given.get("code", ""), "anyway" in given
    done = acts.add(code, sent.value, by=session.user, scope=session.scope, anyway=anyway)
    if isinstance(done, Refused):
        return refuse_edit(place, given, done)
    return finish_form(place, sent=sent, led_to=address_of(done.code))


@router.get("/customers/{code:path}/change")
def change(request: Request, site: SiteOf, session: Changer, *, code: str) -> Response:
    """Show the form that changes a customer, as it is now."""
    found = see_customer(site, session, code)
    return open_edit(_place(request, site, session, code=code), found.fields)


@router.post("/customers/{code:path}/change")
def keep(
    request: Request, site: SiteOf, session: Changer, *, code: str, given: Given, acts: Acts
) -> Response:
    """Change a customer; what somebody else changed meanwhile is told and nothing is lost."""
    found = see_customer(site, session, code)
    place = _place(request, site, session, code=code)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    changes = changes_of(given, sent.value)
    why = given.get("why", "").strip()
    done = acts.change(code, changes, by=session.user, scope=session.scope, why=why)
    if isinstance(done, Refused):
        return refuse_edit(place, given, done, now=found.fields)
    return finish_form(place, sent=sent, led_to=place.back)


@router.post("/customers/{code:path}/requests/{request_id}")
def decide(
    request: Request,
    site: SiteOf,
    session: Approver,
    *,
    acts: Acts,
    code: str,
    request_id: int,
    answer: Annotated[str, Form(pattern="^(grant|refuse)$")],
    why: Why = "",
) -> Response:
    """Let a new customer or a guarded change pass, or refuse it."""
    done = acts.decide(
        request_id,
        code=code,
        grant=answer == "grant",
        by=session.user,
        scope=session.scope,
        why=why.strip(),
    )
    return _done(request, site, session, code=code, done=done)


@router.post("/customers/{code:path}/join")
def join(
    request: Request,
    site: SiteOf,
    session: Approver,
    *,
    acts: Acts,
    code: str,
    into: Annotated[str, Form(min_length=1, max_length=64)],
    why: Why = "",
) -> Response:
    """Say that a new customer is one that is there already, and go to that one."""
    done = acts.join(code, into, by=session.user, scope=session.scope, why=why)
    led_to = code if isinstance(done, Refused) else into
    return _done(request, site, session, code=led_to, done=done)


@router.post("/customers/{code:path}/served-by")
def map_customer(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    acts: Acts,
    code: str,
    role: Annotated[Role, Form()],
    who: Annotated[str, Form(min_length=1, max_length=64)],
    from_day: Annotated[date, Form()],
) -> Response:
    """Have somebody serve a customer in a role from a day on."""
    span = Span(who.strip(), from_day)
    done = acts.map(code, role, span, by=session.user, scope=session.scope)
    return _done(request, site, session, code=code, done=done)


@router.post("/customers/{code:path}/addresses")
def keep_address(
    request: Request, site: SiteOf, session: Changer, *, acts: Acts, code: str, given: Given
) -> Response:
    """Keep a delivery address of a customer, or end the one that `end` names."""
    ended, named = given.get("end", ""), given.get("code", "")
    texts = {name: given.get(name, "") for name in ADDRESS_FIELDS}
    by, scope = session.user, session.scope
    done = (
        acts.address.end(code, ended, by=by, scope=scope)
        if ended
        else acts.address(code, named, texts, by=by, scope=scope)
    )
    return _done(request, site, session, code=code, done=done)


@router.post("/customers/{code:path}/notes")
def note(
    site: SiteOf,
    session: Reader,
    *,
    code: str,
    text: Annotated[str, Form(max_length=LONGEST_NOTE)],
) -> Response:
    """Keep a note at a customer that the reader may see."""
    see_customer(site, session, code)
    address = address_of(code)
    return keep_note(
        site, session, record="customer", key=code, text=text, address=address, topic="customers"
    )


@router.get("/customers/{code:path}")
def customer(request: Request, site: SiteOf, session: Reader, *, code: str) -> Response:
    """Show one customer, or what is live of it."""
    return customer_page(request, site, session, code=code)


def customer_page(
    request: Request, site: Site, session: Session, *, code: str, done: object = None
) -> Response:
    """Show one customer, with why nothing was done where an act refused."""
    seen, words = site.feed.number, words_of(request)
    found, money = see_customer(site, session, code), site.distributor().money
    with site.ground.database.read() as connection:
        panels = site.panels("customer", connection, key=code, session=session, words=words)
        addresses = list_addresses(connection, code, scope=session.scope)
        names = list_names(connection, scope=session.scope)
        alone = is_alone(connection, session.user, may=SECOND_HANDS, scope=session.scope)
        hands = read_hands(connection)
        roles = list_roles(connection, scope=session.scope)
    decides = found.row.pending and session.may("customers.approve")
    acts = site.ground.part(CustomerActs)
    alike = acts.join.alike(code, scope=session.scope) if decides else ()
    fault = ""
    if isinstance(done, Refused):
        fault = "; ".join(sentence(one, language=words.language) for one in done.reasons)
    return show_record(
        request,
        site,
        session,
        record=record_of(found, session, words, money=money),
        template="customer.html",
        panels=panels,
        fault=fault,
        status=409 if fault else 200,
        seen=seen,
        customer=found,
        alone=alone,
        is_own=partial(hands.is_one, session.user),
        alike=alike,
        verdict=verdict(found, words),
        worded=partial(word_field, words, money=money),
        described=described(found, words, money),
        mapping_roles=roles,
        names=names,
        addresses=addresses,
        address_fields=ADDRESS_FIELDS,
        address_required=REQUIRED,
        states=STATES,
        today=site.today(),
    )


def _place(
    request: Request, site: Site, session: Session, *, code: str = ""
) -> FormPlace[dict[str, str]]:
    """Place the form of customers: to add one, or to change the customer of this code."""
    words = words_of(request)
    back = address_of(code) if code else "/customers"
    return FormPlace(
        request,
        site,
        session,
        form_of(words, is_new=not code),
        address=f"{back}/change" if code else _NEW,
        back=back,
        check=partial(check, words=words),
        ref=code,
    )


def _done(request: Request, site: Site, session: Session, *, code: str, done: object) -> Response:
    if isinstance(done, Refused):
        return customer_page(request, site, session, code=code, done=done)
    return RedirectResponse(address_of(code), 303)


def see_customer(site: Site, session: Session, code: str) -> CustomerDetail:
    """Read a customer that the reader may see; raises HTTPException 404."""
    found = None
    if code.isprintable():
        with site.ground.database.read() as connection:
            found = read_customer(connection, code, scope=session.scope, day=site.today())
    if found is None:
        raise HTTPException(404)
    return found
