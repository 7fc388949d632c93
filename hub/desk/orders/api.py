"""Orders for programs: placed under a key of their own, and read with all that was decided."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.asked import AskedLine, AskedOrder
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Requester
from hub.desk.orders.reads.order import Line, OrderDetail, read_order
from hub.desk.orders.words import sentence
from hub.web.programs import ApiError, body_of, token_for
from hub.web.site import Site, SiteOf, acts_of
from rules import Payment

router = APIRouter(prefix="/api/v1")

_SUMS: Final = ("gross", "discount", "net", "tax", "round_off", "payable")
_LINE: Final = (
    *("number", "sku", "name", "ordered", "quantity", "unit", "pack_size", "unit_price"),
    *("discount", "net", "tax", "total", "rule"),
)
_STATUS: Final = {
    "customer_unknown": HTTPStatus.NOT_FOUND,
    "warehouse_unknown": HTTPStatus.NOT_FOUND,
    "key_used": HTTPStatus.CONFLICT,
}


class LineBody(msgspec.Struct, forbid_unknown_fields=True):
    """So many of a product: base units, or whole packs where `unit` names a pack size."""

    sku: str
    quantity: int
    unit: str | None = None
    batch: str | None = None


class OrderBody(msgspec.Struct, forbid_unknown_fields=True):
    """An order as a program asks for it; `key` is its own: sent twice, it is one order."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    customer: str
    lines: list[LineBody]
    payment: Payment = "credit"
    warehouse: str = ""
    coupons: list[str] = []
    choices: dict[str, str] = {}


_decoder: Final = msgspec.json.Decoder(OrderBody)


@router.post("/orders")
def place(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.place"))],
    *,
    acts: Annotated[OrderActs, Depends(acts_of(OrderActs))],
    body: Annotated[bytes, Depends(body_of)],
) -> JSONResponse:
    """Place an order: 201 with what was decided, 200 where the key has it already.

    The rules decide as they do for a terminal; a rejected order is an answer, too.
    """
    asked = _asked(body, session)
    placed = acts.place(asked, by=Requester("token", session.user), scope=session.scope)
    if isinstance(placed, Refused):
        raise _refusal(placed.reason)
    detail = _found(site, session, placed.uuid)
    status = HTTPStatus.OK if placed.again else HTTPStatus.CREATED
    headers = {"Location": f"/api/v1/orders/{placed.uuid}"}
    return JSONResponse(document_of(detail), status, headers)


@router.get("/orders/{uuid}")
def order(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.read"))],
    *,
    uuid: str,
) -> JSONResponse:
    """Give an order as it stands."""
    return JSONResponse(document_of(_found(site, session, uuid)))


def _asked(body: bytes, session: Session) -> AskedOrder:
    """Read an order; raises ApiError that says where it is wrong."""
    try:
        said = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # msgspec says what is wrong and where: "Expected `int`, got `str` - at `$.lines[0].qty`".
        raise ApiError(HTTPStatus.BAD_REQUEST, "body_invalid", str(error)) from error
    return AskedOrder(
        key=f"{session.user}:{said.key}",
        source="api",
        customer=said.customer,
        lines=tuple(AskedLine(one.sku, one.quantity, one.unit, one.batch) for one in said.lines),
        payment=said.payment,
        warehouse=said.warehouse,
        coupons=tuple(said.coupons),
        choices=said.choices,
    )


def _refusal(reason: Reason) -> ApiError:
    status = _STATUS.get(reason.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return ApiError(status, reason.code, sentence(reason, 0), **reason.params)


def _found(site: Site, session: Session, uuid: str) -> OrderDetail:
    if uuid.isprintable():
        with site.ground.database.read() as connection:
            found = read_order(connection, uuid, scope=session.scope)
        if found is not None:
            return found
    raise ApiError(HTTPStatus.NOT_FOUND, "order_unknown", "there is no such order")


def document_of(found: OrderDetail) -> Mapping[str, Any]:
    """Write an order for programs; amounts are in minor units, with `scale` decimals."""
    head, newest = found.head, found.newest
    return {
        "order": head.uuid,
        "number": head.number,
        "key": head.source_key.partition(":")[2] if head.source == "api" else None,
        "source": head.source,
        "customer": head.customer_code,
        "warehouse": head.warehouse,
        "business_date": head.business_date.isoformat(),
        "placed_at": head.placed_at,
        "status": head.status,
        "changed": newest.changed,
        "revision": head.revision,
        "payment": newest.payment,
        "currency": newest.currency,
        "scale": newest.scale,
        "totals": {name: getattr(newest, name) for name in _SUMS} if newest.priced else None,
        "price_hash": newest.price_hash,
        "content_hash": newest.content_hash,
        "pack_version": newest.pack_version,
        "lines": _lines(newest.lines),
        "free": _lines(newest.free),
        "reasons": [
            {
                "code": one.code,
                "text": sentence(one, newest.scale),
                "params": one.params,
                "rule": one.rule,
                "line": one.line,
            }
            for one in newest.reasons
        ],
    }


def _lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [
        {name: getattr(one, name) for name in _LINE}
        | {"batches": [{"batch": pick.batch, "quantity": pick.quantity} for pick in one.picks]}
        for one in lines
    ]
