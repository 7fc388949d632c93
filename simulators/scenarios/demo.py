"""The demonstration with people: pages to click, shops that order by themselves, until Ctrl-C."""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from simulators.bench import BenchServer, BenchSettings, OtherBench, ShelfProduct, screen_of_page
from simulators.data import COUNTER, COUNTER_LIMIT, Distributor, Pick, popular
from simulators.devices import SERIAL, SimulatedPrinter, SimulatedScanner
from simulators.faults import Proxy, free_port
from simulators.faults.plan import Strike
from simulators.faults.registry import KINDS, LONGEST_S, FaultKind
from simulators.fleet import Fleet, SimulatedCounter
from simulators.portal import PortalServer
from simulators.scenarios.board import LARGE_FLASH, BoardCounter, find_tools
from simulators.scenarios.daemon import DaemonCounter
from simulators.scenarios.once import BOARD, NO_BOARD, fmcg_today, real_baskets
from simulators.scenarios.replay import fleet_settings
from simulators.scenarios.site import ADMIN, HOST, PEOPLE, STAFF, Ports, Say, Site, log_to
from simulators.scenarios.town.blows import Around, Blows

SHOPS: Final = 6
SHORTEST_PAUSE_S: Final = 4.0
LONGEST_PAUSE_S: Final = 20.0
_ALSO: Final = """
Also:        {url}
             the same counter on a microcontroller: {terminal} runs the firmware, and nobody else
             orders there"""
_FIRST_WORDS: Final = """Open first:  {bench}
             the bench, a counter of your own: click products, press SUBMIT, see the paper{board}
Then:        {hub}
             the hub: sign in as {admin}, and your order is on the list
Decide:      your shop has credit for {limit}: what is above is held, until one of these decides
{people}
Deliver:     what is confirmed is picked, sent, billed and paid by these
{staff}

{shops} shops order by themselves meanwhile. Ctrl-C stops; all is kept in {folder}
"""


