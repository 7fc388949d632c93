"""Change one order: decide it again, or move it on, as a new revision; the books follow."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple, cast

from hub.base.transaction import LockRank, Transaction
from hub.desk.accounts import store as accounts
from hub.desk.orders.deciding.placing import lower_leases, say_held, write_content
from hub.desk.orders.deciding.reading import Desk, read_availability
from hub.desk.orders.deciding.rows import Written
from hub.desk.orders.model.availability import Availability, Holdings
from hub.desk.orders.model.decide import Decided, decide
from hub.desk.orders.model.events import OrderChanged, Refused
from hub.desk.orders.model.life import LIFE, RESERVING, Status, check_transition
from hub.desk.orders.model.reasons import Reason, read_reasons, write_reasons
from hub.desk.orders.model.request import Cause, OrderRequest, Place, Requester, Source
from hub.desk.orders.model.verdict import STAFF_HOLD, Need
from hub.desk.schemes.store import counters
from hub.desk.stock import store as stock
from rules import CompiledPack, Order, OrderLine, Payment, Quantity

_ORDER: Final = """
SELECT o.id, o.uuid, o.number, o.source, o.source_key, o.seller_id, o.customer_id, o.customer_code,
       o.requester_kind, o.requester, o.operator, o.captured_at, o.clock_trusted, o.business_date,
       o.status, o.revision, w.id, w.code
FROM order_ o JOIN warehouse w ON w.id = o.warehouse_id WHERE o.uuid = ?"""
_REVISION: Final = """
SELECT content, content_hash, payment, payable, pack_hash, coupons, reasons FROM order_revision
WHERE order_id = ? AND revision = ?
"""
_ASKED: Final = """
SELECT line, sku, ordered, unit, batch FROM order_line
WHERE order_id = ? AND revision = ? AND NOT free ORDER BY line
"""
_MOVE: Final = "UPDATE order_ SET status = ?, revision = ? WHERE id = ?"
_COPIED: Final = (
    "content, content_hash, payment, currency, scale, gross, discount, net, tax, round_off, "
    "payable, credit_left, lines, pack_hash, pack_version, price_hash, quote_price_hash, "
    "quote_payable, coupons"
)
_STATE_ONLY: Final = f"""
INSERT INTO order_revision
    (order_id, revision, cause, made_by, made_at, status, changed, reasons, exposure, {_COPIED})
