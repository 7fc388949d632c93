"""What the pages of one hub share: its parts, and readings that are taken once a second."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Generic, TypeVar

from broker.contract import OrderStatus
from hub.bootstrap import Hub
from hub.db.accounts import StoredAccounts
from hub.db.views.distributor import Distributor, Today, read_distributor, read_today
from hub.db.views.orders import Filter, count_by_status
from hub.web import formats
from hub.web.limits import TokenBuckets
from hub.web.live import Beat, Feed

PERIODS: Final = ((1, "Today"), (7, "7 days"), (30, "30 days"))
"""The periods orders are shown and counted over, beside all time, which would cost too much."""

_SIGN_IN_BURST: Final = 5
_SIGN_IN_REFILL_MS: Final = 30_000
_ADDRESS_BURST: Final = 30
_ADDRESS_REFILL_MS: Final = 2_000

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """A value, and up to which change of the feed it is known to be true."""

    value: Value
    seen: int


class OncePerBeat(Generic[Value]):
    """Reads once between two beats, so that the cost does not grow with the viewers."""

    def __init__(self, read: Callable[[], Value], *, beat: Beat, feed: Feed) -> None:
        self._read = read
        self._beat = beat
        self._feed = feed
        self._lock = threading.Lock()
        self._kept: tuple[int, Reading[Value]] | None = None

    def __call__(self) -> Reading[Value]:
        """Give this beat's reading."""
        with self._lock:
            beat = self._beat.number()
            if self._kept is None or self._kept[0] != beat:
                seen = self._feed.number
                self._kept = (beat, Reading(self._read(), seen))
            return self._kept[1]


class Site:
    """The pages' view of a hub."""

    def __init__(self, hub: Hub, *, beat: Beat, feed: Feed) -> None:
        self.hub: Final = hub
        self.feed: Final = feed
        self._leave: Final = hub.changes.subscribe(feed.publish)
        self.accounts: Final = StoredAccounts(hub.database)
        self.sign_ins_by_name: Final = TokenBuckets(
            burst=_SIGN_IN_BURST, refill_ms=_SIGN_IN_REFILL_MS
        )
        self.sign_ins_by_address: Final = TokenBuckets(
            burst=_ADDRESS_BURST, refill_ms=_ADDRESS_REFILL_MS
        )
        self._distributor: Final = OncePerBeat(self._read_distributor, beat=beat, feed=feed)
        self.today: Final = OncePerBeat(self._read_today, beat=beat, feed=feed)
        self.counts: Final = {
            days: OncePerBeat(self._counter(days), beat=beat, feed=feed) for days, _ in PERIODS
        }

    def close(self) -> None:
        """End every open stream."""
        self._leave()
        self.feed.close()

    def now_ms(self) -> int:
        """Give the hub's clock, in Unix milliseconds."""
        return self.hub.clock.now_ms()

    def distributor(self) -> Distributor:
        """Name whom this hub works for."""
        return self._distributor().value

    def since(self, days: int) -> date:
        """Give the first business date of a period that ends today."""
        today = formats.local(self.now_ms(), self.distributor().zone).date()
        return today - timedelta(days=days - 1)

    def _read_distributor(self) -> Distributor:
        with self.hub.database.read() as connection:
            return read_distributor(connection)

    def _read_today(self) -> Today:
        with self.hub.database.read() as connection:
            return read_today(connection, self.since(1))

    def _counter(self, days: int) -> Callable[[], Mapping[OrderStatus, int]]:
        def count() -> Mapping[OrderStatus, int]:
            with self.hub.database.read() as connection:
                return count_by_status(connection, Filter(since=self.since(days)))

        return count
