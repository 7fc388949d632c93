"""Payments for programs: read, taken, allocated or taken off, given back, voided, written off."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Reason, Refused
from hub.base.fields.words import sentences
from hub.base.listing import Wanted
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import State, Taken, read_parts
from hub.desk.payments.reads import (
    NEWEST,
    list_payments,
    read_limit_changes,
    read_most,
    read_payment_record,
)
from hub.web.frames.files import FileRoom, add_file_programs, row_in
from hub.web.noun import Router
from hub.web.papers import offer_paper
from hub.web.programs import ApiError, Key, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/payments")
invoice_router = Router(prefix="/api/v1/invoices")
Reader = Annotated[Session, Depends(token_for("payments.read"))]
Taker = Annotated[Session, Depends(token_for("payments.take"))]
Clearer = Annotated[Session, Depends(token_for("payments.clear"))]
Allocator = Annotated[Session, Depends(token_for("payments.allocate"))]
Refunder = Annotated[Session, Depends(token_for("payments.refund"))]
WriterOff = Annotated[Session, Depends(token_for("payments.write_off"))]
Limiter = Annotated[Session, Depends(token_for("payments.limit"))]
Voider = Annotated[Session, Depends(token_for("payments.void"))]
Acts = Annotated[PaymentActs, Depends(acts_of(PaymentActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 100
_UNKNOWN: Final = frozenset({"payment_unknown", "payment_customer_unknown", "invoice_unknown"})


class ToTake(msgspec.Struct, forbid_unknown_fields=True):
    """A payment: `key` makes it one however often it is sent; `fields` are those of the page."""

    key: Key
    customer: str
    fields: dict[str, str]
    anyway: bool = False


class ToMove(msgspec.Struct, forbid_unknown_fields=True):
    """The state that a cheque comes to, and why, as the bank says of one that bounced."""

    state: State
    why: Why = ""


class ToGiveBack(msgspec.Struct, forbid_unknown_fields=True):
    """Money that goes back: `key` makes it one; `fields` are those of the page, `amount` and so on.

    What is left out of `mode` is a transfer by the bank.
    """

    key: Key
    fields: dict[str, str]


class ToWriteOff(msgspec.Struct, forbid_unknown_fields=True):
    """Why the rest of an invoice is given up."""

    why: Why


class ToLimit(msgspec.Struct, forbid_unknown_fields=True):
    """Up to which rest may be written off, as `"25.00"`, and why it is set."""

    amount: str
    note: Why = ""


class ToVoid(msgspec.Struct, forbid_unknown_fields=True):
    """Why a payment never was."""

    why: Why


class ToAllocate(msgspec.Struct, forbid_unknown_fields=True):
    """Amounts by document of the account, `part.12`; or what is due first."""

    fields: dict[str, str] = {}
    oldest: bool = False


@router.get("")
def payments(site: SiteOf, session: Reader, *, q: str = "", customer: str = "") -> JSONResponse:
    """Give the newest payments, 100 at most."""
    chosen = {"customer": (customer[:64],)} if customer else {}
    wanted = Wanted(NEWEST, q[:_MOST], chosen, size=_MOST)
    with site.ground.database.read() as connection:
        page = list_payments(connection, wanted, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in page.rows]))


@router.get("/limit")
def limit(site: SiteOf, session: Limiter) -> JSONResponse:
    """Give up to which rest may be written off, in minor units, and who set it."""
    return JSONResponse(_limit(site, session))


@router.post("/limit")
def set_limit(site: SiteOf, session: Limiter, *, acts: Acts, body: Body) -> JSONResponse:
    """Set that amount, as people write it; gives what holds now."""
    said = read_said(body, ToLimit)
    wrong = acts.write_off.set_limit(said.amount, why=said.note, by=session.user)
    if wrong is not None:
        raise _refusal(site, wrong)
    return JSONResponse(_limit(site, session))


@router.get("/{payment}")
def payment(site: SiteOf, session: Reader, *, payment: int) -> JSONResponse:
    """Give one payment with what it pays, and what is open that it could pay."""
    return JSONResponse(_document(site, session, payment))


offer_paper(
    router,
    "/{payment}",
    may="payments.read",
    acts=PaymentActs,
    give=lambda acts: acts.paper,
    usual="a5",
)


@router.post("")
def take(site: SiteOf, session: Taker, *, acts: Acts, body: Body) -> JSONResponse:
    """Take a payment."""
    said = read_said(body, ToTake)
    done = acts.take(
        said.customer,
        said.fields,
        key=said.key,
        by=session.user,
        scope=session.scope,
        anyway=said.anyway,
    )
    return _answer(site, session, done)


@router.post("/{payment}/state")
def move(site: SiteOf, session: Clearer, *, acts: Acts, payment: int, body: Body) -> JSONResponse:
    """Move a cheque on."""
    said = read_said(body, ToMove)
    done = acts.cheque(payment, said.state, why=said.why, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{payment}/allocate")
def allocate(
    site: SiteOf, session: Allocator, *, acts: Acts, payment: int, body: Body
) -> JSONResponse:
    """Have a payment pay documents."""
    said = read_said(body, ToAllocate)
    faults: list[Reason] = []
    parts = read_parts(said.fields, faults)
    done: Taken | Refused = Refused(tuple(faults))
    if not faults:
        done = acts.allocate(
            payment, parts, oldest=said.oldest, by=session.user, scope=session.scope
        )
    return _answer(site, session, done)


@router.post("/{payment}/release")
def release(site: SiteOf, session: Allocator, *, acts: Acts, payment: int) -> JSONResponse:
    """Take a payment off all it pays: it is on account from today on."""
    done = acts.allocate.release(payment, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{payment}/refund")
def give_back(
    site: SiteOf, session: Refunder, *, acts: Acts, payment: int, body: Body
) -> JSONResponse:
    """Give back money that pays nothing; the answer is the refund."""
    said = read_said(body, ToGiveBack)
    texts = {"mode": "bank", **said.fields}
    done = acts.refund(payment, texts, key=said.key, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@invoice_router.post("/{invoice}/write-off")
def write_off(
    site: SiteOf, session: WriterOff, *, acts: Acts, invoice: int, body: Body
) -> JSONResponse:
    """Give up the small rest of an invoice; the answer is the write-off."""
    said = read_said(body, ToWriteOff)
    done = acts.write_off(invoice, why=said.why, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{payment}/void")
def void(site: SiteOf, session: Voider, *, acts: Acts, payment: int, body: Body) -> JSONResponse:
    """Void a payment that was made by mistake."""
    said = read_said(body, ToVoid)
    done = acts.void(payment, why=said.why, by=session.user, scope=session.scope)
    return _answer(site, session, done)


def _answer(site: Site, session: Session, done: Taken | Refused) -> JSONResponse:
    if isinstance(done, Refused):
        raise _refusal(site, done)
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    return JSONResponse(_document(site, session, done.payment), status)


def _refusal(site: Site, done: Refused) -> ApiError:
    first = done.reasons[0]
    status = HTTPStatus.NOT_FOUND if first.code in _UNKNOWN else HTTPStatus.CONFLICT
    texts = sentences(reversed(done.reasons), money=site.distributor().money)
    return ApiError(status, first.code, texts[first.field], fields=texts)


def _limit(site: Site, session: Session) -> Any:  # noqa: ANN401 -- JSON
    with site.ground.database.read() as connection:
        amount = read_most(connection, scope=session.scope)
        told = read_limit_changes(connection, scope=session.scope)
    return {"amount": amount, "changes": msgspec.to_builtins([asdict(one) for one in told])}


def _document(site: Site, session: Session, payment: int) -> Any:  # noqa: ANN401 -- JSON
    with site.ground.database.read() as connection:
        found = read_payment_record(connection, payment, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "payment_unknown", "there is no such payment")
    return {**msgspec.to_builtins(asdict(found)), **site.distributor().money.document()}


def _see(site: Site, session: Session, key: str) -> None:
    """See that it is among those that a program sees; raises ApiError."""
    row = row_in(key)
    if row is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "payment_unknown", "there is no such payment")
    _document(site, session, row)


add_file_programs(
    router, "", FileRoom("payment", "payments", "payments.read", "payments.take", see=_see)
)
