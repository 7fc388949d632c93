"""A storm: hub, broker and counters are killed, books put back and cards swapped, amid orders."""

import contextlib
import json
import random
import shutil
import time
from collections import Counter as Tally
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from simulators.data import ORDERS, Pick, gathered, read_orders, terminal_of, wholesaler
from simulators.fleet import SUBMIT
from simulators.scenarios.daemon import DaemonCounter, State
from simulators.scenarios.evidence import Settlement, order_slips
from simulators.scenarios.reckoning import CounterOrder, reckon
from simulators.scenarios.site import Say, Site
from terminal.store import audit, read_records
from terminal.store.database import open_for_reading

KILLS: Final = 200
COUNTERS: Final = 3
_ROWS: Final = 300
_MOST_PICKS: Final = 3
_CALM_EVERY: Final = 12
_WHOLE_S: Final = 180.0
_LOOK_S: Final = 0.5
_BLOWS: Final = {"hub": 30, "broker": 20, "counter": 35, "restore": 8, "card": 7}
"""What strikes, and how often of a hundred times."""
_PAYLOADS: Final = "SELECT payload FROM orders"
_MOMENTS: Final = ("before", "amid", "after")


@dataclass(frozen=True, slots=True)
class Weathered:
    """What a storm came to: how often what struck, and what became of the orders."""

    seed: int
    blows: Tally[str]
    refused: int
    settlement: Settlement
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Give the last line of the command."""
        sums = self.settlement.reckoning
        return {
            "kills": self.blows.total(),
            "seed": self.seed,
            **{name: self.blows[name] for name in _BLOWS},
            "submitted": sums.submitted,
            "lost": len(sums.lost),
            "doubled": len(sums.duplicated),
            "refused": self.refused,
            "seconds": round(self.seconds, 1),
            "audit": self.settlement.audit,
        }


def storm(folder: Path, *, kills: int, seed: int, say: Say) -> Weathered:
    """Weather a storm in `folder`; the same seed strikes the same. Raises ScenarioError.

    The distributor has the busiest customers of the real orders alone: after the books were put
    back each of its terminals has to be heard.
    """
    lines = read_orders(ORDERS).lines[:_ROWS]
    orders = Tally(order.customer for order in gathered(lines))
    busiest = {customer for customer, _ in orders.most_common(COUNTERS)}
    lines = [line for line in lines if line.customer in busiest]
    distributor = wholesaler(lines, today=datetime.now(UTC).date())
    site = Site(folder, say=say)
    if not site.is_prepared(distributor):
        site.prepare(distributor)
    baskets: dict[str, list[tuple[Pick, ...]]] = {}
    for order in gathered(lines):
        picks = tuple({one.sku: Pick(one.sku, 1) for one in order.picks[:_MOST_PICKS]}.values())
        baskets.setdefault(terminal_of(order.customer), []).append(picks)
    with site:
        return weather(site, baskets, kills=kills, seed=seed, say=say)


def weather(
    site: Site, baskets: dict[str, list[tuple[Pick, ...]]], *, kills: int, seed: int, say: Say
) -> Weathered:
    """Weather a storm at a site that runs; its counters order from their baskets."""
    began = time.monotonic()
    with ExitStack() as stack:
        counters = [
            stack.enter_context(DaemonCounter(name, site.paths, broker_port=site.broker_port))
            for name in sorted(baskets)
        ]
        front = _Front(site, counters, baskets=baskets, chance=random.Random(seed), say=say)
        front.blow(kills)
        settlement, refused = front.settle()
    return Weathered(seed, front.blows, refused, settlement, time.monotonic() - began)


class _Front:
    """One storm: what it has struck, and what it keeps for later blows."""

    def __init__(
        self,
        site: Site,
        counters: Sequence[DaemonCounter],
        *,
        baskets: dict[str, list[tuple[Pick, ...]]],
        chance: random.Random,
        say: Say,
    ) -> None:
        self.blows: Tally[str] = Tally()
        self._site = site
        self._counters = counters
        self._baskets = {one.id: cycle(baskets[one.id]) for one in counters}
        self._chance = chance
        self._say = say
        self._backup = Path()
        self._images: dict[str, Path] = {}
        self._retired: list[tuple[str, Path]] = []

    def blow(self, kills: int) -> None:
        """Strike so often, each time amid an order."""
        for counter in self._counters:
            counter.ready()
        for number in range(kills):
            if number % _CALM_EVERY == 0:
                self._calm()
            counter = self._chance.choice(self._counters)
            (what,) = self._chance.choices(list(_BLOWS), list(_BLOWS.values()))
            moment = self._chance.choice(_MOMENTS)
            self._say(f"{number + 1} of {kills}: {what}, {moment} an order of {counter.id}")
            self._order(counter, what, moment)
            self.blows[what] += 1

    def _order(self, counter: DaemonCounter, what: str, moment: str) -> None:
        """Have an order made, and strike before it, before it is submitted or right after."""
        if moment == "before":
            self._strike(what)
        if not counter.state()["lines"]:  # else it is what a kill left open
            counter.scan_products(next(self._baskets[counter.id]))
        if moment == "amid":
            self._strike(what)
        counter.scanner.scan(SUBMIT)
        if moment == "after":
            self._strike(what)
        if moment == "after" and what in {"counter", "card"} and counter.state()["lines"]:
            counter.scanner.scan(SUBMIT)  # the kill was faster; a second one asks for the first
        counter.until(_is_stored, "storing an order")

    def _strike(self, what: str) -> None:
        if what == "restore":
            self._put_back()
        elif what == "card":
            self._swap_card(self._chance.choice(self._counters))
        else:
            named = {"hub": self._site.hub, "broker": self._site.broker}
            child = named.get(what) or self._chance.choice(self._counters).child
            child.kill()
            child.start()

    def _put_back(self) -> None:
        """Kill hub and broker, and put the books back as they were at the last calm."""
        for child in (self._site.hub, self._site.broker):
            child.kill()
        self._site.restore(self._backup)
        for child in (self._site.broker, self._site.hub):
            child.start()

    def _swap_card(self, counter: DaemonCounter) -> None:
        """Give a counter a new card, or the image of an older one, and take the books' backup.

        What is on the old card alone is gone with it: so all of it is answered before, and books
        that were put back have heard of it.
        """
        counter.quiet()
        self._until_whole()
        counter.child.kill()
        retired = counter.folder.with_name(f"{counter.id}-retired-{len(self._retired)}")
        counter.folder.rename(retired)
        self._retired.append((counter.id, retired))
        image = self._images.pop(counter.id, None)
        if image is not None and self._chance.random() < 1 / 2:
            shutil.copytree(image, counter.folder)
        counter.child.start()
        counter.ready()
        self._back_up()

    def _calm(self) -> None:
        """Wait until all is answered; then take the image of a card, and the books' backup."""
        for counter in self._counters:
            counter.quiet()
        counter = self._chance.choice(self._counters)
        counter.child.stop()
        image = counter.folder.with_name(f"{counter.id}-image-{self.blows.total()}")
        shutil.copytree(counter.folder, image)
        self._images[counter.id] = image
        counter.child.start()
        self._back_up()

    def _back_up(self) -> None:
        self._backup = self._site.paths.folder / f"backup-{time.monotonic_ns()}.tar"
        self._site.backup(self._backup)

    def settle(self) -> tuple[Settlement, int]:
        """Wait until all is quiet and everybody was heard; then compare, and count refusals."""
        for counter in self._counters:
            counter.quiet()
        with self._site.many_commands():
            said, at_hub = self._until_whole(), self._site.orders()
        faults = [] if said["ok"] else [f"hub: {said['said']}"]
        folders = [*self._retired, *((one.id, one.folder) for one in self._counters)]
        for name, folder in folders:
            faults += [f"{name}: {fault}" for fault in audit(folder).faults]
        orders = {one.id: one for one in self._at_counters(folders)}
        reckoning = reckon(list(orders.values()), at_hub)
        refused = sum(one.status == "refused" for one in orders.values())
        return Settlement(reckoning, tuple(faults)), refused

    def _until_whole(self) -> Mapping[str, Any]:
        """Wait until the audit finds nothing: every terminal has given back what it keeps."""
        deadline = time.monotonic() + _WHOLE_S
        with self._site.many_commands():
            while not (said := self._site.audit())["ok"] and time.monotonic() < deadline:
                time.sleep(_LOOK_S)
        return said

    def _at_counters(self, folders: Sequence[tuple[str, Path]]) -> Iterator[CounterOrder]:
        """Give the orders of all cards, of an older and a newer one the newer's word last."""
        paper = {one.id: order_slips(one.slips()) for one in self._counters}
        for name, folder in folders:
            lines = _lines_of(folder)
            for record in read_records(folder):
                yield CounterOrder(
                    id=record.order,
                    terminal=name,
                    seq=record.seq,
                    status=record.status,
                    lines=lines[record.order],
                    slips=tuple(paper[name].get(record.order, ())),
                )


def _is_stored(state: State) -> bool:
    return not state["lines"]


def _lines_of(folder: Path) -> dict[str, int]:
    """Count the lines of each order on a card."""
    with contextlib.closing(open_for_reading(folder)) as database:
        orders = (json.loads(row[0])["data"] for row in database.execute(_PAYLOADS))
        return {order["order"]: len(order["lines"]) for order in orders}
