"""Enter an order and amend one: what it comes to is shown while it is typed, before it is kept."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Query, Request, Response

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.base.words import PageWords
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.asked import Amendment, AskedOrder
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import AMENDABLE
from hub.desk.orders.pages.entering import SHOWN, Entering
from hub.desk.orders.pages.entry_fields import opened_rows, seen_in, write_rows
from hub.desk.orders.pages.entry_shops import only_customer
from hub.desk.orders.pages.orders import order_page
from hub.desk.orders.reads import entry as reads
from hub.desk.orders.reads.listing import list_warehouses
from hub.desk.orders.reads.order import OrderDetail, read_order
from hub.desk.orders.words import look_of, sentence
from hub.web.frames.forms import (
    Field,
    FormFrame,
    FormPlace,
    Option,
    Sent,
    finish_form,
    keep_form,
    open_form,
    read_form,
    refuse_form,
    take_form,
)
from hub.web.noun import Router
from hub.web.pages import is_part, with_camera, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Placer = Annotated[Session, Depends(signed_in_for("orders.place"))]
Amender = Annotated[Session, Depends(signed_in_for("orders.amend"))]
Acts = Annotated[OrderActs, Depends(acts_of(OrderActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
Named = Annotated[str, Query(max_length=64)]
_NEW: Final = "/orders/new"
_OWN: Final = ("form_key", "form_sure", "form_step")
_PRESSED: Final = ("drop", "pick", "choose", "repeat", "adding")
"""Buttons that change the order that is entered; each sends its own field."""
_WISHES: Final = (
    Field("delivery_date", "order.delivery_date", kind="date"),
    Field("coupons", "order.coupons", hint="entry.coupons_hint", longest=400, code=True),
)
"""Fields of what an order wishes beside its lines, new or amended."""

Form = FormPlace[AskedOrder | Amendment]


@router.get(_NEW)
def new(
    request: Request,
    site: SiteOf,
    session: Placer,
    *,
    acts: Acts,
    customer: Named = "",
    copy: Named = "",
) -> Response:
    """Open an order to enter: as it was left, for a customer, or asking for what another did."""
    entering = _entering(request, site, session, acts=acts)
    values = {"customer": entering.only or customer, "payment": "credit"}
    if copy:
        values |= _copied(site, session, copy)
    return with_camera(open_form(_form_of_new(request, entering), values))


@router.post(_NEW)
def place(request: Request, site: SiteOf, session: Placer, *, acts: Acts, given: Given) -> Response:
    """Take what was typed, and place the order once its decision was seen."""
    entering = _entering(request, site, session, acts=acts, given=given)
    form = _form_of_new(request, entering)
    entered = {**_own(given), **entering.enter(given)}
    sent = _take(form, entered, sending=entering.sending)
    if isinstance(sent, Response):
        return sent
    assert isinstance(sent.value, AskedOrder)  # noqa: S101  # as nothing is amended here
    mark = entered[SHOWN]
    done = acts.place(sent.value, by=entering.requester, scope=session.scope, seen=mark)
    if isinstance(done, Refused):
        return _refuse(form, entered, done, language=entering.words.language)
    return finish_form(form, sent=sent, led_to=f"/orders/{done.uuid}")


@router.get("/orders/{uuid}/amend")
def amend(request: Request, site: SiteOf, session: Amender, *, acts: Acts, uuid: str) -> Response:
    """Open an order to amend: what it asks for by now, or as the reader left it."""
    detail = _found(site, session, uuid)
    entering = _entering(request, site, session, acts=acts, amended=detail)
    words = entering.words
    if detail.head.status not in AMENDABLE:
        status = words.text(look_of(detail.head.status, changed=False).words)
        fault = words.text("entry.not_amendable", status=status)
        return order_page(request, site, session, uuid=uuid, status=409, fault=fault)
    with site.ground.database.read() as connection:
        rows = reads.rows_of_order(connection, uuid, scope=session.scope)
    opened = open_form(_form_of_amended(request, entering, uuid), opened_rows(detail, rows))
    return with_camera(opened)


@router.post("/orders/{uuid}/amend")
def keep_amended(
    request: Request, site: SiteOf, session: Amender, *, acts: Acts, uuid: str, given: Given
) -> Response:
    """Take what was typed, and amend the order once the difference and the decision were seen."""
    detail = _found(site, session, uuid)
    entering = _entering(request, site, session, acts=acts, given=given, amended=detail)
    form = _form_of_amended(request, entering, uuid)
    entered = {**_own(given), **entering.enter(given)}
    sent = _take(form, entered, sending=entering.sending)
    if isinstance(sent, Response):
        return sent
    assert isinstance(sent.value, Amendment)  # noqa: S101  # as an order is amended here
    why, seen = entered["why"].strip()[:LONGEST_REASON], seen_in(entered)
    mark = entered[SHOWN]
    done = acts.amend(uuid, sent.value, by=session.user, why=why, seen=seen, decision=mark)
    if isinstance(done, Refused):
        return _refuse(form, entered, done, language=entering.words.language)
    return finish_form(form, sent=sent, led_to=f"/orders/{uuid}")


def _entering(
    request: Request,
    site: Site,
    session: Session,
    *,
    acts: OrderActs,
    given: Mapping[str, str] | None = None,
    amended: OrderDetail | None = None,
) -> Entering:
    """Say who enters what; confirming is what was sent by no other button."""
    said = given or {}
    with site.ground.database.read() as connection:
        only = "" if amended else only_customer(connection, session)
    pressed = any(said.get(name) for name in _PRESSED)
    by_last = said.get("form_step", "send") == "send"
    return Entering(
        site=site,
        session=session,
        words=words_of(request),
        acts=acts,
        key=said.get("form_key", "-"),
        sending=given is not None and not is_part(request) and not pressed and by_last,
        sure=said.get("form_sure", ""),
        amended=amended,
        only=only,
    )


def _own(given: Mapping[str, str]) -> dict[str, str]:
    """Give the fields of the frame itself."""
    return {name: given[name] for name in _OWN if name in given}


def _take(
    form: Form, entered: Mapping[str, str], *, sending: bool
) -> Sent[AskedOrder | Amendment] | Response:
    """Give what was confirmed, or the answer: the form's part, or the page as it stands by now."""
    if not is_part(form.request) and not sending:
        return keep_form(form, entered)
    taken = take_form(form, entered)
    return with_camera(taken) if isinstance(taken, Response) else taken


