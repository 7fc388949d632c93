"""Events kept for endpoints, in the transaction in which they happen, and what became of each."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from hub.base.ids import new_id
from hub.base.jobs import enqueue
from hub.base.transaction import Transaction
from hub.desk.invoices.model.events import InvoiceCancelled, InvoiceIssued
from hub.desk.orders.model.events import OrderChanged, OrderRedirected, OrdersPlaced
from hub.desk.payments.model import PaymentMoved
from hub.desk.stock.model.events import StockRanLow
from hub.desk.webhooks.model import (
    ATTEMPTS,
    LEAST_FAILURES,
    STOPPED_AFTER_MS,
    TEST,
    Delivery,
    Happened,
    Outcome,
    kind_of,
    pause_left_ms,
    pause_ms,
)
from hub.desk.webhooks.tables import webhook_delivery, webhook_event

SEND: Final = "webhooks.send"
"""The kind of the jobs that send one message."""
TOPIC: Final = "webhooks"
_WANTED: Final = "SELECT id, kinds, held_until, failures FROM webhook WHERE active ORDER BY id"
_EVENT: Final = """
INSERT INTO webhook_event (id, uuid, key, kind, ref, revision, facts, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id
"""
_DELIVERY: Final = ("id", "webhook_id", "event_id", "state", "turn", "attempts")
_ONE: Final = """
SELECT d.id, d.webhook_id, d.state, d.turn, d.attempts, w.url, w.active, w.held_until, w.secret,
    w.old_secret, w.old_until, w.failures, w.failing_since, u.name, e.uuid, e.kind, e.ref,
    e.revision, e.facts, e.at
FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
JOIN user_account u ON u.id = w.owner_id JOIN webhook_event e ON e.id = d.event_id WHERE d.id = ?
"""
_ACTIVE, _FACTS = 6, 18
"""Where in such a row these two stand, which the engines give as they keep them."""
_STATE: Final = """
UPDATE webhook_delivery
SET state = ?, attempts = ?, tried_at = ?, status = ?, took_ms = ?, error = ? WHERE id = ?
"""
_TURN: Final = """
UPDATE webhook_delivery SET state = 'waiting', turn = turn + 1 WHERE id = ? RETURNING turn
"""

_OLD: Final = """
SELECT e.id FROM webhook_event e WHERE e.at < ? AND NOT EXISTS (
    SELECT 1 FROM webhook_delivery d WHERE d.event_id = e.id AND d.state = 'waiting')
ORDER BY e.at LIMIT ?
"""
_FORGET: Final = (
    "DELETE FROM webhook_delivery WHERE event_id = ?",
    "DELETE FROM webhook_event WHERE id = ?",
)
_WELL: Final = "UPDATE webhook SET failures = 0, failing_since = NULL, held_until = 0 WHERE id = ?"
_ILL: Final = """
UPDATE webhook SET failures = ?, failing_since = ?, held_until = ? WHERE id = ?
"""
_AT_ONCE: Final = "UPDATE webhook SET held_until = 0 WHERE id = ?"
_STOP: Final = "UPDATE webhook SET active = ?, stopped_at = ? WHERE id = ?"


def expect_placed(t: Transaction, placed: OrdersPlaced) -> None:
    """Have programs told of orders that came in."""
    keep_events(t, [Happened("order.placed", uuid, 1) for uuid in placed.uuids])


def expect_change(t: Transaction, change: OrderChanged) -> None:
    """Have programs told of what became of an order."""
    kind = kind_of(change.cause)
    if kind is not None:
        facts = {"status": change.status, "cause": change.cause}
        keep_events(t, [Happened(kind, change.uuid, change.revision, facts)])


def expect_redirected(t: Transaction, redirected: OrderRedirected) -> None:
    """Have programs told that an order's goods go to another address.

    The moment is one of the facts: an order that goes to and fro is told of each time.
    """
    facts = {"status": redirected.status, "cause": "redirected", "ship_to": redirected.code}
    told = Happened("order.changed", redirected.uuid, redirected.revision, {**facts, "at": t.at_ms})
    keep_events(t, [told])


def expect_invoice(t: Transaction, written: InvoiceIssued) -> None:
    """Have programs told of an invoice or a credit note."""
    keep_events(t, [Happened("invoice.issued", str(written.invoice))])


def expect_cancelled(t: Transaction, cancelled: InvoiceCancelled) -> None:
    """Have programs told of an invoice or a credit note that was cancelled."""
    keep_events(t, [Happened("invoice.cancelled", str(cancelled.invoice))])


def expect_payment(t: Transaction, moved: PaymentMoved) -> None:
    """Have programs told of money that came, and of what became of it."""
    kind = "payment.taken" if moved.is_new else "payment.changed"
    keep_events(t, [Happened(kind, str(moved.payment), 0, {"state": moved.state})])


def expect_low(t: Transaction, low: StockRanLow) -> None:
    """Have programs told of products that became low in warehouses."""
    keep_events(t, [Happened("stock.low", str(spell)) for spell in low.spells])


def keep_events(t: Transaction, events: Sequence[Happened]) -> None:
    """Keep events for the endpoints that want them; one look at these for all of the events."""
    wanted = [
        (
            number,
            kinds.split(","),
            pause_left_ms(held, failures, key=str(number), now_ms=t.at_ms),
        )
        for number, kinds, held, failures in t.rows(_WANTED)
    ]
    for one in events:
        receivers = [(number, left_ms) for number, kinds, left_ms in wanted if one.kind in kinds]
        if receivers:
            _keep(t, one, receivers)


def keep_test(t: Transaction, number: int) -> None:
    """Have an endpoint told of nothing but that it is told, at once."""
    ask_at_once(t, number)
    _keep(t, Happened(TEST, f"{number}:{t.at_ms}"), [(number, 0)])


def ask_at_once(t: Transaction, number: int) -> None:
    """Have an endpoint that failed asked again now, and not when its pause is over."""
    t.many(_AT_ONCE, [(number,)])


def _keep(t: Transaction, one: Happened, receivers: Iterable[tuple[int, int]]) -> None:
    (event,) = t.next_ids(webhook_event, 1)
    facts = json.dumps(dict(one.facts), sort_keys=True)
    values = (event, new_id(t.at_ms), one.key, one.kind, one.ref, one.revision, facts, t.at_ms)
    if not t.rows(_EVENT, values):
        return
    told = list(receivers)
    ids = t.next_ids(webhook_delivery, len(told))
    rows = [
        (number, receiver, event, "waiting", 0, 0)
        for number, (receiver, _) in zip(ids, told, strict=True)
    ]
    t.insert(webhook_delivery, _DELIVERY, rows)
    for number, (_, left_ms) in zip(ids, told, strict=True):
        _schedule(t, number, turn=0, due_ms=t.at_ms + left_ms)
    t.changed(TOPIC)


def _schedule(t: Transaction, number: int, *, turn: int, due_ms: int) -> None:
    payload = {"delivery": number, "turn": turn}
    # SQLite gives the number of a message that was deleted once more: the moment tells them apart.
    enqueue(t, SEND, f"{number}:{turn}:{t.at_ms}", payload=payload, due_at_ms=due_ms)


def find_delivery(t: Transaction, number: int) -> Delivery | None:
    """Give a message with its endpoint and its event."""
    rows = t.rows(_ONE, (number,))
    if not rows:
        return None
    values = list(rows[0])
    values[_ACTIVE], values[_FACTS] = bool(values[_ACTIVE]), json.loads(values[_FACTS])
    return Delivery(*values)


def send_again(t: Transaction, number: int, *, due_ms: int) -> None:
    """Have a message sent, once more, from an instant on; whatever was scheduled of it is void."""
    ((turn,),) = t.rows(_TURN, (number,))
    _schedule(t, number, turn=turn, due_ms=due_ms)
    t.changed(TOPIC)


def drop(t: Transaction, one: Delivery, *, why: str) -> None:
    """Send a message no more: its owner may not see what it is about, or its endpoint is off."""
    state = "dropped" if one.active else "failed"
    t.many(_STATE, [(state, one.attempts, t.at_ms, None, None, why, one.id)])
    t.changed(TOPIC)


def write_outcome(t: Transaction, one: Delivery, outcome: Outcome) -> None:
    """Write down what came of an attempt, and have it tried again, later each time, or given up.

    While an endpoint fails, one message after another waits until it is asked once more: a receiver
    that is away costs one attempt at a time, not one a message.
    """
    attempts = one.attempts + 1
    told = (t.at_ms, outcome.status, outcome.took_ms, outcome.error or None, one.id)
    if outcome.is_taken:
        t.many(_STATE, [("sent", attempts, *told)])
        t.many(_WELL, [(one.webhook,)])
    else:
        is_last = attempts >= ATTEMPTS or outcome.is_gone
        t.many(_STATE, [("failed" if is_last else "waiting", attempts, *told)])
        failures, since = one.failures + 1, one.failing_since or t.at_ms
        held_until = t.at_ms + pause_ms(failures, str(one.webhook))
        t.many(_ILL, [(failures, since, held_until, one.webhook)])
        for_long = t.at_ms - since >= STOPPED_AFTER_MS and failures >= LEAST_FAILURES
        if outcome.is_gone or for_long:
            t.many(_STOP, [(False, t.at_ms, one.webhook)])
        elif not is_last:
            send_again(t, one.id, due_ms=held_until)
    t.changed(TOPIC)


def put_off(t: Transaction, one: Delivery) -> None:
    """Send a message when its endpoint is asked once more, a little after: not all come at once."""
    spread = pause_ms(1, f"{one.webhook}:{one.id}")
    send_again(t, one.id, due_ms=t.at_ms + one.pause_left_ms(t.at_ms) + spread)


def forget_events(t: Transaction, *, before_ms: int, most: int) -> int:
    """Delete the oldest events of before an instant with their messages; gives how many events.

    One of which a message still waits is kept.
    """
    old = [(row[0],) for row in t.rows(_OLD, (before_ms, most))]
    for statement in _FORGET:
        t.many(statement, old)
    if old:
        t.changed(TOPIC)
    return len(old)
