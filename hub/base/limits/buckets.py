"""A token bucket for each key: some things at once, and then only so many in a while."""

import threading
from collections import OrderedDict
from typing import Final

_KEYS: Final = 10_000


class TokenBuckets:
    """Lets each key do `burst` things at once and one more every `refill_ms` after that.

    Kept in memory: a restart forgives. Of more than 10,000 keys the longest unused are forgotten.
    """

    def __init__(self, *, burst: int, refill_ms: int) -> None:
        self._burst = burst
        self._refill_ms = refill_ms
        self._lock = threading.Lock()
        # Key: the moment at which its bucket will be full again.
        self._full_at: OrderedDict[str, int] = OrderedDict()

    def take(self, key: str, now_ms: int, *, count: int = 1) -> int:
        """Take tokens; give 0, or how many milliseconds to wait until there are so many."""
        with self._lock:
            # No bucket is emptier than empty, also where the clock has just been set back.
            latest = now_ms + self._burst * self._refill_ms
            full_at = min(max(self._full_at.pop(key, now_ms), now_ms), latest)
            room_at = full_at - (self._burst - count) * self._refill_ms
            taken = room_at <= now_ms
            self._full_at[key] = full_at + count * self._refill_ms if taken else full_at
            while len(self._full_at) > _KEYS:
                self._full_at.popitem(last=False)
            return 0 if taken else room_at - now_ms
