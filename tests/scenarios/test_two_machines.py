"""A card is copied and both machines run: one is stopped by name, and no order is lost for it."""

import asyncio
import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from simulators.fleet import SimulatedCounter
from simulators.scenarios.replay import fleet_settings
from terminal.app import Settings
from tests.fixtures.sites import SmallSite, ask_hub

pytestmark = pytest.mark.needs("mosquitto")
DEADLINE_S = 60


@contextlib.asynccontextmanager
async def switched_on(settings: Settings) -> AsyncIterator[SimulatedCounter]:
    """Run a machine."""
    counter = SimulatedCounter(settings)
    task = asyncio.create_task(counter.run())
    try:
        yield counter
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def listed(small: SmallSite, name: str) -> dict[str, object]:
    lines = (await asyncio.to_thread(ask_hub, small.site, "terminal", "list")).splitlines()
    return next(one for one in map(json.loads, lines) if one["id"] == name)


def test_of_two_machines_the_later_stops_and_neither_s_orders_are_lost(
    small_site: SmallSite,
) -> None:
    name, baskets = next((n, b) for n, b in small_site.baskets.items() if len(b) >= 4)
    port = small_site.site.broker_port

    async def scenario() -> tuple[SimulatedCounter, SimulatedCounter]:
        (settings,) = fleet_settings(small_site.site.paths, [name], broker_port=port)
        copied = replace(settings, data=settings.data.with_name("copy"))
        async with switched_on(settings) as first:
            await first.ready()
            await first.order(baskets[0])
            await first.quiet()
            shutil.copytree(settings.data, copied.data)
            async with switched_on(copied) as later:
                async with asyncio.timeout(DEADLINE_S):
                    await later.until(lambda seen: any("Another" in one for one in seen.troubles))
                with pytest.raises(Exception, match="Another machine"):
                    await later.order(baskets[1])
                await first.ready()
                await first.order(baskets[1])
                await first.quiet()
        record = await listed(small_site, name)
        assert record["copied"]
        await asyncio.to_thread(
            ask_hub, small_site.site, "terminal", "add", name,
            "--customer", str(record["customer"]), "--warehouse", str(record["warehouse"]),
        )  # fmt: skip
        (renewed,) = fleet_settings(small_site.site.paths, [name], broker_port=port)
        async with switched_on(replace(renewed, data=copied.data)) as healed:
            await healed.ready()
            await healed.order(baskets[2])
            await healed.quiet()
            assert not healed.screen.troubles
        assert not (await listed(small_site, name))["copied"]
        return first, healed

    first, healed = asyncio.run(scenario())
    orders = {one.order: one.status for one in (*first.records(), *healed.records())}
    at_hub = {one.id: one.status for one in small_site.site.orders()}

    assert len(orders) == 3
    assert at_hub == orders
    assert (*first.faults(), *healed.faults()) == ()
    assert small_site.site.audit()["ok"]
