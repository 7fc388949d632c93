"""Taking money: who pays how much and how, and what of it goes to which document."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence, sentences
from hub.base.money import HouseMoney
from hub.desk.accounts.reads import list_open
from hub.desk.parties.pages.meant import CUSTOMER, mean_customer
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import MODES, read_payment
from hub.desk.payments.words import ASKED
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    Option,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Taker = Annotated[Session, Depends(signed_in_for("payments.take"))]
Acts = Annotated[PaymentActs, Depends(acts_of(PaymentActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
FIELDS: Final = ("amount", "mode", "reference", "paid_on", "collector", "place", "note")
GIVEN_BACK: Final = ("mode", "paid_on", "collector")
"""Fields that have other words where money is given back."""


@router.get("/payments/new")
def new(
    request: Request, site: SiteOf, session: Taker, *, customer: str = "", amount: str = ""
) -> Response:
    """Show the form; of a customer that is named, with what is open of it."""
    values = {"customer": customer, "amount": amount, "mode": "cash", "oldest": "1"}
    return open_form(_place(request, site, session), values)


@router.post("/payments/new")
def take(request: Request, site: SiteOf, session: Taker, *, given: Given, acts: Acts) -> Response:
    """Take the payment; one that may be money taken already is asked about once."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.take(
        sent.value["customer"],
        given,
        key=sent.key,
        by=session.user,
        scope=session.scope,
        anyway=given.get("anyway", "") == "1",
    )
    if isinstance(done, Refused):
        known = any(one.code in ASKED for one in done.reasons)
        return refuse_act(place, given, done.reasons, shown={"known": known})
    return finish_form(place, sent=sent, led_to=f"/payments/{done.payment}")


def payment_fields(request: Request, *, given_back: bool = False) -> tuple[Field, ...]:
    """Give the fields of money that comes, or is given back: never by a cheque."""
    words = words_of(request)
    modes = tuple(
        Option(one, words.named("payment_mode", one))
        for one in MODES
        if not (given_back and one == "cheque")
    )
    kinds = {"amount": "amount", "mode": "choice", "paid_on": "date"}
    hints = {"reference"} if given_back else {"reference", "paid_on", "collector"}
    return tuple(
        Field(
            name,
            f"refund_field.{name}"
            if given_back and name in GIVEN_BACK
            else f"payment_field.{name}",
            kind=kinds.get(name, "text"),
            required=name in {"amount", "mode"},
            options=modes if name == "mode" else (),
            hint=f"payment_hint.{name}" if name in hints else "",
            longest=300 if name == "note" else 64,
        )
        for name in FIELDS
    )


def _place(request: Request, site: Site, session: Session) -> FormPlace[dict[str, str]]:
    words, money = words_of(request), site.distributor().money

    def check(values: Mapping[str, str]) -> Checked[dict[str, str]]:
        _, faults = read_payment(values)
        errors = sentences(faults, language=words.language, money=money)
        with site.ground.database.read() as connection:
            text = values.get("customer", "")
            meant = mean_customer(connection, text, session=session, words=words)
            rows = [
                one
                for one in list_open(connection, meant.code, scope=session.scope)
                if one.open > 0 and one.kind != "refund"
            ]
        if meant.fault:
            errors = {**errors, "customer": meant.fault}
        return Checked(
            {**values, "customer": meant.code},
            errors=errors,
            shown={"open": rows, "known": False},
            offers={"customer": meant.offer},
        )

    frame = FormFrame(
        "payment",
        "payments.take",
        "payments.take",
        (CUSTOMER, *payment_fields(request)),
        "payment_new.html",
    )
    return FormPlace(request, site, session, frame, "/payments/new", "/payments", check)


def say_refused(done: Refused, request: Request, *, money: HouseMoney) -> str:
    """Word why nothing was done."""
    language = words_of(request).language
    return "; ".join(sentence(one, language=language, money=money) for one in done.reasons)
