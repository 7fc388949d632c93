"""Documents on their way to the portal of e-invoices, written inside a given transaction.

What decides is the row of the document: whoever writes it has locked it, and writes what came of
the round and state that was found, or nothing. So an answer that comes twice, or late, counts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from hub.base import history
from hub.base.jobs import enqueue
from hub.base.transaction import Transaction
from hub.desk.invoices.model.events import InvoiceCancelled, InvoiceIssued
from hub.desk.invoices.model.registration import (
    CANCEL,
    SEND,
    NotTaken,
    Refusal,
    Registered,
    State,
    Terms,
    may_cancel,
    why_unneeded,
    write_refusals,
)
from hub.desk.invoices.model.sides import read_side
from hub.desk.invoices.store.selling import day_of
from hub.desk.invoices.store.writing import TOPIC

_ROW: Final = "SELECT state, round, ack_at FROM einvoice WHERE invoice_id = ?"
_MADE: Final = """
INSERT INTO einvoice (invoice_id, state, round, asked_by, asked_at, changed_at, refusals)
VALUES (?, 'waiting', 1, ?, ?, ?, '') ON CONFLICT (invoice_id) DO NOTHING
"""
_DOCUMENT: Final = "SELECT kind, day, seller, buyer, cancelled_day FROM invoice WHERE id = ?"
_CANCELLED: Final = "SELECT cancelled_day FROM invoice WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Sent:
    """How a document stands at the portal, under lock."""

    invoice: int
    state: State
    round: int
    ack_at_ms: int | None


class Turn(NamedTuple):
    """One round of sending a document: what comes of it counts for that round alone."""

    invoice: int
    round: int


def expect_issue(t: Transaction, issued: InvoiceIssued, *, terms: Terms) -> None:
    """Have a document that was just issued be sent, where it is to be."""
    kind, day, seller, buyer, _ = t.rows(_DOCUMENT, (issued.invoice,))[0]
    row: Mapping[str, Any] = {"kind": kind, "day": day_of(day)}
    if why_unneeded(row, seller=read_side(seller), buyer=read_side(buyer), terms=terms) is None:
        ask(t, issued.invoice)


def expect_cancel(t: Transaction, cancelled: InvoiceCancelled) -> None:
    """Have a document that was just cancelled be cancelled at the portal, where it is there.

    One that waits is left to its job, which knows whether it may have been sent.
    """
    found = lock(t, cancelled.invoice)
    if found is not None and found.state == "registered":
        begin_cancelling(t, found)
    if found is not None and found.state == "refused":
        write(t, found, "dropped")


def lock(t: Transaction, invoice: int) -> Sent | None:
    """Lock how a document stands at the portal; None where nobody wanted it sent."""
    found = t.rows(_ROW + t.row_lock, (invoice,))
    return Sent(invoice, *found[0]) if found else None


def ask(t: Transaction, invoice: int) -> None:
    """Want a document sent, for the first time or once more; its orders are locked."""
    is_first = t.many(_MADE, [(invoice, t.actor, t.at_ms, t.at_ms)]) == 1
    found = lock(t, invoice)
    assert found is not None  # noqa: S101  # it was just made, or there before
    number = 1
    if is_first:
        history.record(t, "einvoice", invoice, before={}, after={"state": "waiting"})
    else:
        number = found.round + 1
        write(t, found, "waiting", round=number, asked_by=t.actor, asked_at=t.at_ms, refusals="")
    enqueue(
        t,
        SEND,
        f"{invoice}/{number}",
        payload={"invoice": invoice, "round": number},
        due_at_ms=t.at_ms,
    )
    t.changed(TOPIC)


def begin_cancelling(t: Transaction, found: Sent) -> None:
    """Have the portal cancel a document that it has registered."""
    number = found.round + 1
    write(t, found, "cancelling", round=number, refusals="")
    enqueue(
        t,
        CANCEL,
        f"{found.invoice}/{number}",
        payload={"invoice": found.invoice, "round": number},
        due_at_ms=t.at_ms,
    )


def take_registered(t: Transaction, *, turn: Turn, given: Registered) -> None:
    """Keep what the portal gave for a document that waits, unless something else came of it."""
    found = _due(t, turn, "waiting")
    if found is None:
        return
    if not given.is_active and not _is_cancelled(t, turn.invoice):
        gone = Refusal("2278", "registered and cancelled at the portal")
        take_refused(t, turn=turn, told=NotTaken((gone,)))
        return
    values = {
        "irn": given.irn,
        "ack_no": given.ack_no,
        "ack_at": given.ack_at_ms,
        "qr": given.qr,
        "eway_no": given.eway or None,
        "eway_until": given.eway_until_ms,
    }
    state: State = "registered" if given.is_active else "cancelled"
    write(t, found, state, refusals="", **values)
    again = lock(t, turn.invoice)
    if again is not None and given.is_active and _is_cancelled(t, turn.invoice):
        begin_cancelling(t, again)


def take_refused(t: Transaction, *, turn: Turn, told: NotTaken) -> None:
    """Keep why the portal did not register a document that waits."""
    found = _due(t, turn, "waiting")
    if found is not None:
        state: State = "dropped" if _is_cancelled(t, turn.invoice) else "refused"
        write(t, found, state, refusals=write_refusals(told.refusals))


def take_dropped(t: Transaction, *, turn: Turn) -> None:
    """Keep that a document was cancelled before the portal had it."""
    found = _due(t, turn, "waiting")
    if found is not None:
        write(t, found, "dropped")


def take_cancelled(t: Transaction, *, turn: Turn, told: NotTaken | None) -> None:
    """Keep that the portal cancelled a document, or why it did not."""
    found = _due(t, turn, "cancelling")
    if found is not None:
        state: State = "cancelled" if told is None else "stuck"
        write(t, found, state, refusals="" if told is None else write_refusals(told.refusals))


def is_past_cancelling(t: Transaction, invoice: int) -> bool:
    """Say whether the portal has registered a document so long ago that it does not cancel it."""
    found = lock(t, invoice)
    return (
        found is not None
        and found.state == "registered"
        and found.ack_at_ms is not None
        and not may_cancel(found.ack_at_ms, at_ms=t.at_ms)
    )


def write(t: Transaction, found: Sent, state: State, **values: object) -> None:
    """Write how a document under lock stands from now on, with what was given for it."""
    said = {**values, "state": state, "changed_at": t.at_ms}
    names = ", ".join(f"{name} = ?" for name in said)
    t.many(
        f"UPDATE einvoice SET {names} WHERE invoice_id = ?",  # noqa: S608  # all of it ours
        [(*said.values(), found.invoice)],
    )
    told = {"state": state, "irn": str(values.get("irn") or "")}
    before = {"state": found.state, "irn": ""}
    history.record(t, "einvoice", found.invoice, before=before, after=told)
    t.changed(TOPIC)


def _due(t: Transaction, turn: Turn, state: State) -> Sent | None:
    """Lock how a document stands; None where this round does not wait any more."""
    found = lock(t, turn.invoice)
    is_due = found is not None and (found.state, found.round) == (state, turn.round)
    return found if is_due else None


def _is_cancelled(t: Transaction, invoice: int) -> bool:
    return t.rows(_CANCELLED, (invoice,))[0][0] is not None
