"""The commands of the test bench: a fleet, its faults, scenarios and bundles."""

import argparse
import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

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

_BENCH: Final = "http://127.0.0.1:8070"
_PATIENCE_S: Final = 150
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
_RUN_EXAMPLES: Final = """examples:
  %(prog)s line-down
  %(prog)s ./mine.yaml --json
  %(prog)s ./bundle.tar.gz

A scenario is a YAML file with name, purpose, steps and what to expect. Its steps:
  order: {at: shop-01, lines: 2}         scan: {at: shop-01, codes: [8901030865237]}
  fault: {kind: hub_killed}              end: hub_killed
  wait: {at: shop-01, until: queued}     wait: {for: 2s}
  staff: 3                               play: other.yaml
  repeat: {times: 3, steps: [...]}
Those that are shipped are in simulators/scenarios/scripts/library. Exits with 1 where a promise was
broken or a sum is not as expected, with 2 where the file cannot be played: a scenario that never
ends is refused.
"""
_SWITCH_EXAMPLES: Final = """examples:
  %(prog)s
  %(prog)s hub_killed on
  %(prog)s hub_killed off --bench http://127.0.0.1:8070

Breaks and mends what the page of a running demonstration breaks and mends; without a fault it lists
them with what is going on. The same calls are described at /openapi.json of the bench.
"""
_PORTAL_EXAMPLES: Final = """examples:
  %(prog)s
  %(prog)s --port 8090 --switch late --switch refuse
  curl -X POST http://127.0.0.1:8090/switches/down/on

Stands in for the government's portal of e-invoices until Ctrl-C; what it registers is registered
nowhere. A hub is told of it by einvoice_url = "http://127.0.0.1:8090" in its hub.toml.
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
    script = add_command(
        commands, "run", examples=_RUN_EXAMPLES, purpose="play a scenario, or a bundle again"
    )
    script.add_argument("file", help="a scenario's file or name, or a bundle.tar.gz")
    add_run_options(script)
    switch = add_command(
        commands, "switch", examples=_SWITCH_EXAMPLES, purpose="break something at a bench"
    )
    switch.add_argument("fault", nargs="?", help="a fault of `sim faults`")
    switch.add_argument("state", nargs="?", choices=("on", "off"), default="on")
    switch.add_argument("--bench", metavar="URL", default=_BENCH, help=f"its page ({_BENCH})")
    _add_portal(commands)
    faults = add_command(
        commands, "faults", examples=_FAULTS_EXAMPLES, purpose="everything that can go wrong here"
    )
    faults.add_argument("--json", action="store_true", help="one line of JSON a fault")


def _add_portal(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    portal = add_command(
        commands, "portal", examples=_PORTAL_EXAMPLES, purpose="a portal of e-invoices to try"
    )
    portal.add_argument("--port", metavar="PORT", type=int, default=8090, help="where (8090)")
    portal.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help="sign codes, and write the public key that checks them here (einvoice_key)",
    )
    portal.add_argument(
        "--switch",
        metavar="NAME",
        action="append",
        default=[],
        help="what is wrong from the start",
    )


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
            said["bundle"] = str(
                write_bundle(folder, asked, said=said, complaints=done.complaints())
            )
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


def run_script(options: argparse.Namespace) -> int:
    """Play a scenario, or run a bundle's fleet again."""
    from simulators.scenarios.scripts.reading import find_script, read_script  # noqa: PLC0415

    file = find_script(options.file)
    if file.name.endswith(".tar.gz"):
        from simulators.scenarios.town.bundle import read_bundle  # noqa: PLC0415

        return live_and_tell(read_bundle(file), options)
    script = read_script(file)
    from simulators.scenarios.once import fmcg_today  # noqa: PLC0415
    from simulators.scenarios.scripts.playing import play  # noqa: PLC0415

    with kept(options.data or new_folder()) as folder:
        say(f"files: {folder}")
        done = asyncio.run(play(script, folder, distributor=fmcg_today(imported=False), say=say))
    for complaint in done.complaints():
        say(complaint)
    said = done.as_json()
    if not options.json:
        print(summary(said))
    print(json.dumps(said))
    return OK if done.sound else BROKEN_PROMISE


def run_switch(options: argparse.Namespace) -> int:
    """Break or mend something at a bench, or list what can be."""
    from simulators.errors import UnavailableError  # noqa: PLC0415

    address, asked = options.bench.rstrip("/"), options.fault
    path = f"/faults/{asked}/{options.state}" if asked else "/faults"
    try:
        status, text = _call(address, "POST" if asked else "GET", path)
        said: Any = json.loads(text) if text else []
    except (OSError, ValueError) as error:
        raise UnavailableError(
            f"{address} does not answer as a bench ({error}): start `./orderwire demo`, or name "
            "another with --bench"
        ) from error
    if status >= HTTPStatus.BAD_REQUEST:
        raise UnavailableError(": ".join(filter(None, (said.get("detail"), said.get("fix")))))
    for one in said:
        print(f"{'on ' if one['on'] else 'off'} {one['name']:20} {one['purpose']}")
    return OK


def run_portal(options: argparse.Namespace) -> int:
    """Stand in for the portal of e-invoices until somebody stops it."""
    from threading import Event  # noqa: PLC0415

    from simulators.errors import UnavailableError  # noqa: PLC0415
    from simulators.portal import SWITCHES, PortalServer, Registry  # noqa: PLC0415

    unknown = sorted(set(options.switch) - set(SWITCHES))
    if unknown:
        raise UnavailableError(f"{unknown[0]!r} is none of {', '.join(SWITCHES)}")
    registry = Registry()
    if options.key is not None:
        from simulators.portal.signing import make_signer  # noqa: PLC0415

        registry.sign, public = make_signer()
        options.key.write_text(public)
    try:
        with PortalServer(options.port, registry, wrong=set(options.switch)) as portal:
            say(f"switches: POST {portal.url}/switches/NAME/on or off, of {', '.join(SWITCHES)}")
            print("ready", json.dumps({"url": portal.url}), flush=True)
            Event().wait()
    except OSError as error:
        raise UnavailableError(f"port {options.port}: {error}: name another with --port") from error
    return OK


def _call(address: str, method: str, path: str) -> tuple[int, str]:
    """Ask a bench as its own page does."""
    where = urlsplit(address)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=_PATIENCE_S)
    try:
        connection.request(method, path, headers={"Origin": address})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "fleet": run_fleet,
    "faults": run_faults,
    "portal": run_portal,
    "run": run_script,
    "switch": run_switch,
}
"""What each command does."""
