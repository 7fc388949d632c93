"""The simulators' command line: a demonstration with or without people, a replay of real orders."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.commands.naming import name_program
from simulators.errors import InputFileError, ScenarioError, UnavailableError
from simulators.scenarios import commands as more
from simulators.scenarios.command_parts import (
    BROKEN_PROMISE,
    OK,
    UNUSABLE,
    add_command,
    add_run_options,
    kept,
    new_folder,
    say,
    summary,
    whole_number,
)

if TYPE_CHECKING:
    from simulators.data import OrdersFile

_LAST_PORT: Final = 65535
_MOST_KILLS: Final = 100_000


class _Port(NamedTuple):
    """Whose port it is, and which one unless somebody says otherwise."""

    name: str
    owner: str
    usual: int


_PORTS: Final = (
    _Port("http", "hub", 8080),
    _Port("bench", "bench", 8070),
    _Port("broker", "broker", 1883),
)

_EXAMPLES: Final = """examples:
  {demo}
  {demo} --once
  %(prog)s replay orders.csv.gz --json
  %(prog)s storm --kills 200
  %(prog)s fleet --terminals 100 --orders-per-s 5 --for 2m
  %(prog)s run forgotten-books
  %(prog)s questions orders.csv.gz -o ./questions
"""
_DEMO_EXAMPLES: Final = """examples:
  %(prog)s                  pages to click, until Ctrl-C; kept for the next time
  %(prog)s --data ./demo    the same, with its files in ./demo
  %(prog)s --once           no people, under a minute; ends with a line of JSON

`--once` cuts the link and kills the hub on the way, and exits with 1 where an order was lost or
came twice, or an audit found something.
"""
_REPLAY_EXAMPLES: Final = """examples:
  %(prog)s orders.csv.gz
  %(prog)s orders.csv --json --data ./replay

The first line of the file names at least the columns invoice, stock_code, description, quantity,
invoiced_at, unit_price, customer_id and country, in any order. Rows that are no order lines are
named as file:row: reason and left out. Exits with 1 where an order was lost or came twice or an
audit found something, with 2 where the file cannot be read.
"""
_STORM_EXAMPLES: Final = """examples:
  %(prog)s --kills 20
  %(prog)s --kills 200 --seed 7 --json

Three counters order while hub, broker and counters are killed as the power does, the hub's books
are put back from a backup, and cards are swapped for new and for older ones. The same seed strikes
in the same order. Exits with 1 where an order was lost, came twice or was refused, or an audit
found something.
"""
_QUESTIONS_EXAMPLES: Final = """examples:
  %(prog)s orders.csv.gz -o ./questions
  {rules} diff ./questions/pack ./changed --orders ./questions/orders.jsonl

