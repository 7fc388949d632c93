"""The list of orders, one order with its revisions, and what staff do with it."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import AfterValidator, BaseModel, Field

from hub.base.access import Session
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import CANCELLABLE, RESERVING, STATUSES, Status
from hub.desk.orders.pages.ribbon import ribbon_of
from hub.desk.orders.reads.listing import Filter, count_by_status, list_orders, read_today
from hub.desk.orders.reads.order import read_order
from hub.desk.orders.words import sentence
from hub.web.pages import draw, is_part
from hub.web.sessions import signed_in_for
from hub.web.site import Reading, Site, SiteOf, acts_of

router = APIRouter()
Reader = Annotated[Session, Depends(signed_in_for("orders.read"))]
Acts = Annotated[OrderActs, Depends(acts_of(OrderActs))]
Reason = Annotated[str, Form(max_length=300, pattern=r"\S")]
Seen = Annotated[int | None, Form(ge=1)]
"""The revision that the person looked at: where there is a newer one, nothing is done."""

PERIODS: Final = ((1, "Today"), (7, "7 days"), (30, "30 days"))
"""The periods orders are shown and counted over, beside all time, which would cost too much."""
_ALL_TIME: Final = (0, "All time")
_USUAL_DAYS: Final = 7
_USUAL: Final[frozenset[Status]] = RESERVING | {"held", "cancelled", "rejected"}
"""The states that have a chip even where no order is in them."""
_RECENT_MS: Final = 4_000
_LARGEST_ID: Final = 2**62


def _check_period(days: int) -> int:
    if days not in dict([*PERIODS, _ALL_TIME]):
        raise ValueError("no such period")
    return days


class Asked(BaseModel):
    """The list's address: what is in it is what is shown."""

    status: Status | None = None
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
    read = partial(read_today, today=site.today(), scope=session.scope)
    today = site.once_per_beat(f"today's orders, {session.scope}", read)
    counts = _counts(site, session, asked)
    with site.ground.database.read() as connection:
        page = list_orders(connection, _filter(site, asked), scope=session.scope)
    return draw(
        request,
        "orders_live.html" if is_part(request) else "orders.html",
        session=session,
        asked=asked,
        page=page,
        counts=counts.value if counts else None,
        chips={*_USUAL, *(counts.value if counts else STATUSES), asked.status},
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


def _counts(site: Site, session: Session, asked: Asked) -> Reading[Mapping[Status, int]] | None:
    """Count what each status would show: for everybody at once, or what one person searches."""
    if not asked.days:
        return None
    if not asked.q.strip():
        shown = Filter(since=site.since(asked.days))
        count = partial(count_by_status, wanted=shown, scope=session.scope)
        return site.once_per_beat(f"orders of {asked.days} days, {session.scope}", count)
    seen = site.feed.number
    with site.ground.database.read() as connection:
        return Reading(count_by_status(connection, _filter(site, asked), scope=session.scope), seen)


@router.get("/orders/{uuid}")
def order(request: Request, site: SiteOf, session: Reader, *, uuid: str) -> Response:
    """Show one order, or what is live of it."""
    return order_page(request, site, session, uuid=uuid)


@router.post("/orders/{uuid}/cancel")
def cancel(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("orders.cancel"))],
    *,
    acts: Acts,
    uuid: str,
    reason: Reason,
    seen: Seen = None,
) -> Response:
    """Cancel an order for a reason that the shop will read."""
    done = acts.cancel(uuid, by=session.user, why=reason, seen=seen)
    return done_page(request, site, session, uuid=uuid, done=done)


@router.post("/orders/{uuid}/hold")
def hold(
    request: Request,
    site: SiteOf,
    session: Annotated[Session, Depends(signed_in_for("orders.hold"))],
    *,
    acts: Acts,
    uuid: str,
    reason: Reason,
    seen: Seen = None,
) -> Response:
    """Hold an order for a reason that the shop will read."""
    done = acts.hold(uuid, by=session.user, why=reason, seen=seen)
    return done_page(request, site, session, uuid=uuid, done=done)


def done_page(
    request: Request, site: Site, session: Session, *, uuid: str, done: object
) -> Response:
    """Go back to the order, or show it with why nothing was done."""
    if not isinstance(done, Refused):
        return RedirectResponse(f"/orders/{uuid}", 303)
    if done.reason.code == "order_unknown":
        raise HTTPException(404)
    fault = f"Nothing was changed: {sentence(done.reason, 2)}."
    return order_page(request, site, session, uuid=uuid, status=409, fault=fault)


def order_page(
    request: Request, site: Site, session: Session, *, uuid: str, status: int = 200, fault: str = ""
) -> Response:
    """Show one order, with what other nouns have to say of it."""
    seen = site.feed.number
    with site.ground.database.read() as connection:
        found = read_order(connection, uuid, scope=session.scope)
        panels = site.panels("order", connection, key=uuid, session=session) if found else ()
    if found is None:
        raise HTTPException(404)
    return draw(
        request,
        "order_live.html" if is_part(request) else "order.html",
        session=session,
        status=status,
        order=found,
        panels=panels,
        ribbon=ribbon_of(found),
        cancellable=found.head.status in CANCELLABLE,
        holdable=found.head.status in RESERVING,
        fault=fault,
        seen=seen,
    )
