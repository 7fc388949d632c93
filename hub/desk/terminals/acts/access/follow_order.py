"""Tell whoever holds an order's slip how the order stands, by the code on it."""

import re
from dataclasses import dataclass, field
from typing import Final

from hub.base.clock import Clock
from hub.base.limits.buckets import TokenBuckets
from hub.base.transaction import Transactions
from hub.desk.terminals.store.notices import Followed, follow_order

_CODE: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _buckets() -> TokenBuckets:
    """Let one address look 60 times at once, and then every second.

    Nobody tries all ids, of which 74 bits are random; it guards the hub's time.
    """
    return TokenBuckets(burst=60, refill_ms=1_000)


@dataclass(slots=True)
class FollowOrder:
    """The act, with what it needs; it changes nothing."""

    transactions: Transactions
    clock: Clock
    rate: TokenBuckets = field(default_factory=_buckets)

    def __call__(self, code: str, *, address: str) -> Followed | None:
        """Read what counters were told of an order; None where there is none by this code.

        Also where an `address` asks too often. Whoever has the slip knows what it says: no more
        than that is told.
        """
        now_ms = self.clock.now_ms()
        if self.rate.take(address, now_ms) or not _CODE.fullmatch(code):
            return None
        with self.transactions.reading(at_ms=now_ms) as t:
            return follow_order(t, code)
