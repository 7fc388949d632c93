"""Change one order: decide it again, or move it on, as a new revision; the books follow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from hub.base.transaction import Transaction
from hub.desk.accounts import store as accounts
from hub.desk.orders.deciding.locking import LockedOrder
from hub.desk.orders.deciding.placing import lower_leases, say_held, write_content
from hub.desk.orders.deciding.reading import Desk, read_availability
from hub.desk.orders.deciding.rows import Written
from hub.desk.orders.deciding.summing import move_to
from hub.desk.orders.model.availability import Availability, Holdings
from hub.desk.orders.model.decide import Decided, decide, holds_of
from hub.desk.orders.model.events import OrderChanged
from hub.desk.orders.model.life import LIFE, RESERVING, Status, check_transition
from hub.desk.orders.model.reasons import Reason, write_reasons
from hub.desk.orders.model.request import Cause
from hub.desk.orders.model.verdict import STAFF_HOLD, Need
from hub.desk.schemes.store import counters
from hub.desk.stock import store as stock
from rules import CompiledPack, CounterChange, Order

_COPIED: Final = (
    "content, content_hash, payment, currency, scale, gross, discount, net, tax, round_off, "
    "payable, credit_left, lines, pack_hash, pack_version, price_hash, quote_price_hash, "
    "quote_payable, coupons, delivery_date"
)
_STATE_ONLY: Final = f"""
INSERT INTO order_revision
    (order_id, revision, cause, made_by, made_at, status, changed, reasons, exposure, {_COPIED})
