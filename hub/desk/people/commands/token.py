"""`token`: programs that place and read orders over the API."""

import argparse

from hub.base.access import Actor
from hub.base.commands import CommandError, add_folder, example, opened
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.api_tokens import OF_PROGRAMS
from hub.desk.people.commands.proving import OPERATOR, add_by, prove_user, say_fault
from hub.desk.people.model.faults import PeopleError


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "token",
        help="programs that use the API",
        epilog=example("token add webshop --role sales --by asha"),
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    one = inner.add_parser(
        "add",
        help="let a program in, or give it a new token",
        description="Prints the token once; only its hash is kept. A program of this name that was "
        "there has its new token and no other. It is the hand of USER: it may do and see no more, "
        "it ends with USER, and neither is the second person behind the other.",
        epilog=example("token add webshop --role sales --by asha"),
    )
    one.add_argument("name", metavar="NAME", help="the program")
    one.add_argument(
        "--role",
        choices=OF_PROGRAMS,
        action="append",
        required=True,
        help="what it may see and do; may be given more than once",
    )
    add_by(one)
    one.set_defaults(run=run_add)
    gone = inner.add_parser(
        "revoke", help="let a program in no more", epilog=example("token revoke webshop")
    )
    gone.add_argument("name", metavar="NAME", help="the program")
    gone.set_defaults(run=run_revoke)
    listed = inner.add_parser("list", help="list the programs", epilog=example("token list"))
    listed.set_defaults(run=run_list)
    for command in (one, gone, listed):
        add_folder(command)


def run_add(arguments: argparse.Namespace) -> int:
    """Make a token, as whoever proves to be a user that may."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "tokens.change")
        maker = Actor(account.name, account.roles, scope)
        try:
            token = ground.part(PeopleActs).tokens.add(
                arguments.name, roles=tuple(arguments.role), by=maker
            )
        except PeopleError as error:
            raise CommandError(say_fault(error)) from error
    print(token)
    return 0


def run_revoke(arguments: argparse.Namespace) -> int:
    """Revoke a token."""
    with opened(arguments) as ground:
        try:
            ground.part(PeopleActs).tokens.revoke(arguments.name, by=OPERATOR)
        except PeopleError as error:
            raise CommandError(say_fault(error)) from error
    print(f"token of {arguments.name} revoked")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """List the programs."""
    with opened(arguments) as ground:
        for one in ground.part(PeopleActs).tokens.list(scope=OPERATOR.scope):
            state = "in use" if one.revoked_at is None else "revoked"
            print(f"{one.name:<32} {state:<8} {one.maker or '-':<16} {', '.join(one.roles)}")
    return 0