class DemoFaults:
    """What can be broken around the demonstration's benches, from any thread.

    A fault that is left on ends by itself after two minutes.
    """

    def __init__(
        self, site: Site, proxy: Proxy, loop: asyncio.AbstractEventLoop, *, say: Say
    ) -> None:
        around = Around(site, [], [proxy], None)
        self._blows = Blows(around, say)
        self._kinds = [kind for name, kind in KINDS.items() if name in around.possible()]
        self._loop = loop
        self._over: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def kinds(self) -> Sequence[FaultKind]:
        """Give the faults that can be brought about here."""
        return self._kinds

    def going(self) -> frozenset[str]:
        """Name those that strike now."""
        return frozenset(self._over)

    def begin(self, kind: str) -> None:
        """Bring one about, and wait until it strikes."""
        asyncio.run_coroutine_threadsafe(self._begin(kind), self._loop).result()

    def end(self, kind: str) -> None:
        """End one, and wait until it is over; a program that was killed has started then."""
        asyncio.run_coroutine_threadsafe(self._end(kind), self._loop).result()

    async def _begin(self, kind: str) -> None:
        if kind in self._over:
            return
        begun, over = asyncio.Event(), asyncio.Event()
        if KINDS[kind].lasts_s:
            self._over[kind] = over
        else:
            over.set()
        task = asyncio.create_task(
            self._blows.hold(Strike(0, kind, LONGEST_S, 0), begun=begun, over=over)
        )
        task.add_done_callback(lambda _: self._over.pop(kind, None))
        self._tasks[kind] = task
        waiting = asyncio.create_task(begun.wait())
        await asyncio.wait((waiting, task), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def _end(self, kind: str) -> None:
        if kind in self._over:
            self._over[kind].set()
            await self._tasks[kind]


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
    with PortalServer() as portal:
        site = Site(folder, ports=ports, portal=portal.url, say=say)
        _serve(site, distributor, ports=ports, portal=portal.url, say=say)


def _serve(site: Site, distributor: Distributor, *, ports: Ports, portal: str, say: Say) -> None:
    log_to(site.paths.logs / "fleet.log")
    try:
        if not site.is_prepared(distributor):
            products = f"{len(distributor.products):,} products"
            say(f"preparing {distributor.name} with {products}: half a minute, the first time")
            with site.many_commands():
                site.prepare(distributor)
                site.complete(distributor)
        with site:
            say(f"portal of e-invoices: {portal} stands in; /switches/NAME/on breaks it")
            asyncio.run(_Street(site, distributor, say).open(ports.bench))
    except KeyboardInterrupt:
        say("stopped; everything is kept for the next time")


@dataclass(frozen=True, slots=True)
class _Stand:
    """A counter that the bench can stand around, and the port of its page."""

    scanner: SimulatedScanner
    printer: SimulatedPrinter
    screen: Callable[[], object]
    title: str
    terminal: str
    port: int

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"http://{HOST}:{self.port}/"


def _stand_of_board(board: BoardCounter) -> _Stand:
    title = f"{board.id}, a microcontroller"
    return _Stand(board.scanner, board.printer, board.screen, title, board.id, free_port())


class _Street:
    """The counter of the bench, and the shops around it."""

    def __init__(self, site: Site, distributor: Distributor, say: Say) -> None:
        self._site = site
        self._distributor = distributor
        self._say = say
        self._draw = random.Random()

    async def open(self, bench_port: int) -> None:
        """Serve until cancelled."""
        async with Proxy(HOST, self._site.broker_port, mqtt=True) as proxy:
            loop = asyncio.get_running_loop()
            switch = NetworkSwitch(proxy, loop)
            self._faults = DemoFaults(self._site, proxy, loop, say=self._say)
            self._proxy = proxy
            with ExitStack() as started:
                daemon = self._start_daemon(started, proxy)
                board = self._start_board(started, proxy)
                await asyncio.to_thread(daemon.child.wait_ready)
                stands = [self._stand_of(daemon, bench_port)]
                if board is not None:
                    await asyncio.to_thread(board.child.wait_ready)
                    stands.append(_stand_of_board(board))
                for stand in stands:
                    settings = self._bench(stand, switch, others=[o for o in stands if o != stand])
                    started.enter_context(BenchServer(settings, host=HOST, port=stand.port))
                await self._trade([stand.url for stand in stands])

    def _start_daemon(self, started: ExitStack, proxy: Proxy) -> DaemonCounter:
        counter = DaemonCounter(COUNTER, self._site.paths, broker_port=proxy.port, pace=SERIAL)
        started.callback(counter.stop)
        counter.launch()
        return counter

    def _start_board(self, started: ExitStack, proxy: Proxy) -> BoardCounter | None:
        """Start the counter that runs the firmware, where it can be run."""
        tools = find_tools()
        if tools is None:
            self._say(NO_BOARD)
            return None
        counter = BoardCounter(
            BOARD,
            self._site.paths,
            tools=tools,
            broker_port=proxy.port,
            pace=SERIAL,
            blocks=LARGE_FLASH,
        )
        started.callback(counter.stop)
        counter.launch()
        return counter

    def _see_line(self, see: Callable[[bytes], None]) -> Callable[[], None]:
        """Show somebody each packet of the benches' line; gives what ends that."""
        self._proxy.watchers.append(see)
        return lambda: self._proxy.watchers.remove(see)

    def _stand_of(self, daemon: DaemonCounter, port: int) -> _Stand:
        title = f"{COUNTER}, {self._distributor.customers[0].name}"
        return _Stand(
            daemon.scanner,
            daemon.printer,
            partial(screen_of_page, daemon.page),
            title,
            COUNTER,
            port,
        )

    def _bench(
        self, stand: _Stand, switch: NetworkSwitch, *, others: Sequence[_Stand]
    ) -> BenchSettings:
        passwords = self._site.passwords()
        return BenchSettings(
            products=_shelf(self._distributor),
            scanner=stand.scanner,
            printer=stand.printer,
            screen=stand.screen,
            hub_url=self._site.http,
            sign_in_hint=f"{ADMIN.name} / {passwords[ADMIN.name]}",
            network=switch,
            faults=self._faults,
            terminal=stand.terminal,
            line=self._see_line,
            title=stand.title,
            others=[OtherBench(f"Go to {one.title}", one.url) for one in others],
        )

    async def _trade(self, benches: Sequence[str]) -> None:
        """Let the shops order, each in its own time."""
        apart = {COUNTER, BOARD}
        shops = [name for name in self._distributor.terminals if name not in apart][:SHOPS]
        settings = fleet_settings(self._site.paths, shops, broker_port=self._site.broker_port)
        baskets = real_baskets(self._distributor)
        passwords = self._site.passwords()
        async with Fleet(settings) as fleet:
            await fleet.ready()
            print(
                _FIRST_WORDS.format(
                    bench=benches[0],
                    board="".join(_ALSO.format(url=url, terminal=BOARD) for url in benches[1:]),
                    hub=self._site.http,
                    admin=f"{ADMIN.name} / {passwords[ADMIN.name]}",
                    people="\n".join(
                        f"             {one.name} / {passwords[one.name]}: {one.does}"
                        for one in PEOPLE
                        if one.duties
                    ),
                    staff="\n".join(
                        f"             {one.name} / {passwords[one.name]}: {one.does}"
                        for one in STAFF
                        if one.name in passwords
                    ),
                    limit=f"{int(COUNTER_LIMIT):,}.00",
                    shops=len(shops),
                    folder=self._site.paths.folder,
                ),
                flush=True,
            )
            where = {"hub": self._site.http, "bench": benches[0], "passwords": passwords}
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
