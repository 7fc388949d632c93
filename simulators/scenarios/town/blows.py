"""How each fault of the registry is brought about in a town, and ended."""

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulators.devices import Fault
from simulators.errors import ChildError, FleetError, SiteError
from simulators.faults import Child, Proxy
from simulators.faults.mail import MailServer
from simulators.faults.plan import Strike
from simulators.faults.postgresql import OwnPostgresql
from simulators.faults.preloaded import SlowDisk
from simulators.faults.registry import KINDS
from simulators.faults.strangers import flood, stall
from simulators.portal import PortalServer, Switch
from simulators.scenarios.site import HOST, Say, Site
from simulators.scenarios.town.streets import Street, bound_files

_YEARS_MS: Final = 5 * 365 * 86_400_000
_DELAY_S: Final = 0.3
_NARROW: Final = 20_000
_CARD_S: Final = 20.0
_TRIES: Final = 3
_WORK_S: Final = 3.0
_WEATHER: Final[dict[str, tuple[str, Any, Any]]] = {
    "line_slow": ("delay_s", _DELAY_S, 0.0),
    "line_narrow": ("bytes_per_s", _NARROW, 0),
    "line_silent": ("silent", True, False),
    "line_torn": ("tearing", True, False),
    "line_doubled": ("doubling", True, False),
    "line_shuffled": ("shuffling", True, False),
}
"""What a fault of a line changes of its weather: to what, and back."""


@dataclass(slots=True)
class Around:
    """What blows may strike: the site, its streets with a line each, its database.

    `disk` is what can be made slow, `mail` the server that takes the hub's mails, `portal` the one
    that registers its invoices.
    """

    site: Site
    streets: Sequence[Street]
    lines: Sequence[Proxy]
    database: OwnPostgresql | None
    backup: Path | None = None
    disk: SlowDisk | None = None
    mail: MailServer | None = None
    portal: PortalServer | None = None

    def possible(self) -> frozenset[str]:
        """Name the faults that can be brought about here."""
        missing: set[str] = set()
        if self.database is None:
            missing.add("database_killed")
        if self.backup is None:
            missing.add("hub_restored")
        if self.disk is None:
            missing.add("disk_slow")
        if self.mail is None:
            missing.add("mail_down")
        if self.portal is None:
            missing |= {name for name, kind in KINDS.items() if kind.part == "portal"}
        if not self.streets:
            missing |= {name for name, kind in KINDS.items() if kind.part == "terminals"}
        return frozenset(KINDS) - missing


