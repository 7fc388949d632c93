"""`user ...`: who signs in, in which roles, and what each may decide."""

import argparse
import secrets
import sys
from collections.abc import Callable
from datetime import date
from typing import Final

from hub.base.access import ROLES
from hub.base.commands import CommandError, add_folder, example, opened
from hub.base.ground import Ground
from hub.base.listing import Sorting, Wanted
from hub.base.money import HOUSE_SCALE
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR, say_fault
from hub.desk.people.model.accounts import ROW_KINDS
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.model.reporting import MEASURES
from hub.desk.people.reads.users import UserRow, list_users
from rules.values.decimals import scaled

_PASSWORD_BYTES: Final = 12
_MOST: Final = 10_000


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "user", help="people who sign in", epilog=example("user add asha --role sales")
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    _describe_add(inner)
    listed = inner.add_parser("list", help="list the users", epilog=example("user list"))
    listed.set_defaults(run=run_list)
    add_folder(listed)
    _describe_changes(inner)
    _describe_lines(inner)
    needs = inner.add_parser(
        "require-factor",
        help="ask everybody in a role for a second factor",
        epilog=example("user require-factor admin"),
    )
    needs.add_argument("role", choices=ROLES, help="the role")
    needs.add_argument("--off", action="store_true", help="ask no more")
    needs.set_defaults(run=run_require)
    add_folder(needs)


def _describe_add(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = inner.add_parser(
        "add",
        help="add a user, or give one a new password and role",
        epilog=example("user add asha --role manager --duty area_manager"),
    )
    one.add_argument("name", metavar="NAME", help="who signs in")
    _add_roles(one)
    one.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from standard input; else one is made and printed once",
    )
    add_folder(one)
    one.set_defaults(run=run)


def _add_roles(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--role",
        choices=ROLES,
        action="append",
        required=True,
        help="what they may see and do; may be given more than once",
    )
    parser.add_argument(
        "--duty",
        action="append",
        default=[],
        metavar="WORD",
        help="a role of the rule pack's approvals that they decide in, such as area_manager",
    )