SELECT order_id, ?, ?, ?, ?, ?, changed, ?, coalesce(CAST(? AS BIGINT), exposure * ?), {_COPIED}
FROM order_revision WHERE order_id = ? AND revision = ?
"""  # noqa: S608  # constants of ours


@dataclass(frozen=True, slots=True)
class Changed:
    """A new revision of an order; `decided` is set where the rules were asked again."""

    order: LockedOrder
    revision: int
    status: Status
    reasons: tuple[Reason, ...]
    decided: Decided | None = None


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

    What staff held stays held, unless that hold is among the released; likewise what waits for
    orders that a terminal has to give back.
    """
    holdings = holdings_of(t, order.id)
    request = order.request.with_order(content)
    availability = read_availability(t, desk, [request], holdings=holdings)
    holds = (*((order.hold,) if order.hold else ()), *holds_of(request, availability))
    decided = decide(
        request,
        availability,
        now_ms=t.at_ms,
        released=released,
        by=by,
        holds=holds,
        agreed=True,
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
    decided = with_reasons(again.decided, told=told, changes=changes)
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
    changed = Changed(order, revision, decided.status, decided.reasons, decided)
    return _moved(t, order, changed, cause=cause)


def with_reasons(
    decided: Decided, *, told: tuple[Reason, ...] = (), changes: tuple[Reason, ...] = ()
) -> Decided:
    """Put what is told first, and what is otherwise than asked for, before a decision's own."""
    found = decided.verdict
    verdict = replace(
        found,
        reasons=(*told, *changes, *found.reasons),
        changed=found.changed or bool(changes and found.status in RESERVING),
    )
    return replace(decided, verdict=verdict)


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
    """A revision with the content of an earlier one: in which state an order then is, and why.

    `like` is that earlier one, the one before where it is None.
    """

    order: int
    revision: int
    cause: Cause
    status: Status
    reasons: tuple[Reason, ...]
    made_by: str
    made_at: int
    exposure: int | None = None
    like: int | None = None


class Kept(NamedTuple):
    """What an order goes on counting for, of which some never came or came back.

    `exposure` is what it adds to what its customer owes, None where that stays as it is; `changes`
    are what its schemes' counters change by.
    """

    exposure: int | None = None
    changes: Sequence[CounterChange] = ()


_ALL_KEPT: Final = Kept()


def write_state(t: Transaction, one: StateOnly) -> None:
    """Write a revision that changes the state alone; what it owes it goes on owing, or nothing."""
    values = (one.revision, one.cause, one.made_by, one.made_at, one.status)
    owes, reasons = int(LIFE[one.status].owes), write_reasons(one.reasons)
    like = one.revision - 1 if one.like is None else one.like
    t.many(_STATE_ONLY, [(*values, reasons, one.exposure, owes, one.order, like)])


def keep_state(t: Transaction, order: LockedOrder, one: StateOnly) -> Changed:
    """Write a revision that changes the state alone, and tell of it; the books are the caller's.

    Raises TransitionError.
    """
    check_transition(order.status, one.status)
    write_state(t, one)
    changed = Changed(order, one.revision, one.status, one.reasons)
    return _moved(t, order, changed, cause=one.cause)


def move(
    t: Transaction,
    order: LockedOrder,
    status: Status,
    *,
    cause: Cause,
    reasons: tuple[Reason, ...],
    wanted: Mapping[stock.Goods, int] | None = None,
    kept: Kept = _ALL_KEPT,
) -> Changed:
    """Move an order on with the content it has; what the new state does not hold is given back.

    `wanted` is what it holds of batches from now on, where that changes: goods that were not found
    are given back, goods that came back are taken again. Raises TransitionError, and StoringError
    where a batch has less than is wanted. `kept` is what it goes on counting for, of which some
    never came or came back.
    """
    check_transition(order.status, status)
    revision = order.revision + 1
    one = StateOnly(order.id, revision, cause, status, reasons, t.actor, t.at_ms, kept.exposure)
    write_state(t, one)
    if not LIFE[status].owes and order.customer_id is not None:
        accounts.give_back(t, order.id, revision, customer=order.customer_id)
    elif kept.exposure is not None and order.customer_id is not None:
        accounts.change_to(
            t,
            order.id,
            revision,
            customer=order.customer_id,
            wanted=kept.exposure,
            posted=accounts.posted_for(t, order.id),
        )
    if not LIFE[status].reserves:
        stock.give_back(t, order.id, revision)
    elif wanted is not None:
        held = stock.held_by(t, order.id)
        stock.change_to(t, order.id, revision, wanted=wanted, held=held)
    if not LIFE[status].counts:
        counters.give_back(t, order.id, revision)
    elif kept.changes:
        counters.shift(t, order.id, revision, changes=kept.changes)
    return _moved(t, order, Changed(order, revision, status, reasons), cause=cause)


def cancel(t: Transaction, order: LockedOrder, why: str, *, of_customer: bool = False) -> Changed:
    """Cancel an order: it gives back all that it holds; `of_customer`: its own customer did it."""
    code = "cancelled_by_customer" if of_customer else "cancelled"
    return move(t, order, "cancelled", cause="cancelled", reasons=(Reason(code, {"why": why}),))


def hold(t: Transaction, order: LockedOrder, why: str, *, more: tuple[Reason, ...] = ()) -> Changed:
    """Hold an order for a person to decide, and say `more`: until then it promises nothing."""
    return move(t, order, "held", cause="held", reasons=(Reason(STAFF_HOLD, {"why": why}), *more))


def _moved(t: Transaction, order: LockedOrder, changed: Changed, *, cause: Cause) -> Changed:
    """Write where the order stands now, and tell whoever has to hear of it."""
    move_to(t, order.id, changed.status, revision=changed.revision)
    return say_changed(t, order, changed, cause=cause)


def say_changed(t: Transaction, order: LockedOrder, changed: Changed, *, cause: Cause) -> Changed:
    """Tell whoever has to hear of it that an order has another revision."""
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
            changed=changed.decided.verdict.changed if changed.decided else order.changed,
            reasons=changed.reasons,
            decided=changed.decided,
        )
    )
    if changed.decided is not None:
        say_held(t, changed.decided, revision=changed.revision)
    for topic in ("orders", "stock"):
        t.changed(topic)
    return changed
