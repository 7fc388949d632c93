"""Payments for programs: read, taken, allocated, voided, and cheques moved on."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Reason, Refused
from hub.base.fields.words import sentence
from hub.base.listing import Wanted
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import State, Taken, read_parts
from hub.desk.payments.reads import NEWEST, list_payments, read_payment_record
from hub.web.noun import Router
from hub.web.papers import offer_paper
from hub.web.programs import ApiError, Key, Why, body_of, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/payments")
Reader = Annotated[Session, Depends(token_for("payments.read"))]
Taker = Annotated[Session, Depends(token_for("payments.take"))]
Clearer = Annotated[Session, Depends(token_for("payments.clear"))]
Allocator = Annotated[Session, Depends(token_for("payments.allocate"))]
Voider = Annotated[Session, Depends(token_for("payments.void"))]
Acts = Annotated[PaymentActs, Depends(acts_of(PaymentActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 100


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
    said: ToTake = _read(body, ToTake)
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
    said: ToMove = _read(body, ToMove)
    done = acts.cheque(payment, said.state, why=said.why, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{payment}/allocate")
def allocate(
    site: SiteOf, session: Allocator, *, acts: Acts, payment: int, body: Body
) -> JSONResponse:
    """Have a payment pay documents."""
    said: ToAllocate = _read(body, ToAllocate)
    faults: list[Reason] = []
    parts = read_parts(said.fields, faults)
    done: Taken | Refused = Refused(tuple(faults))
    if not faults:
        done = acts.allocate(
            payment, parts, oldest=said.oldest, by=session.user, scope=session.scope
        )
    return _answer(site, session, done)


@router.post("/{payment}/void")
def void(site: SiteOf, session: Voider, *, acts: Acts, payment: int, body: Body) -> JSONResponse:
    """Void a payment that was made by mistake."""
    said: ToVoid = _read(body, ToVoid)
    done = acts.void(payment, why=said.why, by=session.user, scope=session.scope)
    return _answer(site, session, done)


def _answer(site: Site, session: Session, done: Taken | Refused) -> JSONResponse:
    if isinstance(done, Refused):
        first = done.reasons[0]
        unknown = first.code in {"payment_unknown", "payment_customer_unknown"}
        status = HTTPStatus.NOT_FOUND if unknown else HTTPStatus.CONFLICT
        texts = {one.field: sentence(one) for one in done.reasons}
        raise ApiError(status, first.code, sentence(first), fields=texts)
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    return JSONResponse(_document(site, session, done.payment), status)


def _document(site: Site, session: Session, payment: int) -> Any:  # noqa: ANN401 -- JSON
    with site.ground.database.read() as connection:
        found = read_payment_record(connection, payment, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "payment_unknown", "there is no such payment")
    return msgspec.to_builtins(asdict(found))


def _read(body: bytes, kind: type[Any]) -> Any:  # noqa: ANN401 -- of the kind
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, "body_invalid", str(error)) from error
