"""`terminal rotate`: have a terminal change its password by itself."""

import argparse
import json

from hub.base.access import Actor
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.commands.claim import say_fault
from hub.desk.terminals.model import EnrolmentError
from hub.desk.terminals.reads.claims import read_rotation


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    inner = group(commands, "terminal", "counter terminals")
    asking = inner.add_parser(
        "rotate",
        help="have a terminal change its password by itself",
        description="The terminal hears of it within half a minute, or when it comes back; makes a "
        "password, gives the hub what checks it, and comes back by it. Until that was used, it "
        "keeps both and the hub takes both: a cut at any moment shuts nobody out. Asked again, or "
        "with --show, prints how far it is. Software too old for it, and boards, get a new slip: "
        "hub terminal claim.",
        epilog=example("terminal rotate counter-7 --reason 'yearly' --by asha"),
    )
    asking.add_argument("terminal", metavar="ID", help="the terminal")
    what = asking.add_mutually_exclusive_group()
    what.add_argument("--show", action="store_true", help="only show how far it is")
    what.add_argument(
        "--withdraw", action="store_true", help="take it back while no password was given"
    )
    asking.add_argument("--reason", default="", metavar="TEXT", help="why, for who looks later")
    add_by(asking)
    add_folder(asking)
    asking.set_defaults(run=run_rotate)


def run_rotate(arguments: argparse.Namespace) -> int:
    """Ask a terminal for another password, take that back, or show how far it is."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "terminals.enrol")
        by, acts = Actor(account.name, account.roles, scope), ground.part(EnrolmentActs).rotate
        try:
            if arguments.withdraw:
                acts.withdraw(arguments.terminal, why=arguments.reason, by=by)
            elif not arguments.show:
                acts.ask(arguments.terminal, why=arguments.reason, by=by)
        except EnrolmentError as error:
            raise CommandError(say_fault(error)) from error
        with ground.database.read() as connection:
            found = read_rotation(connection, arguments.terminal, scope=scope)
    if found is None:
        raise CommandError(say_fault(EnrolmentError("rotation_none", arguments.terminal)))
    names = ("terminal", "state", "asked_at", "asked_by", "given_at", "ended_at")
    print(json.dumps({name: getattr(found, name) for name in names}))
    return 0
