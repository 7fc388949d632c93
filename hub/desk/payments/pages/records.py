"""The addresses of one payment: its record, its paper, cheques moved on, allocating, refunds."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Final, cast
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base import history
from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON, Reason, Refused
from hub.base.fields.words import sentences
from hub.base.history import Entry
from hub.base.words import PageWords
from hub.desk.invoices.model.amount_words import words_of_amount
from hub.desk.invoices.pages.showing import show_invoice
from hub.desk.invoices.reads.record import read_invoice
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import State, Taken, read_parts, read_payment
from hub.desk.payments.pages.listing import PAYMENTS, read_list
from hub.desk.payments.pages.taking import payment_fields, say_refused
from hub.desk.payments.reads import PaymentDetail, PaymentRow, read_payment_record
from hub.desk.payments.words import STATES
from hub.web import formats
from hub.web.frames.files import HouseRoom, add_house_files
from hub.web.frames.forms import (
    Checked,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.frames.lists import show_list
from hub.web.frames.records import (
    LONGEST_NOTE,
    Action,
    Actions,
    Happened,
    Record,
    keep_note,
    show_record,
)
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.papers import PaperLanguage, PaperSize, paper_actions, send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("payments.read"))]
Clearer = Annotated[Session, Depends(signed_in_for("payments.clear"))]
Allocator = Annotated[Session, Depends(signed_in_for("payments.allocate"))]
Refunder = Annotated[Session, Depends(signed_in_for("payments.refund"))]
WriterOff = Annotated[Session, Depends(signed_in_for("payments.write_off"))]
Acts = Annotated[PaymentActs, Depends(acts_of(PaymentActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_STEPS: Final[Mapping[State, tuple[str, str]]] = {
    "clearing": ("payments.deposit", "building-store"),
    "cleared": ("payments.clear", "check"),
    "bounced": ("payments.bounce", "x"),
}


@router.get("/payments")
def payments(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, what is live of it, or a file of it."""
    read = partial(read_list, scope=session.scope)
    return show_list(request, site, session, frame=PAYMENTS, read=read)


@router.get("/payments/{payment}")
def payment_page(request: Request, site: SiteOf, session: Reader, *, payment: int) -> Response:
    """Show one payment, or what is live of it."""
    return show_payment(request, site, session, payment=payment)


@router.get("/payments/{payment}/print")
def print_payment(request: Request, site: SiteOf, session: Reader, *, payment: int) -> Response:
    """Show a payment as the paper that says that it came."""
    found = see_payment(site, session, payment)
    with site.ground.database.read() as connection:
        seller = read_letterhead(connection, found.seller_id, scope=session.scope)
    language, house = words_of(request).language, site.distributor()
    amount = words_of_amount(found.row.amount, language, currency=house.money.currency)
    return draw(
        request,
        "payment_print.html",
        session=session,
        payment=found,
        seller=seller,
        in_words=amount,
    )


@router.get("/payments/{payment}/paper.pdf")
def payment_paper(
    session: Reader, *, acts: Acts, language: PaperLanguage, payment: int, size: PaperSize = "a5"
) -> Response:
    """Give a payment as the receipt that is sent."""
    return send_paper(acts.paper(payment, size=size, **language, scope=session.scope))


@router.post("/payments/{payment}/state")
def move(
    request: Request,
    site: SiteOf,
    session: Clearer,
    *,
    acts: Acts,
    payment: int,
    state: Annotated[State, Form()],
    reason: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
) -> Response:
    """Move a cheque on; of one that bounced, with what the bank says."""
    see_payment(site, session, payment)
    done = acts.cheque(payment, state, why=reason, by=session.user, scope=session.scope)
    return _done(request, site, session, payment=payment, done=done)


@router.post("/payments/{payment}/allocate")
def allocate(
    request: Request, site: SiteOf, session: Allocator, *, acts: Acts, given: Given, payment: int
) -> Response:
    """Have a payment pay what was typed, or what is due first."""
    see_payment(site, session, payment)
    faults: list[Reason] = []
    parts = read_parts(given, faults)
    done: Taken | Refused = Refused(tuple(faults))
    if not faults:
        oldest = bool(given.get("oldest")) and not parts
        done = acts.allocate(payment, parts, oldest=oldest, by=session.user, scope=session.scope)
    return _done(request, site, session, payment=payment, done=done)


@router.post("/payments/{payment}/release")
def release(
    request: Request, site: SiteOf, session: Allocator, *, acts: Acts, payment: int
) -> Response:
    """Take a payment off all it pays."""
    see_payment(site, session, payment)
    done = acts.allocate.release(payment, by=session.user, scope=session.scope)
    return _done(request, site, session, payment=payment, done=done)


