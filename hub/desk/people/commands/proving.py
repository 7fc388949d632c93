"""Have somebody prove who they are: a second person is only one who shows it."""

import argparse
import getpass
import sys

from hub.base.access import Permission, Scope
from hub.base.commands import CommandError
from hub.base.ground import Ground
from hub.desk.people.acts import PeopleActs
from hub.desk.people.model.accounts import Account


def add_by(parser: argparse.ArgumentParser) -> None:
    """Let a command be told who does it."""
    parser.add_argument("--by", metavar="USER", help="who you are; your password is asked")
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def prove_user(
    ground: Ground, arguments: argparse.Namespace, needed: Permission
) -> tuple[Account, Scope]:
    """Have somebody prove who they are, and that they may; with the rows that they see.

    A name alone could be anybody's. Raises CommandError.
    """
    name: str | None = arguments.by
    if name is None:
        raise CommandError("say who you are with --by USER; a password is asked")
    if arguments.password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass(f"password of {name}: ")
    sign_in = ground.part(PeopleActs).sign_in
    account = sign_in.prove(name, password)
    if account is None:
        raise CommandError("the name or the password is wrong")
    if needed not in sign_in.permissions_of(account.roles):
        roles = ", ".join(account.roles)
        raise CommandError(f"{account.name} is {roles}, who may not do this ({needed})")
    return account, sign_in.scope(account)
