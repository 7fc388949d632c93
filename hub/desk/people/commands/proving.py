"""Have somebody prove who they are: a second person is only one who shows it."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from hub.base.access import EVERYTHING, Actor, Permission, Scope
from hub.base.commands import CommandError, add_folder, example
from hub.base.ground import Ground
from hub.base.words import PageWords
from hub.desk.people.acts import PeopleActs
from hub.desk.people.model.accounts import OWNER, Account
from hub.desk.people.model.faults import PeopleError

_TERMINAL: Final = Path("/dev/tty")
OPERATOR: Final = Actor("hub", (OWNER,), EVERYTHING)
"""Whoever runs commands where the hub's files are: these could be read and written anyway."""


def say_fault(error: PeopleError) -> str:
    """Say why something about people was not done, the way pages do."""
    words = PageWords().named("user_fault", error.code)
    return f"{words} ({error.about})" if error.about else words


def add_by(parser: argparse.ArgumentParser) -> None:
    """Let a command be told who does it."""
    parser.add_argument("--by", metavar="USER", help="who you are; your password is asked")
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password, and then the code, from standard input",
    )


class NamedAct(NamedTuple):
    """A command that does an act for a person: `GROUP NAME`, what it is for, and an example."""

    group: str
    name: str
    text: str
    example: str
    needed: Permission


def add_act(
    inner: "argparse._SubParsersAction[argparse.ArgumentParser]",
    named: NamedAct,
    *,
    run: Callable[[argparse.Namespace], int],
    act: Callable[..., object],
) -> argparse.ArgumentParser:
    """Describe a command whose `run` does `act` as whoever proves to be a user that may."""
    words = example(f"{named.group} {named.name} {named.example}")
    parser = inner.add_parser(named.name, help=named.text, epilog=words)
    add_by(parser)
    add_folder(parser)
    parser.set_defaults(run=run, act=act, needed=named.needed)
    return parser


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
        password = _ask_hidden(f"password of {name}: ")
    sign_in = ground.part(PeopleActs).sign_in
    account = sign_in.prove(name, password)
    if account is None:
        raise CommandError("the name or the password is wrong")
    if account.one_time_until is not None:
        raise CommandError(f"{account.name} has a one-time word: choose a password at a page first")
    _ask_code(ground, arguments, account)
    scope = sign_in.scope(account)
    require(ground, account, needed, scope=scope)
    return account, scope


def require(ground: Ground, account: Account, needed: Permission, *, scope: Scope) -> None:
    """See that somebody with these rows may do what is needed; raises CommandError."""
    sign_in = ground.part(PeopleActs).sign_in
    if needed not in sign_in.permissions_of(account.roles, scope=scope):
        whose = f"{account.name} is {', '.join(account.roles)}"
        if needed in sign_in.permissions_of(account.roles, scope=EVERYTHING):
            whose = f"{account.name} is of a single seller"
        raise CommandError(f"{whose}, who may not do this ({needed})")


def _ask_hidden(prompt: str) -> str:
    """Have somebody type what nobody may see; raises CommandError where nobody can."""
    try:
        if not sys.stdin.isatty():
            _TERMINAL.open("r+b", buffering=0).close()
        return getpass.getpass(prompt)
    except (EOFError, OSError) as error:
        raise CommandError(
            "nobody is there to type a password: give it by --password-stdin"
        ) from error


def _ask_code(ground: Ground, arguments: argparse.Namespace, account: Account) -> None:
    """Have somebody with a second factor show a code; raises CommandError."""
    factor = ground.part(PeopleActs).factor
    if not factor.is_asked(account):
        return
    if arguments.password_stdin:
        code = sys.stdin.readline().strip()
    else:
        code = _ask_hidden(f"code of {account.name}: ")
    if not factor.prove(account, code):
        raise CommandError(PageWords().named("user_fault", "code_wrong"))
