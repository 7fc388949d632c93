"""Notices: what a terminal is told of a later revision of its order, in the same commit.

And what its counters were told of an order by now, for whoever holds its slip.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec
from sqlalchemy import select

from broker.contract import Answer, AnswerData, Notice, told_again, with_mac
from hub.base.ids import Ids
from hub.base.transaction import Transaction
from hub.desk.orders.model.events import OrderChanged
from hub.desk.orders.model.life import Status
from hub.desk.orders.tables import order_
from hub.desk.parties.store import business_day
from hub.desk.terminals.store.outbox import Kept, keep_messages
from hub.desk.terminals.tables import outbox, unacked
from hub.desk.terminals.wire.answers import (
    Sentences,
    Stamp,
    Voice,
    readdress_notice,
    write_notice,
)

_LANGUAGE = "SELECT language FROM terminal_presence WHERE terminal = ?"
_TOLD = "SELECT terminal FROM outbox WHERE order_id = ? ORDER BY revision LIMIT 1"
_COUNTER = """
SELECT t.id FROM terminal t JOIN party c ON c.id = t.customer_id
LEFT JOIN terminal_presence p ON p.terminal = t.id
WHERE c.code = ? AND t.revoked_at IS NULL ORDER BY coalesce(p.seen_at, 0) DESC, t.id LIMIT 1
"""
_REVOKED = "SELECT 1 FROM terminal WHERE id = ? AND revoked_at IS NOT NULL"
_NAME = "SELECT shown FROM user_account WHERE name = ?"
_SCALE = "SELECT scale FROM order_revision WHERE order_id = ? AND revision = ?"
_FOLLOWED: Final = """
SELECT o.number, o.status, x.kind, x.created_at, x.payload
FROM order_ o JOIN outbox x ON x.order_id = o.id WHERE o.uuid = ? ORDER BY x.revision
"""
_NOT_ACKNOWLEDGED: Final = (
    select(outbox.c.id, outbox.c.payload, unacked.c.is_sent, order_.c.customer_code)
    .join(unacked, unacked.c.message == outbox.c.id)
    .join(order_, order_.c.id == outbox.c.order_id)
    .where(outbox.c.kind == "notice")
    .order_by(outbox.c.id)
    .with_for_update(of=unacked)
)
_MOVE: Final = "UPDATE outbox SET terminal = ?, payload = ?, created_at = ? WHERE id = ?"
_WAIT_THERE: Final = """
UPDATE unacked SET terminal = ?, is_sent = false WHERE terminal = ? AND message = ?
"""
_BROUGHT_ON: Final = frozenset({"order_dispatched", "order_came_back"})
"""Reasons of notices that name the day on which the goods come, later than any decision."""
_message: Final = msgspec.json.Decoder(Answer | Notice)


@dataclass(slots=True)
class KeepNotice:
    """Writes the notice of each change that a terminal hears of, marked with the key."""

    ids: Ids
    boot: int
    sentence: Sentences
    key: Callable[[], bytes]

    def __call__(self, t: Transaction, change: OrderChanged) -> None:
        """Keep a notice to be sent, where a terminal is there to tell.

        That is the terminal that an order came from. What others placed is told to a terminal of
        the customer: the one that was heard last when it was placed. Where that one is revoked by
        now, the customer's terminal that was heard last hears of it, and of what still waits for
        the revoked one.
        """
        is_own = change.source == "terminal"
        terminal = change.requester if is_own else _counter_of(t, change)
        if terminal is None:
            return
        first, terminal = terminal, _in_place_of(t, terminal, change.customer)
        if terminal != first:
            move_notices(t, first, key=self.key())
        scale = int(t.rows(_SCALE, (change.order, change.revision))[0][0])
        stamp = Stamp(id=self.ids(t.at_ms), boot=self.boot, at=t.at_ms)
        spoken = t.rows(_LANGUAGE, (terminal,))
        voice = Voice(self.sentence, (spoken[0][0] if spoken else None) or "en")
        by = "" if is_own else _shown(t, change.requester)
        today = business_day(t)
        written = write_notice(
            change, voice, to=terminal, by=by, scale=scale, today=today, stamp=stamp
        )
        payload = with_mac(written, self.key())
        keep_messages(t, [Kept(terminal, "notice", change.order, change.revision, payload)])
        t.changed("messages")


def _counter_of(t: Transaction, change: OrderChanged) -> str | None:
    """Name the terminal that hears of an order that another placed; None where there is none.

    Of an order that was not told when it was placed nothing is told later, and nothing of one that
    was rejected at once: whoever placed it was told.
    """
    if change.revision == 1 and change.status == "rejected":
        return None
    is_first = change.revision == 1
    told = t.rows(_COUNTER, (change.customer,)) if is_first else t.rows(_TOLD, (change.order,))
    return str(told[0][0]) if told else None


def _in_place_of(t: Transaction, terminal: str, customer: str) -> str:
    """Give the terminal that hears what one was to hear: another where that one is revoked.

    Where the customer has no other it waits, as the same terminal may be enrolled again.
    """
    if not t.rows(_REVOKED, (terminal,)):
        return terminal
    others = t.rows(_COUNTER, (customer,))
    return str(others[0][0]) if others else terminal


def move_notices(t: Transaction, terminal: str, *, key: bytes) -> None:
    """Have another counter of the shop tell the notices that a revoked terminal has not stored.

    Each is written anew for that counter and marked with the key. One that was sent may have been
    printed, and says so. Where the customer has no other counter, it waits with the terminal.
    """
    rows = t.connection.execute(_NOT_ACKNOWLEDGED.where(unacked.c.terminal == terminal)).all()
    told_by = {one: _in_place_of(t, terminal, one) for one in {row.customer_code for row in rows}}
    going = [(row, told_by[row.customer_code]) for row in rows]
    going = [(row, other) for row, other in going if other != terminal]
    for row, other in going:
        payload = with_mac(readdress_notice(bytes(row.payload), to=other), key)
        payload = told_again(payload) if row.is_sent else payload
        t.many(_MOVE, [(other, payload, t.at_ms, row.id)])
    t.many(_WAIT_THERE, [(other, terminal, row.id) for row, other in going])
    if going:
        t.changed("messages")


def _shown(t: Transaction, name: str) -> str:
    """Give the name by which others read a user; that of a program is its own."""
    found = t.rows(_NAME, (name,))
    return str(found[0][0] or name) if found else name


@dataclass(frozen=True, slots=True)
class ToldOnce:
    """One answer or notice: when the hub made it, its status on the wire, and its sentences."""

    at_ms: int
    status: str
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Followed:
    """An order as its slips tell it: its state now, all that was told, what was decided last.

    `due` is the day, as it was told last, on which the goods come; None for one that is over.
    """

    number: str
    status: Status
    told: Sequence[ToldOnce]
    decided: AnswerData | None
    due: date | None


def follow_order(t: Transaction, uuid: str) -> Followed | None:
    """Read an order that a counter was told of; None where there is none by this id."""
    rows = t.rows(_FOLLOWED, (uuid,))
    if not rows:
        return None
    told: list[ToldOnce] = []
    decided: AnswerData | None = None
    day = ""
    for _, _, _, at_ms, payload in rows:
        data = _message.decode(bytes(payload)).data
        told.append(ToldOnce(at_ms, data.status, [one.text for one in data.reasons]))
        now = data if isinstance(data, AnswerData) else data.decision
        decided, day = (now, now.delivery_day) if now else (decided, day)
        day = next((str(one.params["day"]) for one in data.reasons if one.code in _BROUGHT_ON), day)
    due = date.fromisoformat(day) if day and day >= business_day(t).isoformat() else None
    return Followed(rows[-1][0], rows[-1][1], told, decided, due)
