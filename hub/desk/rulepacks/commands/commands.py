"""The `pack` command: what each of its commands is called and takes."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from hub.base.commands import add_folder, example
from hub.desk.people.commands.proving import add_by
from hub.desk.rulepacks.acts.foresee_pack import MOST_ORDERS, USUAL_ORDERS
from hub.desk.rulepacks.commands import reports, steps
from hub.desk.rulepacks.commands.exporting import run_export
from hub.desk.rulepacks.model.first_pack import TAXES

Run = Callable[[argparse.Namespace], int]


@dataclass(frozen=True, slots=True)
class _Command:
    """One command: how it is called, what it is for, and which of the shared options it takes."""

    name: str
    run: Run
    text: str
    example: str
    options: Sequence[str] = ()


_COMMANDS: Final = (
    _Command("list", reports.run_list, "list the versions, newest first", "list --json", ("json",)),
    _Command(
        "show",
        reports.run_show,
        "tell of one version: state, doubts of the linter, and its history",
        "show 8",
        ("version", "json"),
    ),
    _Command(
        "begin",
        steps.run_begin,
        "make the first rules of a new hub, and have them decide at once",
        "begin --home IN/KA --below 12 --by asha",
        ("first", "by"),
    ),
    _Command(
        "add",
        steps.run_add,
        "check a folder of rule files and keep it as a draft",
        "add ./pack --by asha",
        ("folder", "first_day", "by", "why"),
    ),
    _Command(
        "shadow",
        steps.run_shadow,
        "tell what a draft would have done; --begin and --end switch its shadow",
        "shadow 8 --begin --by asha",
        ("version", "json", "turn", "by"),
    ),
    _Command(
        "effect",
        reports.run_effect,
        "tell what a version makes of past orders",
        "effect 8 --orders 2000",
        ("version", "json", "orders"),
    ),
    _Command(
        "publish",
        steps.run_publish,
        "tell the effect on past orders, ask, and publish; not for who added it",
        "publish 8 --by vikram --at 2026-11-25",
        ("version", "orders", "start", "by", "why"),
    ),
    _Command(
        "call-off",
        steps.run_call_off,
        "take a schedule back",
        "call-off 8 --by vikram",
        ("version", "by", "why"),
    ),
    _Command(
        "roll-back",
        steps.run_roll_back,
        "publish an earlier version's content again, under a new number",
        "roll-back 7 --by vikram --why 'tea was priced wrong'",
        ("version", "by", "why"),
    ),
    _Command(
        "drop",
        steps.run_drop,
        "give a draft up",
        "drop 8 --by asha",
        ("version", "by", "why"),
    ),
    _Command(
        "export",
        run_export,
        "write every version that has served, signed, for `rules verify`",
        "export ./archive",
        ("folder",),
    ),
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "pack", help="versions of the rule pack", epilog=example("pack list")
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        one = inner.add_parser(
            command.name, help=command.text, epilog=example(f"pack {command.example}")
        )
        for option in command.options:
            _OPTIONS[option](one)
        add_folder(one)
        one.set_defaults(run=command.run)


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FOLDER", type=Path, help="the *.yaml files of a pack")


def _version(parser: argparse.ArgumentParser) -> None:
    text = "a number, as `pack list` shows it"
    parser.add_argument("version", metavar="VERSION", type=int, help=text)


def _turn(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--begin", action="store_true", help="decide every order with it too")
    which.add_argument("--end", action="store_true", help="stop that; what was recorded stays")


def _start(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at",
        metavar="START",
        help="from a day or a time on, such as 2026-11-25T06:30 where the distributor is",
    )
    parser.add_argument("--yes", action="store_true", help="publish without asking")


def _orders(parser: argparse.ArgumentParser) -> None:
    text = f"how many of the newest orders are decided again ({USUAL_ORDERS})"
    parser.add_argument("--orders", metavar="N", type=_count, default=USUAL_ORDERS, help=text)


def _first(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--currency", default="INR", help="three letters (INR)")
    parser.add_argument(
        "--taxes", choices=TAXES, default=TAXES[0], help="the tax of India (gst), or none"
    )
    parser.add_argument(
        "--home", default="", metavar="REGION", help="of the distributor's state, such as IN/KA"
    )
    parser.add_argument(
        "--below", default="0", metavar="PERCENT", help="how far prices are below the MRP (0)"
    )
    parser.add_argument(
        "--without-tax", action="store_true", help="prices are without tax, which is added"
    )


_OPTIONS: Final[dict[str, Callable[[argparse.ArgumentParser], object]]] = {
    "folder": _folder,
    "version": _version,
    "json": lambda parser: parser.add_argument("--json", action="store_true", help="as JSON"),
    "first_day": lambda parser: parser.add_argument(
        "--not-before",
        type=date.fromisoformat,
        metavar="DAY",
        help="the first day that it may decide on, such as 2026-12-01",
    ),
    "why": lambda parser: parser.add_argument("--why", default="", help="for the history"),
    "by": add_by,
    "turn": _turn,
    "start": _start,
    "orders": _orders,
    "first": _first,
}


def _count(text: str) -> int:
    """Read how many orders to decide again."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= MOST_ORDERS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a count from 1 to {MOST_ORDERS}")
    return int(text)
