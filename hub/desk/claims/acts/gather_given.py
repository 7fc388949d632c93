"""Read what schemes gave on invoices of before there were claims."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.claims.store.giving import gather
from hub.desk.orders.deciding import Desk


@dataclass(slots=True)
class GatherGiven:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock
    _is_done: bool = False

    def __call__(self) -> bool:
        """Read some invoices, the newest first; says whether more are left. A new hub has none."""
        if self._is_done:
            return False
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            is_more = gather(t, self.desk)
            t.commit()
        self._is_done = not is_more
        return is_more