def _describe_changes(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _one(inner, "rename", "change the name that others read", act=run_rename).add_argument(
        "shown", metavar="SHOWN", help="the name that others read"
    )
    _add_roles(_one(inner, "roles", "give these roles and duties, and no others", act=run_roles))
    _one(inner, "end", "let a user sign in no more", act=run_end).add_argument(
        "--why", metavar="TEXT", default="", help="the reason, for the history"
    )
    _one(inner, "again", "let a user sign in again", act=run_again)
    _one(inner, "reset", "give a one-time word instead of a password", act=run_reset)
    _one(inner, "factor-off", "take a lost second factor away", act=run_factor_off).add_argument(
        "--why", metavar="TEXT", default="", help="the reason, for the history"
    )
    _one(inner, "sign-out", "end all sessions of a user", act=run_sign_out)


def _describe_lines(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    line = _one(inner, "reports-to", "say to whom a user reports", act=run_reports_to)
    line.add_argument("manager", nargs="?", default="", help="who that is; nobody if left out")
    _add_day(line, "--since", "from which day on")
    stands = _one(inner, "stand-in", "say who decides instead of a user", act=run_stand_in)
    stands.add_argument("substitute", metavar="SUBSTITUTE", help="who decides")
    _add_day(stands, "--since", "the first day")
    _add_day(stands, "--until", "the last day")
    top = _one(inner, "ceiling", "say how much a user may decide", act=run_ceiling)
    top.add_argument("measure", choices=MEASURES, help="of what")
    top.add_argument("amount", nargs="?", default="", help="up to this; nothing if left out")
    rows = _one(inner, "rows", "show a user some rows alone", act=run_rows)
    for kind in ROW_KINDS:
        text = f"of this {kind}"
        if kind == "warehouse":
            text += ": orders, notes and stock; invoices and payments are of no warehouse"
        rows.add_argument(f"--{kind}", action="append", default=[], metavar="CODE", help=text)


def _add_day(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    parser.add_argument(
        name, type=date.fromisoformat, required=True, metavar="DAY", help=f"{text}: 2026-11-30"
    )


def _one(
    inner: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    text: str,
    *,
    act: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """Describe a command about one user."""
    parser = inner.add_parser(name, help=text, epilog=example(f"user {name} --help"))
    parser.add_argument("name", metavar="NAME", help="who signs in")
    parser.set_defaults(run=act)
    add_folder(parser)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Add a user."""
    given: bool = arguments.password_stdin
    password = (
        sys.stdin.readline().rstrip("\n") if given else secrets.token_urlsafe(_PASSWORD_BYTES)
    )
    roles = (*arguments.role, *arguments.duty)
    with opened(arguments, creating=True) as ground:
        try:
            add_user = ground.part(PeopleActs).add
            is_new = add_user(arguments.name, roles=roles, password=password)
        except PeopleError as error:
            raise CommandError(say_fault(error)) from error
    print(f"user {arguments.name} {'added' if is_new else 'changed'}, roles {', '.join(roles)}")
    if not given:
        print(f"password: {password}")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """List the users."""
    with opened(arguments) as ground:
        for one in _users(ground):
            state = "active" if one.active else "ended"
            factor = "second factor" if one.has_factor else ""
            print(f"{one.name:<32} {state:<8} {factor:<14} {', '.join(one.roles)}  {one.shown}")
    return 0


def run_rename(arguments: argparse.Namespace) -> int:
    """Change the shown name."""
    return _change(
        arguments,
        lambda acts, user: acts.change.rename(user, shown=arguments.shown, by=OPERATOR),
    )


def run_roles(arguments: argparse.Namespace) -> int:
    """Give roles and duties."""
    roles = (*arguments.role, *arguments.duty)
    return _change(
        arguments, lambda acts, user: acts.change.set_roles(user, roles=roles, by=OPERATOR)
    )


def run_end(arguments: argparse.Namespace) -> int:
    """End a user."""
    return _change(
        arguments, lambda acts, user: acts.change.end(user, why=arguments.why, by=OPERATOR)
    )


def run_again(arguments: argparse.Namespace) -> int:
    """Bring a user back."""
    return _change(arguments, lambda acts, user: acts.change.bring_back(user, by=OPERATOR))


def run_reset(arguments: argparse.Namespace) -> int:
    """Print a one-time word."""
    return _change(
        arguments,
        lambda acts, user: print(f"one-time word: {acts.change.reset(user, by=OPERATOR)}"),
    )


def run_factor_off(arguments: argparse.Namespace) -> int:
    """Take a second factor away."""
    return _change(
        arguments, lambda acts, user: acts.change.take_factor(user, why=arguments.why, by=OPERATOR)
    )


def run_sign_out(arguments: argparse.Namespace) -> int:
    """End all sessions of a user."""
    return _change(arguments, lambda acts, user: acts.change.end_sessions(user, by=OPERATOR))


def run_reports_to(arguments: argparse.Namespace) -> int:
    """Say to whom a user reports."""
    manager, since = arguments.manager, arguments.since
    return _change(
        arguments,
        lambda acts, user: acts.lines.report_to(user, manager, since=since, by=OPERATOR),
    )


def run_stand_in(arguments: argparse.Namespace) -> int:
    """Say who decides instead of a user."""
    days = {"since": arguments.since, "until": arguments.until}
    return _change(
        arguments,
        lambda acts, user: acts.lines.stand_in(user, arguments.substitute, **days, by=OPERATOR),
    )


def run_ceiling(arguments: argparse.Namespace) -> int:
    """Say how much a user may decide."""
    try:
        amount = scaled(arguments.amount, HOUSE_SCALE) if arguments.amount else None
    except ValueError as error:
        raise CommandError(str(error)) from error
    return _change(
        arguments,
        lambda acts, user: acts.lines.set_ceiling(
            user, arguments.measure, amount=amount, by=OPERATOR
        ),
    )


def run_rows(arguments: argparse.Namespace) -> int:
    """Show a user some rows alone."""
    rows = [(kind, code) for kind in ROW_KINDS for code in getattr(arguments, kind)]
    return _change(arguments, lambda acts, user: acts.lines.set_rows(user, rows, by=OPERATOR))


def run_require(arguments: argparse.Namespace) -> int:
    """Ask a role for a second factor."""
    with opened(arguments) as ground:
        change = ground.part(PeopleActs).change
        change.require_factor(arguments.role, needed=not arguments.off, by=OPERATOR)
    print(f"{arguments.role}: second factor {'not needed' if arguments.off else 'needed'}")
    return 0


def _change(arguments: argparse.Namespace, work: Callable[[PeopleActs, int], None]) -> int:
    """Change a user by name; raises CommandError."""
    with opened(arguments) as ground:
        acts = ground.part(PeopleActs)
        account = acts.sign_in.find_account(arguments.name)
        if account is None:
            raise CommandError(say_fault(PeopleError("user_unknown", arguments.name)))
        try:
            work(acts, account.id)
        except PeopleError as error:
            raise CommandError(say_fault(error)) from error
    print(f"user {account.name} changed")
    return 0


def _users(ground: Ground) -> tuple[UserRow, ...]:
    wanted = Wanted(Sorting("name"), size=_MOST)
    with ground.database.read() as connection:
        return list_users(connection, wanted, scope=OPERATOR.scope).rows
