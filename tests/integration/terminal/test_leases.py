"""A terminal gives of limited schemes from its leases, also over a restart and without its hub."""

import asyncio
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import pytest

from broker.contract import ConfigData, Lease, SchemeCounter, in_parts, leases_hash
from terminal.store import Store
from tests.fixtures.counters import Counter, running
from tests.fixtures.shops import NOW_MS, RICE, RULES, Shop, pack_of

LAUNCH = """
schemes:
  - id: LAUNCH
    when: {sku: RICE-5KG}
    slabs: [{from: 1, percent: 10}]
    limit: {total: 100, per_customer: 3}
"""
USED_UP = "the budget of LAUNCH is used up here until the hub answers"
FULL, LESS = "359.10", "323.19"
HOUR_MS = 3_600_000


@pytest.fixture
def bounded(shop: Shop, tmp_path: Path) -> Shop:
    """Give a shop that has met its hub before; a scheme there may be used a hundred times."""
    changed = replace(shop, pack=pack_of(tmp_path / "rules", RULES + LAUNCH))
    changed.settle(tmp_path / "counter")
    return changed


def leased(shop: Shop, uses: int, **said: Any) -> ConfigData:
    """Write what the hub says with a lease of so many uses."""
    lease = Lease(rule="LAUNCH", uses=uses, until=NOW_MS + HOUR_MS)
    fields = {"leases": [lease], "counted_at": NOW_MS, **said}
    return msgspec.structs.replace(shop.config, **fields)


def shown(counter: Counter) -> tuple[str, tuple[str, ...]]:
    """Read what the order comes to, and what is held back."""
    return counter.screen.payable, counter.screen.held_back


def test_offline_the_scheme_is_given_as_often_as_it_is_leased(
    bounded: Shop, tmp_path: Path
) -> None:
    async def play() -> None:
        async with running(tmp_path / "counter") as counter:
            counter.link.configure(leased(bounded, 1))
            counter.link.cut()
            await counter.scan(RICE)
            assert shown(counter) == (LESS, ())
            await counter.scan("OW-SUBMIT")
            await counter.until(lambda: counter.printer.slips)
            assert "34.20" in counter.printer.slips[0]
        async with running(tmp_path / "counter", online=False) as counter:
            await counter.scan(RICE)
            assert shown(counter) == (FULL, (USED_UP,))
            await counter.scan("OW-SUBMIT")
            await counter.until(lambda: len(counter.printer.slips) == 1)
            assert "34.20" not in counter.printer.slips[0]
            assert USED_UP in " ".join(counter.printer.slips[0].split())

    asyncio.run(play())


def test_leases_in_several_messages_are_taken_when_the_last_has_come(
    bounded: Shop, tmp_path: Path
) -> None:
    whole = leased(bounded, 1)
    others = [Lease(rule=f"OTHER-{n}", uses=1, until=NOW_MS + HOUR_MS) for n in range(40)]
    whole = msgspec.structs.replace(whole, leases=[*others, *whole.leases])
    parts = in_parts(whole, 2_000)
    assert len(parts) > 1

    async def play() -> None:
        async with running(tmp_path / "counter") as counter:
            await counter.scan(RICE)
            for part in parts[:-1]:
                counter.link.configure(part)
                assert shown(counter) == (FULL, (USED_UP,))

            counter.link.configure(parts[-1])

            assert shown(counter) == (LESS, ())

    asyncio.run(play())


def test_an_order_is_taken_off_until_the_hub_has_counted_it(bounded: Shop, tmp_path: Path) -> None:
    async def play() -> None:
        async with running(tmp_path / "counter") as counter:
            counter.link.configure(leased(bounded, 1))
            order = await counter.order(RICE)
            counter.link.answer(order)
            await counter.until(lambda: counter.screen.last_status == "CONFIRMED")
            await counter.scan(RICE)
            assert shown(counter) == (FULL, (USED_UP,))

            counter.link.configure(leased(bounded, 1, counted_to=order.seq))

            assert shown(counter) == (LESS, ())

    asyncio.run(play())


def test_a_refused_order_uses_nothing(bounded: Shop, tmp_path: Path) -> None:
    async def play() -> None:
        async with running(tmp_path / "counter") as counter:
            counter.link.configure(leased(bounded, 1))
            order = await counter.order(RICE)
            counter.link.refuse(order, "invalid", "not understood")
            await counter.until(lambda: counter.screen.parked)
            await counter.scan(RICE)
            assert shown(counter) == (LESS, ())

    asyncio.run(play())


def test_a_lease_ends_by_the_hubs_clock(bounded: Shop, tmp_path: Path) -> None:
    async def play() -> None:
        async with running(tmp_path / "counter") as counter:
            counter.link.configure(leased(bounded, 5))
            counter.link.message_at = NOW_MS + HOUR_MS
            counter.link.hub_status("online")
            counter.link.configure(leased(bounded, 5))
            await counter.scan(RICE)
            assert shown(counter) == (FULL, (USED_UP,))

    asyncio.run(play())


def test_a_quote_names_what_was_used_up_and_nothing_else(bounded: Shop, tmp_path: Path) -> None:
    async def play() -> None:
        async with running(tmp_path / "counter") as counter:
            counter.link.configure(leased(bounded, 1))
            first = await counter.order(RICE)
            second = await counter.order(RICE)
            assert first.data.quote is not None
            assert second.data.quote is not None
            assert first.data.quote.counters == []
            assert second.data.quote.counters == [
                SchemeCounter(rule="LAUNCH", scope="C-17", used=1, spent=3_420),
                SchemeCounter(rule="LAUNCH", scope="total", used=100, spent=3_420),
            ]

    asyncio.run(play())


def test_the_hub_is_asked_for_leases_that_count_an_answered_order(
    bounded: Shop, tmp_path: Path
) -> None:
    async def play() -> None:
        async with running(tmp_path / "counter", heartbeat_s=0.05) as counter:
            config = leased(bounded, 3)
            counter.link.configure(config)
            known = leases_hash(config.leases, config.counters)
            await counter.until(lambda: counter.status.get("leases") == known)
            order = await counter.order(RICE)
            counter.link.answer(order)
            await counter.until(lambda: counter.status.get("leases") == "0" * 64)
            counter.link.configure(leased(bounded, 3, counted_to=order.seq))
            await counter.until(lambda: counter.status.get("leases") == known)
            said = [status["data"].get("leases") for status in counter.link.of_kind("status")]
            assert [one for one, _ in groupby(said)][-3:] == [known, "0" * 64, known]

    asyncio.run(play())


@pytest.mark.parametrize(("lasts_ms", "payable"), [(1, FULL), (10_000 * 24 * HOUR_MS, LESS)])
def test_where_the_hub_was_not_heard_since_the_start_a_lease_ends_by_what_it_said_last(
    bounded: Shop, tmp_path: Path, lasts_ms: int, payable: str
) -> None:
    far = 4_000_000_000_000  # later than the device's own clock
    lease = Lease(rule="LAUNCH", uses=1, until=far + lasts_ms)
    store = Store(tmp_path / "counter", "before")
    store.keep_config(leased(bounded, 1, leases=[lease], counted_at=far))
    store.close()

    async def play() -> None:
        async with running(tmp_path / "counter", online=False) as counter:
            await counter.scan(RICE)
            assert counter.screen.payable == payable

    asyncio.run(play())
