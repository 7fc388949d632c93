"""A street: a process with many real terminals, whose shops order by their habits."""

import asyncio
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import msgspec

from broker.contract.codec import decode_down
from broker.contract.messages import Answer, AnswerData, Notice, NoticeData, Order
from simulators.data import Pick
from simulators.devices import Fault
from simulators.errors import MisreadError
from simulators.fleet import SimulatedCounter
from simulators.fleet.habits import Customs, draw_shops
from simulators.scenarios.evidence import order_slips
from simulators.scenarios.reckoning import CounterOrder, PaperSlip
from simulators.scenarios.site import log_to
from simulators.scenarios.town.checking import Promise
from terminal.app import Settings
from terminal.store import audit, read_records
from terminal.store.database import open_for_reading

TICK_S: Final = 1.0
_STARTS_AT_ONCE: Final = 24
_RESTART_S: Final = 2.0
_LATE_S: Final = 2.0
"""A street that is further behind its pace lets go of what it should have ordered."""
_CARD_QUIET_S: Final = 15.0
_ACKED_S: Final = 3.0
_order: Final = msgspec.json.Decoder(Order)


@dataclass(frozen=True, slots=True)
class StreetPlan:
    """What a street is told before it starts: its terminals, and what is ordered there."""

    number: int
    settings: tuple[Settings, ...]
    skus: tuple[str, ...]
    real: tuple[tuple[Pick, ...], ...]
    seed: int
    log: Path


@dataclass(slots=True)
class Tick:
    """What happened in a street since its last word: orders by terminal, sequence and lines."""

    asked: list[tuple[str, int, int]] = field(default_factory=list)
    waits_ms: list[float] = field(default_factory=list)
    paper: list[PaperSlip] = field(default_factory=list)
    sendings: int = 0
    misread: int = 0
    stopped: list[str] = field(default_factory=list)
    queued: int = 0
    linked: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What a street's terminals have in their own stores at the end, and what they complain of."""

    orders: tuple[CounterOrder, ...]
    promises: tuple[Promise, ...]
    faults: tuple[str, ...]
    waiting: tuple[str, ...]


def serve_street(plan: StreetPlan, pipe: Connection) -> None:
    """Run a street until its town closes the pipe."""
    log_to(plan.log)
    asyncio.run(_Street(plan, pipe).run())


