"""What the pages of one hub share: its parts, and readings that are taken once a second."""

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from hub.bootstrap import Hub
from hub.db.accounts import StoredAccounts
from hub.db.views.distributor import Distributor, Today, read_distributor, read_today
from hub.web import formats
from hub.web.limits import TokenBuckets
from hub.web.live import Feed

_FRESH_MS: Final = 1_000
_SIGN_IN_BURST: Final = 5
_SIGN_IN_REFILL_MS: Final = 30_000
_ADDRESS_BURST: Final = 30
_ADDRESS_REFILL_MS: Final = 2_000

Reading = TypeVar("Reading")


class OncePerSecond(Generic[Reading]):
    """Keeps a reading for a second, so that its cost does not grow with the number of viewers."""

    def __init__(self, read: Callable[[], Reading], now_ms: Callable[[], int]) -> None:
        self._read = read
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._kept: tuple[int, Reading] | None = None

    def __call__(self) -> Reading:
        """Give the reading, a second old at most."""
        with self._lock:
            now = self._now_ms()
            if self._kept is None or not 0 <= now - self._kept[0] < _FRESH_MS:
                self._kept = (now, self._read())
            return self._kept[1]


class Site:
    """The pages' view of a hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub: Final = hub
        self.accounts: Final = StoredAccounts(hub.database)
        self.feed: Final = Feed()
        self._leave: Final = hub.changes.subscribe(self.feed.publish)
        self.sign_ins_by_name: Final = TokenBuckets(
            burst=_SIGN_IN_BURST, refill_ms=_SIGN_IN_REFILL_MS
        )
        self.sign_ins_by_address: Final = TokenBuckets(
            burst=_ADDRESS_BURST, refill_ms=_ADDRESS_REFILL_MS
        )
        self.distributor: Final = OncePerSecond(self._distributor, self.now_ms)
        self.today: Final = OncePerSecond(self._today, self.now_ms)

    def now_ms(self) -> int:
        """Give the hub's clock, in Unix milliseconds."""
        return self.hub.clock.now_ms()

    def close(self) -> None:
        """End every open stream."""
        self._leave()
        self.feed.close()

    def _distributor(self) -> Distributor:
        with self.hub.database.read() as connection:
            return read_distributor(connection)

    def _today(self) -> Today:
        today = formats.local(self.now_ms(), self.distributor().zone).date()
        with self.hub.database.read() as connection:
            return read_today(connection, today)