SELECT order_id, ?, ?, ?, ?, ?, changed, ?, 0, {_COPIED}
FROM order_revision WHERE order_id = ? AND revision = ?
"""  # noqa: S608  # constants of ours


@dataclass(frozen=True, slots=True)
class LockedOrder:
    """An order under lock, with its newest revision; `request` is what is asked for by now.

    `hold` is why staff let it wait, None where nobody did.
    """

    id: int
    status: Status
    revision: int
    content_hash: str
    payable: int
    pack_hash: str | None
    customer_id: int | None
    hold: Reason | None
    request: OrderRequest


@dataclass(frozen=True, slots=True)
class Changed:
    """A new revision of an order; `decided` is set where the rules were asked again."""

    order: LockedOrder
    revision: int
    status: Status
    reasons: tuple[Reason, ...]
    decided: Decided | None = None


def lock_order(t: Transaction, uuid: str) -> LockedOrder | None:
    """Lock and read an order by its id; None where there is none."""
    found = t.rows(f"{_ORDER}{t.database.lock}{' OF o' if t.database.lock else ''}", (uuid,))
    if not found:
        return None
    row = found[0]
    t.lock(LockRank.ORDER, {row[0]})
    content, digest, payment, payable, pack, coupons, reasons = t.rows(
        _REVISION, (row[0], row[15])
    )[0]
    asked = t.rows(_ASKED, (row[0], content))
    return LockedOrder(
        id=row[0],
        status=row[14],
        revision=row[15],
        content_hash=digest,
        payable=payable,
        pack_hash=pack,
        customer_id=row[6],
        hold=_staff_hold(read_reasons(bytes(reasons))) if row[14] == "held" else None,
        request=_request(row, asked, payment=payment, coupons=bytes(coupons)),
    )


def order_for(
    t: Transaction, uuid: str, *, seen: int | None, among: Collection[Status]
) -> LockedOrder | Refused:
    """Lock an order that is to be changed by somebody who looked at its revision `seen`.

    Refused is an order that is not there, has changed meanwhile, or is in none of these states.
    """
    order = lock_order(t, uuid)
    if order is None:
        return Refused(Reason("order_unknown", {"order": uuid}))
    if seen is not None and seen != order.revision:
        return Refused(Reason("order_changed", {"revision": order.revision}))
    if order.status not in among:
        return Refused(Reason("order_settled", {"status": [f"status.{order.status}", {}]}))
    return order


def _request(
    row: Any,  # noqa: ANN401  # a row of the driver
    asked: Collection[Any],
    *,
    payment: Payment,
    coupons: bytes,
) -> OrderRequest:
    """Write what an order asks for by now; what the counter showed was of its first revision."""
    day = row[13]
    codes, choices = json.loads(coupons) if coupons else ([], {})
    return OrderRequest(
        order=Order(
            id=row[1],
            customer=row[7],
            business_date=date.fromisoformat(day) if isinstance(day, str) else day,
            lines=tuple(
                OrderLine(line, sku, Quantity(ordered), unit, batch)
                for line, sku, ordered, unit, batch in asked
            ),
            payment=payment,
            coupons=tuple(codes),
            choices=choices,
        ),
        number=row[2],
        source=cast("Source", row[3]),
        source_key=row[4],
        seller=row[5],
        warehouse=Place(row[16], row[17]),
        requester=Requester(row[8], row[9]),
        operator=row[10],
        captured_at=row[11],
        clock_trusted=bool(row[12]),
    )


def _staff_hold(reasons: Sequence[Reason]) -> Reason | None:
    return next((one for one in reasons if one.code == STAFF_HOLD), None)


class Again(NamedTuple):
    """A decision made once more, with what the order holds and what there was to decide it from."""

    decided: Decided
    holdings: Holdings
    availability: Availability


def decide_again(
    t: Transaction,
    desk: Desk,
    order: LockedOrder,
    *,
    content: Order,
    released: Collection[Need] = (),
    by: CompiledPack | None = None,
) -> Again:
    """Decide an order once more, as if it had given back all it holds; nothing is written yet.

    What staff held stays held, unless that hold is among the released.
    """
    holdings = holdings_of(t, order.id)
    request = order.request.with_order(content)
    availability = read_availability(t, desk, [request], holdings=holdings)
    decided = decide(
        request, availability, now_ms=t.at_ms, released=released, by=by, hold=order.hold
    )
    return Again(decided, holdings, availability)


def keep(
    t: Transaction,
    order: LockedOrder,
    again: Again,
    *,
    cause: Cause,
    told: tuple[Reason, ...] = (),
    changes: tuple[Reason, ...] = (),
) -> Changed:
    """Write a decision as the next revision of an order, and bring the books to it.

    `told` are reasons that are told before the decision's own, and `changes` what is otherwise than
    the shop asked for. Raises TransitionError.
    """
    check_transition(order.status, again.decided.status)
    found = again.decided.verdict
    verdict = replace(
        found,
        reasons=(*told, *changes, *found.reasons),
        changed=found.changed or bool(changes and found.status in RESERVING),
    )
    decided = replace(again.decided, verdict=verdict)
    revision = order.revision + 1
    written = Written(order.id, revision, cause, decided, t.actor, t.at_ms)
    write_content(t, [written])
    take_differences(
        t,
        written,
        customer=order.customer_id,
        holdings=again.holdings,
        availability=again.availability,
    )
    changed = Changed(order, revision, decided.status, verdict.reasons, decided)
    return _moved(t, order, changed, cause=cause)


def holdings_of(t: Transaction, order: int) -> Holdings:
    """Read what an order holds in the three books."""
    held = stock.held_by(t, order)
    return Holdings(held, accounts.posted_for(t, order), counters.taken_by(t, order))


def take_differences(
    t: Transaction,
    written: Written,
    *,
    customer: int | None,
    holdings: Holdings,
    availability: Availability,
) -> None:
    """Bring the three books from what an order holds to what a revision of it is promised."""
    decided, revision, order = written.decided, written.revision, written.order
    result = decided.result if decided.takes else None
    if customer is not None:
        accounts.change_to(
            t,
            order,
            revision,
            customer=customer,
            wanted=decided.exposure,
            posted=holdings.exposure,
        )
    warehouse = decided.request.warehouse.id
    wanted: dict[stock.Goods, int] = {}
    for part in result.allocations if result else ():
        batch = availability.batch_ids[warehouse, part.sku, part.batch]
        wanted[part.free, part.number, batch] = part.quantity
    stock.change_to(t, order, revision, wanted=wanted, held=holdings.held)
    counters.change_to(
        t,
        order,
        revision,
        wanted=result.changes if result else (),
        taken=holdings.taken,
        counted=availability.counted,
        spent=availability.leased.spent,
    )
    lower_leases(t, availability, [written] if result else [])


class StateOnly(NamedTuple):
    """A revision with the content of the one before: in which state an order then is, and why."""

    order: int
    revision: int
    cause: Cause
    status: Status
    reasons: tuple[Reason, ...]
    made_by: str
    made_at: int


def write_state(t: Transaction, one: StateOnly) -> None:
    """Write a revision that changes the state alone."""
    values = (one.revision, one.cause, one.made_by, one.made_at, one.status)
    t.many(_STATE_ONLY, [(*values, write_reasons(one.reasons), one.order, one.revision - 1)])


def move(
    t: Transaction, order: LockedOrder, status: Status, *, cause: Cause, reasons: tuple[Reason, ...]
) -> Changed:
    """Move an order on with the content it has; what the new state does not hold is given back.

    Raises TransitionError.
    """
    check_transition(order.status, status)
    revision = order.revision + 1
    write_state(t, StateOnly(order.id, revision, cause, status, reasons, t.actor, t.at_ms))
    if not LIFE[status].owes and order.customer_id is not None:
        accounts.give_back(t, order.id, revision, customer=order.customer_id)
    if not LIFE[status].reserves:
        stock.give_back(t, order.id, revision)
    if not LIFE[status].counts:
        counters.give_back(t, order.id, revision)
    return _moved(t, order, Changed(order, revision, status, reasons), cause=cause)


def cancel(t: Transaction, order: LockedOrder, why: str) -> Changed:
    """Cancel an order: it gives back all that it holds."""
    return move(
        t, order, "cancelled", cause="cancelled", reasons=(Reason("cancelled", {"why": why}),)
    )


def hold(t: Transaction, order: LockedOrder, why: str) -> Changed:
    """Hold an order for a person to decide: until then it promises nothing."""
    return move(t, order, "held", cause="held", reasons=(Reason(STAFF_HOLD, {"why": why}),))


def _moved(t: Transaction, order: LockedOrder, changed: Changed, *, cause: Cause) -> Changed:
    """Write where the order stands now, and tell whoever has to hear of it."""
    t.many(_MOVE, [(changed.status, changed.revision, order.id)])
    request = order.request
    t.say(
        OrderChanged(
            order=order.id,
            uuid=request.uuid,
            number=request.number,
            source=request.source,
            requester=request.requester.id,
            customer=request.order.customer,
            revision=changed.revision,
            cause=cause,
            status=changed.status,
            changed=changed.decided.verdict.changed if changed.decided else False,
            reasons=changed.reasons,
            decided=changed.decided,
        )
    )
    if changed.decided is not None:
        say_held(t, changed.decided, revision=changed.revision)
    for topic in ("orders", "stock"):
        t.changed(topic)
    return changed
