"""Receive goods into a warehouse: a batch that is new is made, one with other dates is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.stock.model.heads import AskedHead, read_head
from hub.desk.stock.model.lines import AskedLine, Texts, read_lines
from hub.desk.stock.model.moves import Move, Posted
from hub.desk.stock.store.batches import batches_of, buckets_of
from hub.desk.stock.store.documents import (
    Head,
    LineRow,
    find_sent,
    open_document,
    sent_once,
    write_lines,
)
from hub.desk.stock.store.finding import find_place
from hub.desk.stock.store.moving import lock_batches, move


@dataclass(slots=True)
class ReceiveGoods:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, head: Texts, rows: Sequence[Texts], *, key: str, by: str, scope: Scope
    ) -> Posted | Refused:
        """Receive each row's quantity; sent twice under one key, it is received once."""
        said, faults = read_head(head, key, rows)
        lines, more = read_lines(rows)
        if faults or more:
            return Refused((*faults, *more))
        return sent_once(partial(self._receive, said, lines, by=by, scope=scope))

    def _receive(
        self, said: AskedHead, lines: Sequence[AskedLine], *, by: str, scope: Scope
    ) -> Posted | Refused:
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            place = find_place(t, said.warehouse, scope=scope)
            if place is None:
                return refused(
                    "stock_warehouse_unknown", field="warehouse", warehouse=said.warehouse
                )
            sent = find_sent(t, said.key, place=place, kind="receipt", asked=said.asked)
            if sent is not None:
                return sent
            batches, faults = batches_of(t, place, lines, new=True)
            if faults:
                return Refused(tuple(faults))
            # Before the lines name them: their keys would lock the batches in another order.
            lock_batches(t, batches)
            document = open_document(
                t, _head(said, seller=place.seller, warehouse=place.id), "done"
            )
            buckets = buckets_of(t, batches)
            moves = [
                Move(batch, None, buckets[batch], one.quantity)
                for batch, one in zip(batches, lines, strict=True)
            ]
            write_lines(
                t,
                document.id,
                [
                    LineRow(one.line, way.batch, None, way.target, one.quantity, one.expected)
                    for one, way in zip(lines, moves, strict=True)
                ],
            )
            move(t, moves, document=document)
            t.commit()
        return Posted(document.id, "done")


def _head(said: AskedHead, *, seller: int, warehouse: int) -> Head:
    return Head(
        *("receipt", said.key, seller, warehouse),
        reference=said.reference,
        note=said.note,
        asked=said.asked,
    )
