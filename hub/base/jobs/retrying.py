"""Have a job tried again that was given up."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.jobs.rows import retry
from hub.base.transaction import Transactions


@dataclass(slots=True)
class RetryJob:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, number: int) -> bool:
        """Give a dead job all its attempts anew; False where no such job was given up."""
        with self.transactions.open(actor="jobs", at_ms=self.clock.now_ms()) as t:
            is_dead = retry(t, number)
            t.commit()
        return is_dead
