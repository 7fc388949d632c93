"""Orders for programs: placed under a key of their own, and read with all that was decided."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

import msgspec
from fastapi import Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.base.listing import Place, Wanted
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, WantedOn
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import PublicStatus, Status
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Requester
from hub.desk.orders.reads.documents import write_order, write_row
from hub.desk.orders.reads.listing import NEWEST_FIRST, find_order, list_orders, row_id_of
from hub.desk.orders.reads.order import OrderDetail, read_order
from hub.desk.orders.words import sentence
from hub.web.frames.files import FileRoom, add_file_programs
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of
from rules import Payment, scaled

router = Router(prefix="/api/v1")

_ADDRESS: Final = "/api/v1/orders"
_OFF_SCALE: Final = 4
_STATUS: Final = {
    "customer_unknown": HTTPStatus.NOT_FOUND,
    "warehouse_unknown": HTTPStatus.NOT_FOUND,
    "key_used": HTTPStatus.CONFLICT,
    "order_being_picked": HTTPStatus.CONFLICT,
    "order_redirected": HTTPStatus.CONFLICT,
    "order_changed": HTTPStatus.CONFLICT,
    "order_settled": HTTPStatus.CONFLICT,
    "nothing_to_fill": HTTPStatus.CONFLICT,
    "nothing_to_split": HTTPStatus.CONFLICT,
    "order_billed": HTTPStatus.CONFLICT,
}


_Decimal = Annotated[str, msgspec.Meta(pattern=r"^\d{1,9}(\.\d{1,4})?$")]


class LineBody(msgspec.Struct, forbid_unknown_fields=True):
    """So many of a product: base units, or whole packs where `unit` names a pack size.

    What is asked to be taken off is written as people do: `percent_off` "2.5" is two and a half of
    a hundred, `off_each` "1.50" is that much of the major unit for each base unit.
    """

    sku: str
    quantity: int
    unit: str | None = None
    batch: str | None = None
    batch_reason: str = ""
    percent_off: _Decimal = "0"
    off_each: _Decimal = "0"


class OrderBody(msgspec.Struct, forbid_unknown_fields=True):
    """An order as a program asks for it; `key` is its own: sent twice, it is one order."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    customer: str
    lines: list[LineBody]
    payment: Payment = "credit"
    warehouse: str = ""
    coupons: list[str] = []
    choices: dict[str, str] = {}
    po_number: str = ""
    delivery_date: date | None = None
    ship_to: str = ""