class _Street:
    """The terminals of one process, and the hands at them."""

    def __init__(self, plan: StreetPlan, pipe: Connection) -> None:
        self._plan = plan
        self._pipe = pipe
        names = [one.id for one in plan.settings]
        shops = draw_shops(names, plan.skus, seed=plan.seed)
        self._customs = Customs(shops, seed=plan.seed, skus=plan.skus, real=plan.real)
        self._draw = random.Random(f"{plan.seed} pace {plan.number}")
        self._counters: dict[str, SimulatedCounter] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ordering: dict[str, asyncio.Task[None]] = {}
        self._trading: asyncio.Task[None] | None = None
        self._tick = Tick()
        self._slow_start = asyncio.Semaphore(_STARTS_AT_ONCE)

    async def run(self) -> None:
        """Start every terminal, and do what the town says."""
        told: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        threading.Thread(target=_listen, args=(self._pipe, loop, told), daemon=True).start()
        for settings in self._plan.settings:
            self._running[settings.id] = asyncio.create_task(self._keep(settings))
        ticking = asyncio.create_task(self._report())
        while True:
            word, said = await told.get()
            if word == "close":
                break
            await getattr(self, f"_on_{word}")(said)
        for task in (ticking, self._trading, *self._ordering.values(), *self._running.values()):
            if task is not None:
                task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        self._pipe.send(("closed", None))

    async def _keep(self, settings: Settings) -> None:
        """Run a terminal, and start it again where it stopped, as its machine does."""
        while True:
            try:
                await self._live(SimulatedCounter(settings))
            except Exception as error:  # noqa: BLE001  # whatever it is, it is told and started again
                self._tick.stopped.append(f"{settings.id}: {error!r}")
                await asyncio.sleep(_RESTART_S)

    async def _live(self, counter: SimulatedCounter) -> None:
        """Run a terminal to its end; only so many of a street are on their way to the broker."""
        self._counters[counter.id] = counter
        running = asyncio.create_task(counter.run())
        try:
            async with self._slow_start:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_RESTART_S):
                        await counter.until(lambda seen: seen.link == "online")
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _on_ready(self, within_s: float) -> None:
        """Say which terminals did not get their prices in time."""
        self._pipe.send(("ready", await self._wait(SimulatedCounter.ready, within_s)))

    async def _on_trade(self, said: tuple[float, float, float]) -> None:
        """Order so many times a second, a day of so many seconds, of which some have passed."""
        self._trading = asyncio.create_task(self._trade(*said))

    async def _on_order(self, said: tuple[str, tuple[Pick, ...]]) -> None:
        """Order at a counter; says what its screen said against it, empty where all was taken."""
        name, picks = said
        counter = self._counters[name]
        before = len(counter.asked)
        try:
            await counter.clear()
            await counter.order(picks)
        except MisreadError as error:
            self._pipe.send(("order", str(error)))
        else:
            self._pipe.send(("order", ""))
        self._tick.asked += [(name, one.seq, one.lines) for one in counter.asked[before:]]

    async def _on_scan(self, said: tuple[str, tuple[str, ...]]) -> None:
        """Scan codes at a counter; says what its screen said against one."""
        name, codes = said
        try:
            await self._counters[name].scan(*codes)
        except MisreadError as error:
            self._pipe.send(("scan", str(error)))
        else:
            self._pipe.send(("scan", ""))

    async def _on_look(self, said: tuple[str, None]) -> None:
        """Say what a counter shows, and what was printed there."""
        counter = self._counters[said[0]]
        self._collect(counter)
        screen = counter.screen
        self._pipe.send(
            (
                "look",
                {
                    "link": screen.link,
                    "queued": screen.queued,
                    "slips_waiting": screen.slips_waiting,
                    "lines": len(screen.lines),
                    "said": screen.said,
                    "printer": screen.printer,
                },
            )
        )

    async def _on_rest(self, _: None) -> None:
        """Order no more; a hand that is in the middle of an order ends it."""
        if self._trading is not None:
            self._trading.cancel()
            await asyncio.gather(self._trading, return_exceptions=True)
        await asyncio.gather(*self._ordering.values(), return_exceptions=True)
        self._pipe.send(("rest", None))

    async def _on_quiet(self, within_s: float) -> None:
        """Say which terminals still wait for answers or paper after so long."""
        self._pipe.send(("quiet", await self._wait(SimulatedCounter.quiet, within_s)))

    async def _on_clock(self, off_ms: int) -> None:
        for counter in self._third():
            counter.clock.off_ms = off_ms

    async def _on_fail(self, fault: Fault) -> None:
        for counter in self._third():
            counter.printer.fail(fault)

    async def _on_repair(self, fault: Fault) -> None:
        for counter in self._counters.values():
            counter.printer.repair(fault)

    async def _on_card(self, where: float) -> None:
        """Give a terminal a new card, once nothing is on the old one that the hub has not."""
        settings = self._plan.settings[int(where * len(self._plan.settings))]
        counter = self._counters.get(settings.id)
        if counter is None or settings.id in self._ordering:
            self._pipe.send(("card", False))
            return
        self._ordering[settings.id] = asyncio.create_task(asyncio.sleep(_CARD_QUIET_S * 2))
        try:
            async with asyncio.timeout(_CARD_QUIET_S):
                await counter.quiet()
            # Until its acknowledgements are out: else the hub tells the new card of the order, too.
            await asyncio.sleep(_ACKED_S)
        except TimeoutError:
            self._pipe.send(("card", False))
        else:
            await self._swap(settings)
            self._pipe.send(("card", True))
        finally:
            self._ordering.pop(settings.id).cancel()

    async def _swap(self, settings: Settings) -> None:
        task = self._running[settings.id]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self._collect(self._counters.pop(settings.id))
        retired = settings.data.with_name(f"{settings.id}-retired-{time.monotonic_ns()}")
        settings.data.rename(retired)
        self._running[settings.id] = asyncio.create_task(self._keep(settings))

    async def _on_settle(self, _: None) -> None:
        """Say what every store holds, of retired cards as well."""
        folders = [(one.id, one.data) for one in self._plan.settings]
        for name, data in list(folders):
            folders += [(name, old) for old in sorted(data.parent.glob(f"{name}-retired-*"))]
        orders: list[CounterOrder] = []
        promises: list[Promise] = []
        faults: list[str] = []
        for name, folder in folders:
            if not folder.exists():
                continue
            orders += await asyncio.to_thread(read_orders_of, name, folder)
            promises += await asyncio.to_thread(read_promises_of, name, folder)
            report = await asyncio.to_thread(audit, folder)
            faults += [f"{name}: {fault}" for fault in report.faults]
        waiting = tuple(name for name, one in self._counters.items() if one.screen.queued)
        self._send_tick()
        self._pipe.send(
            ("settled", Settled(tuple(orders), tuple(promises), tuple(faults), waiting))
        )

    def _third(self) -> list[SimulatedCounter]:
        return list(self._counters.values())[::3]

    async def _wait(self, wait: Any, within_s: float) -> list[str]:  # noqa: ANN401  # a method of the counter
        """Wait for all terminals; gives the names of those that did not come to it."""

        async def one(name: str) -> None:
            while True:
                counter = self._counters.get(name)
                with suppress(TimeoutError):
                    async with asyncio.timeout(_RESTART_S):
                        if counter is not None:
                            await wait(counter)
                            return
                await asyncio.sleep(0)
                if counter is None:
                    await asyncio.sleep(_RESTART_S)

        waits = {one_.id: asyncio.create_task(one(one_.id)) for one_ in self._plan.settings}
        _, late = await asyncio.wait(waits.values(), timeout=within_s)
        for task in late:
            task.cancel()
        return [name for name, task in waits.items() if task in late]

    async def _trade(self, rate: float, day_s: float, passed_s: float) -> None:
        """Order at random moments, `rate` times a second; nobody waits for an answer."""
        due = time.monotonic()
        began = due - passed_s
        while True:
            due += self._draw.expovariate(rate)
            now = time.monotonic()
            if now - due > _LATE_S:
                due = now
            await asyncio.sleep(max(due - now, 0))
            day = min((time.monotonic() - began) / day_s, 1.0)
            name = self._customs.next_shop(day, frozenset(self._ordering))
            if name is not None and name in self._counters:
                self._ordering[name] = asyncio.create_task(self._order(name))

    async def _order(self, name: str) -> None:
        counter = self._counters[name]
        before = len(counter.asked)
        try:
            await counter.clear()
            await counter.order(self._customs.next_basket(name))
        except MisreadError:
            self._tick.misread += 1
        except Exception as error:  # noqa: BLE001  # a store that is closed under the hand
            self._tick.stopped.append(f"{name}: {error!r}")
        finally:
            self._tick.asked += [(name, one.seq, one.lines) for one in counter.asked[before:]]
            self._ordering.pop(name, None)

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._send_tick()

    def _send_tick(self) -> None:
        for counter in self._counters.values():
            self._collect(counter)
            self._tick.queued += counter.screen.queued
            self._tick.linked += counter.screen.link == "online"
        tick, self._tick = self._tick, Tick()
        self._pipe.send(("tick", tick))

    def _collect(self, counter: SimulatedCounter) -> None:
        """Take waits and paper of a terminal; neither is kept there."""
        self._tick.waits_ms += counter.watch.take_waits_ms()
        self._tick.sendings += counter.watch.sendings
        counter.watch.sendings = 0
        slips = order_slips(counter.printer.paper.carry_off())
        self._tick.paper += [slip for of_order in slips.values() for slip in of_order]


