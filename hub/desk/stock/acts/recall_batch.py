"""Call a batch back: nothing of it is sold any more, and what no order holds is quarantined."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.stock.model.lines import Reading, Texts, read_key
from hub.desk.stock.model.moves import Move, Place, Posted
from hub.desk.stock.store.batches import block_batches, find_namesakes
from hub.desk.stock.store.documents import Head, LineRow, find_sent, open_document, write_lines
from hub.desk.stock.store.moving import lock_batches, move


@dataclass(slots=True)
class RecallBatch:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, batch: int, head: Texts, *, key: str, by: str, scope: Scope
    ) -> Posted | Refused:
        """Recall a batch in every warehouse of its seller that the person may see.

        What open orders hold stays theirs, so that a person decides about each: it is not given to
        another order any more.
        """
        faults: list[Reason] = []
        key = Reading({"key": key}, faults).cell("key", read_key, "")
        note = head.get("note", "").strip()
        if not note:
            faults.append(Reason("stock_note_missing", {}, "note"))
        if faults:
            return Refused(tuple(faults))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = find_namesakes(t, batch, scope=scope)
            if found is None:
                return refused("stock_document_unknown", document=batch)
            place = Place(0, "", found.seller)
            asked = str(found.batches[0])
            sent = find_sent(t, key, place=place, kind="recall", asked=asked)
            if sent is not None:
                return sent
            locked = lock_batches(t, found.batches)
            moves = [
                Move(one.id, "good", "quarantine", one.there("good")) for one in locked.values()
            ]
            head_row = Head(
                *("recall", key, found.seller, None), reason="quality", note=note[:500], asked=asked
            )
            document = open_document(t, head_row, "done")
            lines = [
                LineRow(line, one.batch, "good", "quarantine", one.quantity)
                for line, one in enumerate(moves, 1)
            ]
            write_lines(t, document.id, lines)
            move(t, moves, document=document)
            block_batches(t, found.batches, why=note)
            t.commit()
        return Posted(document.id, "done")
