"""Refuse a message: tell its sender where there is one, count it, keep the newest for people."""

from dataclasses import dataclass

import msgspec

from broker.contract import Refused, RefusedData, encode
from broker.contract.messages import Uuid
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import Transactions
from hub.desk.terminals.model import Outgoing, RefusedMessage
from hub.desk.terminals.store.presence import keep_refusal


@dataclass(slots=True)
class RefuseMessage:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    ids: Ids
    boot: int

    def __call__(self, refused: RefusedMessage) -> Outgoing | None:
        """Keep and count it; gives the answer to its sender."""
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=refused.terminal, at_ms=now_ms) as t:
            keep_refusal(t, refused)
            t.changed("messages")
            t.commit()
        if not refused.terminal:
            return None
        text = refused.text.replace("\x00", "\ufffd")[:500]
        data = RefusedData(code=refused.code, text=text, order=refused.order)
        answer = Refused(
            id=self.ids(now_ms),
            term=refused.terminal,
            boot=self.boot,
            at=now_ms,
            ref=_uuid_or_none(refused.message),
            data=data,
        )
        return Outgoing(refused.terminal, "answer", encode(answer))


def _uuid_or_none(text: str | None) -> str | None:
    """Name the message in the answer only if what it called itself is an id."""
    try:
        return msgspec.convert(text, Uuid | None)
    except msgspec.ValidationError:
        return None
