"""Programs are killed in the middle of ordering: nothing is lost and nothing comes twice."""

import asyncio
from collections.abc import Callable
from typing import Literal

import pytest

from simulators.faults import Child
from simulators.fleet import Fleet
from simulators.scenarios.daemon import DaemonCounter
from simulators.scenarios.evidence import Settlement, settle
from simulators.scenarios.replay import fleet_settings
from tests.fixtures.sites import SmallSite

pytestmark = pytest.mark.needs("mosquitto")


def order_all(small: SmallSite, *, half_way: Callable[[], Child]) -> Settlement:
    """Order everything; half way kill the child that is named, and start it after the last order.

    Half of what is ordered meets a network without that child.
    """

    async def scenario() -> Settlement:
        submitted = 0
        victim: Child | None = None

        async def count(_: str) -> None:
            nonlocal submitted, victim
            submitted += 1
            if submitted == small.orders // 2:
                victim = half_way()
                victim.kill()

        port = small.site.broker_port
        async with Fleet(
            fleet_settings(small.site.paths, list(small.baskets), broker_port=port)
        ) as fleet:
            await fleet.ready()
            await fleet.shop(small.baskets, after_each=count)
            assert victim is not None
            victim.launch()
            await asyncio.to_thread(victim.wait_ready)
            await fleet.quiet(within_s=90)
        return await asyncio.to_thread(settle, small.site, fleet.counters.values())

    return asyncio.run(scenario())


@pytest.mark.parametrize("killed", ["hub", "broker"])
def test_killing_a_program_of_the_hub_in_mid_replay_loses_and_doubles_nothing(
    small_site: SmallSite, killed: Literal["hub", "broker"]
) -> None:
    settlement = order_all(small_site, half_way=lambda: getattr(small_site.site, killed))

    assert settlement.complaints() == ()
    assert settlement.reckoning.submitted == small_site.orders


def test_an_open_order_outlives_the_kill_of_its_terminal(small_site: SmallSite) -> None:
    name, baskets = next(iter(small_site.baskets.items()))
    port = small_site.site.broker_port

    with DaemonCounter(name, small_site.site.paths, broker_port=port) as counter:
        counter.ready()
        counter.scan_products(baskets[0])
        before = counter.state()["lines"]
        counter.child.kill()
        counter.child.start()
        counter.ready()
        after = counter.state()["lines"]
        counter.submit(len(before))
        counter.quiet()
    settlement = settle(small_site.site, [counter])

    assert [(line["sku"], line["quantity"]) for line in after] == [
        (line["sku"], line["quantity"]) for line in before
    ]
    assert settlement.complaints() == ()
    assert settlement.reckoning.submitted == 1


def test_a_terminal_killed_with_an_order_under_way_sends_it_after_its_restart(
    small_site: SmallSite,
) -> None:
    name, baskets = next(iter(small_site.baskets.items()))
    port = small_site.site.broker_port

    with DaemonCounter(name, small_site.site.paths, broker_port=port) as counter:
        counter.ready()
        small_site.site.hub.kill()
        counter.until(lambda state: state["link"] != "online", "seeing the hub leave")
        counter.order(baskets[0])
        counter.child.kill()
        small_site.site.hub.start()
        counter.child.start()
        counter.quiet()
    settlement = settle(small_site.site, [counter])

    assert settlement.complaints() == ()
    assert settlement.reckoning.submitted == 1
