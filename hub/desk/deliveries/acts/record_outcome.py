"""Say what became of goods that left: delivered, partly, refused, or the shop was closed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.deliveries.model.done import Moved
from hub.desk.deliveries.model.life import Outcome, State
from hub.desk.deliveries.model.notes import LockedNote, moves_at_end
from hub.desk.deliveries.model.outcome import (
    LineOutcome,
    all_back,
    faults_of,
    outcome_of,
)
from hub.desk.deliveries.store.closing import Closed, Said, close_lines, read_closed
from hub.desk.deliveries.store.notes import OrderOnNote, lock_notes, settle_note
from hub.desk.deliveries.store.returning import keep_delivered, lock_for_return, wanted_again
from hub.desk.orders.deciding import Desk, move
from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Reason as OrderReason
from hub.desk.orders.store import put_on_note
from hub.desk.parties.model.days import last_wanted, misses
from hub.desk.parties.store import business_day
from hub.desk.parties.store.tree import business_zone
from hub.desk.stock.store.moving import Note
from hub.desk.stock.store.moving import move as move_stock

LONGEST: Final = 200
"""Letters of a receiver's name at most."""
_LONGEST_NOTE: Final = 500
_TAKEN: Final = frozenset[Outcome]({"delivered", "part"})


@dataclass(slots=True)
class RecordOutcome:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(
        self, delivery: int, asked: AskedOutcome, *, by: str, scope: Scope
    ) -> Moved | Refused:
        """Record what became of a note, line by line, with who received it.

        What was delivered leaves the book, what came back goes to the good or to the damaged goods,
        what was lost leaves the book as lost. From a closed shop everything comes back, and the
        order has its goods again, to be brought another time. Where a shop took nothing its order
        is over; where it took some, the order owes, and counts in schemes, for that alone. Said
        twice, it is recorded once; whoever says something else of it afterwards hears so.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            locked = lock_notes(t, [delivery], scope=scope)
            if isinstance(locked, Refused):
                return locked
            (on,) = locked
            lines = _lines_of(on.note, asked)
            if on.note.is_closed and _is_recorded(t, on.note, asked, lines=lines):
                return Moved(delivery, on.note.state, again=True)
            if on.note.state != "dispatched":
                return refused("delivery_settled", note=on.note.number)
            outcome = asked.outcome or outcome_of(lines)
            faults = _faults_of(on.note, asked, lines, outcome=outcome, today=business_day(t))
            if faults:
                return Refused(tuple(faults))
            if outcome != "closed_shop":
                outcome = outcome_of(lines)
            _record(t, self.desk, on, asked=asked, lines=lines, outcome=outcome)
            t.commit()
        return Moved(delivery, outcome)


def _is_recorded(
    t: Transaction, note: LockedNote, asked: AskedOutcome, *, lines: Sequence[LineOutcome]
) -> bool:
    """Say whether just this is recorded of a note: its lines, and all that was said of it."""
    if asked.outcome not in {None, note.state}:
        return False
    return read_closed(t, note.id) == Closed(tuple(lines), _said(asked, note.state))


def _said(asked: AskedOutcome, state: State) -> Said:
    """Give what is recorded of what somebody said, beside the lines."""
    return Said(
        receiver=asked.receiver.strip()[:LONGEST],
        signature=asked.signature,
        word_given=bool(asked.word.strip()),
        redeliver=asked.redeliver if state == "closed_shop" else None,
        note=asked.note.strip()[:_LONGEST_NOTE],
    )


def _lines_of(note: LockedNote, asked: AskedOutcome) -> list[LineOutcome]:
    """Give what became of each line that left; what nobody says of was delivered, or all is back.

    Lines that the note has not are kept as they were said, so that they are told as faults.
    """
    sent = note.sent_lines()
    if asked.outcome == "closed_shop":
        return all_back(sent, reason="shop_closed")
    if asked.outcome == "refused" and not asked.lines:
        return all_back(sent, reason="refused")
    said = {one.number: one for one in asked.lines}
    lines = [
        LineOutcome(one.number, one.sent, way.back, way.damaged, way.lost, way.reason)
        if (way := said.pop(one.number, None))
        else LineOutcome(one.number, one.sent)
        for one in sent
    ]
    return [*lines, *(LineOutcome(one.number, 0, one.back) for one in said.values())]


def _faults_of(
    note: LockedNote,
    asked: AskedOutcome,
    lines: Sequence[LineOutcome],
    *,
    outcome: Outcome,
    today: date,
) -> list[Reason]:
    sent = {one.number: one for one in note.sent_lines()}
    faults = faults_of(lines, sent, outcome=outcome)
    if not faults and outcome != "closed_shop" and outcome_of(lines) != outcome:
        faults.append(Reason("delivery_lines_differ", {}, "outcome"))
    if outcome in _TAKEN and not asked.receiver.strip():
        faults.append(Reason("delivery_receiver_missing", {}, "receiver"))
    if asked.word.strip() and asked.word.strip() != note.word:
        faults.append(Reason("delivery_word_wrong", {}, "word"))
    if asked.redeliver is not None and (why := misses(asked.redeliver, today)):
        params = {"day": asked.redeliver.isoformat()}
        if why == "far":
            params["last"] = last_wanted(today).isoformat()
        faults.append(Reason(f"delivery_day_{why}", params, "redeliver"))
    if asked.signature and (outcome == "closed_shop" or not asked.receiver.strip()):
        faults.append(Reason("signature_nobody", {}, "signature"))
    return faults


def _record(
    t: Transaction,
    desk: Desk,
    on: OrderOnNote,
    *,
    asked: AskedOutcome,
    lines: Sequence[LineOutcome],
    outcome: Outcome,
) -> None:
    note = on.note
    # A phone's clock may be wrong: nothing comes to its end before it left, nor later than now.
    at_ms = min(t.at_ms, max(asked.at_ms or t.at_ms, note.dispatched_at or 0))
    day = datetime.fromtimestamp(at_ms / 1_000, business_zone(t)).date()
    lock_for_return(t, note)
    moves = moves_at_end(note.lines, lines)
    for kind in ("delivery", "back", "loss"):
        move_stock(t, getattr(moves, kind), document=Note(note.id, kind, note.number))
    close_lines(
        t,
        note.id,
        [
            (
                one.number,
                {
                    "delivered": one.delivered,
                    "back": one.back,
                    "damaged": one.damaged,
                    "lost": one.lost,
                    "reason": one.reason,
                },
            )
            for one in lines
        ],
    )
    _move_order(t, desk, on, lines=lines, outcome=outcome, again=asked.redeliver)
    settle_note(
        t,
        note,
        outcome,
        closed_by=t.actor,
        closed_at=at_ms,
        closed_day=day,
        **asdict(_said(asked, outcome)),
    )
    put_on_note(t, on.order.id, "")


def _move_order(
    t: Transaction,
    desk: Desk,
    on: OrderOnNote,
    *,
    lines: Sequence[LineOutcome],
    outcome: Outcome,
    again: date | None,
) -> None:
    """Move the order on, and tell its shop."""
    note = on.note.number
    if outcome == "closed_shop":
        wanted, whole = wanted_again(t, on, lines)
        status: Status = "allocated" if whole else "confirmed"
        day = (again or max(on.note.day, business_day(t))).isoformat()
        told = OrderReason("order_came_back", {"note": note, "day": day})
        move(t, on.order, status, cause="came_back", reasons=(told,), wanted=wanted)
    elif outcome == "refused":
        why = next((one.reason for one in lines if one.reason), "refused")
        told = OrderReason("order_refused_at_door", {"note": note, "why": why})
        move(t, on.order, "cancelled", cause="came_back", reasons=(told,))
    else:
        told = _told(note, lines, outcome)
        kept = keep_delivered(t, desk, on)
        move(t, on.order, "delivered", cause="delivered", reasons=(told,), kept=kept)


def _told(note: str, lines: Sequence[LineOutcome], outcome: Outcome) -> OrderReason:
    if outcome == "delivered":
        return OrderReason("order_delivered", {"note": note, "lines": len(lines)})
    delivered, sent = sum(one.delivered for one in lines), sum(one.sent for one in lines)
    params = {"note": note, "delivered": delivered, "sent": sent}
    return OrderReason("order_delivered_part", params)
