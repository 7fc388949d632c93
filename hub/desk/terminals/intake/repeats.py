"""Repeats of one order message: decided and answered at most once a second."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

QUIET_S: Final = 1.0
_KEPT: Final = 4_096


class Repeats:
    """Knows by their digests which order messages came within the last second.

    A terminal sends an order again after five seconds at the earliest; whoever does it sooner asks
    for the same answer, perhaps a large one, and need not be given it each time.
    """

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._admitted_at: OrderedDict[bytes, float] = OrderedDict()

    def admit(self, digest: bytes) -> bool:
        """Say whether a message is looked at: not where the same was a moment ago."""
        now_s = self._monotonic_s()
        if now_s - self._admitted_at.get(digest, now_s - QUIET_S) < QUIET_S:
            return False
        self._admitted_at[digest] = now_s
        self._admitted_at.move_to_end(digest)
        while len(self._admitted_at) > _KEPT:
            self._admitted_at.popitem(last=False)
        return True