class Blows:
    """Strikes, and counts what struck; one program is struck by one fault at a time."""

    def __init__(self, around: Around, say: Say) -> None:
        self._around = around
        self._say = say
        self._locks: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)
        self.struck: Counter[str] = Counter()
        self.failed: list[str] = []

    async def follow(self, strikes: Sequence[Strike]) -> None:
        """Strike each at its time, and wait until all of them are over."""
        began = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as all_of_them:
            for one in strikes:
                pause_s = began + one.at_s - asyncio.get_running_loop().time()
                await asyncio.sleep(max(pause_s, 0))
                all_of_them.create_task(self.strike(one))

    async def strike(self, one: Strike) -> None:
        """Bring a fault about, let it last, and end it; one that could not be ended is told."""
        self._say(f"{one.at_s:6.1f} s: {one.kind} for {one.lasts_s:.1f} s")
        await self.hold(one, begun=asyncio.Event(), over=asyncio.Event())

    async def hold(self, one: Strike, *, begun: asyncio.Event, over: asyncio.Event) -> None:
        """Bring a fault about, and end it when it is `over` or has lasted its time."""
        try:
            async with self._lock(one), self._fault(one):
                self.struck[one.kind] += 1
                begun.set()
                with suppress(TimeoutError):
                    async with asyncio.timeout(one.lasts_s):
                        await over.wait()
        except (ChildError, SiteError, FleetError, OSError) as error:
            self.failed.append(f"{one.kind} at {one.at_s} s: {error}")
            self._say(f"not ended: {self.failed[-1]}")

    def _lock(self, one: Strike) -> AbstractAsyncContextManager[Any]:
        part = KINDS[one.kind].part
        if part == "line":  # a line may be slow and doubling at once, and is slow once
            return self._locks[one.kind, self._at(one, self._around.lines)]
        return self._locks[part if part != "strangers" else one.kind, 0]

    def _fault(self, one: Strike) -> AbstractAsyncContextManager[None]:
        if one.kind in _WEATHER or KINDS[one.kind].part == "line":
            return self._line(one)
        makers: dict[str, Callable[[Strike], AbstractAsyncContextManager[None]]] = {
            "broker_killed": lambda _: self._killed(self._around.site.broker),
            "broker_frozen": lambda _: self._frozen(self._around.site.broker),
            "hub_killed": lambda one: self._killed(self._program(one)),
            "hub_killed_at_work": lambda one: self._killed(self._worker(one), at_work=True),
            "disk_slow": lambda _: self._slow(),
            "mail_down": lambda _: self._without_mail(),
            "portal_down": lambda _: self._portal_wrong("down"),
            "portal_late": lambda _: self._portal_wrong("late"),
            "hub_frozen": lambda one: self._frozen(self._program(one)),
            "hub_disk_full": lambda one: self._full(self._program(one)),
            "hub_restored": lambda _: self._restored(),
            "database_killed": lambda _: self._database(),
            "street_dark": self._dark,
            "terminal_disk_full": self._terminal_full,
            "clock_wrong": self._clock,
            "paper_out": lambda one: self._printers(one, Fault.PAPER_OUT),
            "cover_open": lambda one: self._printers(one, Fault.COVER_OPEN),
            "card_swapped": self._card,
            "stranger_floods": lambda _: self._strangers(flood, self._around.site.broker_port),
            "stranger_stalls": lambda _: self._strangers(stall, self._around.site.http_port),
        }
        return makers[one.kind](one)

    def _at(self, one: Strike, many: Sequence[object]) -> int:
        return int(one.where * len(many))

    def _program(self, one: Strike) -> Child:
        """Choose the program that is struck: a worker three times of four, where there are some."""
        programs = [*self._around.site.workers * _TRIES, *self._around.site.programs]
        return programs[self._at(one, programs)]

    def _worker(self, one: Strike) -> Child:
        workers = self._around.site.workers
        return workers[self._at(one, workers)]

    def _street(self, one: Strike) -> Street:
        return self._around.streets[self._at(one, self._around.streets)]

    @asynccontextmanager
    async def _line(self, one: Strike) -> AsyncIterator[None]:
        line = self._around.lines[self._at(one, self._around.lines)]
        if one.kind == "line_reset":
            line.drop()
            yield
            return
        if one.kind == "line_refused":
            line.cut()
            yield
            line.restore()
            return
        name, bad, good = _WEATHER[one.kind]
        setattr(line.weather, name, bad)
        yield
        setattr(line.weather, name, good)

    @asynccontextmanager
    async def _killed(self, child: Child, *, at_work: bool = False) -> AsyncIterator[None]:
        """Kill a program; `at_work` waits a while until it is in the middle of an order."""
        if at_work:
            await asyncio.to_thread(child.wait_for_work, within_s=_WORK_S)
        child.kill()
        yield
        await self._start(child)

    async def _start(self, child: Child) -> None:
        """Start a program again, as its supervisor does: more than once where that fails."""
        for tries_left in reversed(range(_TRIES)):
            try:
                child.launch()
                await asyncio.to_thread(child.wait_ready)
            except ChildError:
                if not tries_left:
                    raise
                await asyncio.sleep(1)
            else:
                return

    @asynccontextmanager
    async def _frozen(self, child: Child) -> AsyncIterator[None]:
        child.freeze()
        yield
        child.thaw()

    @asynccontextmanager
    async def _full(self, child: Child) -> AsyncIterator[None]:
        bound_files(child.pid, 0)
        yield
        bound_files(child.pid, None)
        if not child.alive:  # its supervisor starts it again
            child.kill()
            await self._start(child)

    @asynccontextmanager
    async def _slow(self) -> AsyncIterator[None]:
        disk = self._around.disk
        assert disk is not None  # noqa: S101  # else it is not possible here
        disk.slow()
        yield
        disk.mend()

    @asynccontextmanager
    async def _without_mail(self) -> AsyncIterator[None]:
        mail = self._around.mail
        assert mail is not None  # noqa: S101  # else it is not possible here
        mail.down = True
        yield
        mail.down = False

    @asynccontextmanager
    async def _portal_wrong(self, how: Switch) -> AsyncIterator[None]:
        portal = self._around.portal
        assert portal is not None  # noqa: S101  # else it is not possible here
        portal.switch(how)
        yield
        portal.switch(how, on=False)

    @asynccontextmanager
    async def _restored(self) -> AsyncIterator[None]:
        """Put the books back from the last backup, and take a new one for the next time."""
        site, backup = self._around.site, self._around.backup
        assert backup is not None  # noqa: S101  # else it is not possible here
        async with self._locks["broker", 0]:
            for child in (*site.programs, site.broker):
                child.kill()
            await asyncio.to_thread(site.restore, backup)
            yield
            for child in (site.broker, *site.programs):
                await self._start(child)
        fresh = backup.with_name(f"backup-{self.struck.total()}.tar")
        await asyncio.to_thread(site.backup, fresh)
        self._around.backup = fresh

    @asynccontextmanager
    async def _database(self) -> AsyncIterator[None]:
        database = self._around.database
        assert database is not None  # noqa: S101  # else it is not possible here
        await asyncio.to_thread(database.kill)
        yield
        await asyncio.to_thread(database.restart)

    @asynccontextmanager
    async def _dark(self, one: Strike) -> AsyncIterator[None]:
        street = self._street(one)
        street.kill()
        yield
        street.start()

    @asynccontextmanager
    async def _terminal_full(self, one: Strike) -> AsyncIterator[None]:
        street = self._street(one)
        street.bound_files(0)
        yield
        street.bound_files(None)

    @asynccontextmanager
    async def _clock(self, one: Strike) -> AsyncIterator[None]:
        street = self._street(one)
        street.tell("clock", _YEARS_MS if one.where < 1 / 2 else -_YEARS_MS)
        yield
        street.tell("clock", 0)

    @asynccontextmanager
    async def _printers(self, one: Strike, fault: Fault) -> AsyncIterator[None]:
        street = self._street(one)
        street.tell("fail", fault)
        yield
        street.tell("repair", fault)

    @asynccontextmanager
    async def _card(self, one: Strike) -> AsyncIterator[None]:
        where = one.where * len(self._around.streets) % 1
        await self._street(one).ask("card", where, within_s=_CARD_S)
        yield

    @asynccontextmanager
    async def _strangers(
        self, act: Callable[[str, int, threading.Event], int], port: int
    ) -> AsyncIterator[None]:
        over = threading.Event()
        acting = asyncio.create_task(asyncio.to_thread(act, HOST, port, over))
        yield
        over.set()
        await acting
