"""Adjust stock, write it off, or move it to another bucket; above an amount a second person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.stock.model.heads import AskedHead, AskedMove, read_head, read_move
from hub.desk.stock.model.lines import AskedLine, Texts, read_lines
from hub.desk.stock.model.moves import (
    GONE,
    WAYS,
    Bucket,
    Move,
    Place,
    Posted,
    needs_second,
    worth_of,
)
from hub.desk.stock.store.batches import batches_of, buckets_of
from hub.desk.stock.store.documents import (
    Head,
    LineRow,
    find_sent,
    number_document,
    open_document,
    sent_once,
    write_lines,
)
from hub.desk.stock.store.finding import find_place
from hub.desk.stock.store.limits import read_alone
from hub.desk.stock.store.moving import faults_of, lock_batches, move


@dataclass(slots=True)
class MoveStock:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, head: Texts, rows: Sequence[Texts], *, key: str, by: str, scope: Scope
    ) -> Posted | Refused:
        """Move each row's quantity the way that the head says.

        What adjusts the book by more worth than one person may waits, and has moved nothing yet.
        What an order holds is not taken: the refusal names the orders.
        """
        said, faults = read_head(head, key, rows)
        asked, more = read_move(head)
        lines, wrong = read_lines(rows)
        if faults or more or wrong:
            return Refused((*faults, *more, *wrong))
        return sent_once(partial(self._send, said, asked, lines=lines, by=by, scope=scope))

    def _send(
        self,
        said: AskedHead,
        asked: AskedMove,
        *,
        lines: Sequence[AskedLine],
        by: str,
        scope: Scope,
    ) -> Posted | Refused:
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            place = find_place(t, said.warehouse, scope=scope)
            if place is None:
                return refused(
                    "stock_warehouse_unknown", field="warehouse", warehouse=said.warehouse
                )
            sent = find_sent(t, said.key, place=place, kind=WAYS[asked.how].kind, asked=said.asked)
            if sent is not None:
                return sent
            done = _move(t, place, said, asked=asked, lines=lines)
            if isinstance(done, Refused):
                return done
            t.commit()
        return done


def _set_apart(
    lines: Sequence[AskedLine], batches: Sequence[int], buckets: Mapping[int, Bucket]
) -> list[Reason]:
    """Tell which batches are not for sale, as those called back: nothing of them turns good."""
    return [
        Reason("batch_not_for_sale", {"batch": one.batch}, f"{one.line}.batch")
        for one, batch in zip(lines, batches, strict=True)
        if buckets[batch] != "good"
    ]


def _move(
    t: Transaction,
    place: Place,
    said: AskedHead,
    *,
    asked: AskedMove,
    lines: Sequence[AskedLine],
) -> Posted | Refused:
    way = WAYS[asked.how]
    origin = asked.bucket if asked.how in GONE else way.origin
    batches, faults = batches_of(t, place, lines, new=asked.how == "found")
    if faults:
        return Refused(tuple(faults))
    locked = lock_batches(t, batches)
    buckets = buckets_of(t, batches)
    if asked.how in {"mend", "release"} and (apart := _set_apart(lines, batches, buckets)):
        return Refused(tuple(apart))
    moves = [
        Move(*(batch, origin, buckets[batch] if way.target == "good" else way.target, one.quantity))
        for batch, one in zip(batches, lines, strict=True)
    ]
    if short := faults_of(t, moves, locked):
        return Refused(tuple(short))
    worth = worth_of(moves, locked)
    waits = way.changes_worth and needs_second(worth, read_alone(t))
    head = Head(
        *(way.kind, said.key, place.seller, place.id),
        reason=asked.reason,
        reference=said.reference,
        note=said.note,
        asked=said.asked,
        supplier=asked.supplier,
    )
    document = open_document(t, head, "waiting" if waits else "done", worth=worth)
    write_lines(
        t,
        document.id,
        [
            LineRow(one.line, way.batch, way.origin, way.target, one.quantity)
            for one, way in zip(lines, moves, strict=True)
        ],
    )
    if not waits:
        move(t, moves, document=document)
        number_document(t, document, place.seller)
    return Posted(document.id, "waiting" if waits else "done")
