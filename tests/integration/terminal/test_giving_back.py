"""A terminal gives answered orders back to a hub that asks, byte for byte, a message at a time."""

import zlib
from os import urandom
from pathlib import Path
from typing import Any

import msgspec

from broker.contract import Kept, Recall, RecallData, uuid7
from tests.fixtures.counters import Counter, at_the_counter
from tests.fixtures.shops import COLA, NOW_MS, RICE, TERMINAL


def recall(after: int) -> Recall:
    """Ask for orders above a number."""
    return Recall(
        id=uuid7(NOW_MS, urandom(10)),
        term=TERMINAL,
        boot=1,
        at=NOW_MS,
        data=RecallData(after=after),
    )


async def sell(counter: Counter, *codes: str) -> bytes:
    """Sell and have it confirmed; gives the order's bytes as they were sent."""
    order = await counter.order(*codes)
    counter.link.answer(order)
    acks = len(counter.link.of_kind("ack")) + 1
    await counter.until(lambda: len(counter.link.of_kind("ack")) >= acks)
    return next(
        payload
        for topic, payload in counter.link.sent
        if topic.endswith("/up/order") and order.id.encode() in payload
    )


async def given(counter: Counter, after: int) -> Kept:
    """Ask, and read what is given back."""
    before = len(counter.link.of_kind("kept"))
    counter.link.deliver(recall(after), "cmd")
    await counter.until(lambda: len(counter.link.of_kind("kept")) > before)
    return msgspec.convert(counter.link.of_kind("kept")[-1], Kept)


def test_answered_orders_are_given_back_as_they_were_sent_and_answered(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        first, second = await sell(counter, COLA), await sell(counter, RICE)
        await counter.order(COLA)  # is not answered: it goes its own way

        kept = await given(counter, 0)

        assert [zlib.decompress(one.order) for one in kept.data.orders] == [first, second]
        answer: dict[str, Any] = msgspec.json.decode(
            zlib.decompress(kept.data.orders[0].answers[0])
        )
        assert (answer["type"], answer["data"]["status"]) == ("answer", "confirmed")
        assert (kept.data.after, kept.data.upto, kept.data.more) == (0, 2, False)

    at_the_counter(folder, play)


def test_only_what_is_above_the_number_is_given(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await sell(counter, COLA)
        second = await sell(counter, RICE)

        kept = await given(counter, 1)

        assert [zlib.decompress(one.order) for one in kept.data.orders] == [second]

    at_the_counter(folder, play)


def test_a_terminal_says_which_answered_orders_it_keeps(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await sell(counter, COLA)
        order = await counter.order(RICE)
        counter.link.answer(order)
        counter.link.notify(order, "cancelled", 2, "not wanted")
        await counter.until(lambda: len(counter.link.of_kind("ack")) == 3)
        counter.link.cut()
        counter.link.connect()

        births = [payload for topic, payload in counter.link.sent if topic == "birth"]
        said = msgspec.json.decode(births[-1])["data"]
        assert said["numbered_to"] == 2
        assert said["kept"] == {
            "orders": 2,
            "first": 1,
            "last": 2,
            "newest": order.data.order,
            "revision": 2,
        }

    at_the_counter(folder, play)
