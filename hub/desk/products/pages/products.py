"""The addresses of products: list, record, and the forms that add and change one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Request, Response

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Refused
from hub.base.fields.words import sentences
from hub.base.history import Entry, Value
from hub.base.money import HOUSE_SCALE, HouseMoney, unit_price
from hub.base.words import PageWords
from hub.desk.parties.model.cells import CellError, read_code
from hub.desk.products.acts import ProductActs
from hub.desk.products.model.fields import FIELDS, check_product, codes_of, read_fields
from hub.desk.products.pages.listing import PRODUCTS, address_of, read_list
from hub.desk.products.reads.products import ProductDetail, list_variants, read_product
from hub.desk.products.words import SOLD, STOPPED
from hub.web.frames.forms import (
    TEMPLATE,
    Checked,
    Field,
    FormFrame,
    FormPlace,
    Option,
    changes_of,
    finish_form,
    open_edit,
    open_form,
    read_form,
    refuse_edit,
    take_form,
)
from hub.web.frames.lists import show_list
from hub.web.frames.records import (
    LONGEST_NOTE,
    Action,
    Actions,
    Linked,
    Record,
    keep_note,
    show_record,
    told_of,
)
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("products.read"))]
Changer = Annotated[Session, Depends(signed_in_for("products.change"))]
Acts = Annotated[ProductActs, Depends(acts_of(ProductActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_NEW: Final = "/products/new"
_PRICES: Final = frozenset(("mrp", "cost"))


@router.get("/products")
def products(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, what is live of it, or a file of it."""
    read = partial(read_list, scope=session.scope)
    return show_list(request, site, session, frame=PRODUCTS, read=read)


@router.get(_NEW)
def new(request: Request, site: SiteOf, session: Changer) -> Response:
    """Show the form that adds a product."""
    values = {one.name: one.default for one in FIELDS.values() if one.default}
    return open_form(_place(request, site, session), values)


@router.post(_NEW)
def add(request: Request, site: SiteOf, session: Changer, *, given: Given, acts: Acts) -> Response:
    """Add a product, or show again what is wrong."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    why = given.get("why", "").strip()
    done = acts.keep.add(given.get("sku", ""), sent.value, by=session.user, why=why)
    if isinstance(done, Refused):
        return refuse_edit(place, given, done)
    return finish_form(place, sent=sent, led_to=address_of(done.code))


@router.get("/products/{sku:path}/change")
def change(request: Request, site: SiteOf, session: Changer, *, sku: str) -> Response:
    """Show the form that changes a product, as it is now."""
    found = see_product(site, session, sku)
    return open_edit(_place(request, site, session, sku=sku), found.fields)


@router.post("/products/{sku:path}/change")
def keep(
    request: Request, site: SiteOf, session: Changer, *, sku: str, given: Given, acts: Acts
) -> Response:
    """Change a product; what somebody else changed meanwhile is told and nothing is lost."""
    found = see_product(site, session, sku)
    place = _place(request, site, session, sku=sku)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    why = given.get("why", "").strip()
    done = acts.keep.change(sku, changes_of(given, sent.value), by=session.user, why=why)
    if isinstance(done, Refused):
        return refuse_edit(place, given, done, now=found.fields)
    return finish_form(place, sent=sent, led_to=place.back)


@router.post("/products/{sku:path}/notes")
def note(
    site: SiteOf,
    session: Reader,
    *,
    sku: str,
    text: Annotated[str, Form(max_length=LONGEST_NOTE)],
) -> Response:
    """Keep a note at a product: it is of all sellers, and the company's people note at it."""
    see_product(site, session, sku)
    if not session.scope.of_company:
        raise HTTPException(403)
    return keep_note(
        site,
        session,
        record="product",
        key=sku,
        text=text,
        address=address_of(sku),
        topic="products",
    )


@router.get("/products/{sku:path}")
def product(request: Request, site: SiteOf, session: Reader, *, sku: str) -> Response:
    """Show one product, or what is live of it."""
    return product_page(request, site, session, sku=sku)


