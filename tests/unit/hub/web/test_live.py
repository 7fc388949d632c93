"""The feed that tells open pages what changed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from hub.web.live import Feed, News

ORDERS = frozenset({"orders"})
BOTH = frozenset({"orders", "terminals"})


@dataclass(slots=True)
class SteppedBeat:
    """A beat that a test moves; who waits for the next has it at once."""

    at: int = 0

    def number(self) -> int:
        """Count the beats so far."""
        return self.at

    async def wait(self) -> None:
        """Move on to the next one."""
        self.at += 1


async def _first(stream: AsyncIterator[News]) -> News:
    return await asyncio.wait_for(anext(stream), 5)


def test_a_page_hears_of_a_change_made_on_another_thread() -> None:
    feed = Feed(SteppedBeat(), topics=BOTH)
    feed.publish("orders")

    async def watch() -> News:
        stream = feed.follow(ORDERS, 0)
        await _first(stream)
        news, _ = await asyncio.gather(_first(stream), asyncio.to_thread(feed.publish, "orders"))
        return news

    assert asyncio.run(watch()) == News(number=2, topics=("orders",))


def test_a_burst_of_changes_is_told_once() -> None:
    feed = Feed(SteppedBeat(), topics=BOTH)

    async def watch() -> list[News]:
        stream = feed.follow(BOTH, 0)
        for _ in range(500):
            feed.publish("orders")
            feed.publish("terminals")
        first = await _first(stream)
        feed.publish("orders")
        return [first, await _first(stream)]

    first, second = asyncio.run(watch())
    assert first.topics == ("orders", "terminals")
    assert second == News(number=1_001, topics=("orders",))


def test_pages_are_told_on_the_beat() -> None:
    beat = SteppedBeat()
    feed = Feed(beat, topics=BOTH)

    async def watch() -> list[int]:
        stream = feed.follow(ORDERS, 0)
        beats = []
        for _ in range(3):
            feed.publish("orders")
            await _first(stream)
            beats.append(beat.number())
        return beats

    assert asyncio.run(watch()) == [1, 2, 3]


def test_while_nothing_changes_an_empty_word_shows_that_the_stream_lives() -> None:
    feed = Feed(SteppedBeat(), topics=BOTH, quiet_s=0.001)

    assert asyncio.run(_first(feed.follow(BOTH, 0))) == News(number=0, topics=())


def test_a_page_hears_only_of_what_it_may_see() -> None:
    feed = Feed(SteppedBeat(), topics=BOTH)

    async def watch() -> News:
        stream = feed.follow(ORDERS, 0)
        feed.publish("messages")
        feed.publish("orders")
        return await _first(stream)

    assert asyncio.run(watch()).topics == ("orders",)


def test_a_page_that_lost_its_stream_hears_what_it_missed() -> None:
    feed = Feed(SteppedBeat(), topics=BOTH)
    feed.publish("terminals")
    seen = feed.number
    feed.publish("orders")

    news = asyncio.run(_first(feed.follow(BOTH, seen)))

    assert news.topics == ("orders",)


def test_a_page_drawn_before_a_restart_is_told_to_look_again() -> None:
    feed = Feed(SteppedBeat(), topics=BOTH)

    news = asyncio.run(_first(feed.follow(BOTH, 4_711)))

    assert news.topics == ("orders", "terminals")


def test_closing_the_feed_ends_every_stream_and_forgets_the_viewers() -> None:
    feed = Feed(SteppedBeat(), topics=BOTH)
    feed.publish("orders")

    async def watch() -> list[News]:
        stream = feed.follow(ORDERS, 0)
        await _first(stream)
        rest, _ = await asyncio.gather(
            asyncio.wait_for(_collect(stream), 5), asyncio.to_thread(feed.close)
        )
        return rest

    assert asyncio.run(watch()) == []
    assert feed.viewers == 0


async def _collect(stream: AsyncIterator[News]) -> list[News]:
    return [news async for news in stream]