class AmendBody(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be different of an order; `revision` is the one that the program has seen.

    A `delivery_date` of null is any day, one that is left out the day that it was.
    """

    lines: list[LineBody] | None = None
    payment: Payment | None = None
    coupons: list[str] | None = None
    choices: dict[str, str] | None = None
    delivery_date: date | msgspec.UnsetType | None = msgspec.UNSET
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] = ""
    revision: int | None = None


@router.post("/orders")
def place(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.place"))],
    *,
    acts: Annotated[OrderActs, Depends(acts_of(OrderActs))],
    body: Annotated[bytes, Depends(body_of)],
    dry_run: Annotated[bool, Query()] = False,
) -> JSONResponse:
    """Place an order: 201 with what was decided, 200 where the key has it already.

    The rules decide as they do for a terminal; a rejected order is an answer, too. With `dry_run`
    it is 200 with what would be decided, and no order is made.
    """
    asked, by = _asked(body, session), Requester("token", session.user)
    if dry_run:
        dry = acts.foresee.place(asked, by=by, scope=session.scope)
        if isinstance(dry, Refused):
            raise _refusal(dry.reason)
        return JSONResponse(dry.document())
    placed = acts.place(asked, by=by, scope=session.scope)
    if isinstance(placed, Refused):
        raise _refusal(placed.reason)
    detail = _found(site, session, placed.uuid)
    status = HTTPStatus.OK if placed.again else HTTPStatus.CREATED
    headers = {"Location": f"{_ADDRESS}/{placed.uuid}"}
    return JSONResponse(write_order(detail), status, headers)


class Listing(BaseModel):
    """Which orders a program lists; what is left out leaves none out.

    `public` is one of the four words that people ask by, `since` a business date, `before` the id
    of the order that the page before ended with.
    """

    model_config = ConfigDict(extra="forbid")

    status: Status | None = None
    public: PublicStatus | None = None
    customer: Annotated[str | None, Field(min_length=1, max_length=64)] = None
    since: date | None = None
    before: Annotated[str | None, Field(min_length=1, max_length=64)] = None

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Give the filters that are set, as lists know them."""
        given = {"status": self.status, "public": self.public, "customer_code": self.customer}
        return {name: (value,) for name, value in given.items() if value is not None}


@router.get("/orders")
def orders(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.read"))],
    *,
    asked: Annotated[Listing, Query()],
) -> JSONResponse:
    """List orders, newest first; `next` is the address of the older ones, None at the end."""
    scope, today = session.scope, site.today()
    with site.ground.database.read() as connection:
        place = None
        if asked.before is not None:
            row = row_id_of(connection, asked.before, scope=scope)
            if row is None:
                raise _unknown()
            place = Place(str(row), str(row))
        wanted = Wanted(NEWEST_FIRST, chosen=asked.chosen(), place=place)
        page = list_orders(connection, wanted, since=asked.since, today=today, scope=scope)
    following = None
    if page.after is not None:
        given = asked.model_dump(exclude_none=True, mode="json")
        following = f"{_ADDRESS}?{urlencode({**given, 'before': page.rows[-1].uuid})}"
    return JSONResponse({"orders": [write_row(row) for row in page.rows], "next": following})


@router.patch("/orders/{order}")
def amend(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.amend"))],
    *,
    acts: Annotated[OrderActs, Depends(acts_of(OrderActs))],
    order: str,
    body: Annotated[bytes, Depends(body_of)],
    dry_run: Annotated[bool, Query()] = False,
) -> JSONResponse:
    """Give an open order other lines, payment or wishes: 200 with what was decided of it by now.

    With `dry_run` it is 200 with what would be decided, and nothing is changed.
    """
    said = read_said(body, AmendBody)
    uuid = _named(site, session, order).head.uuid
    change = _amendment(said)
    if dry_run:
        dry = acts.foresee.amend(uuid, change, scope=session.scope, seen=said.revision)
        if isinstance(dry, Refused):
            raise _refusal(dry.reason)
        return JSONResponse(dry.document())
    done = acts.amend(uuid, change, by=session.user, why=said.reason, seen=said.revision)
    return _as_it_stands(site, session, uuid, done=done)


class SeenBody(msgspec.Struct, forbid_unknown_fields=True):
    """Which revision of an order the program has seen; None where that does not matter."""

    revision: int | None = None


@router.post("/orders/{order}/fill")
def fill(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.amend"))],
    *,
    acts: Annotated[OrderActs, Depends(acts_of(OrderActs))],
    order: str,
    body: Annotated[bytes, Depends(body_of)],
) -> JSONResponse:
    """Allocate what has come in of what an order waits for: 200 with the order as it stands."""
    seen = read_said(body, SeenBody).revision
    uuid = _named(site, session, order).head.uuid
    done = acts.fill(uuid, by=session.user, seen=seen)
    return _as_it_stands(site, session, uuid, done=done)


Why = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_REASON, pattern=r"\S")]


class CancelBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why an order is cancelled, and which revision the program has seen."""

    reason: Why
    revision: int | None = None


@router.post("/orders/{order}/cancel")
def cancel(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.cancel"))],
    *,
    acts: Annotated[OrderActs, Depends(acts_of(OrderActs))],
    order: str,
    body: Annotated[bytes, Depends(body_of)],
) -> JSONResponse:
    """Cancel an order for a reason that the shop will read: 200 with the order as it stands."""
    said = read_said(body, CancelBody)
    uuid = _named(site, session, order).head.uuid
    done = acts.cancel(uuid, by=session.user, why=said.reason, seen=said.revision)
    return _as_it_stands(site, session, uuid, done=done)


class RedirectBody(msgspec.Struct, forbid_unknown_fields=True):
    """Where an order's goods go from now on, and why; empty is the customer's own address.

    `was` is the address that the program has seen; left out where that does not matter.
    """

    ship_to: Annotated[str, msgspec.Meta(max_length=64)]
    reason: Why
    was: str | None = None


@router.post("/orders/{order}/ship-to")
def redirect(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.amend"))],
    *,
    acts: Annotated[OrderActs, Depends(acts_of(OrderActs))],
    order: str,
    body: Annotated[bytes, Depends(body_of)],
) -> JSONResponse:
    """Send an order's goods to another address of its customer: 200 with the order."""
    said = read_said(body, RedirectBody)
    uuid = _named(site, session, order).head.uuid
    done = acts.redirect(uuid, said.ship_to, by=session.user, why=said.reason, was=said.was)
    return _as_it_stands(site, session, uuid, done=done)