def product_page(
    request: Request, site: Site, session: Session, *, sku: str, done: Refused | None = None
) -> Response:
    """Show one product, with why nothing was done where an act refused."""
    seen, words = site.feed.number, words_of(request)
    found = see_product(site, session, sku)
    with site.ground.database.read() as connection:
        panels = site.panels("product", connection, key=sku, session=session, words=words)
        variants = list_variants(connection, found, scope=session.scope)
    faults = sentences(done.reasons if done else (), language=words.language)
    return show_record(
        request,
        site,
        session,
        record=_record_of(found, session, words, money=site.distributor().money),
        template="product.html",
        panels=panels,
        fault="; ".join(faults.values()),
        status=409 if done else 200,
        seen=seen,
        variants=[(address_of(one), text) for one, text in variants],
        known_family=found.fields["family"],
        known=[(name, text) for name, text in found.fields.items() if text and name != "active"],
    )


def _place(
    request: Request, site: Site, session: Session, *, sku: str = ""
) -> FormPlace[dict[str, str]]:
    """Place the form of products: to add one, or to change the product of this SKU."""
    words = words_of(request)
    back = address_of(sku) if sku else "/products"
    return FormPlace(
        request,
        site,
        session,
        form_of(words, is_new=not sku),
        address=f"{back}/change" if sku else _NEW,
        back=back,
        check=partial(check, words=words),
        ref=sku,
    )


def form_of(words: PageWords, *, is_new: bool) -> FormFrame:
    """Make the form in the words of the page."""
    fields = [
        Field(
            one.name,
            f"product_field.{one.name}",
            kind="choice" if one.choices else "text",
            required=one.name in {"name", "base_unit", "active"},
            options=tuple(
                Option(code, words.named("product_choice", code)) for code in one.choices
            ),
            code=one.name in {"gtins", "pack_gtins"},
        )
        for one in FIELDS.values()
    ]
    if is_new:
        sku = Field("sku", "product_field.sku", required=True, code=True, longest=64)
        fields.insert(0, sku)
    else:
        fields.append(Field("why", "product_field.why", longest=LONGEST_REASON))
    title = "products.add" if is_new else "products.change"
    return FormFrame(
        name="product",
        title=title,
        send=title,
        fields=tuple(fields),
        template=TEMPLATE,
    )


def check(values: Mapping[str, str], words: PageWords) -> Checked[dict[str, str]]:
    """Read what was typed; what is wrong stands at its field with what would be right."""
    texts = {name: values[name] for name in FIELDS if name in values}
    columns, faults = read_fields(texts)
    if "sku" in values:
        try:
            read_code(values["sku"])
        except CellError as error:
            faults.append(error.reason._replace(field="sku"))
    faults = faults or list(check_product(columns))
    return Checked(texts, errors=sentences(faults, language=words.language))


def _record_of(
    found: ProductDetail, session: Session, words: PageWords, *, money: HouseMoney
) -> Record:
    row, address = found.row, address_of(found.row.sku)
    action = Action(words.text("products.change"), "pencil", address=f"{address}/change")
    labels = Action(words.text("labels.title"), "printer", address=f"{address}/labels")
    others = (labels,) if codes_of(found.fields) else ()
    other = found.fields["replaced_by"]
    text = words.named("product_field", "replaced_by")
    told = _told(found.history, words, money) if session.scope.of_company else ()
    return Record(
        noun="product",
        key=row.sku,
        number=row.name,
        name=row.sku,
        address=address,
        back="/products",
        topics=("products", "stock"),
        state=SOLD if row.active else STOPPED,
        actions=Actions(action if session.may("products.change") else None, others=others),
        linked=(Linked(text, other, address_of(other)),) if other else (),
        timeline=told_of(told, lambda name: words.named("product_field", name)),
        notes=session.scope.of_company,
        files="products.change",
    )


def _told(entries: Iterable[Entry], words: PageWords, money: HouseMoney) -> Iterator[Entry]:
    """Word what was changed; a field that nobody has given anything is left out."""
    for one in entries:
        old, new = (_worded(words, one.field, value, money=money) for value in (one.old, one.new))
        if old != new:
            yield replace(one, old=old, new=new)


def _worded(words: PageWords, field: str, value: Value, *, money: HouseMoney) -> str:
    """Word what a column of a product holds: a price as money, whether it is sold in words."""
    if value is None or value == "":
        return ""
    if field == "active":
        return words.named("product_choice", "yes" if value else "no")
    if field in _PRICES:
        return unit_price(int(str(value)), money.currency, HOUSE_SCALE)
    return str(value)


def see_product(site: Site, session: Session, sku: str) -> ProductDetail:
    """Read a product; raises HTTPException 404."""
    found = None
    if sku.isprintable():
        with site.ground.database.read() as connection:
            found = read_product(connection, sku, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found
