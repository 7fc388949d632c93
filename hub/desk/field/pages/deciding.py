"""What waits for a person's word on the phone: held orders, outlets new or changed, leave.

Without a connection it is shown as of when the hub told it, and cannot be pressed: a word counts
once the hub has it, and is of what was shown, by its hash.
"""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON
from hub.base.fields import Refused as FieldRefused
from hub.base.fields.words import sentence as field_sentence
from hub.base.money import HouseMoney, money
from hub.base.words import PageWords
from hub.desk.approvals.acts import ApprovalActs
from hub.desk.approvals.acts.release_order import KeptYes
from hub.desk.approvals.model import Approver
from hub.desk.approvals.reads import MINE, HeldRow, Waiting, offer_of, open_inbox, read_waiting
from hub.desk.field.acts import FieldActs
from hub.desk.field.pages.uploads import Body
from hub.desk.field.reads.visits import count_asked, list_asked
from hub.desk.notices.acts import NoticeActs
from hub.desk.orders.model.events import Refused
from hub.desk.orders.reads.order import read_order
from hub.desk.orders.words import sentence
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.cells import CellError, read_day
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.reads.requests import (
    OpenRequest,
    count_open_requests,
    list_open_requests,
)
from hub.desk.parties.words import word_field
from hub.desk.people.store.hands import read_hands
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of
from rules import Payment

router = Router()
Decider = Annotated[Session, Depends(signed_in_for("approvals.decide"))]
Passer = Annotated[Session, Depends(signed_in_for("customers.approve"))]
Planner = Annotated[Session, Depends(signed_in_for("field.plan"))]
MOST: Final = 20
"""So many of each kind are kept by a phone, the most urgent first."""
_Text = Annotated[str, msgspec.Meta(max_length=LONGEST_REASON, pattern=r"\A[^\x00]*\Z")]


class OrderWord(msgspec.Struct, forbid_unknown_fields=True):
    """A word about a held order: `content` is the hash of what was shown.

    An offer has base units by line number, and how it is to be paid.
    """

    answer: Literal["yes", "no", "offer"]
    content: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    why: _Text = ""
    lines: dict[int, Annotated[int, msgspec.Meta(ge=0, le=99_999_999)]] = {}
    payment: Payment = "credit"


class RequestWord(msgspec.Struct, forbid_unknown_fields=True):
    """A word about an outlet that is new or changed; `into` is the outlet that a new one is."""

    answer: Literal["grant", "refuse", "join"]
    code: _Text
    into: _Text = ""
    why: _Text = ""


class LeaveWord(msgspec.Struct, forbid_unknown_fields=True):
    """A word about somebody's day of leave."""

    answer: Literal["grant", "refuse"]
    user: _Text
    day: _Text
    why: _Text = ""


class ReadTo(msgspec.Struct, forbid_unknown_fields=True):
    """Up to which notices of orders, and of their own work, a person has read."""

    up_to: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    own_up_to: Annotated[int, msgspec.Meta(ge=0, le=2**53)]


def read_deciding(
    site: Site, connection: Connection, day: date, *, session: Session, words: PageWords
) -> tuple[Mapping[str, Any], int]:
    """Read what waits for a person on a day, each kind where the person may decide it.

    Beside it, how much waits that is less urgent than what a phone keeps.
    """
    found: dict[str, Any] = {}
    beyond, scope = 0, session.scope
    if session.may("approvals.decide"):
        reader, now_ms = Approver(session.user, session.roles), site.now_ms()
        inbox = open_inbox(connection, reader, now_ms=now_ms, scope=scope)
        rows = inbox.most_urgent(connection, MOST, scope=scope)
        beyond += inbox.counts()[MINE] - len(rows)
        shown = [
            (row, read_waiting(connection, row.uuid, reader, now_ms=now_ms, scope=scope))
            for row in rows
        ]
        found["orders"] = [_order(row, one, words) for row, one in shown if one is not None]
    if session.may("customers.approve"):
        alike = site.ground.part(CustomerActs).join.alike
        house = read_distributor(connection).money
        asked = list_open_requests(connection, most=MOST, scope=scope)
        beyond += count_open_requests(connection, scope=scope) - len(asked)
        hands = read_hands(connection)
        found["outlets"] = [
            {
                **_request(one, words, house),
                "own": hands.is_one(one.asked_by, session.user),
                "alike": [
                    [other.code, other.name, words.named("same", other.by)]
                    for other in (alike(one.code, scope=scope) if one.kind == "new" else ())
                ],
            }
            for one in asked
        ]
    if session.may("field.plan"):
        leaves = list_asked(connection, first=day, most=MOST, scope=scope)
        found["leaves"] = leaves
        beyond += count_asked(connection, first=day, scope=scope) - len(leaves)
    return found, beyond


