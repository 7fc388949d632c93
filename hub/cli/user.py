"""`user add`: somebody who may sign in."""

import argparse
import secrets
import sys
from typing import Final

from hub.cli.options import CommandError, add_folder, opened
from hub.domain.access import ROLES
from hub.services.users import UserError

_PASSWORD_BYTES: Final = 12


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "user",
        help="people who sign in",
        epilog="example: python -m hub user add asha --role staff",
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    one = inner.add_parser(
        "add",
        help="add a user, or give one a new password and role",
        epilog="example: python -m hub user add asha --role staff",
    )
    one.add_argument("name", metavar="NAME", help="who signs in")
    one.add_argument("--role", choices=ROLES, required=True, help="what they may see and do")
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
    with opened(arguments, creating=True) as hub:
        try:
            is_new = hub.add_user(arguments.name, role=arguments.role, password=password)
        except UserError as error:
            raise CommandError(str(error)) from error
    print(f"user {arguments.name} {'added' if is_new else 'changed'}, role {arguments.role}")
    if not given:
        print(f"password: {password}")
    return 0
