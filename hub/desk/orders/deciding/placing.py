"""Place a group of orders: decide one after another, and write all their rows table by table."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from hub.base.transaction import Transaction
from hub.desk.accounts import store as accounts
from hub.desk.orders import tables
from hub.desk.orders.deciding import rows
from hub.desk.orders.deciding.reading import Desk, read_availability
from hub.desk.orders.deciding.rows import (
    DecisionRow,
    OrderRow,
    RevisionRow,
    Written,
    decision_row,
    order_row,
    revision_row,
)
from hub.desk.orders.deciding.summing import count_in
from hub.desk.orders.model.availability import Availability
from hub.desk.orders.model.decide import Decided, decide, holds_of, undecided
from hub.desk.orders.model.events import OrderChanged, OrderHeld, OrdersPlaced
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import OrderRequest
from hub.desk.schemes.store import counters
from hub.desk.schemes.store.leases import set_parts
from hub.desk.stock import store as stock
from hub.desk.stock.store import Reservation


class Placed(NamedTuple):
    """An order as it was placed, by its row's id; all were decided from one availability."""

    order: int
    decided: Decided
    availability: Availability


def place(
    t: Transaction, desk: Desk, requests: Sequence[OrderRequest], *, unstorable: bool = False
) -> list[Placed]:
    """Decide orders one after another, and store them as revision 1, each table at once.

    `unstorable` says that their decisions were not taken by the database before: then they are held
    without one. The caller keeps all of it or none (`Transaction.part`): a refusal of the database,
    or StoringError, leaves rows behind.
    """
    availability, decisions = decide_new(t, desk, requests, unstorable=unstorable)
    return write_new(t, availability, decisions)


def write_new(
    t: Transaction, availability: Availability, decisions: Sequence[Decided]
) -> list[Placed]:
    """Store decisions, all made from one availability, as revision 1 of new orders."""
    ids = t.next_ids(tables.order_, len(decisions))
    written = [
        Written(i, 1, "placed", decided, t.actor, t.at_ms)
        for i, decided in zip(ids, decisions, strict=True)
    ]
    t.insert(tables.order_, OrderRow._fields, [order_row(one) for one in written])
    write_content(t, written)
    count_in(t, written)
    _take(t, availability, [one for one in written if one.decided.takes])
    for one in written:
        say_held(t, one.decided, revision=1)
        if one.decided.request.source != "terminal":
            _say_placed(t, one)
    t.say(OrdersPlaced(tuple(one.decided.request.uuid for one in written)))
    for topic in ("orders", "stock"):
        t.changed(topic)
    return [Placed(one.order, one.decided, availability) for one in written]


def decide_new(
    t: Transaction, desk: Desk, requests: Sequence[OrderRequest], *, unstorable: bool = False
) -> tuple[Availability, list[Decided]]:
    """Decide orders one after another; nothing is written.

    Gives what is left once all of them took what they were promised, and the decisions.
    """
    availability = read_availability(t, desk, requests)
    return availability, [
        undecided(one, availability, Reason("decision_not_stored"))
        if unstorable
        else decide(
            one, availability, now_ms=t.at_ms, holds=holds_of(one, availability), agreed=True
        )
        for one in requests
    ]


def _say_placed(t: Transaction, one: Written) -> None:
    """Tell whoever has to hear of an order that its shop did not place."""
    decided = one.decided
    request, verdict = decided.request, decided.verdict
    t.say(
        OrderChanged(
            order=one.order,
            uuid=request.uuid,
            number=request.number,
            source=request.source,
            requester=request.requester.id,
            customer=request.order.customer,
            revision=one.revision,
            cause=one.cause,
            status=decided.status,
            changed=verdict.changed,
            reasons=verdict.reasons,
            decided=decided,
        )
    )


def say_held(t: Transaction, decided: Decided, *, revision: int) -> None:
    """Tell whoever looks after approvals that an order waits for some."""
    if decided.status == "held":
        t.say(OrderHeld(decided.request.uuid, revision, decided.verdict.needs))


def write_content(t: Transaction, written: Sequence[Written]) -> None:
    """Write revisions with their lines and why they are so."""
    revisions = [revision_row(one) for one in written]
    t.insert(tables.order_revision, RevisionRow._fields, revisions)
    write_lines(t, written)


def write_lines(t: Transaction, written: Sequence[Written]) -> None:
    """Write the lines of revisions, and why they are so."""
    plain, others = rows.plain_apart(chain.from_iterable(map(rows.line_rows, written)))
    t.insert(tables.order_line, rows.PLAIN_LINE, plain)
    t.insert(tables.order_line, rows.LINE, others)
    t.insert(tables.decision, DecisionRow._fields, [decision_row(one) for one in written])


def _take(t: Transaction, availability: Availability, taking: Sequence[Written]) -> None:
    """Have the three books take what new orders were promised."""
    accounts.take(
        t,
        [
            accounts.Owed(one.decided.counterparty.id, one.order, 1, one.decided.exposure)
            for one in taking
            if one.decided.counterparty
        ],
    )
    stock.take(t, [row for one in taking for row in _reservations(one, availability)])
    counters.take(
        t,
        [
            counters.Use(one.order, 1, change)
            for one in taking
            if one.decided.result
            for change in one.decided.result.changes
        ],
        counted=availability.counted,
        spent=availability.leased.spent,
    )
    lower_leases(t, availability, taking)


def _reservations(one: Written, availability: Availability) -> list[Reservation]:
    result, warehouse = one.decided.result, one.decided.request.warehouse.id
    return [
        Reservation(
            one.order,
            1,
            part.free,
            part.number,
            availability.batch_ids[warehouse, part.sku, part.batch],
            part.quantity,
        )
        for part in (result.allocations if result else ())
    ]


def lower_leases(t: Transaction, availability: Availability, taking: Sequence[Written]) -> None:
    """Lower the leases of the terminals whose orders took of a scheme."""
    own = availability.leased.own
    if not own:
        return
    touched = {
        (one.decided.request.lessee or "", change.rule, change.scope)
        for one in taking
        for change in (one.decided.result.changes if one.decided.result else ())
    }
    set_parts(t, {key: own[key] for key in touched & own.keys()})
