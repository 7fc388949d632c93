"""A fleet run from end to end: a town that orders, what befalls it, and what is left of it."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from simulators.data import Distributor, popular
from simulators.data.town import (
    customers_of_gst,
    products_of_gst,
    registered_of,
    with_shops,
)
from simulators.errors import FleetError, UnavailableError
from simulators.faults import Proxy
from simulators.faults.mail import MailServer
from simulators.faults.plan import draw_strikes
from simulators.faults.postgresql import OwnPostgresql
from simulators.faults.preloaded import SlowDisk
from simulators.faults.registry import KINDS
from simulators.portal import PortalServer
from simulators.scenarios.evidence import Settlement
from simulators.scenarios.once import fmcg_today, real_baskets
from simulators.scenarios.reckoning import PaperSlip, reckon
from simulators.scenarios.replay import fleet_settings
from simulators.scenarios.site import HOST, Say, Site, log_to
from simulators.scenarios.town.blows import Around, Blows
from simulators.scenarios.town.checking import (
    Promise,
    find_over_limit,
    find_oversold,
    find_unregistered,
    percentile,
    with_hands,
)
from simulators.scenarios.town.options import FleetOptions, refuse_too_many
from simulators.scenarios.town.staff import AwayError, Staff
from simulators.scenarios.town.street import Settled, StreetPlan, Tick
from simulators.scenarios.town.streets import Street

PRODUCTS: Final = 300
OWNER: Final = "vikram"
_DUTIES: Final = ("manager", "warehouse", "accounts", "sales")
_READY_S: Final = 60.0
_READY_EACH_S: Final = 0.5
_QUIET_S: Final = 120.0
_QUIET_EACH_S: Final = 0.3
_TOLD_S: Final = 5.0
_WORK_EVERY_S: Final = 1.0
_WHOLE_S: Final = 120.0
_LOOK_S: Final = 2.0


@dataclass(slots=True)
class Seen:
    """What the streets have told of so far."""

    asked: dict[tuple[str, int], int] = field(default_factory=dict)
    waits_ms: list[float] = field(default_factory=list)
    paper: defaultdict[str, list[PaperSlip]] = field(default_factory=lambda: defaultdict(list))
    sendings: int = 0
    misread: int = 0
    stopped: list[str] = field(default_factory=list)
    queued: Counter[int] = field(default_factory=Counter)
    linked: Counter[int] = field(default_factory=Counter)

    def take(self, street: int, tick: Tick) -> None:
        """Add what a street says."""
        self.asked.update({(name, seq): lines for name, seq, lines in tick.asked})
        self.waits_ms += tick.waits_ms
        for slip in tick.paper:
            self.paper[slip.order].append(slip)
        self.sendings += tick.sendings
        self.misread += tick.misread
        self.stopped += tick.stopped
        self.queued[street], self.linked[street] = tick.queued, tick.linked


@dataclass(frozen=True, slots=True)
class Lived:
    """What a fleet run came to."""

    options: FleetOptions
    settlement: Settlement
    oversold: tuple[str, ...]
    over_limit: tuple[str, ...]
    struck: Counter[str]
    staff: Counter[str]
    seen: Seen
    seconds: float

    @property
    def sound(self) -> bool:
        """Tell whether every promise was kept."""
        return self.settlement.sound and not self.oversold and not self.over_limit

    def complaints(self) -> tuple[str, ...]:
        """Give every broken promise, a sentence each."""
        return (
            *self.settlement.complaints(),
            *(f"oversold: {text}" for text in self.oversold),
            *(f"over the limit: {text}" for text in self.over_limit),
        )

    def as_json(self) -> dict[str, Any]:
        """Give the last line of the command."""
        sums = self.settlement.reckoning
        waits = sorted(self.seen.waits_ms)
        return {
            "submitted": sums.submitted,
            "confirmed": sums.confirmed,
            "changed": sums.changed,
            "held": sums.held,
            "rejected": sums.rejected,
            "lost": len(sums.lost),
            "duplicated": len(sums.duplicated),
            "oversold": len(self.oversold),
            "over_limit": len(self.over_limit),
            "faults": self.struck.total(),
            "fault_kinds": dict(sorted(self.struck.items())),
            "p50_ms": percentile(waits, 0.5),
            "p99_ms": percentile(waits, 0.99),
            "p999_ms": percentile(waits, 0.999),
            "orders_per_s": round(sums.submitted / self.options.for_s, 2),
            "lines": sums.lines,
            "slips_printed": sums.slips_printed,
            "resent": max(self.seen.sendings - sums.submitted, 0),
            "misread": self.seen.misread,
            "restarted": len(self.seen.stopped),
            "staff": dict(sorted(self.staff.items())),
            "terminals": self.options.terminals,
            "database": self.options.database.partition(":")[0],
            "workers": self.options.workers,
            "seed": self.options.seed,
            "seconds": round(self.seconds, 1),
            "audit": self.settlement.audit,
        }


async def live(
    folder: Path, options: FleetOptions, *, distributor: Distributor | None = None, say: Say
) -> Lived:
    """Run a fleet in `folder`; raises ScenarioError."""
    refuse_too_many(options)
    town = Town(folder, options, distributor=distributor, say=say)
    async with AsyncExitStack() as stack:
        await town.open(stack)
        await town.day()
        return await town.settle()


def prepare(folder: Path, options: FleetOptions, *, say: Say) -> None:
    """Prepare a folder that runs may be copied from: it takes longer than most runs."""
    _prepare(Site(folder, say=say), shops_of(options), staff=options.staff)


class Town:
    """Everything of one run: opened, lived in, settled."""

    def __init__(
        self,
        folder: Path,
        options: FleetOptions,
        *,
        distributor: Distributor | None = None,
        say: Say,
    ) -> None:
        """Plan a town of a distributor; without one, of as many shops as the options say."""
        self._folder = folder
        self._options = options
        self._say = say
        self._began = time.monotonic()
        self._seen = Seen()
        self._distributor = distributor or shops_of(options)
        made_here = popular(self._distributor)
        self._skus = made_here or tuple(one.sku for one in self._distributor.products)
        self._real = real_baskets(self._distributor) if made_here else ()
        self._mail: MailServer | None = None
        self._portal: PortalServer | None = None
        self._disk: SlowDisk | None = None
        self._lines: list[Proxy] = []
        self._streets: list[Street] = []

    async def open(self, stack: AsyncExitStack) -> None:
        """Start database, broker, hub, lines and streets, and wait for every terminal."""
        options = self._options
        self._database = None
        url = "" if options.is_sqlite else options.database
        if url == "postgresql":
            self._database = OwnPostgresql(self._folder / "postgresql")
            stack.callback(self._database.stop)
            await asyncio.to_thread(self._database.start)
            url = self._database.url
        self._set_up_surroundings(stack)
        self._site = Site(
            self._folder,
            database=url,
            workers=options.workers,
            portal=self._portal.url if self._portal else "",
            mail_port=self._mail.port if self._mail else 0,
            environ=self._disk.environ if self._disk else None,
            say=self._say,
        )
        log_to(self._site.paths.logs / "fleet.log")
        if not self._site.is_prepared(self._distributor):
            self._say(f"preparing {options.terminals:,} shops")
            _prepare(self._site, self._distributor, staff=options.staff)
        stack.enter_context(self._site)
        await self._open_streets(stack)
        self._staff = Staff(
            self._site.http,
            token=self._site.token("fleet", *_DUTIES),
            sign_in=(OWNER, self._site.passwords()[OWNER]),
            skus=self._skus,
            seed=options.seed,
        )
        if options.staff:
            await asyncio.to_thread(self._staff.open_books)
        if self._mail is not None:
            await asyncio.to_thread(self._staff.have_mail)
        if self._portal is not None:
            for customer, told in registered_of(self._distributor).items():
                await asyncio.to_thread(self._site.register, customer, told)
        # Last: the token and the letterhead are in the books that may be put back.
        backup = await self._first_backup()
        around = Around(
            *(self._site, self._streets, self._lines, self._database, backup),
            disk=self._disk,
            mail=self._mail,
            portal=self._portal,
        )
        self._blows = Blows(around, self._say)
        self._strikes = draw_strikes(
            options.plan, seed=options.seed, for_s=options.for_s, possible=around.possible()
        )

    def _set_up_surroundings(self, stack: AsyncExitStack) -> None:
        """Have a mail server, a portal and a disk that can be slow, where they are to be struck."""
        kinds = set(self._options.plan.weights) | {one.kind for one in self._options.plan.fixed}
        if "mail_down" in kinds:
            self._mail = stack.enter_context(MailServer())
        if any(KINDS[name].part == "portal" for name in kinds) and self._options.staff:
            self._portal = stack.enter_context(PortalServer())
        if "disk_slow" in kinds and self._options.is_sqlite:
            disk = SlowDisk(self._folder)
            try:
                disk.build()
            except UnavailableError as error:
                self._say(str(error))
            else:
                self._disk = disk

    @property
    def blows(self) -> Blows:
        """What strikes this town."""
        return self._blows

    @property
    def staff(self) -> Staff:
        """Who works for the distributor."""
        return self._staff

    @property
    def goods(self) -> tuple[str, ...]:
        """Name what shops order."""
        return self._skus

    async def ask_counter(self, terminal: str, word: str, said: object, *, within_s: float) -> Any:  # noqa: ANN401  # what each word gives
        """Have a hand do something at a counter; raises FleetError."""
        for street in self._streets:
            if any(one.id == terminal for one in street.plan.settings):
                return await street.ask(word, (terminal, said), within_s=within_s)
        raise FleetError(f"there is no counter {terminal} here")

    async def _first_backup(self) -> Path | None:
        """Take the backup that is put back; a hub on a database server has its own way."""
        if not self._options.is_sqlite or "hub_restored" not in self._options.plan.weights:
            return None
        backup = self._folder / "backup-0.tar"
        await asyncio.to_thread(self._site.backup, backup)
        return backup

    async def _open_streets(self, stack: AsyncExitStack) -> None:
        options = self._options
        for number in range(min(options.processes, options.terminals)):
            line = await stack.enter_async_context(Proxy(HOST, self._site.broker_port, mqtt=True))
            names = self._distributor.terminals[number :: options.processes]
            plan = StreetPlan(
                number,
                tuple(fleet_settings(self._site.paths, names, broker_port=line.port)),
                self._skus,
                self._real,
                options.seed,
                self._site.paths.logs / f"street-{number}.log",
            )
            street = Street(plan, lambda tick, number=number: self._seen.take(number, tick))  # type: ignore[misc]
            street.start()
            stack.push_async_callback(street.close)
            self._lines.append(line)
            self._streets.append(street)
        within_s = _READY_S + _READY_EACH_S * options.terminals
        late = await asyncio.gather(
            *(one.ask("ready", within_s, within_s=within_s) for one in self._streets)
        )
        slow = [name for of_street in late for name in of_street]
        if slow:
            raise FleetError(f"{', '.join(slow[:5])} and others got no prices in {within_s:.0f} s")
        self._say(f"{options.terminals:,} terminals are connected and have prices")

    async def day(self) -> None:
        """Let everybody order for the time that was asked for, with all that befalls them."""
        options = self._options
        self._say(f"{len(self._strikes)} faults are drawn from seed {options.seed}")
        helpers = [asyncio.create_task(self._tell()), asyncio.create_task(self._work())]
        trading = asyncio.create_task(self._trade())
        try:
            await asyncio.gather(self._blows.follow(self._strikes), asyncio.sleep(options.for_s))
        finally:
            for task in (*helpers, trading):
                task.cancel()
            await asyncio.gather(*helpers, trading, return_exceptions=True)

    async def _trade(self) -> None:
        """Have each street order, one that was dark as well once it has light again."""
        began = time.monotonic()
        trading: dict[int, object] = {}
        while True:
            left_s = self._options.for_s - (time.monotonic() - began)
            for number, street in enumerate(self._streets):
                process = street.process
                if process is not None and trading.get(number) is not process and left_s > 0:
                    trading[number] = process
                    rate = self._options.orders_per_s / len(self._streets)
                    street.tell("trade", (rate, self._options.for_s, self._options.for_s - left_s))
            await asyncio.sleep(1 / 4)

    async def _work(self) -> None:
        """Have the staff do one thing after another."""
        while self._options.staff:
            await asyncio.to_thread(self._staff.work)
            await asyncio.sleep(_WORK_EVERY_S)

    async def _tell(self) -> None:
        """Say how it goes."""
        began = time.monotonic()
        while True:
            await asyncio.sleep(_TOLD_S)
            seen = self._seen
            waits = sorted(seen.waits_ms[-2000:])
            self._say(
                f"{time.monotonic() - began:6.1f} s: {len(seen.asked):,} orders, "
                f"{len(seen.waits_ms):,} answered, {seen.queued.total()} waiting, "
                f"{seen.linked.total()} of {self._options.terminals:,} online, "
                f"p50 {percentile(waits, 0.5):.0f} ms, p99 {percentile(waits, 0.99):.0f} ms, "
                f"{self._blows.struck.total()} faults"
            )

    async def settle(self) -> Lived:
        """Wait until all is quiet, gather what everybody has, and compare."""
        within_s = _QUIET_S + _QUIET_EACH_S * self._options.terminals
        self._say("the day is over: waiting until every order has its answer and its paper")
        late: list[str] = []
        for street in self._streets:
            await street.ask("rest", within_s=_QUIET_S)
        for of_street in await asyncio.gather(
            *(one.ask("quiet", within_s, within_s=within_s) for one in self._streets)
        ):
            late += of_street
        settled: list[Settled] = [
            await one.ask("settle", within_s=within_s) for one in self._streets
        ]
        faults = [f"{name} did not come to rest" for name in late]
        faults += [text for one in settled for text in one.faults]
        faults += [f"not ended: {text}" for text in self._blows.failed]
        with self._site.many_commands():
            faults += await asyncio.to_thread(self._faults_of_hub)
            faults += await asyncio.to_thread(self._faults_of_mail)
            if self._portal is not None:
                faults += await asyncio.to_thread(self._faults_of_portal, self._portal)
            at_hub = await asyncio.to_thread(self._site.orders)
        at_counters = with_hands(
            [order for one in settled for order in one.orders], self._seen.asked, self._seen.paper
        )
        promises = [promise for one in settled for promise in one.promises]
        settlement = Settlement(reckon(at_counters, at_hub), tuple(faults))
        return self._lived(settlement, promises, time.monotonic() - self._began)

    def _lived(self, settlement: Settlement, promises: Sequence[Promise], seconds: float) -> Lived:
        return Lived(
            options=self._options,
            settlement=settlement,
            oversold=tuple(find_oversold(promises, self._distributor, self._staff.received)),
            over_limit=tuple(find_over_limit(promises, self._distributor, self._staff.paid)),
            struck=self._blows.struck,
            staff=self._staff.done,
            seen=self._seen,
            seconds=seconds,
        )

    def _faults_of_mail(self) -> list[str]:
        """See that each held order was told by mail; books put back forget who asked for that."""
        faults = [f"a job was given up: {one}" for one in self._site.jobs()]
        if self._mail is None or self._blows.struck["hub_restored"]:
            return faults
        held = sum(one.status == "held" for one in self._site.orders())
        end = time.monotonic() + _WHOLE_S
        while (told := len(self._mail.mails)) < held and time.monotonic() < end:
            time.sleep(_LOOK_S)
        self._say(f"{told} mails told of orders that were held")
        return faults if told >= held else [*faults, f"{held} orders are held, {told} were told of"]

    def _faults_of_portal(self, portal: PortalServer) -> list[str]:
        """See that each invoice is registered once, as the portal has it; wait until none waits.

        Books that are put back forget invoices that the portal has.
        """
        end = time.monotonic() + _WHOLE_S
        while any(one["state"] == "waiting" for one in self._site.registrations()):
            if time.monotonic() > end:
                break
            time.sleep(_LOOK_S)
        told = self._site.registrations()
        self._say(f"{len(told)} invoices were to be registered")
        forgot = bool(self._blows.struck["hub_restored"])
        return find_unregistered(told, portal.registry, forgot=forgot)

    def _faults_of_hub(self) -> list[str]:
        """Let the hub check itself until it is content, and compare its list with its API's."""
        end = time.monotonic() + _WHOLE_S
        while not (said := self._site.audit())["ok"] and time.monotonic() < end:
            time.sleep(_LOOK_S)
        faults = [] if said["ok"] else [f"hub: {said['said']}"]
        try:
            with suppress(AwayError):
                self._staff.settle()
            listed = Counter(str(one["order"]) for one in self._staff.orders())
        except AwayError as error:
            return [*faults, f"the API does not answer: {error}"]
        told = Counter(one.id for one in self._site.orders())
        if listed != told:
            gone = (told - listed).total()
            more = (listed - told).total()
            faults.append(f"the API lists {more} orders more and {gone} less than `hub orders`")
        return faults


def _prepare(site: Site, distributor: Distributor, *, staff: bool) -> None:
    with site.many_commands():
        site.prepare(distributor)
        if staff:
            site.take_file("products", products_of_gst(distributor))
            site.take_file("customers", customers_of_gst(distributor))


def shops_of(options: FleetOptions) -> Distributor:
    """Give the packaged-goods distributor as many shops, and a part of its products."""
    whole = fmcg_today(imported=False)
    kept = whole.products[:PRODUCTS]
    skus = {product.sku for product in kept}
    fewer = Distributor(
        name=whole.name,
        support=whole.support,
        timezone=whole.timezone,
        pack=whole.pack,
        products=kept,
        customers=whole.customers,
        batches=tuple(batch for batch in whole.batches if batch.sku in skus),
    )
    return with_shops(fewer, options.terminals, seed=options.seed)
