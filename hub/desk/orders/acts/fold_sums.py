"""Make one row of the many that orders added to the sums of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.orders import tables

_KEY: Final = "day, seller_id, warehouse_id, status, currency, scale"
_FIGURES: Final = "orders, payable, priced"
_MANY: Final = 8
_AT_ONCE: Final = 40
_EVERY_MS: Final = 60_000
_FIND: Final = f"""
SELECT DISTINCT day FROM (
    SELECT day FROM order_sum GROUP BY {_KEY} HAVING count(*) > {_MANY}
) AS scattered ORDER BY day LIMIT {_AT_ONCE}
"""  # noqa: S608  # constants of ours
_TAKE: Final = f"""
DELETE FROM order_sum WHERE day = ? RETURNING {_KEY}, {_FIGURES}
"""  # noqa: S608  # likewise
_COLUMNS: Final = tuple(f"{_KEY}, {_FIGURES}".split(", "))
_KEY_COLUMNS: Final = 6


@dataclass(slots=True)
class FoldSums:
    """The act, with what it needs; what the sums come to is the same before and after.

    A transaction that adds to a day at the same time is not seen, and its row stays as it is.
    """

    transactions: Transactions
    clock: Clock
    _looked_ms: int = 0

    def __call__(self) -> bool:
        """Fold some days, if a minute has gone by; gives whether more days may be left."""
        now_ms = self.clock.now_ms()
        if 0 <= now_ms - self._looked_ms < _EVERY_MS:
            return False
        with self.transactions.open(actor="hub", at_ms=now_ms) as t:
            days = [row[0] for row in t.rows(_FIND)]
            for day in days:
                t.insert(tables.order_sum, _COLUMNS, _folded(t.rows(_TAKE, (day,))))
            t.commit()
        is_more = len(days) == _AT_ONCE
        self._looked_ms = self._looked_ms if is_more else now_ms
        return is_more


def _folded(rows: Sequence[Any]) -> list[tuple[object, ...]]:
    """Add up the rows of each key; a key whose orders have all moved on needs no row."""
    sums: dict[tuple[object, ...], tuple[int, ...]] = {}
    for row in rows:
        key, figures = tuple(row[:_KEY_COLUMNS]), row[_KEY_COLUMNS:]
        before = sums.get(key, (0,) * len(figures))
        sums[key] = tuple(a + b for a, b in zip(before, figures, strict=True))
    return [(*key, *figures) for key, figures in sums.items() if any(figures)]
