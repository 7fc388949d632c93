"""A hub is put back to an old backup: its terminals give back all that it answered since."""

import asyncio
import json
from typing import Any

import pytest

from simulators.fleet import Fleet
from simulators.scenarios.evidence import Settlement, settle
from simulators.scenarios.replay import fleet_settings
from tests.builders.hub_commands import run_hub
from tests.fixtures.printers import eventually
from tests.fixtures.sites import SmallSite, ask_hub

pytestmark = [pytest.mark.needs("mosquitto"), pytest.mark.timeout(400)]
DEADLINE_S = 180


async def nothing_more(_: str) -> None:
    """Do nothing after an order."""


def orders_of(small: SmallSite) -> dict[str, Any]:
    """Read the hub's orders: what each came to, and how it stands."""
    said = map(json.loads, ask_hub(small.site, "orders", "--json").splitlines())
    return {one["order"]: (one["number"], one["status"], one["payable"]) for one in said}


def go_back(small: SmallSite, backup: str) -> None:
    """Stop hub and broker, and put the backup back."""
    small.site.hub.stop()
    small.site.broker.stop()
    done = run_hub(small.site.paths.hub, "restore", backup, "--yes")
    assert done.returncode == 0, done.stderr


def start_again(small: SmallSite) -> None:
    """Start broker and hub where they were."""
    for child in (small.site.broker, small.site.hub):
        child.launch()
        child.wait_ready()


def until_whole(small: SmallSite) -> None:
    """Wait until the hub's own audit finds nothing; a terminal is asked once a minute at most."""

    def is_whole() -> bool:
        return run_hub(small.site.paths.hub, "audit").returncode == 0

    eventually(is_whole, "the audit finds nothing", within_s=DEADLINE_S, every_s=1.0)


def test_after_a_restore_the_same_orders_stand_as_they_were_printed(
    small_site: SmallSite,
) -> None:
    backup = str(small_site.site.paths.hub / "before.tar")
    half = {name: orders[: len(orders) // 2] for name, orders in small_site.baskets.items()}
    rest = {name: orders[len(orders) // 2 :] for name, orders in small_site.baskets.items()}

    async def scenario() -> tuple[dict[str, Any], int, int, Settlement]:
        settings = fleet_settings(
            small_site.site.paths, list(small_site.baskets), broker_port=small_site.site.broker_port
        )
        async with Fleet(settings) as fleet:
            await fleet.ready()
            await fleet.shop(half, after_each=nothing_more)
            await fleet.quiet()
            await asyncio.to_thread(ask_hub, small_site.site, "backup", backup)
            await fleet.shop(rest, after_each=nothing_more)
            await fleet.quiet()
            before = await asyncio.to_thread(orders_of, small_site)
            await asyncio.to_thread(go_back, small_site, backup)
            left = await asyncio.to_thread(orders_of, small_site)
            named = await asyncio.to_thread(run_hub, small_site.site.paths.hub, "audit")
            await asyncio.to_thread(start_again, small_site)
            await asyncio.to_thread(until_whole, small_site)
            await fleet.quiet(within_s=90)
            counters = list(fleet.counters.values())
        settled = await asyncio.to_thread(settle, small_site.site, counters)
        return before, len(left), named.returncode, settled

    before, left, audited, settled = asyncio.run(scenario())

    assert left < len(before)
    assert audited == 1
    assert orders_of(small_site) == before
    assert settled.complaints() == ()
