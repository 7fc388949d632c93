"""Refuse a message: tell its sender where there is one, count it, keep the newest for people."""

from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from broker.contract import Refused, RefusedData, encode
from broker.contract.messages import Uuid
from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.services.outbox import Outgoing

KEPT: Final = 1_000
KEPT_BYTES: Final = 2_048


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message that was not taken; `terminal` is empty where its topic is no terminal's."""

    terminal: str
    topic: str
    payload: bytes
    code: str
    text: str
    order: str | None = None
    message: str | None = None


class RefusedRows(Protocol):
    """Where refused messages are kept."""

    def keep(self, refused: RefusedMessage, now_ms: int) -> None:
        """Keep one, count its reason, forget all but the newest KEPT."""


@dataclass(slots=True)
class RefuseMessage:
    """The use case, with what it needs."""

    rows: RefusedRows
    clock: Clock
    ids: Ids
    changes: Changes
    boot: int

    def __call__(self, refused: RefusedMessage) -> Outgoing | None:
        """Keep and count it; gives the answer to its sender."""
        now_ms = self.clock.now_ms()
        self.rows.keep(refused, now_ms)
        self.changes.publish("messages")
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
