"""How an order stands, for whoever scans the code on its slip with a phone; nobody signs in."""

from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request, Response

from broker.contract import FOLLOW
from hub.base.money import money
from hub.desk.orders.model.life import RESERVING
from hub.desk.orders.words import look_of
from hub.desk.terminals.acts import EnrolmentActs
from hub.web.noun import Router
from hub.web.pages import draw
from hub.web.sessions import asker_address
from hub.web.site import acts_of

router = Router()
_SAID: Final = {
    "confirmed": "follow_status.confirmed",
    "confirmed_changed": "follow_status.confirmed_changed",
    "held": "follow_status.held",
    "rejected": "follow_status.rejected",
    "cancelled": "follow_status.cancelled",
}
"""The words of what was told without a reason, by its status on the wire."""
_COMING: Final = RESERVING | {"dispatched"}
"""The states in which goods are still to be brought."""
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]


@router.get(FOLLOW + "{code}")
def show(request: Request, acts: Acts, *, code: str) -> Response:
    """Show what the shop was told of its order; 404 for a code that is no order's."""
    found = acts.follow(code, address=asker_address(request))
    if found is None:
        raise HTTPException(404)
    decided = found.decided
    totals = decided.totals if decided else None
    changed = bool(found.told) and found.told[-1].status == "confirmed_changed"
    page = draw(
        request,
        "follow.html",
        session=None,
        it=found,
        told=[(one.at_ms, one.texts, _SAID[one.status]) for one in found.told],
        look=look_of(found.status, changed=changed),
        lines=[
            (line.name or line.sku, line.qty, money(line.total, decided.currency, decided.scale))
            for line in decided.lines
        ]
        if decided
        else [],
        free=[(gift.name or gift.sku, gift.qty) for gift in decided.free] if decided else [],
        payable=money(totals.payable, decided.currency, decided.scale)
        if decided and totals
        else "",
        due=found.due if found.status in _COMING else None,
        is_over=found.status in {"cancelled", "rejected"},
    )
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    return page
