"""How long somebody has to wait after wrong passwords or codes: longer with each."""

import threading
from collections import OrderedDict
from typing import Final

_FREE: Final = 5
_FIRST_MS: Final = 30_000
_LONGEST_MS: Final = 15 * 60_000
_FORGIVEN_MS: Final = 60 * 60_000
_KEYS: Final = 10_000


class Pauses:
    """Counts wrong tries under a key: five are free, the next costs 30 s, then 60 s, to 15 minutes.

    Kept in memory: a restart forgives, and so does an hour without a try. Of more than 10,000 keys
    the longest unused are forgotten.
    """

    def __init__(self, *, free: int = _FREE) -> None:
        self._free: Final = free
        self._lock: Final = threading.Lock()
        self._kept: OrderedDict[str, tuple[int, int]] = OrderedDict()  # tries, and of when

    def wait(self, key: str, now_ms: int) -> int:
        """Give how many milliseconds a key has to wait; 0 where it may try."""
        with self._lock:
            tries, last = self._now(key, now_ms)
            if tries < self._free:
                return 0
            pause = min(_FIRST_MS << min(tries - self._free, 5), _LONGEST_MS)
            return max(last + pause - now_ms, 0)

    def note_wrong(self, key: str, now_ms: int) -> None:
        """Count one more wrong try."""
        with self._lock:
            tries, _ = self._now(key, now_ms)
            self._kept.pop(key, None)
            self._kept[key] = (tries + 1, now_ms)
            while len(self._kept) > _KEYS:
                self._kept.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Forget the wrong tries of somebody who is right."""
        with self._lock:
            self._kept.pop(key, None)

    def _now(self, key: str, now_ms: int) -> tuple[int, int]:
        """Give what counts of a key now; tries in the future of a clock set back are of now."""
        tries, last = self._kept.get(key, (0, now_ms))
        last = min(last, now_ms)
        return (0, now_ms) if now_ms - last >= _FORGIVEN_MS else (tries, last)
