"""Have a report sent by mail again and again, or no more."""

from dataclasses import dataclass, replace

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.parties.store.tree import business_zone
from hub.desk.reports.model.schedules import Delivery, Schedule, Scheduled, next_ms
from hub.desk.reports.store import (
    change_delivery,
    end_schedule,
    find_delivery,
    find_same,
    put_schedule,
)


@dataclass(slots=True)
class ScheduleReport:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def __call__(self, one: Schedule, *, user_id: int) -> Scheduled:
        """Keep a schedule, the first mail at its next hour.

        Asked for twice, as by a form that is sent twice, it is one: the same mail comes once.
        """
        with self.transactions.open(actor=one.owner, at_ms=self.clock.now_ms()) as t:
            same = find_same(t, one, user_id=user_id)
            if same is not None:
                return Scheduled(same, is_new=False)
            due = next_ms(one.every, one.hour, after_ms=t.at_ms, zone=business_zone(t))
            number = put_schedule(t, replace(one, next_at=due), user_id=user_id)
            t.commit()
        return Scheduled(number, is_new=True)

    def change(self, number: int, wanted: Delivery, *, user_id: int, by: str) -> bool:
        """Send it in another way from now on; False where the user has none of this number.

        Another hour or another day is counted from now; a new name leaves the next mail due.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            before = find_delivery(t, number, user_id=user_id)
            if before is None:
                return False
            due = None
            if (wanted.every, wanted.hour) != (before.every, before.hour):
                due = next_ms(wanted.every, wanted.hour, after_ms=t.at_ms, zone=business_zone(t))
            change_delivery(t, number, before=before, after=wanted, next_at=due)
            t.commit()
        return True

    def end(self, number: int, *, user_id: int, by: str) -> bool:
        """Send it no more; False where the user has none of this number."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            ended = end_schedule(t, number, user_id=user_id)
            t.commit()
        return ended
