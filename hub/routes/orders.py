"""The list of orders, one order, and cancelling it."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import AfterValidator, BaseModel, Field

from broker.contract import OrderStatus
from hub.base.access import Session
from hub.db.views.distributor import read_today
from hub.db.views.order import read_order
from hub.db.views.orders import Filter, count_by_status, list_orders
from hub.domain.order_life import TransitionError
from hub.routes.ribbon import CANCELLABLE, ribbon_of
from hub.routes.words import STATUSES
from hub.services.cancel_order import CancelOrder, OrderNotFoundError
from hub.web.pages import draw, is_part
from hub.web.sessions import signed_in_for
from hub.web.site import Reading, Site, SiteOf

router = APIRouter()
Reader = Annotated[Session, Depends(signed_in_for("orders.read"))]

PERIODS: Final = ((1, "Today"), (7, "7 days"), (30, "30 days"))
"""The periods orders are shown and counted over, beside all time, which would cost too much."""
_ALL_TIME: Final = (0, "All time")
_USUAL_DAYS: Final = 7
_RECENT_MS: Final = 4_000
_LARGEST_ID: Final = 2**62


def _check_period(days: int) -> int:
    if days not in dict([*PERIODS, _ALL_TIME]):
        raise ValueError("no such period")
    return days


class Asked(BaseModel):
    """The list's address: what is in it is what is shown."""

    status: OrderStatus | None = None
    q: str = Field(default="", max_length=100)
    days: Annotated[int, AfterValidator(_check_period)] = _USUAL_DAYS
    before: int | None = Field(default=None, ge=1, le=_LARGEST_ID)
    after: int | None = Field(default=None, ge=0, le=_LARGEST_ID)

    def address(self, **changed: object) -> str:
        """Write the address of the list with some of it changed, from its first page on."""
        kept = {"before": None, "after": None, **changed}
        values = {**self.model_dump(), **kept}
        if values["days"] == _USUAL_DAYS:
            values["days"] = None
        given = {key: value for key, value in values.items() if value not in {None, ""}}
        return f"/orders?{urlencode(given)}" if given else "/orders"

    def here(self) -> str:
        """Write the address of this very page."""
        return self.address(before=self.before, after=self.after)


@router.get("/orders")
def orders(
    request: Request, site: SiteOf, session: Reader, *, asked: Annotated[Asked, Query()]
) -> Response:
    """Show the list, or what is live of it."""
    today = site.once_per_beat("orders of today", partial(read_today, today=site.today()))
    counts = _counts(site, asked)
    with site.ground.database.read() as connection:
        page = list_orders(connection, _filter(site, asked))
    return draw(
        request,
        "orders_live.html" if is_part(request) else "orders.html",
        session=session,
        asked=asked,
        page=page,
        counts=counts.value if counts else None,
        periods=(*PERIODS, _ALL_TIME),
        today=today.value,
        # What was read before a change must be drawn again when the page is told of it.
        seen=min(today.seen, counts.seen) if counts else today.seen,
        arrived_after=site.now_ms() - _RECENT_MS if is_part(request) else site.now_ms(),
    )


def _filter(site: Site, asked: Asked) -> Filter:
    return Filter(
        status=asked.status,
        search=asked.q.strip(),
        since=site.since(asked.days) if asked.days else None,
        before=asked.before,
        after=asked.after,
    )


def _counts(site: Site, asked: Asked) -> Reading[Mapping[OrderStatus, int]] | None:
    """Count what each status would show: for everybody at once, or what one person searches."""
    if not asked.days:
        return None
    if not asked.q.strip():
        count = partial(count_by_status, wanted=Filter(since=site.since(asked.days)))
        return site.once_per_beat(f"orders of {asked.days} days", count)
    seen = site.feed.number
    with site.ground.database.read() as connection:
        return Reading(count_by_status(connection, _filter(site, asked)), seen)


@router.get("/orders/{uuid}")
def order(request: Request, site: SiteOf, session: Reader, *, uuid: str) -> Response:
    """Show one order, or what is live of it."""
    return _order_page(request, site, session, uuid=uuid)


@router.post("/orders/{uuid}/cancel")
def cancel(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("orders.cancel"))],
    *,
    uuid: str,
    reason: Annotated[str, Form(max_length=300, pattern=r"\S")],
) -> Response:
    """Cancel an order for a reason that the shop will read."""
    try:
        site.ground.part(CancelOrder)(uuid, reason=reason.strip(), actor=session.user)
    except OrderNotFoundError as error:
        raise HTTPException(404) from error
    except TransitionError as error:
        words = STATUSES[error.current].words.lower()
        fault = f"Nothing was changed: the order is {words}, and so cannot be cancelled."
        return _order_page(request, site, session, uuid=uuid, status=409, fault=fault)
    return RedirectResponse(f"/orders/{uuid}", 303)


def _order_page(
    request: Request, site: Site, session: Session, *, uuid: str, status: int = 200, fault: str = ""
) -> Response:
    seen = site.feed.number
    with site.ground.database.read() as connection:
        found = read_order(connection, uuid)
    if found is None:
        raise HTTPException(404)
    return draw(
        request,
        "order_live.html" if is_part(request) else "order.html",
        session=session,
        status=status,
        order=found,
        ribbon=ribbon_of(found),
        cancellable=found.head.status in CANCELLABLE,
        fault=fault,
        seen=seen,
    )
