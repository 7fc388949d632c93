"""Send what waits in the outbox, and note what terminals have acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from broker.contract import Ack, DownKind
from hub.base.changes import Changes
from hub.base.clock import Clock

RESEND_MS: Final = 2_000
"""An answer is published at its commit; one not acknowledged by then is published once more."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish; `outbox` is its row, where it has one."""

    terminal: str
    kind: DownKind
    payload: bytes
    outbox: int | None = None


class OutboxRows(Protocol):
    """The outbox in the database; each call is a transaction of its own."""

    def due(self, before_ms: int) -> Sequence[Outgoing]:
        """Give pending notices, and pending answers older than that; oldest first."""

    def mark_sent(self, ids: Sequence[int]) -> None:
        """Note what was published."""

    def mark_acked(self, acks: Sequence[Ack]) -> int:
        """Note what terminals have stored; gives how many rows that changed."""


@dataclass(slots=True)
class Outbox:
    """The use cases, with what they need."""

    rows: OutboxRows
    clock: Clock
    changes: Changes

    def due(self) -> Sequence[Outgoing]:
        """Give what should be published now."""
        return self.rows.due(self.clock.now_ms() - RESEND_MS)

    def sent(self, messages: Sequence[Outgoing]) -> None:
        """Note what was handed to the broker."""
        ids = [message.outbox for message in messages if message.outbox is not None]
        if ids:
            self.rows.mark_sent(ids)

    def acknowledge(self, acks: Sequence[Ack]) -> None:
        """Note what terminals have stored; a repeat changes nothing."""
        if self.rows.mark_acked(acks):
            self.changes.publish("messages")
