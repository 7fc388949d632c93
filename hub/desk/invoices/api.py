"""Invoices for programs: read, made of orders or delivery notes, cancelled, credited."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, Response
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.listing import Wanted
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.crediting import read_credited
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.model.gst_files import encode_file
from hub.desk.invoices.model.gst_return import Part, month_of
from hub.desk.invoices.model.registration import Refusal
from hub.desk.invoices.reads.gst import Month, read_part
from hub.desk.invoices.reads.listing import NEWEST, list_invoices
from hub.desk.invoices.reads.record import InvoiceDetail, read_invoice, read_order_ref
from hub.desk.invoices.reads.series import list_series
from hub.web.noun import Router
from hub.web.papers import offer_paper
from hub.web.programs import ApiError, Key, RowId, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/invoices")
Reader = Annotated[Session, Depends(token_for("invoices.read"))]
Maker = Annotated[Session, Depends(token_for("invoices.make"))]
Canceller = Annotated[Session, Depends(token_for("invoices.cancel"))]
Crediter = Annotated[Session, Depends(token_for("invoices.credit"))]
Letterhead = Annotated[Session, Depends(token_for("invoices.letterhead"))]
Acts = Annotated[InvoiceActs, Depends(acts_of(InvoiceActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 100
_UNKNOWN: Final = frozenset({"invoice_unknown", "billing_unknown"})


class ToMake(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be billed: delivery notes, or orders by their ids."""

    orders: list[str] = []
    notes: list[RowId] = []
    reverse_charge: bool = False


class ToMoveOn(msgspec.Struct, forbid_unknown_fields=True):
    """Which series goes on behind which number, and why; `seller` is the company where left out."""

    kind: str
    last: str
    why: Why
    seller: str = ""


class ToCancel(msgspec.Struct, forbid_unknown_fields=True):
    """Why an invoice is cancelled."""

    why: Why


class ToCredit(msgspec.Struct, forbid_unknown_fields=True):
    """What is credited, by the names that the page has: `back.1`, `shelf.1`, `price.2`.

    Sent twice under one `key`, it is one credit note.
    """

    fields: dict[str, str]
    why: Why
    key: Key | None = None


@router.get("")
def invoices(site: SiteOf, session: Reader, *, q: str = "", customer: str = "") -> JSONResponse:
    """Give the newest invoices, 100 at most."""
    chosen = {"customer": (customer[:64],)} if customer else {}
    wanted = Wanted(NEWEST, q[:_MOST], chosen, size=_MOST)
    today = site.today()
    with site.ground.database.read() as connection:
        page = list_invoices(connection, wanted, today=today, scope=session.scope)
    return JSONResponse([_written(asdict(row)) for row in page.rows])


@router.get("/series")
def series(site: SiteOf, session: Letterhead) -> JSONResponse:
    """Give which number each kind of document gets next, and how many were skipped."""
    with site.ground.database.read() as connection:
        rows = list_series(connection, scope=session.scope)
    return JSONResponse([one._asdict() for one in rows])


@router.post("/series")
def move_series(site: SiteOf, session: Letterhead, *, acts: Acts, body: Body) -> JSONResponse:
    """Skip the numbers up to the last one that a paper has."""
    asked = read_said(body, ToMoveOn)
    done = acts.move_series(
        *(asked.kind, asked.last),
        seller=asked.seller,
        why=asked.why,
        by=session.user,
        scope=session.scope,
    )
    if isinstance(done, Refused):
        raise _refusal(site, done)
    return JSONResponse(asdict(done))


@router.get("/gstr1")
def gstr1(
    site: SiteOf, session: Reader, *, month: str = "", part: Part = "rates", seller: str = ""
) -> JSONResponse:
    """Give a part of a month's return of sales, of the month before where none is named.

    `hsn` is what was sold by code of goods, `issued` which numbers were given.
    """
    days = month_of(month, site.today())
    if days is None:
        text = f"{month[:32]!r} is no month such as 2026-11"
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "month_invalid", text)
    asked = Month(*days, seller=seller[:64])
    with site.ground.database.read() as connection:
        rows = read_part(connection, part, asked, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in rows]))


@router.get("/{invoice}")
def invoice(site: SiteOf, session: Reader, *, invoice: int) -> JSONResponse:
    """Give one invoice with its lines; amounts are in minor units, rates in millionths."""
    return JSONResponse(_document(site, session, invoice))


offer_paper(
    router, "/{invoice}", may="invoices.read", acts=InvoiceActs, give=lambda acts: acts.paper
)


@router.post("")
def make(site: SiteOf, session: Maker, *, acts: Acts, body: Body) -> JSONResponse:
    """Bill delivery notes, or all that is left of orders."""
    said = read_said(body, ToMake)
    with site.ground.database.read() as connection:
        found = [read_order_ref(connection, one, scope=session.scope) for one in said.orders]
    if None in found or not (said.orders or said.notes):
        raise ApiError(HTTPStatus.NOT_FOUND, "billing_unknown", "there is no such order")
    done = acts.make(
        orders=[one[0] for one in found if one],
        notes=said.notes,
        by=session.user,
        scope=session.scope,
        reverse_charge=said.reverse_charge,
    )
    return _answer(site, session, done)


