"""The demonstration with people: pages to click, shops that order by themselves, until Ctrl-C."""

import asyncio
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from simulators.bench import BenchServer, BenchSettings, ShelfProduct
from simulators.data import COUNTER, Distributor, Pick, popular
from simulators.devices import SERIAL
from simulators.faults import Proxy
from simulators.fleet import Fleet, SimulatedCounter
from simulators.scenarios.daemon import DaemonCounter
from simulators.scenarios.once import fmcg_today, real_baskets
from simulators.scenarios.replay import fleet_settings
from simulators.scenarios.site import ADMIN, HOST, PEOPLE, Ports, Say, Site, log_to

SHOPS: Final = 6
SHORTEST_PAUSE_S: Final = 4.0
LONGEST_PAUSE_S: Final = 20.0
_FIRST_WORDS: Final = """Open first:  {bench}
             the bench, a counter of your own: click products, press SUBMIT, see the paper
Then:        {hub}
             the hub: sign in as {admin}, and your order is on the list
Decide:      sign in as one of these, where an order is held; the slip comes out at the counter
{people}

{shops} shops order by themselves meanwhile. Ctrl-C stops; all is kept in {folder}
"""


class NetworkSwitch:
    """The counter's network cable, pulled and plugged from any thread."""

    def __init__(self, proxy: Proxy, loop: asyncio.AbstractEventLoop) -> None:
        self._proxy = proxy
        self._loop = loop

    @property
    def is_cut(self) -> bool:
        """Tell whether it is pulled."""
        return self._proxy.is_cut

    def cut(self) -> None:
        """Pull it."""
        asyncio.run_coroutine_threadsafe(self._switch(cut=True), self._loop).result()

    def restore(self) -> None:
        """Plug it in."""
        asyncio.run_coroutine_threadsafe(self._switch(cut=False), self._loop).result()

    async def _switch(self, *, cut: bool) -> None:
        if cut:
            self._proxy.cut()
        else:
            self._proxy.restore()


def demonstrate(folder: Path, *, ports: Ports, say: Say) -> None:
    """Run until interrupted; raises ScenarioError."""
    say(f"files: {folder}")
    distributor = fmcg_today(imported=True)
    site = Site(folder, ports=ports, say=say)
    log_to(site.paths.logs / "fleet.log")
    try:
        if not site.is_prepared(distributor):
            products = f"{len(distributor.products):,} products"
            say(f"preparing {distributor.name} with {products}: half a minute, the first time")
            site.prepare(distributor)
        with site:
            asyncio.run(_Street(site, distributor, say).open(ports.bench))
    except KeyboardInterrupt:
        say("stopped; everything is kept for the next time")


class _Street:
    """The counter of the bench, and the shops around it."""

    def __init__(self, site: Site, distributor: Distributor, say: Say) -> None:
        self._site = site
        self._distributor = distributor
        self._say = say
        self._draw = random.Random()

    async def open(self, bench_port: int) -> None:
        """Serve until cancelled."""
        async with Proxy(HOST, self._site.broker_port) as proxy:
            daemon = DaemonCounter(COUNTER, self._site.paths, broker_port=proxy.port, pace=SERIAL)
            daemon.launch()
            try:
                await asyncio.to_thread(daemon.child.wait_ready)
                switch = NetworkSwitch(proxy, asyncio.get_running_loop())
                with BenchServer(self._bench(daemon, switch), host=HOST, port=bench_port) as bench:
                    await self._trade(bench.url)
            finally:
                await asyncio.to_thread(daemon.stop)

    def _bench(self, daemon: DaemonCounter, switch: NetworkSwitch) -> BenchSettings:
        passwords = self._site.passwords()
        return BenchSettings(
            products=_shelf(self._distributor),
            scanner=daemon.scanner,
            printer=daemon.printer,
            terminal_page_url=daemon.page,
            hub_url=self._site.http,
            sign_in_hint=f"{ADMIN.name} / {passwords[ADMIN.name]}",
            network=switch,
            title=f"{COUNTER}, {self._distributor.customers[0].name}",
        )

    async def _trade(self, bench_url: str) -> None:
        """Let the shops order, each in its own time."""
        shops = [name for name in self._distributor.terminals if name != COUNTER][:SHOPS]
        settings = fleet_settings(self._site, shops, broker_port=self._site.broker_port)
        baskets = real_baskets(self._distributor)
        passwords = self._site.passwords()
        async with Fleet(settings) as fleet:
            await fleet.ready()
            print(
                _FIRST_WORDS.format(
                    bench=bench_url,
                    hub=self._site.http,
                    admin=f"{ADMIN.name} / {passwords[ADMIN.name]}",
                    people="\n".join(
                        f"             {one.name} / {passwords[one.name]}: {one.does}"
                        for one in PEOPLE
                        if one.duties
                    ),
                    shops=len(shops),
                    folder=self._site.paths.folder,
                ),
                flush=True,
            )
            where = {"hub": self._site.http, "bench": bench_url, "passwords": passwords}
            print("ready", json.dumps(where), flush=True)
            await fleet.watch(self._shop(counter, baskets) for counter in fleet.counters.values())

    async def _shop(self, counter: SimulatedCounter, baskets: Sequence[Sequence[Pick]]) -> None:
        while True:
            await asyncio.sleep(self._draw.uniform(SHORTEST_PAUSE_S, LONGEST_PAUSE_S))
            await counter.order(self._draw.choice(baskets))


def _shelf(distributor: Distributor) -> list[ShelfProduct]:
    wanted = frozenset(popular(distributor))
    return [
        ShelfProduct(product.gtin, product.name, product.category, f"{product.price} INR")
        for product in distributor.products
        if product.sku in wanted
    ]
