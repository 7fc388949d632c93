"""The commands of the test bench: a fleet, its faults, scenarios and bundles."""

import argparse
import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from simulators.scenarios.command_parts import (
    BROKEN_PROMISE,
    OK,
    add_command,
    add_run_options,
    kept,
    new_folder,
    say,
    summary,
    whole_number,
)

_MOST_TERMINALS: Final = 5_000
_MOST_WORKERS: Final = 16
_MOST_PROCESSES: Final = 64
_LONGEST_S: Final = 86_400
_MOST_ORDERS: Final = 1_000
_FLEET_EXAMPLES: Final = """examples:
  %(prog)s --terminals 40 --orders-per-s 4 --for 60s
  %(prog)s --terminals 500 --orders-per-s 20 --for 10m --faults storm.yaml --seed 7 --json
  %(prog)s --database postgresql --workers 3 --for 3m

Starts a broker, a hub and that many real terminals with simulated devices. Shops order by their
habits, staff releases, receives, delivers, bills and takes money, and faults strike as the seed
says. At the end terminals, paper, hub, API and both audits are compared. Exits with 1 where an
order was lost or came twice, more was promised than there was, a limit was passed, or an audit
found something; a bundle that `sim run` plays again is then beside the files.

--faults is `none`, `all`, or a YAML file: every: 10s, kinds: {hub_killed: {weight: 3, for: 2s}},
at: [{time: 30s, kind: broker_killed, for: 3s}]. `sim faults` lists the kinds.
"""
_FAULTS_EXAMPLES: Final = """examples:
  %(prog)s
  %(prog)s --json
"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    fleet = add_command(
        commands, "fleet", examples=_FLEET_EXAMPLES, purpose="a town of terminals under faults"
    )
    number = partial(whole_number, most=_MOST_TERMINALS)
    fleet.add_argument("--terminals", metavar="N", type=number, default=40, help="how many (40)")
    fleet.add_argument(
        "--orders-per-s", metavar="R", type=_rate, default=4.0, help="of all of them together (4)"
    )
    fleet.add_argument(
        "--for", dest="for_s", metavar="T", type=_duration, default=60.0, help="a day of it (60s)"
    )
    fleet.add_argument("--faults", metavar="FILE", default="all", help="all, none or a file (all)")
    fleet.add_argument("--seed", metavar="S", type=int, default=1, help="what strikes when (1)")
    fleet.add_argument(
        "--database",
        metavar="WHERE",
        default="sqlite",
        help="sqlite, postgresql (a server of its own), or a URL (sqlite)",
    )
    workers = partial(whole_number, most=_MOST_WORKERS)
    text = "processes that take orders, of a hub on PostgreSQL (one that does everything)"
    fleet.add_argument("--workers", metavar="W", type=workers, default=0, help=text)
    processes = partial(whole_number, most=_MOST_PROCESSES)
    text = "that the terminals live in (2)"
    fleet.add_argument("--processes", metavar="P", type=processes, default=2, help=text)
    fleet.add_argument("--no-staff", action="store_true", help="nobody releases or delivers")
    add_run_options(fleet)
    faults = add_command(
        commands, "faults", examples=_FAULTS_EXAMPLES, purpose="everything that can go wrong here"
    )
    faults.add_argument("--json", action="store_true", help="one line of JSON a fault")


def run_fleet(options: argparse.Namespace) -> int:
    """Run a fleet."""
    from simulators.errors import UnavailableError  # noqa: PLC0415
    from simulators.faults.plan import CALM, FaultPlan, read_plan  # noqa: PLC0415
    from simulators.scenarios.town.options import FleetOptions  # noqa: PLC0415

    if options.workers and options.database == "sqlite":
        raise UnavailableError("one process writes to SQLite: add --database postgresql")
    plans = {"none": CALM, "all": FaultPlan()}
    plan = plans.get(options.faults)
    if plan is None:
        plan = read_plan(Path(options.faults), for_s=options.for_s)
    asked = FleetOptions(
        terminals=options.terminals,
        orders_per_s=options.orders_per_s,
        for_s=options.for_s,
        seed=options.seed,
        plan=plan,
        database=options.database,
        workers=options.workers,
        processes=options.processes,
        staff=not options.no_staff,
    )
    return live_and_tell(asked, options)


def live_and_tell(asked: object, options: argparse.Namespace) -> int:
    """Run a fleet with these options, tell what became of it, and bundle what broke a promise."""
    from simulators.scenarios.town.bundle import write_bundle  # noqa: PLC0415
    from simulators.scenarios.town.options import FleetOptions  # noqa: PLC0415
    from simulators.scenarios.town.town import live  # noqa: PLC0415

    assert isinstance(asked, FleetOptions)  # noqa: S101  # typed late: --help is answered at once
    with kept(options.data or new_folder()) as folder:
        say(f"files: {folder}")
        done = asyncio.run(live(folder, asked, say=say))
        for complaint in done.complaints():
            say(complaint)
        said = done.as_json()
        if not done.sound:
            said["bundle"] = str(write_bundle(folder, asked, said, done.complaints()))
    if not options.json:
        print(summary(said))
    print(json.dumps(said))
    return OK if done.sound else BROKEN_PROMISE


def run_faults(options: argparse.Namespace) -> int:
    """List the faults."""
    from dataclasses import asdict  # noqa: PLC0415

    from simulators.faults.registry import KINDS  # noqa: PLC0415

    for kind in KINDS.values():
        if options.json:
            print(json.dumps(asdict(kind)))
        else:
            lasts = f"{kind.lasts_s:g} s at most" if kind.lasts_s else "at once"
            print(f"{kind.name:20} {lasts:14} {kind.purpose}")
    return OK


def _duration(text: str) -> float:
    from simulators.faults.plan import read_duration  # noqa: PLC0415

    try:
        seconds = read_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if not 1 <= seconds <= _LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text} is not from 1s to 24h")
    return seconds


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= _MOST_ORDERS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a rate above 0, {_MOST_ORDERS} at most")
    return rate


COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "fleet": run_fleet,
    "faults": run_faults,
}
"""What each command does."""
