"""How much one terminal may send: what is above it is counted and not looked at."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final, NamedTuple

from broker.contract import UpKind
from hub.base.limits.buckets import TokenBuckets


class Rate(NamedTuple):
    """So many messages at once, and then one more in each interval."""

    burst: int
    interval_ms: int


RATES: Final[dict[UpKind, Rate]] = {
    # A counter that was offline for a week sends 16 orders at a time, as fast as they are answered.
    "order": Rate(burst=200, interval_ms=5),
    "ack": Rate(burst=2_000, interval_ms=5),
    "status": Rate(burst=40, interval_ms=500),
    "log": Rate(burst=120, interval_ms=500),
    # Orders given back come 32 at a time, and only when the hub asked for the next.
    "kept": Rate(burst=200, interval_ms=20),
    # A person scans a code and waits for what comes of it.
    "ask": Rate(burst=20, interval_ms=1_000),
}
"""What a terminal may send of each kind; an honest one stays far below."""
COUNTED_BYTES: Final = 4_096
"""A larger message counts as several: an order of 128 KiB as 33."""
_OF_OTHERS: Final = Rate(burst=100, interval_ms=500)
"""Messages on topics that no terminal has: an own broker lets none through."""
FLOOD: Final = Rate(burst=1_000, interval_ms=10)
"""What may come of a terminal above its rate; whoever goes beyond that floods the broker. A large
message counts as several here, too: passing it on costs the broker by its bytes."""


REPORT_S: Final = 10.0
"""How often people are told of one terminal that sends too much."""


def _nobody_told(_terminal: str) -> None:
    """Hear of a flood where nothing is done about it."""


class Rates:
    """Admits messages of each terminal up to its rate, and counts what is above it.

    `admit` is called on the network thread, `take_surplus` by whoever reports. `on_flood` hears of
    a terminal that sends far more, again and again for as long as it does.
    """

    def __init__(
        self,
        monotonic_s: Callable[[], float] = time.monotonic,
        *,
        on_flood: Callable[[str], None] = _nobody_told,
    ) -> None:
        self._monotonic_s = monotonic_s
        self._on_flood = on_flood
        self._floods = _buckets(FLOOD)
        self._buckets = {kind: _buckets(rate) for kind, rate in RATES.items()}
        self._of_others = _buckets(_OF_OTHERS)
        self._lock = threading.Lock()
        self._above: Counter[str] = Counter()
        self._reported_at: dict[str, float] = {}

    def admit(self, terminal: str, kind: UpKind | None, *, size: int) -> bool:
        """Say whether a message is looked at; `kind` is None on a topic of no terminal."""
        buckets = self._buckets[kind] if kind is not None else self._of_others
        count = 1 + size // COUNTED_BYTES
        if buckets.take(terminal, self._now_ms(), count=count) == 0:
            return True
        self.refuse(terminal, 1, size=size)
        return False

    def refuse(self, terminal: str, count: int, *, size: int) -> None:
        """Count messages that are not looked at, of `size` bytes together."""
        with self._lock:
            self._above[terminal] += count
        weight = count + size // COUNTED_BYTES
        if terminal and self._floods.take(terminal, self._now_ms(), count=weight):
            self._on_flood(terminal)

    def take_surplus(self, *, last: bool = False) -> dict[str, int]:
        """Give how many messages of each terminal were not looked at since it was told last.

        A terminal is left out that was told of less than ten seconds ago: it is counted on, unless
        this is the last time.
        """
        now_s = self._monotonic_s()
        with self._lock:
            due = {
                terminal: self._above.pop(terminal)
                for terminal in list(self._above)
                if last or now_s - self._reported_at.get(terminal, -REPORT_S) >= REPORT_S
            }
            self._reported_at = {
                terminal: at for terminal, at in self._reported_at.items() if now_s - at < REPORT_S
            } | dict.fromkeys(due, now_s)
        return due

    def _now_ms(self) -> int:
        return int(self._monotonic_s() * 1_000)


def _buckets(rate: Rate) -> TokenBuckets:
    return TokenBuckets(burst=rate.burst, refill_ms=rate.interval_ms)
