"""End the wait for an approval whose time is over: the order is rejected, its shop reads why."""

from typing import Final

from hub.base.jobs import Job, enqueue
from hub.base.transaction import Transaction
from hub.desk.approvals.model import minutes_until_expiry, standing_of
from hub.desk.approvals.store import asked_for, said_of
from hub.desk.orders.deciding import move, order_for
from hub.desk.orders.model.events import OrderHeld, Refused
from hub.desk.orders.model.reasons import Reason

EXPIRE: Final = "approvals.expire"
_A_MINUTE_MS: Final = 60_000


def expect_expiry(t: Transaction, held: OrderHeld) -> None:
    """Have an order looked at when the first of its approvals has run out, if one ever does."""
    minutes = minutes_until_expiry(held.needs)
    if minutes is not None:
        enqueue(
            t,
            EXPIRE,
            f"{held.uuid}:{held.revision}",
            payload={"order": held.uuid, "revision": held.revision},
            due_at_ms=t.at_ms + minutes * _A_MINUTE_MS,
            by_calendar=True,  # people were told until when
        )


def expire_approval(t: Transaction, job: Job) -> None:
    """Reject an order that still waits, in the revision that was held then."""
    order = order_for(t, job.payload["order"], seen=job.payload["revision"], among={"held"})
    if isinstance(order, Refused):
        return  # Somebody has decided, or the order is another one by now.
    asked, said = asked_for(t, order), said_of(t, order)
    states = [standing_of(asked, need, said, now_ms=t.at_ms).state for need in asked.needs]
    if "expired" in states:
        move(t, order, "rejected", cause="expired", reasons=(Reason("approval_expired"),))
