"""Teach the assistant a phrase, or have it forget one."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.assistant.model.lexicon import MEANINGS, plain_phrase
from hub.desk.assistant.store import add_word, drop_word


@dataclass(slots=True)
class TeachWords:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, phrase: str, *, section: str, name: str, by: str) -> bool:
        """Have a phrase mean a report, a group or a status; False where it makes no sense."""
        plain = plain_phrase(phrase)
        if not plain or name not in MEANINGS.get(section, ()):
            return False
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            add_word(t, plain, section=section, name=name)
            t.commit()
        return True

    def forget(self, number: int, *, by: str) -> bool:
        """Have the assistant forget a phrase; False where nobody taught it."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            dropped = drop_word(t, number)
            t.commit()
        return dropped
