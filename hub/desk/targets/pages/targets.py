"""The addresses of targets: the list, one target, and the form that sets one."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session, has_sellers
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON, Reason, Refused
from hub.base.fields.words import sentence, sentences
from hub.base.money import HOUSE_SCALE, HouseMoney
from hub.base.words import PageWords
from hub.desk.parties.pages.meant import mean_customer
from hub.desk.products.pages.meant import mean_product
from hub.desk.targets.acts import TargetActs
from hub.desk.targets.model import (
    AIMS,
    FIELDS,
    GOODS,
    KINDS,
    SPANS,
    AskedTarget,
    read_target,
)
from hub.desk.targets.pages.listing import (
    TARGETS,
    amount_of,
    goods_of,
    name_of,
    read_list,
    rows_of,
    said_amount,
    span_of,
)
from hub.desk.targets.reads import TargetDetail, TargetVersion
from hub.desk.targets.reads import read_target as find_target
from hub.web.frames.filters import Option
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    Offer,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.frames.lists import show_list
from hub.web.frames.records import Happened, Record, show_record
from hub.web.noun import Action, Actions, Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of
from rules import shown

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("targets.read"))]
Setter = Annotated[Session, Depends(signed_in_for("targets.set"))]
Acts = Annotated[TargetActs, Depends(acts_of(TargetActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
_SELLER: Final = Field(
    "seller", "targets.seller", hint="targets.seller_hint", code=True, longest=64
)


@router.get("/targets")
def targets(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, or a file of it."""
    read = partial(read_list, day=site.today(), scope=session.scope)
    return show_list(request, site, session, frame=TARGETS, read=read)


@router.get("/targets/new")
def new(request: Request, site: SiteOf, session: Setter) -> Response:
    """Show the form of a new target, of this month."""
    values = {"kind": "rep", "goods": "all", "span": "month", "month": f"{site.today():%Y-%m}"}
    return open_form(_place(request, site, session), values)


@router.post("/targets/new")
def add(request: Request, site: SiteOf, session: Setter, *, given: Given, acts: Acts) -> Response:
    """Keep a target; one that is there already gets the amount."""
    return _keep(_place(request, site, session), given, acts=acts)


@router.get("/targets/{number}/change")
def change_form(request: Request, site: SiteOf, session: Setter, *, number: int) -> Response:
    """Show the form that gives a target another amount."""
    found = _found(site, session, number)
    values = {**_texts(found), "seen": str(found.row.version)}
    return open_form(_place(request, site, session, found=found), values)


@router.post("/targets/{number}/change")
def change(
    request: Request, site: SiteOf, session: Setter, *, number: int, given: Given, acts: Acts
) -> Response:
    """Give a target another amount, unless another has given it one since."""
    found = _found(site, session, number)
    return _keep(_place(request, site, session, found=found), given, acts=acts, found=found)


@router.get("/targets/{number}")
def show(request: Request, site: SiteOf, session: Reader, *, number: int) -> Response:
    """Show one target with all its versions."""
    return _show(request, site, session, number=number)