@router.post("/field/decide/orders/{uuid}")
def decide_order(
    request: Request,
    site: SiteOf,
    session: Decider,
    *,
    acts: Annotated[ApprovalActs, Depends(acts_of(ApprovalActs))],
    uuid: str,
    body: Body,
) -> Response:
    """Say yes, no or something else to a held order as it was shown; says what became of it."""
    said = _read(body, OrderWord)
    if said is None or (said.answer == "no" and not said.why.strip()):
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    with site.ground.database.read() as connection:
        order = read_order(connection, uuid, scope=session.scope)
    if order is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    by, why, words = Approver(session.user, session.roles), said.why.strip(), words_of(request)
    done: object
    if said.answer == "yes":
        done = acts.release(uuid, by=by, content=said.content, why=why)
    elif said.answer == "no":
        done = acts.refuse(uuid, by=by, content=said.content, why=why)
    else:
        change = offer_of(order, said.lines, said.payment)
        done = acts.offer(uuid, change, by=by, content=said.content, why=why)
    if isinstance(done, Refused):
        now = order.newest
        text = sentence(done.reason, now.scale, language=words.language, currency=now.currency)
        return JSONResponse({"text": text}, HTTPStatus.CONFLICT)
    text = words.text("field_page.yes_kept", roles=done.roles) if isinstance(done, KeptYes) else ""
    return JSONResponse({"text": text})


@router.post("/field/decide/outlets/{request_id}")
def decide_outlet(
    request: Request,
    session: Passer,
    *,
    acts: Annotated[CustomerActs, Depends(acts_of(CustomerActs))],
    request_id: int,
    body: Body,
) -> Response:
    """Let a new or changed outlet pass, refuse it, or say which outlet a new one is."""
    said = _read(body, RequestWord)
    if said is None:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    by, scope, why = session.user, session.scope, said.why.strip()
    if said.answer == "join":
        done = acts.join(said.code, said.into, by=by, scope=scope, why=why)
    else:
        grant = said.answer == "grant"
        done = acts.decide(request_id, code=said.code, grant=grant, by=by, scope=scope, why=why)
    return _tell(request, done)


@router.post("/field/notices/read")
def read_notices(
    session: Annotated[Session, Depends(signed_in_for("field.visit"))],
    *,
    acts: Annotated[NoticeActs, Depends(acts_of(NoticeActs))],
    body: Body,
) -> Response:
    """Mark what the phone showed as read."""
    said = _read(body, ReadTo)
    if said is None:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    acts.read(session.user_id, up_to=said.up_to, own_up_to=said.own_up_to, by=session.user)
    return JSONResponse({"text": ""})


@router.post("/field/decide/leaves")
def decide_leave(
    request: Request,
    session: Planner,
    *,
    acts: Annotated[FieldActs, Depends(acts_of(FieldActs))],
    body: Body,
) -> Response:
    """Grant a day of leave, or refuse it with a reason."""
    said = _read(body, LeaveWord)
    try:
        day = read_day(said.day) if said is not None else None
    except CellError:
        day = None
    if said is None or day is None:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    granted, why = said.answer == "grant", said.why
    by, scope = session.user, session.scope
    return _tell(request, acts.leave(said.user, day, granted=granted, why=why, by=by, scope=scope))


def _read(body: bytes, kind: type[Any]) -> Any:  # noqa: ANN401 -- of the kind
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _tell(request: Request, done: object) -> Response:
    if not isinstance(done, FieldRefused):
        return JSONResponse({"text": ""})
    language = words_of(request).language
    text = "; ".join(field_sentence(one, language=language) for one in done.reasons)
    return JSONResponse({"text": text}, HTTPStatus.CONFLICT)


def _order(row: HeldRow, one: Waiting, words: PageWords) -> Mapping[str, Any]:
    """Write a held order as a phone shows it: what is asked against what is allowed."""
    newest, terms = one.detail.newest, one.offer.offer if one.offer and row.can_offer else None
    payments = dict.fromkeys([newest.payment, *(terms.payments if terms else ())])

    def worded(amount: int | None) -> str:
        return "" if amount is None else money(amount, row.currency, row.scale)

    return {
        "uuid": row.uuid,
        "number": row.number,
        "customer": row.customer,
        "requester": row.requester,
        "label": words.named("label", row.code),
        "why": sentence(row.why, row.scale, language=words.language, currency=row.currency),
        "asked": worded(row.amount if row.payable is None else row.payable),
        "amount": worded(None if row.amount == row.payable else row.amount),
        "limit": worded(row.limit),
        "exposure": worded(row.exposure),
        "instead_of": row.instead_of,
        "held_at": row.held_at,
        "due_at": row.due_at,
        "content": row.content,
        "has_price": row.has_price,
        "lines": [
            [line.number, line.name or line.sku, line.ordered, line.pack_size or 1]
            for line in newest.lines
        ],
        "offer": terms
        and {
            "smaller": terms.smaller,
            "payments": [[pay, words.named("payment", pay)] for pay in payments],
        },
    }


def _request(one: OpenRequest, words: PageWords, house: HouseMoney) -> dict[str, Any]:
    """Write what waits of an outlet as a phone shows it: what is, and what is asked for."""
    return {
        "id": one.id,
        "code": one.code,
        "name": one.name,
        "city": one.city,
        "kind": one.kind,
        "by": one.asked_by,
        "at": one.asked_at,
        "why": one.why,
        "fields": [
            [
                words.named("customer_field", name),
                word_field(words, name, old, money=house),
                word_field(words, name, new, money=house),
            ]
            for name, (old, new) in one.asked.fields.items()
        ],
    }
