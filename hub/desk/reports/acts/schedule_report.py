"""Have a report sent by mail again and again, or no more."""

from dataclasses import dataclass, replace

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.parties.store.tree import business_zone
from hub.desk.reports.model.schedules import Schedule, next_ms
from hub.desk.reports.store import end_schedule, put_schedule


@dataclass(slots=True)
class ScheduleReport:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def __call__(self, one: Schedule, *, user_id: int) -> int:
        """Keep a schedule, the first mail at its next hour; gives its number."""
        with self.transactions.open(actor=one.owner, at_ms=self.clock.now_ms()) as t:
            due = next_ms(one.every, one.hour, after_ms=t.at_ms, zone=business_zone(t))
            number = put_schedule(t, replace(one, next_at=due), user_id=user_id)
            t.commit()
        return number

    def end(self, number: int, *, user_id: int, by: str) -> bool:
        """Send it no more; False where the user has none of this number."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            ended = end_schedule(t, number, user_id=user_id)
            t.commit()
        return ended