@router.post("/payments/{payment}/void")
def void(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("payments.void"))],
    *,
    acts: Acts,
    payment: int,
    reason: Annotated[str, Form(max_length=LONGEST_REASON, pattern=r"\S")],
) -> Response:
    """Void a payment that was typed by mistake."""
    see_payment(site, session, payment)
    done = acts.void(payment, why=reason, by=session.user, scope=session.scope)
    return _done(request, site, session, payment=payment, done=done)


@router.get("/payments/{payment}/refund")
def refund(request: Request, site: SiteOf, session: Refunder, *, payment: int) -> Response:
    """Show the form that gives money back."""
    return open_form(_refunding(request, site, session, payment=payment), {"mode": "bank"})


@router.post("/payments/{payment}/refund")
def give_back(
    request: Request, site: SiteOf, session: Refunder, *, acts: Acts, given: Given, payment: int
) -> Response:
    """Give money back."""
    place = _refunding(request, site, session, payment=payment)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.refund(payment, given, key=sent.key, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to=f"/payments/{done.payment}")


@router.post("/invoices/{invoice}/write-off")
def write_off(
    request: Request,
    site: SiteOf,
    session: WriterOff,
    *,
    acts: Acts,
    invoice: int,
    reason: Annotated[str, Form(max_length=LONGEST_REASON, pattern=r"\S")],
) -> Response:
    """Give up the small rest of an invoice."""
    today = site.today()
    with site.ground.database.read() as connection:
        if read_invoice(connection, invoice, today=today, scope=session.scope) is None:
            raise HTTPException(404)
    done = acts.write_off(invoice, why=reason, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return show_invoice(request, site, session, invoice=invoice, done=done)
    return RedirectResponse(f"/invoices/{invoice}", 303)


@router.post("/payments/{payment}/notes")
def note(
    site: SiteOf,
    session: Reader,
    *,
    payment: int,
    text: Annotated[str, Form(max_length=LONGEST_NOTE)],
) -> Response:
    """Keep a note at a payment that the reader may see."""
    see_payment(site, session, payment)
    return keep_note(
        site,
        session,
        record="payment",
        key=str(payment),
        text=text,
        address=f"/payments/{payment}",
        topic="payments",
    )


def read_of_invoice(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> tuple[str, str, int] | None:
    """Read what of an invoice may be paid or written off, for whoever may see payments."""
    if not session.may("payments.read"):
        return None
    today = formats.local(now_ms, read_distributor(connection).zone).date()
    found = read_invoice(connection, int(key), today=today, scope=session.scope)
    if found is None or not found.open:
        return None
    return key, found.buyer.code, found.open


def offer_payment(it: object, session: Session, words: PageWords) -> Actions:
    """Offer to take the payment of an open invoice, and to write a small rest off."""
    _, customer, _ = cast("tuple[str, str, int]", it)
    ways: list[Action] = []
    if session.may("payments.take"):
        address = f"/payments/new?fresh=1&customer={quote(customer, safe='')}"
        ways.append(Action(words.text("payments.take"), "receipt-2", address=address, key="m"))
    others = []
    if session.may("payments.write_off"):
        others.append(Action(words.text("payments.write_off"), "trash", opens="write-off"))
    return Actions(next=ways[0] if ways else None, others=tuple(others))


def read_of_customer(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> str | None:
    """Give the customer's code to whoever may take payments."""
    del connection, now_ms
    return key if session.may("payments.take") else None


def offer_of_customer(it: object, session: Session, words: PageWords) -> Actions:
    """Offer to take a payment of a customer."""
    del session
    address = f"/payments/new?fresh=1&customer={quote(str(it), safe='')}"
    return Actions(beside=(Action(words.text("payments.take"), "receipt-2", address=address),))


def show_payment(
    request: Request, site: Site, session: Session, *, payment: int, fault: str = ""
) -> Response:
    """Show a payment, with why nothing was done where an act refused."""
    seen, words = site.feed.number, words_of(request)
    found = see_payment(site, session, payment)
    row = found.row
    with site.ground.database.read() as connection:
        told = _tell_states(history.read(connection, "payment", payment), words)
    record = Record(
        noun="payment",
        key=str(payment),
        number=row.number,
        name=row.customer,
        name_href=f"/customers/{quote(row.customer_code, safe='')}"
        if session.may("customers.read")
        else "",
        address=f"/payments/{payment}",
        back="/payments",
        topics=("payments", "accounts"),
        state=STATES[row.state],
        actions=_actions(found, session, words),
        timeline=(*_happened(found, words, staff=session.is_staff), *told),
        files="payments.take" if session.is_staff else "",
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="payment.html",
        seen=seen,
        fault=fault,
        status=409 if fault else 200,
        payment=found,
    )


def _tell_states(entries: Sequence[Entry], words: PageWords) -> list[Happened]:
    """Tell what a payment came to after it was taken: at the bank, cleared, bounced, voided."""
    return [
        Happened(one.at_ms, one.who, words.text(STATES[str(one.new)].words), why=one.why)
        for one in entries
        if str(one.new) in STATES
    ]


def _happened(found: PaymentDetail, words: PageWords, *, staff: bool) -> list[Happened]:
    kind = words.named("account_kind", found.row.kind)
    return [Happened(found.made_at, found.made_by, kind, why=found.note if staff else "")]


def _actions(found: PaymentDetail, session: Session, words: PageWords) -> Actions:
    row, address = found.row, f"/payments/{found.row.id}"
    steps: list[Action] = []
    if row.mode == "cheque" and row.kind == "payment" and session.may("payments.clear"):
        waiting: dict[str, tuple[State, ...]] = {
            "received": ("clearing", "cleared", "bounced"),
            "clearing": ("cleared", "bounced"),
        }
        steps = [_step(state, address, words) for state in waiting.get(row.state, ())]
    others = paper_actions(address, words)
    if _may_return(row) and session.may("payments.clear"):
        others.append(_step("bounced", address, words))
    if row.kind == "payment" and found.paid and session.may("payments.allocate"):
        release_ = words.text("payments.release")
        others.append(
            Action(release_, "arrow-back-up", address=f"{address}/release", fields=(("all", "1"),))
        )
    may_refund = row.kind == "payment" and row.state == "cleared" and row.left
    if may_refund and session.may("payments.refund"):
        others.append(Action(words.text("payments.refund"), "refresh", address=f"{address}/refund"))
    if row.state not in {"bounced", "voided"} and session.may("payments.void"):
        others.append(Action(words.text("payments.void"), "ban", opens="void", danger=True))
    paper = Action(words.text("invoices.print"), "printer", address=f"{address}/print", key="p")
    return Actions(
        next=steps[0] if steps else None, beside=(*steps[1:], paper), others=tuple(others)
    )


def _may_return(row: PaymentRow) -> bool:
    """Say whether a bank may still return a cheque that it cleared."""
    return row.mode == "cheque" and row.kind == "payment" and row.state == "cleared"


def _step(state: State, address: str, words: PageWords) -> Action:
    """Offer to move a cheque on; that it bounced is asked about, for it is for good."""
    text, icon = words.text(_STEPS[state][0]), _STEPS[state][1]
    if state == "bounced":
        return Action(text, icon, opens="bounce", danger=True)
    return Action(text, icon, address=f"{address}/state", fields=(("state", state),))


def _refunding(
    request: Request, site: Site, session: Session, *, payment: int
) -> FormPlace[dict[str, str]]:
    found = see_payment(site, session, payment)
    if found.row.kind != "payment":
        raise HTTPException(404)
    language, money = words_of(request).language, site.distributor().money
    frame = FormFrame(
        "refund",
        "payments.refund",
        "payments.refund",
        payment_fields(request, given_back=True),
    )

    def check(values: Mapping[str, str]) -> Checked[dict[str, str]]:
        _, faults = read_payment(values)
        return Checked(dict(values), errors=sentences(faults, language=language, money=money))

    address = f"/payments/{payment}"
    return FormPlace(
        request, site, session, frame, f"{address}/refund", address, check, ref=str(payment)
    )


def _done(
    request: Request, site: Site, session: Session, *, payment: int, done: Taken | Refused
) -> Response:
    if isinstance(done, Refused):
        fault = say_refused(done, request, money=site.distributor().money)
        return show_payment(request, site, session, payment=payment, fault=fault)
    return RedirectResponse(f"/payments/{payment}", 303)


def see_payment(site: Site, session: Session, payment: int) -> PaymentDetail:
    """Read a payment that the reader may see; raises HTTPException 404."""
    with site.ground.database.read() as connection:
        found = read_payment_record(connection, payment, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found


add_house_files(
    router,
    "/payments",
    HouseRoom(
        *("payment", "payments", "payments.read", "payments.take"),
        see=see_payment,
        show=lambda request, site, session, row, fault: show_payment(
            request, site, session, payment=row, fault=fault
        ),
    ),
)
