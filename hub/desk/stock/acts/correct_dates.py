"""Correct what is printed on a batch: both dates, in every warehouse, with who and why."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.stock.model.lines import NEVER, Reading, Texts, read_day
from hub.desk.stock.store.batches import find_namesakes, write_dates
from hub.desk.stock.store.moving import TOPIC


@dataclass(slots=True)
class CorrectDates:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, batch: int, texts: Texts, *, by: str, scope: Scope) -> Refused | None:
        """Correct the dates of a batch; a reason has to be given, and stands in its history."""
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
            write_dates(t, found.batches, manufactured=made, expiry=expiry, why=why[:500])
            t.changed(TOPIC)
            t.commit()
        return None
