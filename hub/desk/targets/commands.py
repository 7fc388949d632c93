"""`target list`, `show`, `set` and `withdraw`; how far targets are is `report targets`."""

import argparse
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

import msgspec

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.fields import Refused
from hub.base.fields.words import refusal_lines
from hub.base.ground import Ground
from hub.base.listing import Wanted
from hub.base.money import HouseMoney
from hub.base.words import grouped
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.targets.acts import TargetActs
from hub.desk.targets.model import AIMS, FIELDS
from hub.desk.targets.reads import NEWEST, TargetRow, list_targets, read_target
from hub.desk.targets.store import KeptTarget

_MOST: Final = 1_000
_CAME: Final = {"add": "added", "change": "changed", "same": "as it was"}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "target", "what measures are to come to, of whom, over which days")
    listing = inner.add_parser(
        "list", help="list the targets", epilog=example("target list ravi --json")
    )
    listing.add_argument("text", nargs="?", default="", metavar="TEXT", help="whose, or of what")
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(run=run_list)
    add_folder(listing)
    show = inner.add_parser(
        "show", help="tell one target with all its versions", epilog=example("target show 7")
    )
    show.add_argument("number", type=int, metavar="NUMBER", help="the target's number in the list")
    show.set_defaults(run=run_show)
    add_folder(show)
    setting = inner.add_parser(
        "set",
        help="set a target, or give one that is there another amount",
        description=f"Fields: {', '.join((*FIELDS, 'seller'))}. Measures: {', '.join(AIMS)}.",
        epilog=example(
            "target set measure=order_value kind=rep who=ravi month=2026-11 amount=250000 --by asha"
        ),
    )
    setting.add_argument("fields", nargs="+", metavar="FIELD=TEXT", help="what the target says")
    setting.set_defaults(run=run_set)
    add_by(setting)
    add_folder(setting)
    withdraw = inner.add_parser(
        "withdraw",
        help="have a target stand no more",
        epilog=example("target withdraw 7 --reason 'ravi left' --by asha"),
    )
    withdraw.add_argument("number", type=int, metavar="NUMBER", help="the target's number")
    withdraw.add_argument("--reason", required=True, help="why")
    withdraw.set_defaults(run=run_withdraw)
    add_by(withdraw)
    add_folder(withdraw)


def run_list(arguments: argparse.Namespace) -> int:
    """List the newest targets."""
    with opened(arguments) as ground, ground.database.read() as connection:
        wanted = Wanted(NEWEST, arguments.text, {"state": ("stands",)}, size=_MOST)
        page = list_targets(connection, wanted, day=_today(ground), scope=EVERYTHING)
        money = read_distributor(connection).money
    if arguments.json:
        print(json.dumps(msgspec.to_builtins([asdict(row) for row in page.rows])))
        return 0
    for row in page.rows:
        print(_line(row, money))
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Tell one target and what it was before."""
    with opened(arguments) as ground, ground.database.read() as connection:
        found = read_target(connection, arguments.number, day=_today(ground), scope=EVERYTHING)
        house = read_distributor(connection)
    if found is None:
        raise CommandError(f"there is no target {arguments.number}")
    print(_line(found.row, house.money))
    for one in found.versions:
        at = datetime.fromtimestamp(one.at / 1_000, house.zone)
        measure, amount = found.row.measure, one.amount
        said = "withdrawn" if amount is None else _amount(measure, amount, house.money)
        print(f"  {one.version}  {at:%Y-%m-%d %H:%M}  {one.by}: {said}  {one.why}".rstrip())
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Set a target."""
    texts = {}
    for one in arguments.fields:
        name, is_set, value = one.partition("=")
        if not is_set or name not in {*FIELDS, "seller"}:
            raise CommandError(f"{one!r} is no FIELD=TEXT, with one of {', '.join(FIELDS)}")
        texts[name] = value
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "targets.set")
        done = _done(ground.part(TargetActs).set(texts, by=account.name, scope=scope))
    print(f"target {done.id} {_CAME[done.came]}")
    return 0


def run_withdraw(arguments: argparse.Namespace) -> int:
    """Withdraw a target."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "targets.set")
        act = ground.part(TargetActs).set.withdraw
        done = _done(act(arguments.number, why=arguments.reason, by=account.name, scope=scope))
    print(f"target {done.id} withdrawn")
    return 0


def _done(done: KeptTarget | Refused) -> KeptTarget:
    if isinstance(done, Refused):
        raise CommandError("; ".join(refusal_lines(done)))
    return done


def _line(row: TargetRow, money: HouseMoney) -> str:
    whose = row.who or row.seller
    goods = f" {row.goods} {row.thing}" if row.thing else ""
    state = "" if row.active else "  withdrawn"
    return (
        f"{row.id:>5}  {row.first} {row.span:<7}  {row.kind} {whose}{goods}  {row.measure} "
        f"{_amount(row.measure, row.amount, money)}{state}"
    )


def _amount(measure: str, amount: int, money: HouseMoney) -> str:
    return money.figures(amount) if AIMS[measure].money else grouped(amount)


def _today(ground: Ground) -> date:
    with ground.database.read() as connection:
        zone = read_distributor(connection).zone
    return datetime.fromtimestamp(ground.clock.now_ms() / 1_000, zone).date()
