"""Tells open pages that something changed, at most once a second each, until the hub stops."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Final

TOPICS: Final = frozenset({"orders", "terminals", "messages"})
_PAUSE_S: Final = 1.0
_QUIET_S: Final = 15.0


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

    def __init__(self, *, pause_s: float = _PAUSE_S) -> None:
        self._pause_s = pause_s
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
        """Announce that something of this topic changed."""
        if topic not in TOPICS:
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

        While nothing changes an empty News comes every 15 s.
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
            while True:
                news = await self._next(viewer)
                if self._closed:
                    return
                yield news
                if news.topics:
                    await asyncio.sleep(self._pause_s)  # let changes gather
        finally:
            with self._lock:
                self._viewers.discard(viewer)

    async def _next(self, viewer: _Viewer) -> News:
        """Wait for the viewer's next news, or for the quiet to have lasted long enough."""
        if not viewer.pending and not self._closed:
            try:
                async with asyncio.timeout(_QUIET_S):
                    await viewer.woken.wait()
            except TimeoutError:
                pass
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
