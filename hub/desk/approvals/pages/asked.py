"""What a mail asks to be decided: one order as it is now, beside what it was when the mail went."""

from typing import Annotated

from fastapi import Depends, HTTPException, Query, Request, Response

from hub.base.access import Session
from hub.desk.approvals.pages.decisions import approver_of
from hub.desk.approvals.pages.held import PAST_MS, name_roles
from hub.desk.approvals.reads import among_keys, read_held, read_waiting
from hub.desk.orders.reads.entry import past_of
from hub.desk.orders.reads.order import Line, OrderDetail, Revision, read_order
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("approvals.read"))]


@router.get("/approvals/orders/{uuid}")
def asked(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    uuid: str,
    of: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Show what an order asks for, and what became of it; `of` is the revision of the mail.

    Looking changes nothing: a word counts only once its button is pressed.
    """
    reader, now_ms, scope = approver_of(session), site.now_ms(), session.scope
    words = words_of(request)
    with site.ground.database.read() as connection:
        order = read_order(connection, uuid, scope=scope, language=words.language)
        if order is None:
            raise HTTPException(404)
        waiting = read_waiting(connection, uuid, reader, now_ms=now_ms, scope=scope)
        rows = read_held(connection, reader, now_ms=now_ms, scope=scope, among=among_keys([uuid]))
        past = past_of(
            connection,
            order.head.customer_code,
            since=now_ms - PAST_MS,
            without=uuid,
            scope=scope,
        )
    before = _revision(order, of)
    first = next(iter(rows), None)
    return draw(
        request,
        "approval_asked.html",
        session=session,
        order=order,
        first=first,
        who=name_roles(first.deciders, words) if first else "",
        past=past,
        waiting=waiting,
        before=before,
        compared=_compare(order, before) if before else [],
    )


def _revision(order: OrderDetail, number: int) -> Revision | None:
    """Find the revision that a mail was about, where the order stands at another by now."""
    if number == order.newest.number:
        return None
    return next((one for one in order.revisions if one.number == number), None)


def _compare(order: OrderDetail, before: Revision) -> list[tuple[str, Line | None, Line | None]]:
    """Lay the lines of two revisions side by side: product, then, now."""
    then, now = order.revisions.index(before), len(order.revisions) - 1
    rows = [(one.name, one.cells[then], one.cells[now]) for one in order.side_by_side]
    return [row for row in rows if row[1] or row[2]]
