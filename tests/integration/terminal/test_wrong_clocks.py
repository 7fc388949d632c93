"""A counter beside clocks that are wrong: its own, and its hub's."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from broker.contract.messages import ConfigData
from tests.fixtures.counters import Counter, FakeClock, running
from tests.fixtures.shops import NOW_MS, RICE, Shop, pack_of

DAY_MS = 86_400_000
TODAY = date(2026, 9, 21)
TAXED_SINCE = """
pack: {name: shop, version: 3, currency: INR, scale: 2, timezone: Asia/Kolkata, tax: exclusive}
prices:
  - {id: PL, level: default, csv: base.csv}
taxes:
  - {id: GST-5, when: {tax_class: gst5}, valid: {from: 2026-01-01}, heads: {GST: 5}}
"""


@pytest.fixture
def folder(tmp_path: Path, shop: Shop) -> Path:
    """Give the folder of a terminal that has met its hub today; its taxes began this year."""
    taxed = replace(shop, pack=pack_of(tmp_path / "pack", TAXED_SINCE))
    taxed.settle(tmp_path / "counter")
    return tmp_path / "counter"


def met_its_hub(folder: Path) -> None:
    """Let the terminal hear its hub in an earlier run of the machine."""

    async def run() -> None:
        async with running(folder, clock=FakeClock(NOW_MS, boot="an earlier run")) as counter:
            counter.link.hub_status("online")
            config = counter.terminal.store.config()
            assert config is not None
            counter.link.configure(config)
            await counter.scan(RICE, "OW-UNDO")

    asyncio.run(run())


@pytest.mark.parametrize(
    "wall_ms", [0, DAY_MS, NOW_MS - 30 * DAY_MS, NOW_MS + 74 * 366 * DAY_MS, 2**53 - 1]
)
def test_a_counter_whose_own_clock_is_wrong_prices_for_the_hubs_last_day(
    folder: Path, wall_ms: int
) -> None:
    met_its_hub(folder)

    async def run() -> None:
        async with running(folder, online=False, clock=FakeClock(wall_ms)) as counter:
            await counter.scan(RICE)
            assert counter.screen.payable == "359.10"
            await counter.scan("OW-SUBMIT")
            await counter.until(lambda: counter.printer.slips)
            assert "21 Sep 2026" in counter.printer.slips[0]
            assert "clock not set" in counter.printer.slips[0]
            counter.link.connect()
            await counter.until(counter.link.orders)
            order = counter.link.orders()[0].data
            assert order.quote is not None
            assert order.quote.day == TODAY
            assert not order.clock_trusted

    asyncio.run(run())


def test_a_machine_that_ran_for_a_month_begins_anew_at_the_hubs_last_hour(folder: Path) -> None:
    clock = FakeClock(NOW_MS)

    async def run() -> None:
        async with running(folder, clock=clock) as counter:
            order = await counter.order(RICE)
            for hours in range(0, 30 * 24, 6):
                clock.mono = 60_000 + hours * 3_600_000
                # Each message is a moment on its way, so no offset is better than the first.
                counter.link.message_at = NOW_MS + hours * 3_600_000 - 50
                counter.link.answer(order)
        async with running(folder, online=False, clock=FakeClock(0, boot="later")) as counter:
            await counter.scan(RICE, "OW-SUBMIT")
            await counter.until(lambda: counter.printer.slips)
            assert "21 Oct 2026" in counter.printer.slips[0]

    asyncio.run(run())


async def ordered_at(counter: Counter) -> tuple[int, bool]:
    """Order, and give the time that the order says."""
    order = await counter.order(RICE)
    return order.data.captured_at, order.data.clock_trusted


@pytest.mark.parametrize("off_ms", [600_000, 36 * 3_600_000, 400 * DAY_MS, -40 * DAY_MS])
def test_a_hub_whose_clock_was_wrong_for_one_config_heals_in_the_next(
    folder: Path, off_ms: int
) -> None:
    async def run() -> None:
        async with running(folder, clock=FakeClock(NOW_MS)) as counter:
            config = counter.terminal.store.config()
            assert config is not None
            counter.link.message_at = NOW_MS + off_ms
            counter.link.configure(config)
            assert await ordered_at(counter) == (NOW_MS + off_ms + 1, True)
            counter.link.message_at = NOW_MS
            counter.link.configure(config)
            assert await ordered_at(counter) == (NOW_MS + 1, True)
        async with running(folder, clock=FakeClock(NOW_MS)) as counter:
            assert await ordered_at(counter) == (NOW_MS + 1, True)

    asyncio.run(run())


def test_an_answer_before_its_order_has_the_terminal_ask_for_the_time(folder: Path) -> None:
    async def run() -> None:
        async with running(folder, clock=FakeClock(NOW_MS)) as counter:
            config = counter.terminal.store.config()
            assert config is not None
            counter.link.message_at = NOW_MS + 400 * DAY_MS
            counter.link.configure(config)
            await counter.until(lambda: counter.status.get("leases", "").strip("0"))
            order = await counter.order(RICE)
            counter.link.message_at = NOW_MS
            counter.link.answer(order)
            # With leases that name nothing the hub sends a config, and that has its time.
            await counter.until(lambda: not counter.status["leases"].strip("0"))
            counter.link.configure(config)
            at_ms, is_trusted = await ordered_at(counter)
            assert (at_ms - NOW_MS < 1_000, is_trusted) == (True, True)

    asyncio.run(run())


@pytest.mark.parametrize("at_ms", [0, 1_000, 2**53 - 1])
def test_a_time_that_cannot_be_stops_no_counter(folder: Path, at_ms: int) -> None:
    async def run() -> None:
        async with running(folder, clock=FakeClock(NOW_MS)) as counter:
            config = counter.terminal.store.config()
            assert config is not None
            counter.link.message_at = at_ms - 1 if at_ms else -1
            counter.link.configure(replace_counted(config, at_ms))
            assert await ordered_at(counter) == (NOW_MS, False)
        async with running(folder, clock=FakeClock(NOW_MS)) as counter:
            assert await ordered_at(counter) == (NOW_MS, False)

    asyncio.run(run())


def replace_counted(config: ConfigData, counted_at: int) -> ConfigData:
    """Have the leases be counted at another time."""
    return msgspec.structs.replace(config, counted_at=counted_at)
