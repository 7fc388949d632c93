"""Say who hears of what: rules are added and ended, and never changed."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.notices.model import Rule
from hub.desk.notices.store import end_rule, put_rule


@dataclass(slots=True)
class SetRules:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def add(self, rule: Rule, *, by: str) -> int:
        """Have somebody told of an event from now on; gives the rule's id."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            number = put_rule(t, rule)
            t.commit()
        return number

    def end(self, number: int, *, by: str) -> bool:
        """Have nobody told by a rule any more; False where there is none."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            ended = end_rule(t, number)
            t.commit()
        return ended
