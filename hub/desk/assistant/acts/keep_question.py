"""Keep a question of which something was not understood, for those who teach words."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.assistant.store import drop_unread, keep_unread


@dataclass(slots=True)
class KeepQuestion:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, text: str, *, why: str, words: str, by: str) -> None:
        """Keep it, or count it once more."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            keep_unread(t, text, why=why, words=words)
            t.commit()

    def drop(self, number: int, *, by: str) -> bool:
        """Take a question off the list; False where it is not on the list."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            dropped = drop_unread(t, number)
            t.commit()
        return dropped
