"""Bring nearer, once a minute, the notices that were planned while the hub's clock was fast."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from hub.base.clock import Clock, Interval
from hub.base.transaction import Transactions
from hub.desk.notices.store import find_ahead, replan
from hub.desk.notices.store.notices import DaysOf

_EVERY_MS: Final = 60_000


@dataclass(slots=True)
class ReplanNotices:
    """The act, with what it needs.

    By a clock that was three days fast, people were to be told after the quiet hours of the day
    after those: with the clock right again, they are told after the quiet hours of today.
    """

    transactions: Transactions
    clock: Clock
    days_of: DaysOf
    _minute: Interval = field(default_factory=partial(Interval, _EVERY_MS), init=False)

    def __call__(self) -> bool:
        """Plan anew what a fast clock planned; says that nothing more is left."""
        if not self._minute.has_passed(self.clock.mono_ms()):
            return False
        self._minute.begin(self.clock.mono_ms())
        now_ms = self.clock.now_ms()
        with self.transactions.reading(at_ms=now_ms) as t:
            is_ahead = any(find_ahead(t))
        if is_ahead:
            with self.transactions.open(actor="hub", at_ms=now_ms) as t:
                replan(t, days_of=self.days_of)
                t.commit()
        return False
