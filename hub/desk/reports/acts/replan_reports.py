"""Bring nearer, once a minute, the mails that were planned while the hub's clock was fast."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from hub.base.clock import Clock, Interval
from hub.base.transaction import Transactions
from hub.desk.parties.store.tree import business_zone
from hub.desk.reports.model.schedules import next_ms
from hub.desk.reports.store import move_mail, planned_after

_EVERY_MS: Final = 60_000


@dataclass(slots=True)
class ReplanReports:
    """The act, with what it needs.

    A clock that said 2028 had the mail of a day sent, and the next one planned for the day after,
    in 2028: with the clock right again, it comes at its next hour.
    """

    transactions: Transactions
    clock: Clock
    _minute: Interval = field(default_factory=partial(Interval, _EVERY_MS), init=False)

    def __call__(self) -> bool:
        """Plan what is later than the next hour of its schedule; says that nothing more is left."""
        if not self._minute.has_passed(self.clock.mono_ms()):
            return False
        self._minute.begin(self.clock.mono_ms())
        now_ms = self.clock.now_ms()
        with self.transactions.reading(at_ms=now_ms) as t:
            zone = business_zone(t)
            wanted = [
                (number, next_at, next_ms(every, hour, after_ms=now_ms, zone=zone))
                for number, every, hour, next_at in planned_after(t, now_ms)
            ]
        late = [one for one in wanted if one[1] > one[2]]
        if late:
            with self.transactions.open(actor="hub", at_ms=now_ms) as t:
                for number, was, due in late:
                    move_mail(t, number, was=was, due_ms=due)
                t.commit()
        return False
