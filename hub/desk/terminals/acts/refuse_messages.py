"""Refuse messages: tell whoever sent them, count them, keep the newest for people."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from broker.contract import Refused, RefusedData, encode
from broker.contract.envelope import Uuid
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import Transactions
from hub.desk.terminals.model import Outgoing, RefusedMessage
from hub.desk.terminals.store.presence import keep_refusals


@dataclass(slots=True)
class RefuseMessages:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    ids: Ids
    boot: int

    def __call__(self, refusals: Sequence[RefusedMessage]) -> list[Outgoing]:
        """Keep and count refusals together; gives the answers to those who sent the messages."""
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor="hub", at_ms=now_ms) as t:
            keep_refusals(t, refusals)
            t.changed("messages")
            t.commit()
        return [self._answer(one, now_ms) for one in refusals if one.terminal]

    def _answer(self, refused: RefusedMessage, now_ms: int) -> Outgoing:
        """Write what a sender is told."""
        text = refused.text.replace("\x00", "\ufffd")[:500]
        data = RefusedData(
            code=refused.code, text=text, order=refused.order, numbered_to=refused.numbered_to
        )
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
