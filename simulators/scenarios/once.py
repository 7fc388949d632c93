"""The demonstration without people: many orders, a cut link, a killed hub, and a reckoning."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from simulators.data import (
    COUNTER,
    ORDERS,
    Distributor,
    Pick,
    fmcg,
    gathered,
    popular,
    read_orders,
    shaped_baskets,
)
from simulators.faults import Proxy
from simulators.fleet import Fleet
from simulators.scenarios.board import BoardCounter, find_tools
from simulators.scenarios.daemon import DaemonCounter
from simulators.scenarios.evidence import Settlement, settle
from simulators.scenarios.replay import fleet_settings
from simulators.scenarios.site import HOST, Say, Site, log_to

ORDERS_A_SHOP: Final = 10
ORDERS_AT_COUNTER: Final = 8
BOARD: Final = "shop-20"
"""The shop whose counter runs the firmware, where it can be run."""
NO_BOARD: Final = (
    "the firmware is not shown: it needs MicroPython, which is to be had for Python 3.11 on x86-64"
)
MOST_LINES: Final = 5
MOST_PIECES: Final = 48

Baskets = Mapping[str, Sequence[Sequence[Pick]]]


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """What a demonstration came to."""

    settlement: Settlement
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Give the last line of the command."""
        sums = self.settlement.reckoning
        return {
            "submitted": sums.submitted,
            "confirmed": sums.confirmed,
            "changed": sums.changed,
            "held": sums.held,
            "rejected": sums.rejected,
            "slips_printed": sums.slips_printed,
            "lost": len(sums.lost),
            "duplicated": len(sums.duplicated),
            "seconds": round(self.seconds, 1),
            "audit": self.settlement.audit,
        }


def fmcg_today(*, imported: bool) -> Distributor:
    """Build the packaged-goods distributor with stock as of its own today."""
    return fmcg(today=datetime.now(ZoneInfo("Asia/Kolkata")).date(), imported=imported)


def real_baskets(distributor: Distributor) -> tuple[tuple[Pick, ...], ...]:
    """Shape baskets for this distributor's shops from the real orders that are shipped."""
    orders = gathered(read_orders(ORDERS).lines)
    return shaped_baskets(
        orders, popular(distributor), most_lines=MOST_LINES, most_pieces=MOST_PIECES
    )


def demonstrate_once(folder: Path, *, say: Say) -> Demonstrated:
    """Run the demonstration in `folder`; raises ScenarioError."""
    began = time.monotonic()
    # Nobody browses the shelf here, and shops order what is made in India anyway.
    distributor = fmcg_today(imported=False)
    site = Site(folder, say=say)
    log_to(site.paths.logs / "fleet.log")
    if not site.is_prepared(distributor):
        site.prepare(distributor)
    with site:
        settlement = asyncio.run(_Day(site, distributor, say).run())
    for complaint in settlement.complaints():
        say(complaint)
    return Demonstrated(settlement, time.monotonic() - began)


class _Day:
    """One day at all counters, with its two misfortunes."""

    def __init__(self, site: Site, distributor: Distributor, say: Say) -> None:
        self._site = site
        self._say = say
        self._tools = find_tools()
        apart = {COUNTER, BOARD} if self._tools else {COUNTER}
        self._shops = [name for name in distributor.terminals if name not in apart]
        baskets = real_baskets(distributor)
        self._by_hand, rest = baskets[:ORDERS_AT_COUNTER], baskets[ORDERS_AT_COUNTER:]
        self._in_shops: defaultdict[str, list[tuple[Pick, ...]]] = defaultdict(list)
        for number in range(len(self._shops) * ORDERS_A_SHOP):
            self._in_shops[self._shops[number % len(self._shops)]].append(rest[number % len(rest)])
        self._submitted = 0
        self._one_more = asyncio.Condition()

    async def run(self) -> Settlement:
        """Let everybody order, and settle when all is quiet."""
        async with Proxy(HOST, self._site.broker_port) as proxy:
            settings = fleet_settings(self._site.paths, self._shops, broker_port=proxy.port)
            with ExitStack() as started:
                counters = self._start(started, proxy)
                await asyncio.gather(*(asyncio.to_thread(one.child.wait_ready) for one in counters))
                async with Fleet(settings) as fleet:
                    await self._order(fleet, counters, proxy)
                    await fleet.quiet()
                    await asyncio.gather(*(asyncio.to_thread(one.quiet) for one in counters))
            everybody = [*counters, *fleet.counters.values()]
            return await asyncio.to_thread(settle, self._site, everybody)

    def _start(self, started: ExitStack, proxy: Proxy) -> list[DaemonCounter | BoardCounter]:
        """Start the counters that are programs of their own, from this thread, which lives on."""
        counters: list[DaemonCounter | BoardCounter] = [
            DaemonCounter(COUNTER, self._site.paths, broker_port=proxy.port)
        ]
        if self._tools is None:
            self._say(NO_BOARD)
        else:
            counters.append(
                BoardCounter(BOARD, self._site.paths, tools=self._tools, broker_port=proxy.port)
            )
        for counter in counters:
            started.callback(counter.stop)
            counter.launch()
        return counters

    async def _order(
        self, fleet: Fleet, counters: Sequence[DaemonCounter | BoardCounter], proxy: Proxy
    ) -> None:
        await asyncio.gather(fleet.ready(), *(asyncio.to_thread(one.ready) for one in counters))
        alone = " and ".join(one.id for one in counters)
        self._say(f"{len(fleet.counters)} terminals and {alone} are connected")
        await fleet.watch(
            [
                fleet.shop(self._in_shops, after_each=self._count),
                *map(self._serve, counters),
                self._misfortunes(proxy),
            ]
        )

    async def _serve(self, counter: DaemonCounter | BoardCounter) -> None:
        """Order by hand; a board loses its power in the midst of it."""
        for number, basket in enumerate(self._by_hand, start=1):
            await asyncio.to_thread(counter.order, basket)
            await self._count(counter.id)
            if isinstance(counter, BoardCounter) and number == ORDERS_AT_COUNTER // 2:
                counter.cut_power()
                self._say(f"the power of {counter.id}, which runs the firmware, was cut")

    async def _misfortunes(self, proxy: Proxy) -> None:
        """Cut the link in the first half and kill the hub in the second, in mid-flight."""
        total = sum(map(len, self._in_shops.values()))
        await self._until(total // 4)
        proxy.cut()
        self._say(f"{self._submitted} orders are submitted; the link is cut")
        await self._until(total // 2)
        proxy.restore()
        self._say(f"{self._submitted} orders are submitted; the link is back")
        await self._until(total * 5 // 8)
        self._site.hub.kill()
        self._say(f"{self._submitted} orders are submitted; the hub is killed")
        await self._until(total * 7 // 8)
        self._site.hub.launch()
        await asyncio.to_thread(self._site.hub.wait_ready)
        self._say(f"{self._submitted} orders are submitted; the hub is back")

    async def _count(self, _: str) -> None:
        async with self._one_more:
            self._submitted += 1
            self._one_more.notify_all()

    async def _until(self, submitted: int) -> None:
        async with self._one_more:
            await self._one_more.wait_for(lambda: self._submitted >= submitted)
