"""`terminal groups|group`: what all counters of a group are set to, and which are in it."""

import argparse
import json

from hub.base.access import Scope
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.fields import Kept, Refused
from hub.base.fields.words import refusal_lines
from hub.base.ground import Ground
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model.counters import NOTICES, SETTINGS
from hub.desk.terminals.model.groups import GROUP_FIELDS
from hub.desk.terminals.reads.machines.groups import GroupRow, list_groups, read_group


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "terminal", "counter terminals")
    listing = inner.add_parser(
        "groups",
        help="list groups of counters, one JSON object a line",
        epilog=example("terminal groups --by asha"),
    )
    one = inner.add_parser(
        "group",
        help="set a group of counters, put counters into it, or show what they have otherwise",
        description="With --name makes the group, or sets all of it: what is left out is as usual. "
        "A counter goes by its own settings first (hub terminal counter), then by its group's. "
        "Without options shows the group, its counters, and what each has set otherwise. A "
        "counter's own settings stay when it comes into a group, or leaves it.",
        epilog=example(
            "terminal group vans --name 'Vans' --payments cash --ask-quantity 240 --add van-1 "
            "--by asha"
        ),
    )
    one.add_argument("code", metavar="CODE", help="the group")
    one.add_argument("--name", metavar="TEXT", help="what it is called: makes or sets the group")
    one.add_argument("--seller", default="", metavar="CODE", help="the seller of a new group")
    one.add_argument(
        "--payments", default="", metavar="LIST", help="of credit, cash, advance; the usual first"
    )
    one.add_argument(
        "--ask-quantity", default="", metavar="N", help="ask above N in a line's unit; 0 never"
    )
    one.add_argument(
        "--ask-amount", default="", metavar="AMOUNT", help="ask above it for an order; 0 never"
    )
    one.add_argument(
        "--operator-needed", default="", choices=("yes", "no"), help="does every order need one"
    )
    one.add_argument("--notices", default="", choices=NOTICES, help="which print by themselves")
    one.add_argument("--add", action="append", default=[], metavar="ID", help="a counter of it")
    one.add_argument(
        "--out", action="append", default=[], metavar="ID", help="a counter that leaves it"
    )
    one.add_argument("--end", action="store_true", help="take the group away")
    one.add_argument("--reason", default="", metavar="TEXT", help="why, for who looks later")
    for command, run in ((listing, run_groups), (one, run_group)):
        add_folder(command)
        add_by(command)
        command.set_defaults(run=run)


def run_groups(arguments: argparse.Namespace) -> int:
    """List the groups."""
    with opened(arguments) as ground:
        _, scope = prove_user(ground, arguments, "terminals.set")
        with ground.database.read() as connection:
            for row in list_groups(connection, scope=scope):
                print(json.dumps(_shown(row), ensure_ascii=False))
    return 0


def run_group(arguments: argparse.Namespace) -> int:
    """Do what was asked with a group, and show it."""
    _check_whole(arguments)
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "terminals.set")
        acts, why, by = ground.part(EnrolmentActs).groups, arguments.reason, account.name
        if arguments.end:
            _done(acts.drop(arguments.code, why=why, by=by, scope=scope))
            print(json.dumps({"code": arguments.code, "ended": True}))
            return 0
        if arguments.name is not None:
            texts = {name: getattr(arguments, name) for name in GROUP_FIELDS}
            there = _find(ground, arguments.code, scope)
            if there is None:
                _done(acts.add(texts, by=by, scope=scope))
            else:
                _check_seller(there, arguments.seller)
                _done(acts.change(arguments.code, texts, why=why, by=by, scope=scope))
        for terminal in arguments.add:
            _done(acts.put_in(terminal, arguments.code, why=why, by=by, scope=scope))
        found = _find(ground, arguments.code, scope)
        if found is None:
            raise CommandError(f"there is no group {arguments.code}; --name makes it")
        for terminal in arguments.out:
            if terminal not in {one.terminal for one in found.counters}:
                raise CommandError(f"{terminal} is not in the group {arguments.code}")
            _done(acts.put_in(terminal, "", why=why, by=by, scope=scope))
        found = _find(ground, arguments.code, scope) or found
    print(json.dumps({**_shown(found), **_counters(found)}, ensure_ascii=False))
    return 0


def _check_whole(arguments: argparse.Namespace) -> None:
    """See that whoever sets something names the group too; raises CommandError."""
    said = [name for name in ("seller", *SETTINGS) if getattr(arguments, name)]
    if said and arguments.name is None:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in said)
        raise CommandError(
            f"say --name too with {options}: a group is set as a whole, the rest is as usual"
        )


def _check_seller(there: GroupRow, seller: str) -> None:
    """See that nobody would have a group be another seller's; raises CommandError."""
    if seller not in {"", there.seller}:
        raise CommandError(
            f"the group {there.code} is of seller {there.seller}, for good: leave --seller out, or "
            "make a group of another code"
        )


def _find(ground: Ground, code: str, scope: Scope) -> GroupRow | None:
    with ground.database.read() as connection:
        return read_group(connection, code, scope=scope)


def _shown(row: GroupRow) -> dict[str, object]:
    named: dict[str, object] = {"code": row.code, "name": row.name, "seller": row.seller}
    return {**named, **row.settings.fields, "count": row.count}


def _counters(row: GroupRow) -> dict[str, object]:
    """Write what each counter of a group has set at itself otherwise, and whether it runs it."""
    counters = {
        one.terminal: {"runs": one.runs} | {name: one.settings.fields[name] for name in one.differs}
        for one in row.counters
    }
    return {"counters": counters}


def _done(done: Kept | Refused) -> None:
    if isinstance(done, Refused):
        raise CommandError("; ".join(refusal_lines(done)))