@router.post("/{invoice}/cancel")
def cancel(
    site: SiteOf, session: Canceller, *, acts: Acts, invoice: int, body: Body
) -> JSONResponse:
    """Cancel an invoice; it keeps its number."""
    said = read_said(body, ToCancel)
    done = acts.cancel(invoice, why=said.why, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{invoice}/credit")
def credit(
    site: SiteOf, session: Crediter, *, acts: Acts, invoice: int, body: Body
) -> JSONResponse:
    """Credit lines of an invoice."""
    said = read_said(body, ToCredit)
    asked, faults = read_credited(said.fields)
    done: Issued | Refused = Refused(tuple(faults))
    if not faults:
        key = f"{session.user}:{said.key}" if said.key else ""
        done = acts.credit(
            invoice, asked, why=said.why, by=session.user, scope=session.scope, key=key
        )
    return _answer(site, session, done)


@router.post("/{invoice}/register")
def register(site: SiteOf, session: Maker, *, acts: Acts, invoice: int) -> JSONResponse:
    """Have an invoice sent to the portal of e-invoices, for the first time or again."""
    return _answer(site, session, acts.register(invoice, by=session.user, scope=session.scope))


@router.get("/{invoice}/eway.json")
def eway(site: SiteOf, session: Reader, *, invoice: int) -> Response:
    """Give the e-way bill of an invoice's trip as its portal takes it."""
    found = _read_one(site, session, invoice)
    faults = found.eway_faults()
    if faults:
        raise _refusal(site, Refused(faults))
    return Response(encode_file(found.eway_file()), media_type="application/json")


def _answer(site: Site, session: Session, done: Issued | Refused) -> JSONResponse:
    if isinstance(done, Refused):
        raise _refusal(site, done)
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    return JSONResponse(_document(site, session, done.invoice), status)


def _refusal(site: Site, done: Refused) -> ApiError:
    first = done.reasons[0]
    status = HTTPStatus.NOT_FOUND if first.code in _UNKNOWN else HTTPStatus.CONFLICT
    money = site.distributor().money
    text = "; ".join(sentence(one, money=money) for one in done.reasons)
    return ApiError(status, first.code, text, **first.params)


def _read_one(site: Site, session: Session, invoice: int) -> InvoiceDetail:
    today = site.today()
    with site.ground.database.read() as connection:
        found = read_invoice(connection, invoice, today=today, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "invoice_unknown", "there is no such invoice")
    return found


def _write_registration(found: InvoiceDetail, *, staff: bool) -> dict[str, Any] | None:
    """Write how an invoice stands at the portal of e-invoices; None where it was never sent.

    What is wrong with it is for staff.
    """
    given = found.registration
    if given is None:
        return None
    names = ("state", "irn", "ack_no", "ack_at", "qr", "eway_no", "eway_until")
    shown = {name: getattr(given, name) for name in names}
    if not staff:
        return shown
    return {
        **shown,
        "refusals": [
            {"code": one.own.code if one.own else one.code, "mend": one.mend, "text": _text_of(one)}
            for one in given.refusals
        ],
        "attempts": given.attempts,
        "error": given.error,
    }


def _text_of(one: Refusal) -> str:
    return sentence(one.own) if one.own else one.text


def _document(site: Site, session: Session, invoice: int) -> Any:  # noqa: ANN401 -- JSON
    found = _read_one(site, session, invoice)
    names = ("id", "number", "kind", "day", "due", "payment", "currency", "scale", "net", "tax")
    more = ("round_off", "payable", "place_of_supply", "reverse_charge", "of_id")
    written = {name: found.row[name] for name in (*names, *more)}
    return _written(
        {
            **written,
            "state": found.state,
            "open": found.open,
            "seller": asdict(found.seller),
            "buyer": asdict(found.buyer),
            "ship_to": asdict(found.ship) if found.ship else None,
            "einvoice": _write_registration(found, staff=session.is_staff),
            "orders": [uuid for _, uuid in found.orders],
            "lines": [
                {
                    "line": one.number,
                    "sku": one.sku,
                    "name": one.name,
                    "hsn": one.hsn,
                    "free": one.key[1],
                    "quantity": one.quantity,
                    "unit_price": one.unit_price,
                    "discount": one.discount,
                    "net": one.net,
                    "taxes": [[part.head, part.rate, part.amount] for part in one.heads],
                    "total": one.total,
                    "batches": [[goods.batch, goods.quantity] for goods in one.goods],
                }
                for one in found.lines
            ],
        }
    )


def _written(row: object) -> Any:  # noqa: ANN401 -- JSON
    """Write days as texts."""
    return msgspec.to_builtins(row)
