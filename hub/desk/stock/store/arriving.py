"""What arrived of a transfer: posted where it is, and what differs decided by a second person."""

from collections.abc import Sequence

from hub.base.access import Scope
from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction
from hub.desk.stock.model.arrivals import Arrival, ReasonedMove, moves_of
from hub.desk.stock.model.moves import Place, State
from hub.desk.stock.store.batches import batches_at, buckets_of
from hub.desk.stock.store.documents import LockedDocument, change_line
from hub.desk.stock.store.finding import find_place_of
from hub.desk.stock.store.moving import Document, lock_batches, move


def target_of(t: Transaction, found: LockedDocument, *, scope: Scope) -> Place | None:
    """Find the warehouse that a transfer goes to, for who may see it."""
    there = found.head.to_warehouse
    return None if there is None else find_place_of(t, there, scope=scope)


def post_arrived(t: Transaction, document: Document, moves: Sequence[ReasonedMove]) -> None:
    """Post moves of batches under lock, each with why it was made."""
    for reason in dict.fromkeys(one.reason for one in moves):
        some = [one.move for one in moves if one.reason == reason]
        move(t, some, document=document._replace(reason=reason or ""))


def post_differences(t: Transaction, found: LockedDocument, *, scope: Scope) -> Refused | None:
    """Post what is lost and what was found of a transfer that waits."""
    place = target_of(t, found, scope=scope)
    if place is None:
        return refused("stock_document_unknown", document=found.id)
    targets, faults = batches_at(t, place, {one.batch for one in found.lines})
    if faults:
        return Refused(tuple(faults))
    buckets = buckets_of(t, set(targets.values()))
    arrivals = [
        Arrival(
            *(one.line, one.batch, targets[one.batch], one.quantity, one.arrived or 0),
            buckets[targets[one.batch]],
        )
        for one in found.lines
    ]
    differing = [one for one in moves_of(arrivals) if one.reason]
    lock_batches(t, {one.move.batch for one in differing})
    post_arrived(t, found.of, differing)
    return None


def reopen(t: Transaction, found: LockedDocument) -> State:
    """Take back what a transfer is said to differ by: what is missing is on its way again.

    Of 20 sent and 18 arrived, 2 are still to be taken; of 20 sent and 22 arrived, nothing is, and
    the transfer is done.
    """
    for one in found.lines:
        change_line(t, found.id, one.line, arrived=min(one.arrived or 0, one.quantity))
    return "dispatched" if any(one.on_its_way for one in found.lines) else "done"
