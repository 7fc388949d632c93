"""`user add`: somebody who may sign in."""

import argparse
import secrets
import sys
from typing import Final

from hub.base.access import ROLES
from hub.base.commands import CommandError, add_folder, example, opened
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.add_user import UserError

_PASSWORD_BYTES: Final = 12


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "user",
        help="people who sign in",
        epilog=example("user add asha --role sales"),
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    one = inner.add_parser(
        "add",
        help="add a user, or give one a new password and role",
        epilog=example("user add asha --role manager --duty area_manager"),
    )
    one.add_argument("name", metavar="NAME", help="who signs in")
    one.add_argument(
        "--role",
        choices=ROLES,
        action="append",
        required=True,
        help="what they may see and do; may be given more than once",
    )
    one.add_argument(
        "--duty",
        action="append",
        default=[],
        metavar="WORD",
        help="a role of the rule pack's approvals that they decide in, such as area_manager",
    )
    one.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from standard input; else one is made and printed once",
    )
    add_folder(one)
    one.set_defaults(run=run)


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
        except UserError as error:
            raise CommandError(str(error)) from error
    print(f"user {arguments.name} {'added' if is_new else 'changed'}, roles {', '.join(roles)}")
    if not given:
        print(f"password: {password}")
    return 0
