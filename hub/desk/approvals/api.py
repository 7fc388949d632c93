"""Held orders for programs: what waits for whom, and a word said of an order as it was read."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, Query
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.listing import Sorting, Wanted
from hub.desk.approvals.acts import ApprovalActs
from hub.desk.approvals.acts.release_order import KeptYes
from hub.desk.approvals.model import Approver
from hub.desk.approvals.reads import (
    HeldRow,
    Waiting,
    list_decided,
    offer_of,
    open_inbox,
    read_waiting,
)
from hub.desk.approvals.reads.held import NeedRow
from hub.desk.orders.model.events import Refused
from hub.desk.orders.reads.documents import write_order
from hub.desk.orders.reads.listing import find_order
from hub.desk.orders.reads.order import OrderDetail, read_order
from hub.desk.orders.words import sentence
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of
from rules import Payment

router = Router(prefix="/api/v1/approvals")
Reader = Annotated[Session, Depends(token_for("approvals.read"))]
Decider = Annotated[Session, Depends(token_for("approvals.decide"))]
Acts = Annotated[ApprovalActs, Depends(acts_of(ApprovalActs))]
Body = Annotated[bytes, Depends(body_of)]
MOST: Final = 100
_Content = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_STATUS: Final = {
    "order_changed": HTTPStatus.CONFLICT,
    "order_settled": HTTPStatus.CONFLICT,
    "decided_already": HTTPStatus.CONFLICT,
    "self_approval": HTTPStatus.FORBIDDEN,
}


class YesBody(msgspec.Struct, forbid_unknown_fields=True):
    """A yes to an order; `content` is the hash of what the program has read of it."""

    content: _Content
    reason: Why = ""


class NoBody(msgspec.Struct, forbid_unknown_fields=True):
    """A no to an order, for a reason that the shop will read."""

    content: _Content
    reason: Annotated[Why, msgspec.Meta(pattern=r"\S")]


class OfferBody(msgspec.Struct, forbid_unknown_fields=True):
    """Something else instead of a yes: base units by line number, and how it is to be paid.

    A line that is left out is offered none of.
    """

    content: _Content
    lines: dict[int, Annotated[int, msgspec.Meta(ge=0, le=99_999_999)]]
    payment: Payment
    reason: Why = ""


@router.get("")
def held(
    site: SiteOf,
    session: Reader,
    *,
    who: Annotated[str, Query(max_length=64)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
) -> JSONResponse:
    """Give the orders that wait for a person, the most urgent first, 100 at most, and the counts.

    `who` is `me`, for those that wait for the program's word, or a role; `q` is in an order's
    number or its customer's name or code.
    """
    chosen = {"who": (who,)} if who else {}
    wanted = Wanted(Sorting("urgency"), q if q.isprintable() else "", chosen, size=MOST)
    with site.ground.database.read() as connection:
        now_ms, scope = site.now_ms(), session.scope
        inbox = open_inbox(connection, _approver(session), now_ms=now_ms, scope=scope)
        rows = inbox.page(connection, wanted, scope=scope).rows
    counts = dict(inbox.counts())
    total = counts.pop("", 0)
    return JSONResponse(
        {"orders": [_write_row(row) for row in rows], "waiting": total, "for": counts}
    )


@router.get("/decided")
def decided(site: SiteOf, session: Reader) -> JSONResponse:
    """Give the newest words that were said of orders, each order's newest once; 100 at most."""
    with site.ground.database.read() as connection:
        rows = list_decided(connection, most=MOST, scope=session.scope)
    names = ("number", "by", "instead_of", "role", "answer", "why", "at")
    return JSONResponse(
        [{"order": row.uuid, **{name: getattr(row, name) for name in names}} for row in rows]
    )


@router.get("/{order}")
def asked(site: SiteOf, session: Reader, *, order: str) -> JSONResponse:
    """Give what an order asks of whom, what was said of it, and the hash that a word is of."""
    found = _named(site, session, order)
    reader, now_ms = _approver(session), site.now_ms()
    with site.ground.database.read() as connection:
        waiting = read_waiting(
            connection, found.head.uuid, reader, now_ms=now_ms, scope=session.scope
        )
    if waiting is None:
        text = "nobody was ever asked about this order"
        raise ApiError(HTTPStatus.NOT_FOUND, "order_not_asked", text)
    return JSONResponse(_write_waiting(waiting))


