"""Send stock from a warehouse to another, and take what arrived there: differences are said."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.stock.model.arrivals import Arrival, moves_of, read_arrived
from hub.desk.stock.model.heads import AskedHead, read_head
from hub.desk.stock.model.lines import AskedLine, Texts, read_lines
from hub.desk.stock.model.moves import Move, Place, Posted, State, needs_second, worth_of
from hub.desk.stock.store.arriving import post_arrived, target_of
from hub.desk.stock.store.batches import batches_at, batches_of, buckets_of
from hub.desk.stock.store.documents import (
    Head,
    LineRow,
    LockedDocument,
    change_line,
    find_sent,
    lock_document,
    open_document,
    sent_once,
    settle_document,
    write_lines,
)
from hub.desk.stock.store.finding import find_place
from hub.desk.stock.store.limits import read_alone
from hub.desk.stock.store.moving import faults_of, lock_batches, move


@dataclass(slots=True)
class TransferStock:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def dispatch(
        self, head: Texts, rows: Sequence[Texts], *, key: str, by: str, scope: Scope
    ) -> Posted | Refused:
        """Send stock off: it is in transit until it is taken, and not to be sold meanwhile."""
        said, faults = read_head(head, key, rows)
        lines, more = read_lines(rows)
        if said.due is None and not faults:
            faults.append(Reason("cell_empty", {}, "due"))
        if faults or more:
            return Refused((*faults, *more))
        return sent_once(partial(self._dispatch, said, lines, by=by, scope=scope))

    def _dispatch(
        self, said: AskedHead, lines: Sequence[AskedLine], *, by: str, scope: Scope
    ) -> Posted | Refused:
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            places = _places(t, said, scope=scope)
            if isinstance(places, Refused):
                return places
            sent = find_sent(t, said.key, place=places[0], kind="transfer", asked=said.asked)
            if sent is not None:
                return sent
            done = _dispatch(t, *places, said=said, lines=lines)
            if isinstance(done, Refused):
                return done
            t.commit()
        return done

    def arrive(
        self,
        document: int,
        arrived: Texts,
        others: Sequence[Texts] = (),
        *,
        rest_as_sent: bool = False,
        by: str,
        scope: Scope,
    ) -> Posted | Refused:
        """Take what arrived of each line, and other batches; a line of which nothing is said stops.

        With `rest_as_sent` all such lines arrived as they were sent. What differs by more worth
        than one person may adjust waits for somebody else than who sent it and who took it; what
        arrived of what was sent is there at once.
        """
        lines, faults = read_lines(others) if others else ([], [])
        if faults:
            return Refused(tuple(faults))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = lock_document(t, document, scope=scope)
            place = target_of(t, found, scope=scope) if found else None
            if found is None or place is None:
                return refused("stock_document_unknown", document=document)
            if found.state != "dispatched":
                return refused("stock_document_settled", document=document)
            came = _came(t, found, place, arrived=arrived, others=lines, rest=rest_as_sent)
            if isinstance(came, Refused):
                return came
            state = _post(t, found, came)
            settle_document(t, document, state, decided=state == "done")
            t.commit()
        return Posted(document, state)


def _places(t: Transaction, said: AskedHead, *, scope: Scope) -> tuple[Place, Place] | Refused:
    here = find_place(t, said.warehouse, scope=scope)
    there = find_place(t, said.to_warehouse, scope=scope)
    if here is None:
        return refused("stock_warehouse_unknown", field="warehouse", warehouse=said.warehouse)
    # Between sellers goods are sold, not transferred.
    if there is None or there.seller != here.seller:
        return refused("stock_warehouse_unknown", field="to_warehouse", warehouse=said.to_warehouse)
    if here.id == there.id:
        return refused("stock_same_warehouse", field="to_warehouse", warehouse=here.code)
    return here, there


def _dispatch(
    t: Transaction, here: Place, there: Place, *, said: AskedHead, lines: Sequence[AskedLine]
) -> Posted | Refused:
    batches, faults = batches_of(t, here, lines, new=False)
    if faults:
        return Refused(tuple(faults))
    moves = [
        Move(batch, "good", "transit", one.quantity)
        for batch, one in zip(batches, lines, strict=True)
    ]
    locked = lock_batches(t, batches)
    if short := faults_of(t, moves, locked):
        return Refused(tuple(short))
    head = Head(
        *("transfer", said.key, here.seller, here.id, there.id),
        reference=said.reference,
        note=said.note,
        due=said.due,
        asked=said.asked,
    )
    document = open_document(t, head, "dispatched", worth=worth_of(moves, locked))
    write_lines(
        t,
        document.id,
        [
            LineRow(one.line, way.batch, "good", "transit", one.quantity)
            for one, way in zip(lines, moves, strict=True)
        ],
    )
    move(t, moves, document=document)
    return Posted(document.id, "dispatched")


def _came(
    t: Transaction,
    found: LockedDocument,
    place: Place,
    *,
    arrived: Texts,
    others: Sequence[AskedLine],
    rest: bool,
) -> list[Arrival] | Refused:
    """Tell what came of each line, then of batches that were not sent: these are lines after it."""
    targets, more = batches_at(t, place, {one.batch for one in found.lines})
    extra, wrong = batches_of(t, place, others, new=True)
    if more or wrong:
        return Refused((*more, *wrong))
    lines = {targets[one.batch]: one.line for one in found.lines}
    scanned: dict[int, int] = {}
    for batch, one in zip(extra, others, strict=True):
        scanned[batch] = scanned.get(batch, 0) + one.quantity
    counts, faults = read_arrived(
        arrived,
        {one.line: one.on_its_way for one in found.lines},
        # What was scanned of a batch that was sent is what arrived of it, not more of it.
        scanned={lines[batch]: many for batch, many in scanned.items() if batch in lines},
        rest_as_sent=rest,
    )
    if faults:
        return Refused(tuple(faults))
    unsent = [one for one in scanned.items() if one[0] not in lines]
    buckets = buckets_of(t, {*targets.values(), *scanned})
    last = len(found.lines)
    return [
        *(
            Arrival(
                *(one.line, one.batch, targets[one.batch], one.on_its_way, counts[one.line]),
                buckets[targets[one.batch]],
            )
            for one in found.lines
        ),
        *(
            Arrival(last + number, batch, batch, 0, many, buckets[batch])
            for number, (batch, many) in enumerate(unsent, 1)
        ),
    ]


def _post(t: Transaction, found: LockedDocument, came: Sequence[Arrival]) -> State:
    """Post what came, write it down by line, and say whether what differs waits."""
    moves = moves_of(came)
    locked = lock_batches(t, {one.move.batch for one in moves})
    differing = worth_of([one.move for one in moves if one.reason], locked)
    waits = needs_second(differing, read_alone(t))
    post_arrived(t, found.of, [one for one in moves if not (waits and one.reason)])
    known = {one.line: one.arrived or 0 for one in found.lines}
    new = [one for one in came if one.line not in known]
    write_lines(t, found.id, [LineRow(one.line, one.source, None, one.bucket, 0) for one in new])
    for one in came:
        total = known.get(one.line, 0) + one.arrived
        change_line(t, found.id, one.line, arrived=total, arrived_by=t.actor)
    return "waiting" if waits else "done"
