"""Send what waits in the outbox, and note what terminals have acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from broker.contract import Ack
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.terminals.model import Outgoing
from hub.desk.terminals.store.outbox import due_messages, mark_acked, mark_sent

RESEND_MS: Final = 2_000
"""An answer is published at its commit; one not acknowledged by then is published once more."""


@dataclass(slots=True)
class SendOutbox:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def due(self) -> Sequence[Outgoing]:
        """Give what should be published now."""
        with self.transactions.reading() as t:
            return due_messages(t, self.clock.now_ms() - RESEND_MS)

    def sent(self, messages: Sequence[Outgoing]) -> None:
        """Note what was handed to the broker."""
        if not messages:
            return
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            mark_sent(t, messages)
            t.commit()

    def acknowledge(self, acks: Sequence[Ack]) -> None:
        """Note what terminals have stored; a repeat changes nothing."""
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            if mark_acked(t, acks):
                t.changed("messages")
            t.commit()