@router.post("/orders/{order}/split")
def split(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.amend"))],
    *,
    acts: Annotated[OrderActs, Depends(acts_of(OrderActs))],
    order: str,
    body: Annotated[bytes, Depends(body_of)],
) -> JSONResponse:
    """Make of what an order waits for an order of its own: 201 with that order."""
    seen = read_said(body, SeenBody).revision
    uuid = _named(site, session, order).head.uuid
    done = acts.split(uuid, by=Requester("token", session.user), seen=seen)
    if isinstance(done, Refused):
        raise _refusal(done.reason)
    headers = {"Location": f"{_ADDRESS}/{done.rest.uuid}"}
    detail = _found(site, session, done.rest.uuid)
    return JSONResponse(write_order(detail), HTTPStatus.CREATED, headers)


@router.get("/orders/{order}")
def order(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("orders.read"))],
    *,
    order: str,
) -> JSONResponse:
    """Give an order as it stands, by its id or by its number."""
    return JSONResponse(write_order(_named(site, session, order)))


def _lines(said: Sequence[LineBody]) -> tuple[AskedLine, ...]:
    return tuple(
        AskedLine(
            one.sku,
            one.quantity,
            one.unit,
            one.batch,
            one.batch_reason,
            percent_off=scaled(one.percent_off, _OFF_SCALE),
            off_each=scaled(one.off_each, _OFF_SCALE),
        )
        for one in said
    )


def _amendment(said: AmendBody) -> Amendment:
    day = said.delivery_date
    return Amendment(
        lines=None if said.lines is None else _lines(said.lines),
        payment=said.payment,
        coupons=None if said.coupons is None else tuple(said.coupons),
        choices=said.choices,
        delivery=None if isinstance(day, msgspec.UnsetType) else WantedOn(day),
    )


def _asked(body: bytes, session: Session) -> AskedOrder:
    """Read an order; raises ApiError that says where it is wrong."""
    said = read_said(body, OrderBody)
    return AskedOrder(
        key=f"{session.user}:{said.key}",
        source="api",
        customer=said.customer,
        lines=_lines(said.lines),
        payment=said.payment,
        warehouse=said.warehouse,
        coupons=tuple(said.coupons),
        choices=said.choices,
        po_number=said.po_number,
        delivery_date=said.delivery_date,
        ship_to=said.ship_to,
    )


def _refusal(reason: Reason) -> ApiError:
    status = _STATUS.get(reason.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return ApiError(status, reason.code, sentence(reason), **reason.params)


def _as_it_stands(site: Site, session: Session, uuid: str, *, done: object) -> JSONResponse:
    """Give an order after an act; raises ApiError where the act was refused."""
    if isinstance(done, Refused):
        raise _refusal(done.reason)
    return JSONResponse(write_order(_found(site, session, uuid)))


def _found(site: Site, session: Session, uuid: str) -> OrderDetail:
    with site.ground.database.read() as connection:
        found = read_order(connection, uuid, scope=session.scope)
    if found is None:
        raise _unknown()
    return found


def _named(site: Site, session: Session, name: str) -> OrderDetail:
    """Find an order by its id or its number; raises ApiError, also where several have a number."""
    if not name.isprintable():
        raise _unknown()
    with site.ground.database.read() as connection:
        found = find_order(connection, name, scope=session.scope)
    if len(found) > 1:
        text = f"several orders are called {name}: name one by its id"
        raise ApiError(HTTPStatus.CONFLICT, "order_ambiguous", text, orders=found)
    if not found:
        raise _unknown()
    return _found(site, session, found[0])


def _unknown() -> ApiError:
    return ApiError(HTTPStatus.NOT_FOUND, "order_unknown", "there is no such order")


add_file_programs(
    router, "/orders", FileRoom("order", "orders", "orders.read", "orders.amend", see=_found)
)
