"""The addresses of returns: the list, one return, and the form that takes goods back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Request, Response

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON, Reason, Refused
from hub.base.fields.words import sentence, sentences
from hub.base.words import PageWords
from hub.desk.deliveries.reads.notes import read_numbered
from hub.desk.invoices.model.crediting import SHELVES
from hub.desk.parties.pages.meant import CUSTOMER, mean_customer
from hub.desk.products.reads.typed import find_meant
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import SoldLine, read_back
from hub.desk.returns.pages.listing import RETURNS, read_list
from hub.desk.returns.reads import list_sold
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    Offer,
    Option,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.frames.lists import show_list
from hub.web.frames.records import Action, Actions
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("returns.read"))]
Taker = Annotated[Session, Depends(signed_in_for("returns.take"))]
Acts = Annotated[ReturnActs, Depends(acts_of(ReturnActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_OPENED: Final = "opened"
_GOODS: Final = "back"
_MOST_OFFERED: Final = 8
_SHOWN: Final = 500
"""Lines of invoices that the form reads; older ones come back by the command or the API."""


@dataclass(slots=True)
class Offered:
    """A product that may come back: how much of it, from which newest invoice, of which batches."""

    sku: str
    name: str
    left: int
    number: str
    batches: list[str]


@dataclass(frozen=True, slots=True)
class Goods:
    """The sold products that a text means: the SKUs that fit, and what its field says."""

    skus: frozenset[str]
    offer: Offer


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form's own fields mean: the customer's code, and the row id of the delivery note.

    That is None for any.
    """

    customer: str
    delivery: int | None


@router.get("/returns")
def returns(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, or a file of it."""
    read = partial(read_list, scope=session.scope)
    return show_list(request, site, session, frame=RETURNS, read=read)


@router.get("/returns/new")
def new(
    request: Request,
    site: SiteOf,
    session: Taker,
    *,
    customer: str = "",
    delivery: str = "",
) -> Response:
    """Show the form; of a customer that is named, with what was sold last.

    What somebody says comes back, `damaged.TEA=2` and `why`, is typed into it already.
    """
    said = {
        name: text[:LONGEST_REASON]
        for name, text in request.query_params.items()
        if name == "why" or name.partition(".")[0] in SHELVES[:3]
    }
    values = {**said, "customer": customer, "delivery": delivery, _OPENED: "yes"}
    return open_form(_place(request, site, session), values)


@router.post("/returns/new")
def take(request: Request, site: SiteOf, session: Taker, *, given: Given, acts: Acts) -> Response:
    """Take the goods back, or show again what is wrong at its product."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    back, faults = read_back(given)
    done = (
        Refused(tuple(faults))
        if faults
        else acts.take(
            sent.value.customer,
            back,
            key=sent.key,
            why=given.get("why", ""),
            delivery=sent.value.delivery,
            charge=given.get("charge", "") == "1",
            by=session.user,
            scope=session.scope,
        )
    )
    if isinstance(done, Refused):
        at = [one._replace(field=_cell(one)) for one in done.reasons]
        return refuse_act(place, given, at)
    return finish_form(place, sent=sent, led_to=f"/returns/{done.id}")


def read_of_customer(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> str | None:
    """Give the customer's code to whoever may take goods back."""
    del connection, now_ms
    return key if session.may("returns.take") else None


def offer_of_customer(it: object, session: Session, words: PageWords) -> Actions:
    """Offer to take goods of a customer back."""
    del session
    address = f"/returns/new?fresh=1&customer={quote(str(it), safe='')}"
    return Actions(others=(Action(words.text("returns.take"), "arrow-back-up", address=address),))


def _cell(reason: Reason) -> str:
    """Give where a fault is told: at a product's first cell, above all goods, or at a field."""
    if reason.code == "return_nothing":
        return _GOODS
    at_goods = reason.code.startswith("return_") or reason.code == "credit_goods_owed"
    if at_goods and reason.field not in {"why", "customer", ""}:
        return f"good.{reason.field}"
    return reason.field or "customer"


def _place(request: Request, site: Site, session: Session) -> FormPlace[Asked]:
    words = words_of(request)

    def check(values: Mapping[str, str]) -> Checked[Asked]:
        _, faults = read_back(values)
        # That nothing came back is said once the form is sent: until then somebody types.
        wrong = [one for one in faults if one.code != "return_nothing"]
        errors = sentences(wrong, language=words.language)
        if not values.get("why", "").strip():
            errors["why"] = sentence(Reason("return_why"), language=words.language)
        errors = {} if _OPENED in values else errors
        number = values.get("delivery", "").strip()
        sold: Sequence[SoldLine] = ()
        with site.ground.database.read() as connection:
            text = values.get("customer", "")
            meant = mean_customer(connection, text, session=session, words=words)
            if meant.fault and _OPENED not in values:
                errors["customer"] = meant.fault
            note = None
            if number and number.isprintable():
                note = read_numbered(connection, number, scope=session.scope)
            if number and note is None:
                unknown = Reason("return_note_unknown", {"note": number})
                errors["delivery"] = sentence(unknown, language=words.language)
            elif meant.code:
                delivery = note.id if note else None
                sold = list_sold(
                    connection, meant.code, delivery=delivery, most=_SHOWN, scope=session.scope
                )
            found = _find_goods(connection, values.get("goods", ""), sold, scope=session.scope)
        offered = [one for one in _offer(sold) if one.sku in found.skus or _is_typed(one, values)]
        return Checked(
            Asked(meant.code, note.id if note else None),
            errors=errors,
            shown={
                "offered": offered,
                "shelves": SHELVES[:3],
                "none_fits": bool(sold) and not found.skus,
            },
            offers={"customer": meant.offer, "goods": found.offer},
        )

    frame = FormFrame(
        "return",
        "returns.take",
        "returns.take",
        (
            CUSTOMER,
            Field(
                "delivery", "delivery.paper", code=True, hint="returns.delivery_hint", longest=32
            ),
            Field("why", "word.why", required=True, longest=LONGEST_REASON),
            Field("goods", "word.product", hint="returns.goods_hint", longest=200, offers=True),
        ),
        "return_new.html",
    )
    return FormPlace(request, site, session, frame, "/returns/new", "/returns", check)


def _find_goods(
    connection: Connection, text: str, sold: Sequence[SoldLine], *, scope: Scope
) -> Goods:
    """Find which of the products that were sold a text means; all of them without one."""
    names = {one.sku: one.name for one in sold}
    if not text.strip():
        return Goods(frozenset(names), Offer())
    one, several = find_meant(connection, text, most=_SHOWN, scope=scope, among=names)
    if one is not None:
        return Goods(frozenset({one.sku}) & names.keys(), Offer(said=names.get(one.sku, "")))
    fitting = {one.sku: one for one in several}
    options = tuple(Option(sku, f"{one.name} ({sku})") for sku, one in fitting.items())
    return Goods(frozenset(fitting), Offer(options=options[:_MOST_OFFERED]))


def _is_typed(one: Offered, values: Mapping[str, str]) -> bool:
    """Say whether something is typed for a product: it stays in sight, and in the form."""
    return any(values.get(f"{name}.{one.sku}", "").strip() for name in (*SHELVES[:3], "batch"))


def _offer(sold: Sequence[SoldLine]) -> list[Offered]:
    """Put what was sold together by product, the last invoice first."""
    found: dict[str, Offered] = {}
    for one in sold:
        row = found.setdefault(one.sku, Offered(one.sku, one.name, 0, one.number, []))
        row.left += one.left
        row.batches += [code for code in one.batches if code and code not in row.batches]
    return list(found.values())