def read_orders_of(terminal: str, folder: Path) -> list[CounterOrder]:
    """Read the orders on a card, with the number of lines that were sent."""
    with closing(open_for_reading(folder)) as database:
        sent = [_order.decode(row[0]) for row in database.execute("SELECT payload FROM orders")]
    lines = {one.data.order: len(one.data.lines) for one in sent}
    return [
        CounterOrder(
            id=record.order,
            terminal=terminal,
            seq=record.seq,
            status="refused" if record.state == "parked" else record.status,
            lines=lines.get(record.order, 0),
        )
        for record in read_records(folder)
    ]


def read_promises_of(terminal: str, folder: Path) -> list[Promise]:
    """Read what the hub told of the orders on a card: of each the newest word."""
    told: dict[str, list[AnswerData | NoticeData]] = {}
    with closing(open_for_reading(folder)) as database:
        rows = database.execute(
            "SELECT payload FROM answers WHERE kind <> 'refused' ORDER BY order_id, revision"
        ).fetchall()
    for (payload,) in rows:
        message = decode_down(payload)
        if isinstance(message, Answer | Notice):
            told.setdefault(message.data.order, []).append(message.data)
    return [_promise(terminal, words) for words in told.values()]


def _promise(terminal: str, told: Sequence[AnswerData | NoticeData]) -> Promise:
    """Put the words on one order together: the newest state, the newest decision."""
    decided = [one if isinstance(one, AnswerData) else one.decision for one in told]
    decision = next((one for one in reversed(decided) if one is not None), None)
    goods: Counter[str] = Counter()
    if decision is not None:
        for line in decision.lines:
            goods[line.sku] += line.qty
        for gift in decision.free:
            goods[gift.sku] += gift.qty
    return Promise(
        terminal=terminal,
        status=told[-1].status,
        goods=goods,
        payable=decision.totals.payable if decision and decision.totals else 0,
        on_credit=decision is not None and decision.payment in {None, "credit"},
        unaided=told[0].status in {"confirmed", "confirmed_changed"},
    )


def _listen(
    pipe: Connection, loop: asyncio.AbstractEventLoop, told: asyncio.Queue[tuple[str, Any]]
) -> None:
    """Pass on what the town says; with the town gone, end at once."""
    while True:
        try:
            said = pipe.recv()
        except (EOFError, OSError):
            os._exit(1)
        loop.call_soon_threadsafe(told.put_nowait, said)
