"""Make one row of the many that orders added to the sums of a day."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from hub.base.clock import Clock, Interval
from hub.base.transaction import Transactions
from hub.desk.orders import tables
from hub.desk.orders.deciding.summing import FIGURES, KEY, fold

_KEY: Final = ", ".join(KEY)
_MANY: Final = 8
_AT_ONCE: Final = 40
_EVERY_MS: Final = 60_000
_FIND: Final = f"""
SELECT DISTINCT day FROM (
    SELECT day FROM order_sum GROUP BY {_KEY} HAVING count(*) > {_MANY}
) AS scattered ORDER BY day LIMIT {_AT_ONCE}
"""  # noqa: S608  # constants of ours
_TAKE: Final = f"""
DELETE FROM order_sum WHERE day = ? RETURNING {", ".join((*KEY, *FIGURES))}
"""  # noqa: S608  # likewise


@dataclass(slots=True)
class FoldSums:
    """The act, with what it needs; what the sums come to is the same before and after.

    A transaction that adds to a day at the same time is not seen, and its row stays as it is.
    """

    transactions: Transactions
    clock: Clock
    _minute: Interval = field(default_factory=partial(Interval, _EVERY_MS), init=False)

    def __call__(self) -> bool:
        """Fold some days, if a minute has gone by; gives whether more days may be left."""
        if not self._minute.has_passed(self.clock.mono_ms()):
            return False
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            days = [row[0] for row in t.rows(_FIND)]
            for day in days:
                t.insert(tables.order_sum, (*KEY, *FIGURES), fold(t.rows(_TAKE, (day,))))
            t.commit()
        is_more = len(days) == _AT_ONCE
        if not is_more:
            self._minute.begin(self.clock.mono_ms())
        return is_more
