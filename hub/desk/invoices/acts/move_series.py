"""Move a series of numbers past those that papers have of which these books know nothing."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import LONGEST_REASON, Refused, refused
from hub.base.numbering import Skipped
from hub.base.transaction import Transactions
from hub.desk.invoices.store.series import move_series
from hub.desk.parties.store import business_day


@dataclass(slots=True)
class MoveSeries:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, kind: str, last: str, *, seller: str = "", why: str, by: str, scope: Scope
    ) -> Skipped | Refused:
        """Go on behind the last number that a paper has, `INV26-27/000050` or 50, for a reason.

        Books that were restored know nothing of what was issued after the backup, and would give
        its numbers once more. What is skipped stays skipped: no number is given twice.
        """
        if not why.strip():
            return refused("series_why", field="why")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            done = move_series(
                *(t, kind, last),
                seller=seller,
                why=why.strip()[:LONGEST_REASON],
                day=business_day(t),
                scope=scope,
            )
            if isinstance(done, Refused):
                return done
            t.commit()
        return done
