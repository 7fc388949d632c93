"""Notices: what a terminal is told of a later revision of its order, in the same commit."""

from collections.abc import Callable
from dataclasses import dataclass

from broker.contract import with_mac
from hub.base.ids import Ids
from hub.base.transaction import Transaction
from hub.desk.orders.model.events import OrderChanged
from hub.desk.terminals.store.outbox import Kept, keep_messages
from hub.desk.terminals.wire.answers import Sentences, Stamp, Voice, write_notice

_LANGUAGE = "SELECT language FROM terminal_presence WHERE terminal = ?"
_SCALE = "SELECT scale FROM order_revision WHERE order_id = ? AND revision = ?"


@dataclass(slots=True)
class KeepNotice:
    """Writes the notice of each change of an order from a terminal, marked with the key."""

    ids: Ids
    boot: int
    sentence: Sentences
    key: Callable[[], bytes]

    def __call__(self, t: Transaction, change: OrderChanged) -> None:
        """Keep a notice to be sent; orders of other sources have no terminal to tell."""
        if change.source != "terminal":
            return
        scale = int(t.rows(_SCALE, (change.order, change.revision))[0][0])
        stamp = Stamp(id=self.ids(t.at_ms), boot=self.boot, at=t.at_ms)
        spoken = t.rows(_LANGUAGE, (change.requester,))
        voice = Voice(self.sentence, (spoken[0][0] if spoken else None) or "en")
        written = write_notice(change, voice, scale=scale, stamp=stamp)
        payload = with_mac(written, self.key())
        keep_messages(t, [Kept(change.requester, "notice", change.order, change.revision, payload)])
        t.changed("messages")