Writes two things into the folder: the orders as JSON lines that `rules diff` takes, customers and
products in the first of them, and the pack of the gift-ware wholesaler with the orders' own prices.
Copy the pack, change the copy, and compare. Rows that are no order lines are counted and left out.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give the exit code."""
    options = parser().parse_args(arguments)
    # Stopping takes the children with it, SIGTERM as well as Ctrl-C, also where a shell started us
    # in the background and had SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        return _COMMANDS[options.command](options)
    except InputFileError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    except UnavailableError as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return UNUSABLE
    except (ScenarioError, OSError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return BROKEN_PROMISE
    except KeyboardInterrupt:
        print(f"{options.command}: stopped", file=sys.stderr)
        return 128 + signal.SIGINT


def parser() -> argparse.ArgumentParser:
    """Describe every command."""
    program = name_program("sim")
    # The launcher gives the demonstration a name of its own.
    demo_name = "./orderwire demo" if program.startswith("./") else f"{program} demo"
    whole = argparse.ArgumentParser(
        prog=program,
        description="Simulated shops with a real broker, hub and terminals.",
        epilog=_EXAMPLES.format(demo=demo_name),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = add_command(
        commands, "demo", examples=_DEMO_EXAMPLES, purpose="a whole network to look at and click"
    )
    demo.prog = demo_name
    demo.add_argument("--once", action="store_true", help="without people, then end")
    demo.add_argument("--data", type=Path, help="folder for all files")
    for port in _PORTS:
        text = f"of the {port.owner} ({port.usual}, or the next free one; 0: any free one)"
        demo.add_argument(f"--{port.name}-port", metavar="PORT", type=_port, help=text)
    replay = add_command(
        commands, "replay", examples=_REPLAY_EXAMPLES, purpose="order a file of real orders again"
    )
    replay.add_argument("file", type=Path, help=".csv or .csv.gz")
    add_run_options(replay)
    storm = add_command(
        commands, "storm", examples=_STORM_EXAMPLES, purpose="kills, restores and card swaps"
    )
    storm.add_argument(
        "--kills",
        metavar="N",
        type=partial(whole_number, most=_MOST_KILLS),
        default=200,
        help="how often (200)",
    )
    storm.add_argument("--seed", metavar="S", type=int, default=1, help="what strikes when (1)")
    add_run_options(storm)
    more.add(commands)
    questions = add_command(
        commands,
        "questions",
        examples=_QUESTIONS_EXAMPLES.format(rules=name_program("rules")),
        purpose="real orders as questions for `rules diff`",
    )
    questions.add_argument("file", type=Path, help=".csv or .csv.gz")
    questions.add_argument("-o", "--output", type=Path, required=True, help="folder to write")
    return whole


def _port(text: str) -> int:
    """Read a TCP port, 0 for a free one."""
    if not text.isascii() or not text.isdigit() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to {_LAST_PORT}")
    return int(text)


def _replay(options: argparse.Namespace) -> int:
    found = _read(options.file)
    from simulators.scenarios.replay import replay  # noqa: PLC0415

    with kept(options.data or new_folder()) as folder:
        say(f"files: {folder}")
        done = replay(found, folder, say=say)
    said = done.as_json()
    if not options.json:
        print(summary(said))
    print(json.dumps(said))
    return OK if done.settlement.sound else BROKEN_PROMISE


def _storm(options: argparse.Namespace) -> int:
    from simulators.scenarios.storm import storm  # noqa: PLC0415

    with kept(options.data or new_folder()) as folder:
        say(f"files: {folder}")
        done = storm(folder, kills=options.kills, seed=options.seed, say=say)
    for complaint in done.settlement.complaints():
        say(complaint)
    said = done.as_json()
    if not options.json:
        print(summary(said))
    print(json.dumps(said))
    return OK if done.settlement.sound and not done.refused else BROKEN_PROMISE


def _read(path: Path) -> "OrdersFile":
    # Imported when they are needed: --help and a wrong file name are answered at once.
    from simulators.data import read_orders  # noqa: PLC0415

    found = read_orders(path)
    if not found.lines:
        rows = f"none of its {found.rows_read} rows is an order line"
        first = f", the first: {found.skipped[0]}" if found.skipped else ""
        raise InputFileError(f"{path}: {rows}{first}")
    return found


def _questions(options: argparse.Namespace) -> int:
    found = _read(options.file)
    from simulators.data import write_questions  # noqa: PLC0415

    if options.output.exists():
        raise InputFileError(f"{options.output} is there already: name a new folder")
    orders = write_questions(found, options.output)
    left_out = f"{len(found.skipped)} of {found.rows_read} rows left out"
    print(f"{orders} orders in {options.output}, {left_out}")
    return OK


def _demo(options: argparse.Namespace) -> int:
    if not options.once:
        _demonstrate(options)
        return OK
    from simulators.scenarios.once import demonstrate_once  # noqa: PLC0415

    with kept(options.data or new_folder()) as folder:
        say(f"files: {folder}")
        done = demonstrate_once(folder, say=say)
    print(json.dumps(done.as_json()))
    return OK if done.settlement.sound else BROKEN_PROMISE


def _demonstrate(options: argparse.Namespace) -> None:
    from simulators.scenarios.demo import demonstrate  # noqa: PLC0415
    from simulators.scenarios.site import Ports  # noqa: PLC0415

    folder = options.data or default_data()
    with kept(folder):
        chosen: dict[str, int] = {}
        for port in _PORTS:
            wanted = getattr(options, f"{port.name}_port")
            chosen[port.name] = _choose(port, wanted, but=chosen.values())
        demonstrate(folder, ports=Ports(**chosen), say=say)


def _choose(port: _Port, wanted: int | None, *, but: Collection[int]) -> int:
    """Give the port that was asked for, else the usual one, or the next free one and say so."""
    from simulators.faults import free_port, is_free, port_near  # noqa: PLC0415

    option = f"--{port.name}-port"
    if wanted == 0:
        return free_port()
    if wanted is not None:
        if wanted in but or not is_free(wanted):
            raise UnavailableError(f"port {wanted} is taken: name another with {option}")
        return wanted
    near = port_near(port.usual, but=but)
    if near != port.usual:
        say(f"port {port.usual} is taken, so the {port.owner} is on {near} ({option} chooses)")
    return near


def default_data() -> Path:
    """Give the platform's folder for the demonstration's files."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "orderwire" / "demo"


_COMMANDS: Final = {
    "demo": _demo,
    "replay": _replay,
    "storm": _storm,
    "questions": _questions,
    **more.COMMANDS,
}


if __name__ == "__main__":
    sys.exit(main())
