"""Tells open pages that something changed, once a second at most, until the hub stops."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

QUIET_S: Final = 15.0


class Beat(Protocol):
    """The second that all pages of a process share.

    Pages are told of changes on the beat, and what costs much to read is read once between two:
    so a page that was told always reads what it was told of.
    """

    def number(self) -> int:
        """Count the beats so far."""

    async def wait(self) -> None:
        """Wait for the next one."""


class SecondBeat:
    """A beat on every full second of the machine's monotonic clock."""

    def number(self) -> int:
        """Count the beats so far."""
        return int(time.monotonic())

    async def wait(self) -> None:
        """Wait for the next one."""
        now = time.monotonic()
        await asyncio.sleep(int(now) + 1 - now)


@dataclass(frozen=True, slots=True)
class News:
    """What changed since the page last heard; with no topics it only shows that we are here."""

    number: int
    topics: tuple[str, ...]


@dataclass(eq=False, slots=True)
class _Viewer:
    """One open page: what it has not heard of, never more than one entry a topic."""

    loop: asyncio.AbstractEventLoop
    topics: frozenset[str]
    pending: set[str] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Feed:
    """Fans changes out to open pages; `publish` may be called from any thread and never waits."""

    def __init__(self, beat: Beat, *, topics: Collection[str], quiet_s: float = QUIET_S) -> None:
        self._beat = beat
        self._topics = frozenset(topics)
        self._quiet_s = quiet_s
        self._lock = threading.Lock()
        self._viewers: set[_Viewer] = set()
        self._last_change: dict[str, int] = {}
        self._number = 0
        self._closed = False

    @property
    def number(self) -> int:
        """Count the changes so far: a page that was drawn at this number has seen them."""
        return self._number

    @property
    def viewers(self) -> int:
        """Count the open pages."""
        return len(self._viewers)

    def publish(self, topic: str) -> None:
        """Announce that something of this topic changed; topics that no page shows are left out."""
        if topic not in self._topics:
            return
        with self._lock:
            self._number += 1
            self._last_change[topic] = self._number
            # A viewer with something pending has been woken already: a burst costs one wake-up.
            idle = [one for one in self._viewers if topic in one.topics and not one.pending]
            for viewer in self._viewers:
                if topic in viewer.topics:
                    viewer.pending.add(topic)
        _wake(idle)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        with self._lock:
            self._closed = True
            viewers = list(self._viewers)
        _wake(viewers)

    async def follow(self, topics: frozenset[str], seen: int) -> AsyncIterator[News]:
        """Yield news of these topics from after change `seen`, until the feed closes.

        While nothing changes an empty News comes now and then.
        """
        viewer = _Viewer(asyncio.get_running_loop(), topics)
        with self._lock:
            # A page drawn before a restart has counted further than we have.
            viewer.pending.update(
                topic
                for topic in topics
                if seen > self._number or self._last_change.get(topic, 0) > seen
            )
            self._viewers.add(viewer)
        try:
            while not self._closed:
                news = await self._next(viewer)
                if not self._closed:
                    yield news
        finally:
            with self._lock:
                self._viewers.discard(viewer)

    async def _next(self, viewer: _Viewer) -> News:
        """Wait for a change and then for the beat, or until it was quiet for long enough."""
        if not viewer.pending:
            try:
                async with asyncio.timeout(self._quiet_s):
                    await viewer.woken.wait()
            except TimeoutError:
                return News(self._number, ())
        if not self._closed:
            await self._beat.wait()
        with self._lock:
            topics = tuple(sorted(viewer.pending))
            viewer.pending.clear()
            viewer.woken.clear()
            return News(self._number, topics)


def _wake(viewers: Iterable[_Viewer]) -> None:
    for viewer in viewers:
        # A loop that has just been closed has no stream left to wake.
        if not viewer.loop.is_closed():
            viewer.loop.call_soon_threadsafe(viewer.woken.set)