def _refuse(form: Form, given: Mapping[str, str], done: Refused, *, language: str) -> Response:
    """Show the form again with why the act refused it."""
    return refuse_form(form, given, errors={"": sentence(done.reason, language=language)})


def _found(site: Site, session: Session, uuid: str) -> OrderDetail:
    with site.ground.database.read() as connection:
        found = read_order(connection, uuid, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found


def _copied(site: Site, session: Session, uuid: str) -> dict[str, str]:
    """Give the fields of an order that asks for what another one asked for."""
    detail = _found(site, session, uuid)
    with site.ground.database.read() as connection:
        rows = reads.rows_of_order(connection, uuid, scope=session.scope)
    return {
        **write_rows([one.plain for one in rows]),
        "customer": detail.head.customer_code,
        "payment": detail.newest.payment,
        "warehouse": detail.head.warehouse,
    }


def _payments(words: PageWords) -> tuple[Option, ...]:
    return tuple(Option(one, words.named("payment", one)) for one in ("credit", "cash", "advance"))


def _form_of_new(request: Request, entering: Entering) -> Form:
    """Make the form of a new order."""
    site, session, words = entering.site, entering.session, entering.words
    with site.ground.database.read() as connection:
        places = list_warehouses(connection, scope=session.scope)
    usual = Option("", words.text("entry.usual_warehouse"))
    warehouse = Field(
        "warehouse",
        "order.warehouse",
        kind="choice",
        options=(usual, *(Option(code, name) for code, name in places)),
    )
    fields = (
        Field("customer", "word.customer", hint="entry.customer_hint", required=True, offers=True),
        Field("payment", "word.payment", kind="choice", options=_payments(words)),
        *([warehouse] if session.is_staff or len(places) > 1 else []),
        Field("po_number", "order.po_number", longest=64, code=True),
        Field("ship_to", "order.ship_to", hint="order.ship_to_hint", longest=64, code=True),
        *_WISHES,
    )
    frame = FormFrame("order", "entry.title", "entry.confirm", fields, template="order_entry.html")
    return FormPlace(request, site, session, frame, _NEW, "/orders", entering.check)


def _form_of_amended(request: Request, entering: Entering, uuid: str) -> Form:
    """Make the form in which an order is amended: its customer and warehouse stay."""
    site, session, words = entering.site, entering.session, entering.words
    fields = (
        Field("payment", "word.payment", kind="choice", options=_payments(words)),
        *_WISHES,
        Field("why", "order.why", longest=LONGEST_REASON),
    )
    frame = FormFrame(
        "order_amend",
        "entry.amend_title",
        "entry.amend_confirm",
        fields,
        template="order_entry.html",
    )
    address, back = f"/orders/{uuid}/amend", f"/orders/{uuid}"
    return FormPlace(request, site, session, frame, address, back, entering.check, uuid)
