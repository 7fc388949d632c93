"""Replay real orders: every one scan by scan through terminals, broker and hub."""

import itertools
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from simulators.data import (
    OrdersFile,
    Pick,
    RealOrder,
    gathered,
    terminal_of,
    wholesaler,
)
from simulators.fleet import Fleet, SimulatedCounter, run_in_loops
from simulators.scenarios.evidence import Settlement, settle
from simulators.scenarios.site import Layout, Say, Site, log_to
from terminal.app import Settings
from terminal.app.settings import BrokerSettings, load_settings

SHOWN: Final = 5
TOLD_EVERY: Final = 50
LOOPS: Final = 4


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to."""

    file: OrdersFile
    settlement: Settlement
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Give the last line of the command."""
        sums = self.settlement.reckoning
        return {
            "rows_read": self.file.rows_read,
            "rows_skipped": self.file.reasons,
            "orders_submitted": sums.submitted,
            "confirmed": sums.confirmed,
            "changed": sums.changed,
            "held": sums.held,
            "rejected": sums.rejected,
            "lines": sums.lines,
            "slips_printed": sums.slips_printed,
            "lost": len(sums.lost),
            "duplicated": len(sums.duplicated),
            "seconds": round(self.seconds, 1),
            "audit": self.settlement.audit,
        }


def replay(found: OrdersFile, folder: Path, *, say: Say) -> Replayed:
    """Order again, in `folder`, what an orders file holds; raises ScenarioError."""
    began = time.monotonic()
    _tell_skipped(found, folder, say)
    orders = list(gathered(found.lines))
    say(f"{len(found.lines)} of {found.rows_read} rows are lines of {len(orders)} orders")
    site = Site(folder, say=say)
    log_to(site.paths.logs / "fleet.log")
    distributor = wholesaler(found.lines, today=datetime.now(UTC).date())
    if site.is_prepared(distributor):
        site.add(distributor)
    else:
        site.prepare(distributor)
    with site:
        settlement = settle(site, _order_all(site, orders, say))
    for complaint in settlement.complaints():
        say(complaint)
    return Replayed(found, settlement, time.monotonic() - began)


def fleet_settings(paths: Layout, terminals: Sequence[str], *, broker_port: int) -> list[Settings]:
    """Read the terminals' ready-made configurations for use at this broker port."""
    return [
        replace(
            load_settings(paths.config(name), {}, data=paths.terminal(name), home=Path.home())[0],
            broker=BrokerSettings(port=broker_port),
        )
        for name in terminals
    ]


def _tell_skipped(found: OrdersFile, folder: Path, say: Say) -> None:
    """Write every skipped row into the folder and show the first few."""
    if not found.skipped:
        return
    listing = folder / "skipped-rows.txt"
    folder.mkdir(parents=True, exist_ok=True)
    listing.write_text("".join(f"{row}\n" for row in found.skipped), "utf-8")
    for row in found.skipped[:SHOWN]:
        say(str(row))
    say(f"{len(found.skipped)} rows are skipped; {listing} names each")


def _order_all(site: Site, orders: Sequence[RealOrder], say: Say) -> list[SimulatedCounter]:
    """Order everything at the customers' own counters, and wait until all is quiet."""
    baskets: defaultdict[str, list[tuple[Pick, ...]]] = defaultdict(list)
    for order in orders:
        baskets[terminal_of(order.customer)].append(order.picks)
    numbers = itertools.count(1)

    async def count(_: str) -> None:
        submitted = next(numbers)  # one step, so that no thread comes between
        if submitted % TOLD_EVERY == 0:
            say(f"{submitted} of {len(orders)} orders are submitted")

    async def order_at(terminals: Sequence[str]) -> list[SimulatedCounter]:
        settings = fleet_settings(site.paths, terminals, broker_port=site.broker_port)
        async with Fleet(settings) as fleet:
            await fleet.ready()
            say(f"{len(terminals)} more terminals are connected and have prices")
            await fleet.shop({name: baskets[name] for name in terminals}, after_each=count)
            await fleet.quiet()
        return list(fleet.counters.values())

    busiest_first = sorted(baskets, key=lambda name: -sum(map(len, baskets[name])))
    parts = [busiest_first[start::LOOPS] for start in range(LOOPS)]
    done = run_in_loops([partial(order_at, part) for part in parts if part])
    return [counter for part in done for counter in part]
