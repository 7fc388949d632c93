"""`partner ...`: a party's own people, and the links that let them in."""

import argparse
from collections.abc import Callable

from hub.base.access import Actor
from hub.base.commands import CommandError, add_folder, example, opened
from hub.base.ground import Ground
from hub.base.words import PageWords
from hub.desk.partners.acts import PartnerActs
from hub.desk.partners.model import Invited
from hub.desk.partners.reads.people import list_partners
from hub.desk.partners.words import LINKS
from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import (
    OPERATOR,
    NamedAct,
    add_act,
    prove_user,
    say_fault,
)
from hub.desk.people.model.faults import PeopleError

_INVITE = "partners.invite"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "partner",
        help="people of the parties that buy, and the links that let them in",
        epilog=example("partner invite nina --party C-001 --by asha"),
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    named = NamedAct(
        "partner",
        "invite",
        "add somebody of a party, and print the link for the first sign-in",
        "nina --party C-001 --shown 'Nina Rao' --by asha",
        _INVITE,
    )
    invite = add_act(inner, named, run=_run, act=_invite)
    invite.add_argument("name", metavar="NAME", help="who signs in")
    invite.add_argument(
        "--party", action="append", required=True, metavar="CODE", help="of this customer"
    )
    invite.add_argument("--shown", default="", metavar="TEXT", help="the name that others read")
    _add_mail(invite)
    named = NamedAct(
        "partner",
        "link",
        "print another link; the one of before opens nothing any more",
        "nina --by asha",
        _INVITE,
    )
    link = add_act(inner, named, run=_run, act=_again)
    link.add_argument("name", metavar="NAME", help="the partner")
    _add_mail(link)
    listed = inner.add_parser(
        "list", help="list the partners with their parties", epilog=example("partner list")
    )
    listed.set_defaults(run=run_list)
    add_folder(listed)


def _add_mail(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mail", default="", metavar="ADDRESS", help="send the link there instead of printing it"
    )


Act = Callable[[Ground, argparse.Namespace, Actor], Invited]


def _run(arguments: argparse.Namespace) -> int:
    """Have somebody prove who it is, make a link, and print it this once."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, _INVITE)
        by = Actor(account.name, account.roles, scope)
        act: Act = arguments.act
        try:
            made = act(ground, arguments, by)
        except PeopleError as error:
            raise CommandError(say_fault(error)) from error
        if arguments.mail:
            print(f"{made.name}: a link is sent to {arguments.mail}")
            return 0
        print(f"{made.name}: a link that lets in once, for a week")
        print(ground.part(PartnerActs).mail.link_to(made))
    return 0


def _invite(ground: Ground, arguments: argparse.Namespace, by: Actor) -> Invited:
    return ground.part(PartnerActs).invite(
        arguments.name, arguments.party, shown=arguments.shown, mail=arguments.mail, by=by
    )


def _again(ground: Ground, arguments: argparse.Namespace, by: Actor) -> Invited:
    account = ground.part(PeopleActs).sign_in.find_account(arguments.name)
    if account is None:
        raise PeopleError("user_unknown", arguments.name)
    return ground.part(PartnerActs).invite.again(account.id, mail=arguments.mail, by=by)


def run_list(arguments: argparse.Namespace) -> int:
    """List the partners."""
    with opened(arguments) as ground, ground.database.read() as connection:
        words = PageWords()
        now_ms = ground.clock.now_ms()
        for one in list_partners(connection, now_ms=now_ms, scope=OPERATOR.scope):
            state = words.text(LINKS[one.link].words) if one.link else "-"
            print(f"{one.name:<32} {', '.join(one.parties):<32} {state}  {one.shown}")
    return 0