@router.post("/targets/{number}/withdraw")
def withdraw(
    request: Request, site: SiteOf, session: Setter, *, acts: Acts, number: int, reason: Why
) -> Response:
    """Have a target stand no more."""
    done = acts.set.withdraw(number, why=reason, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        fault = sentence(done.reasons[0], language=words_of(request).language)
        return _show(request, site, session, number=number, fault=fault)
    return RedirectResponse(f"/targets/{number}", 303)


def _keep(
    place: FormPlace[AskedTarget],
    given: Mapping[str, str],
    *,
    acts: TargetActs,
    found: TargetDetail | None = None,
) -> Response:
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    session = place.session
    texts = {name: given[name] for name in (*FIELDS, "seller") if name in given}
    texts |= {name: getattr(sent.value, name) for name in ("who", "thing") if name in texts}
    seen: int | None = None
    if found is not None:
        texts = {**_texts(found), "seller": _seller(found), **texts}
        seen = int(given.get("seen", "")) if given.get("seen", "").isdecimal() else None
    done = acts.set(texts, seen=seen, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to=f"/targets/{done.id}")


def _found(site: Site, session: Session, number: int) -> TargetDetail:
    with site.ground.database.read() as connection:
        found = find_target(connection, number, day=site.today(), scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found


def _texts(found: TargetDetail) -> dict[str, str]:
    """Write a target as the texts that would set it."""
    row = found.row
    amount = shown(row.amount, HOUSE_SCALE) if AIMS[row.measure].money else str(row.amount)
    return {
        **{name: getattr(row, name) for name in ("measure", "kind", "who", "goods", "thing")},
        "span": row.span,
        "month": f"{row.first:%Y-%m}",
        "amount": amount,
    }


def _seller(found: TargetDetail) -> str:
    """Name the seller of a target that there is; the company goes without."""
    return "" if found.row.seller.startswith("@") else found.row.seller


def _place(
    request: Request, site: Site, session: Session, *, found: TargetDetail | None = None
) -> FormPlace[AskedTarget]:
    words = words_of(request)

    def check(values: Mapping[str, str]) -> Checked[AskedTarget]:
        if found:
            asked = read_target({**_texts(found), **values})
            return Checked(*_told(asked, {}, language=words.language))
        with site.ground.database.read() as connection:
            codes, offers, faults = _mean(connection, values, session=session, words=words)
        asked = read_target({**values, **codes})
        return Checked(*_told(asked, faults, language=words.language), offers=offers)

    amounts = (
        Field("amount", "targets.amount", kind="amount", hint="targets.amount_hint", required=True),
        Field("why", "word.why", hint="targets.why_hint", longest=LONGEST_REASON),
    )
    if found is None:
        with site.ground.database.read() as connection:
            whose = [_SELLER] if has_sellers(connection, scope=session.scope) else []
        frame = FormFrame(
            "target", "targets.new", "targets.save", (*_fields(words), *whose, *amounts)
        )
        return FormPlace(request, site, session, frame, "/targets/new", "/targets", check)
    frame = FormFrame(
        "target_change", "targets.change", "targets.save", amounts, "target_change.html"
    )
    back = f"/targets/{found.row.id}"
    return FormPlace(
        *(request, site, session, frame, f"{back}/change", back, check), ref=str(found.row.id)
    )


def _told(
    asked: AskedTarget | tuple[Reason, ...], faults: Mapping[str, str], *, language: str
) -> tuple[AskedTarget | None, Mapping[str, str]]:
    """Give the target, or what is wrong at each field."""
    wrong = sentences(asked, language=language) if isinstance(asked, tuple) else {}
    return (None if faults or wrong or isinstance(asked, tuple) else asked), {**wrong, **faults}


def _mean(
    connection: Connection, values: Mapping[str, str], *, session: Session, words: PageWords
) -> tuple[Mapping[str, str], Mapping[str, Offer], Mapping[str, str]]:
    """Find the customer and the product of a target: their codes, what is offered, what is wrong.

    Reps, beats, regions, brands and categories are written as they are called.
    """
    codes, offers, faults = dict[str, str](), dict[str, Offer](), dict[str, str]()
    if values.get("kind") == "customer":
        code, offers["who"], fault = mean_customer(
            connection, values.get("who", ""), session=session, words=words
        )
        codes |= {"who": code} if code else {}
        faults |= {"who": fault} if fault else {}
    if values.get("goods") == "product":
        sku, offers["thing"], fault = mean_product(
            connection, values.get("thing", ""), scope=session.scope, words=words
        )
        codes |= {"thing": sku} if sku else {}
        faults |= {"thing": fault} if fault else {}
    return codes, offers, faults


def _fields(words: PageWords) -> tuple[Field, ...]:
    def choice(name: str, family: str, codes: tuple[str, ...]) -> Field:
        options = tuple(Option(one, words.named(family, one)) for one in codes)
        return Field(name, f"target_field.{name}", kind="choice", required=True, options=options)

    return (
        choice("measure", "measure", tuple(AIMS)),
        choice("kind", "target_kind", KINDS),
        Field("who", "targets.who", hint="targets.who_hint", offers=True),
        choice("goods", "target_goods", GOODS),
        Field("thing", "targets.thing", hint="targets.thing_hint", offers=True),
        choice("span", "target_span", SPANS),
        Field("month", "targets.month", hint="targets.month_hint", required=True, longest=7),
    )


def _show(
    request: Request, site: Site, session: Session, *, number: int, fault: str = ""
) -> Response:
    seen, words = site.feed.number, words_of(request)
    found = _found(site, session, number)
    row, address = found.row, f"/targets/{number}"
    actions = Actions()
    if session.may("targets.set"):
        change_ = Action(words.text("targets.change"), "pencil", address=f"{address}/change")
        ends = Action(words.text("targets.withdraw"), "ban", opens="withdraw", danger=True)
        actions = Actions(next=change_, others=(ends,) if row.active else ())
    record = Record(
        noun="target",
        key=str(number),
        number=f"{words.named('measure', row.measure)}, {span_of(row, words)}",
        name=name_of(row, words),
        address=address,
        back="/targets",
        topics=("targets",),
        actions=actions,
        timeline=tuple(
            _happened(row.measure, found.versions, words, money=site.distributor().money)
        ),
        notes=False,
    )
    return show_record(
        *(request, site, session),
        record=record,
        template="target.html",
        seen=seen,
        fault=fault,
        status=409 if fault else 200,
        target=row,
        goods=goods_of(row, words),
        rows=rows_of(row),
        amount=amount_of(row.measure, row.amount),
    )


def _happened(
    measure: str, versions: tuple[TargetVersion, ...], words: PageWords, *, money: HouseMoney
) -> list[Happened]:
    """Tell each version as a change of the amount, with who said it and why."""
    told: list[Happened] = []
    before = ""
    for one in versions:
        amount = said_amount(measure, one.amount, words, money=money)
        what = words.text("targets.set" if told else "targets.begun")
        told.append(Happened(one.at, one.by, what, old=before, new=amount, why=one.why))
        before = amount
    return told