@router.post("/{order}/release")
def release(site: SiteOf, session: Decider, *, acts: Acts, order: str, body: Body) -> JSONResponse:
    """Say yes to a held order: 200 with the order; `next` names who decides where others must."""
    said, found = read_said(body, YesBody), _named(site, session, order)
    by, uuid = _approver(session), found.head.uuid
    done = acts.release(uuid, by=by, content=said.content, why=said.reason.strip())
    following = done.roles if isinstance(done, KeptYes) else ""
    return _as_it_stands(site, session, uuid, done=done, following=following)


@router.post("/{order}/refuse")
def refuse(site: SiteOf, session: Decider, *, acts: Acts, order: str, body: Body) -> JSONResponse:
    """Say no to a held order: 200 with the order, which is rejected."""
    said, found = read_said(body, NoBody), _named(site, session, order)
    by, uuid = _approver(session), found.head.uuid
    done = acts.refuse(uuid, by=by, content=said.content, why=said.reason.strip())
    return _as_it_stands(site, session, uuid, done=done)


@router.post("/{order}/offer")
def offer(site: SiteOf, session: Decider, *, acts: Acts, order: str, body: Body) -> JSONResponse:
    """Offer less, or another payment, instead of a yes: 200 with the order as it stands."""
    said, found = read_said(body, OfferBody), _named(site, session, order)
    by, uuid = _approver(session), found.head.uuid
    change = offer_of(found, said.lines, said.payment)
    done = acts.offer(uuid, change, by=by, content=said.content, why=said.reason.strip())
    return _as_it_stands(site, session, uuid, done=done)


def _approver(session: Session) -> Approver:
    """Give the program as an approver: in every role that its token has."""
    return Approver(session.user, session.roles)


def _write_row(row: HeldRow) -> dict[str, Any]:
    """Write an order that waits; amounts are in minor units, with `scale` decimals."""
    return {
        "order": row.uuid,
        "number": row.number,
        "customer": row.customer_code,
        "customer_name": row.customer,
        "requester": row.requester,
        "code": row.code,
        "text": sentence(row.why, row.scale, currency=row.currency),
        "amount": row.amount,
        "payable": row.payable,
        "currency": row.currency,
        "scale": row.scale,
        "held_at": row.held_at,
        "due_at": row.due_at,
        "content": row.content,
        "deciders": row.deciders,
        "mine": row.mine,
        "instead_of": row.instead_of,
        "can_offer": row.can_offer,
    }


def _write_waiting(found: Waiting) -> dict[str, Any]:
    words = ("by", "role", "answer", "code", "why", "at", "revision", "instead_of")
    return {
        "order": found.uuid,
        "number": found.number,
        "held": found.is_held,
        "content": found.content,
        "mine": found.may_decide,
        "own": found.own,
        "needs": _write_needs(found.rows),
        "words": [{name: getattr(one, name) for name in words} for one in found.words],
    }


def _write_needs(rows: Iterable[NeedRow]) -> list[dict[str, Any]]:
    """Write each approval that an order waits for; `steps` are of all who decide, in turn."""
    return [
        {
            "code": row.need.code,
            "rule": row.need.rule,
            "amount": row.need.amount,
            "steps": row.need.steps,
            "state": row.state.state,
            "next": row.state.roles,
            "mine": row.may_decide,
            "offer": row.need.offer
            and {
                "smaller": row.need.offer.smaller,
                "payments": row.need.offer.payments,
            },
        }
        for row in rows
    ]


def _named(site: Site, session: Session, name: str) -> OrderDetail:
    """Find an order by its id or its number among those that the program sees."""
    detail = None
    if name.isprintable():
        with site.ground.database.read() as connection:
            found = find_order(connection, name, scope=session.scope)
            if len(found) > 1:
                text = f"several orders are called {name}: name one by its id"
                raise ApiError(HTTPStatus.CONFLICT, "order_ambiguous", text, orders=found)
            detail = read_order(connection, found[0], scope=session.scope) if found else None
    if detail is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "order_unknown", "there is no such order")
    return detail


def _as_it_stands(
    site: Site, session: Session, uuid: str, *, done: object, following: str = ""
) -> JSONResponse:
    """Give an order after a word; raises ApiError where the word was refused."""
    if isinstance(done, Refused):
        code = done.reason.code
        status = _STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY)
        raise ApiError(status, code, sentence(done.reason), **done.reason.params)
    return JSONResponse({**write_order(_named(site, session, uuid)), "next": following})
