"""Say up to which worth one person adjusts stock alone, and above which a count is repeated."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.fields import Refused
from hub.base.transaction import Transactions
from hub.desk.stock.store.documents import set_alone, set_recount


@dataclass(slots=True)
class SetLimit:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, amount: str, *, scale: int, by: str) -> Refused | None:
        """Set the amount as people write it, `5000.00`; Refused where that is no amount."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            wrong = set_alone(t, amount, scale=scale)
            if wrong is not None:
                return wrong
            t.commit()
        return None

    def recount(self, amount: str, *, scale: int, by: str) -> Refused | None:
        """Have a line whose variance is worth more counted again, by somebody else; empty: none."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            wrong = set_recount(t, amount, scale=scale)
            if wrong is not None:
                return wrong
            t.commit()
        return None
