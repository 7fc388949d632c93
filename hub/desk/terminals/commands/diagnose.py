"""`terminal diagnose`: have a terminal tell of itself, and show what it told."""

import argparse
import json
from dataclasses import asdict

from hub.base.access import Actor, Scope
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.ground import Ground
from hub.base.words import PageWords
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model.diagnoses import DiagnosisError
from hub.desk.terminals.reads.claims import is_shown
from hub.desk.terminals.reads.machines.diagnoses import list_diagnoses, read_diagnosis


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    inner = group(commands, "terminal", "counter terminals")
    asking = inner.add_parser(
        "diagnose",
        help="have a terminal tell how it stands, its settings and its log; show what it told",
        description="Asks the terminal, which answers within half a minute, or when it comes "
        "back. With --list shows what it was asked for, one JSON object a line; with --show what "
        "it told. The newest five are kept.",
        epilog=example("terminal diagnose counter-7 --reason 'prints nothing' --by asha"),
    )
    asking.add_argument("terminal", metavar="ID", help="the terminal")
    asking.add_argument("--list", action="store_true", help="only list what it was asked for")
    asking.add_argument(
        "--show",
        nargs="?",
        const="latest",
        metavar="NAME",
        help="only show what it told: the newest, or the one of this name",
    )
    asking.add_argument("--reason", default="", metavar="TEXT", help="why, for who looks later")
    add_by(asking)
    add_folder(asking)
    asking.set_defaults(run=run_diagnose)


def run_diagnose(arguments: argparse.Namespace) -> int:
    """Ask a terminal, or show what it told."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "terminals.set")
        if arguments.list or arguments.show is not None:
            return _show(ground, arguments, scope)
        by = Actor(account.name, account.roles, scope)
        try:
            name = ground.part(EnrolmentActs).diagnose(
                arguments.terminal, why=arguments.reason, by=by
            )
        except DiagnosisError as error:
            raise CommandError(_said(error.code)) from error
    print(json.dumps({"terminal": arguments.terminal, "name": name, "state": "asked"}))
    return 0


def _show(ground: Ground, arguments: argparse.Namespace, scope: Scope) -> int:
    with ground.database.read() as connection:
        if not is_shown(connection, arguments.terminal, scope=scope):
            raise CommandError(_said("terminal_unknown"))
        if arguments.list:
            for one in list_diagnoses(connection, arguments.terminal, scope=scope):
                print(json.dumps(asdict(one)))
            return 0
        found = read_diagnosis(connection, arguments.terminal, arguments.show, scope=scope)
    if found is None:
        raise CommandError(_said("diagnosis_unknown"))
    print(json.dumps(asdict(found), ensure_ascii=False))
    return 0


def _said(code: str) -> str:
    return PageWords().named("diagnosis_fault", code)
