"""Look, once a minute, which products became low in which warehouse."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from hub.base.access import Scope
from hub.base.clock import Clock, Interval
from hub.base.transaction import Transactions
from hub.desk.parties.store import business_day
from hub.desk.stock.model.events import StockRanLow
from hub.desk.stock.reads.low import read_low, read_marked
from hub.desk.stock.store.levels import begin_low, end_low

_EVERY_MS: Final = 60_000


@dataclass(slots=True)
class WatchLevels:
    """The act, with what it needs; `scope` is that of jobs, which watch all warehouses.

    Orders do not pay for it: with a level of 100, stock that falls from 110 to 90 at 10:00:05 is
    told of at 10:01:00 at the latest. What is low for less than a minute may go unseen.
    """

    transactions: Transactions
    clock: Clock
    scope: Scope
    _minute: Interval = field(default_factory=partial(Interval, _EVERY_MS), init=False)

    def __call__(self) -> bool:
        """Mark what became low and what is no longer; says that nothing more is left to do."""
        if not self._minute.has_passed(self.clock.mono_ms()):
            return False
        self._minute.begin(self.clock.mono_ms())
        now_ms = self.clock.now_ms()
        with self.transactions.reading(at_ms=now_ms) as t:
            low = read_low(t.connection, today=business_day(t), scope=self.scope)
            marked = read_marked(t.connection, scope=self.scope)
        over = [number for pair, number in marked.items() if pair not in low]
        new = {pair: figures for pair, figures in low.items() if pair not in marked}
        if not over and not new:
            return False
        with self.transactions.open(actor="hub", at_ms=now_ms) as t:
            end_low(t, over)
            spells = begin_low(t, new)
            if spells:
                t.say(StockRanLow(spells))
            t.commit()
        return False
