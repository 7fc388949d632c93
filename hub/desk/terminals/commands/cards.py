"""`terminal cards|operator|serve`: who orders at a counter, and for which customers."""

import argparse
import json
from collections.abc import Callable
from typing import Final, TypeVar

from hub.base.access import Actor
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.ground import Ground
from hub.base.words import PageWords
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import CardError
from hub.desk.terminals.reads.cards import read_cards

Done = TypeVar("Done")

_NEEDED: Final = {"yes": True, "no": False, "group": None}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "terminal", "counter terminals")
    listing = inner.add_parser(
        "cards",
        help="show which operators and customers a counter knows by their cards",
        description="One JSON object. The cards are printed at /terminals/ID/cards/print.",
        epilog=example("terminal cards counter-7 --by asha"),
    )
    operator = inner.add_parser(
        "operator",
        help="give an operator a card, another PIN, or take the card away",
        description="With --name a new operator of the terminal's customer gets a card and a PIN, "
        "which is printed this once. With --card that operator gets another PIN, or with --end "
        "goes off the list. --needed says whether orders are sent by operators alone; `group` "
        "leaves that to the counter's group. The third wrong PIN locks a card for 15 minutes.",
        epilog=example("terminal operator counter-7 --name 'Asha Rao' --by asha"),
    )
    operator.add_argument("--name", metavar="TEXT", help="who the new operator is")
    operator.add_argument("--card", metavar="CARD", help="an operator who has a card")
    operator.add_argument("--pin", default="", metavar="DIGITS", help="4 to 6; else it is drawn")
    operator.add_argument("--end", action="store_true", help="take the card away")
    operator.add_argument("--needed", choices=tuple(_NEEDED), help="does every order need one")
    serving = inner.add_parser(
        "serve",
        help="let a counter order for another customer, by that customer's card",
        description="For a van, or a counter that several shops order at. Prices, schemes, "
        "payments and credit are then that customer's.",
        epilog=example("terminal serve van-1 --customer C018 --by asha"),
    )
    serving.add_argument("--customer", required=True, metavar="ID", help="who else orders with it")
    serving.add_argument("--end", action="store_true", help="order for that customer no more")
    runs = {listing: run_cards, operator: run_operator, serving: run_serve}
    for command, run in runs.items():
        command.add_argument("terminal", metavar="ID", help="the terminal")
        add_folder(command)
        add_by(command)
        command.set_defaults(run=run)
    for command in (operator, serving):
        command.add_argument(
            "--reason", default="", metavar="TEXT", help="why, for who looks later"
        )


def run_cards(arguments: argparse.Namespace) -> int:
    """Show the cards."""
    with opened(arguments) as ground:
        by = _by(ground, arguments)
        _show(ground, arguments.terminal, by)
    return 0


def run_operator(arguments: argparse.Namespace) -> int:
    """Do one thing about operators."""
    asked = [one for one in (arguments.name, arguments.card, arguments.needed) if one is not None]
    if len(asked) != 1:
        raise CommandError("say one of --name, --card and --needed")
    with opened(arguments) as ground:
        by, cards = _by(ground, arguments), ground.part(EnrolmentActs).cards
        terminal, why = arguments.terminal, arguments.reason
        if arguments.needed is not None:
            needed = _NEEDED[arguments.needed]
            _do(lambda: cards.need_operator(terminal, needed=needed, why=why, by=by))
        elif arguments.end:
            _do(lambda: cards.end_operator(terminal, arguments.card or "", why=why, by=by))
        else:
            made = _do(
                lambda: (
                    cards.add_operator(terminal, name=arguments.name, pin=arguments.pin, by=by)
                    if arguments.name is not None
                    else cards.new_pin(terminal, arguments.card, pin=arguments.pin, why=why, by=by)
                )
            )
            print(
                json.dumps(
                    {"card": made.card, "name": made.name, "pin": made.pin}, ensure_ascii=False
                )
            )
            return 0
        _show(ground, terminal, by)
    return 0


def run_serve(arguments: argparse.Namespace) -> int:
    """Let a counter order for a customer, or no more."""
    with opened(arguments) as ground:
        by, cards = _by(ground, arguments), ground.part(EnrolmentActs).cards
        act = cards.serve_no_more if arguments.end else cards.serve
        _do(lambda: act(arguments.terminal, arguments.customer, why=arguments.reason, by=by))
        _show(ground, arguments.terminal, by)
    return 0


def _by(ground: Ground, arguments: argparse.Namespace) -> Actor:
    account, scope = prove_user(ground, arguments, "terminals.set")
    return Actor(account.name, account.roles, scope)


def _show(ground: Ground, terminal: str, by: Actor) -> None:
    with ground.database.read() as connection:
        found = read_cards(connection, terminal, scope=by.scope)
    if found is None:
        raise CommandError(_said(CardError("terminal_unknown", terminal)))
    shown = {
        "terminal": terminal,
        "customer": found.code,
        "operator_needed": found.needed,
        "operator_needed_here": found.said,
        "operators": {one.card: one.name for one in found.operators},
        "customers": {one.code: one.name for one in found.served},
    }
    print(json.dumps(shown, ensure_ascii=False))


def _do(act: Callable[[], Done]) -> Done:
    try:
        return act()
    except CardError as error:
        raise CommandError(_said(error)) from error


def _said(error: CardError) -> str:
    words = PageWords().named("card_fault", error.code)
    return f"{words} ({error.about})" if error.about else words
