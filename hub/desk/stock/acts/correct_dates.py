"""Correct what is printed on a batch: both dates, in every warehouse, with who and why."""

from dataclasses import dataclass
from datetime import date

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.ids import new_id
from hub.base.transaction import Transaction, Transactions
from hub.desk.stock.model.lines import NEVER, Reading, Texts, read_day
from hub.desk.stock.model.moves import Move, needs_second, worth_of
from hub.desk.stock.store.batches import Namesakes, find_namesakes, first_expiry, write_dates
from hub.desk.stock.store.documents import Head, LineRow, open_document, write_lines
from hub.desk.stock.store.limits import read_alone
from hub.desk.stock.store.moving import TOPIC, lock_batches, move


@dataclass(slots=True)
class CorrectDates:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, batch: int, texts: Texts, *, by: str, scope: Scope) -> Refused | None:
        """Correct the dates of a batch; a reason has to be given, and stands in its history.

        Where it keeps longer than the book had it, what is free of it is set apart until a second
        person releases it, if it is of more worth than one person may adjust.
        """
        faults: list[Reason] = []
        read = Reading(texts, faults)
        made = read.cell("manufactured", read_day, None)
        expiry = read.cell("expiry", read_day, None)
        why = texts.get("note", "").strip()
        if expiry is None and not faults and texts.get("expiry", "").strip() not in NEVER:
            faults.append(Reason("cell_empty", {}, "expiry"))
        if made and expiry and expiry < made:
            params = {"expiry": expiry.isoformat(), "made": made.isoformat()}
            faults.append(Reason("batch_dates_crossed", params, "expiry"))
        if not why:
            faults.append(Reason("stock_note_missing", {}, "note"))
        if faults:
            return Refused(tuple(faults))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = find_namesakes(t, batch, scope=scope)
            if found is None:
                return refused("stock_document_unknown", document=batch)
            kept_to = expiry or date.max
            if kept_to > (first_expiry(t, found.batches) or date.max):
                _set_apart(t, found, why=why[:500])
            write_dates(t, found.batches, manufactured=made, expiry=expiry, why=why[:500])
            t.changed(TOPIC)
            t.commit()
        return None


def _set_apart(t: Transaction, found: Namesakes, *, why: str) -> None:
    """Put what is free of batches into quarantine by a document; orders keep what they hold."""
    locked = lock_batches(t, found.batches)
    moves = [
        Move(one.id, "good", "quarantine", one.there("good"))
        for one in locked.values()
        if one.there("good") > 0
    ]
    worth = worth_of(moves, locked)
    if not moves or not needs_second(worth, read_alone(t)):
        return
    key = f"dates-{new_id(t.at_ms)}"
    head = Head("move", key, found.seller, None, reason="wrong_entry", note=why)
    document = open_document(t, head, "done", worth=worth)
    lines = [
        LineRow(line, one.batch, "good", "quarantine", one.quantity)
        for line, one in enumerate(moves, 1)
    ]
    write_lines(t, document.id, lines)
    move(t, moves, document=document)
