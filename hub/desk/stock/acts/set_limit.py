"""Say up to which worth one person adjusts stock alone, and above which a count is repeated."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.fields import Refused
from hub.base.transaction import Transactions
from hub.desk.parties.store import settings_of
from hub.desk.stock.model.limits import limits_in, read_limits, why_of
from hub.desk.stock.model.lines import Texts
from hub.desk.stock.store.limits import write_limits


@dataclass(slots=True)
class SetLimit:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, texts: Texts, *, by: str) -> Refused | None:
        """Set `amount` and `recount` as people write them, `5000.00`, both or neither.

        What is left out stays as it is; an empty `recount` has no count repeated. `note` says why.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            wanted = read_limits(texts, limits_in(settings_of(t)))
            if isinstance(wanted, list):
                return Refused(tuple(wanted))
            write_limits(t, wanted, why=why_of(texts))
            t.commit()
        return None
