"""`order release`, `refuse` and `offer`: who may says yes, no, or something else."""

import argparse

from hub.base.commands import add_folder, example, group, opened
from hub.desk.approvals.acts import ApprovalActs
from hub.desk.approvals.acts.release_order import KeptYes
from hub.desk.approvals.model import Approver
from hub.desk.orders.commands.describing import add_content, add_order
from hub.desk.orders.commands.steps import amendment_of, done, in_words, named, tell
from hub.desk.people.commands.proving import add_by
from hub.desk.people.model.accounts import Account


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "order", "place one order, or change it")
    for name, run, text in (
        ("release", run_release, "say yes to a held order; the last yes confirms it"),
        ("refuse", run_refuse, "say no to a held order: it is rejected"),
        ("offer", run_offer, "offer less, or another payment, instead of a yes"),
    ):
        words = {
            "release": "",
            "refuse": " --reason 'too much at once'",
            "offer": " --payment cash",
        }
        parser = inner.add_parser(
            name, help=text, epilog=example(f"order {name} S-000012 --by vikram{words[name]}")
        )
        add_order(parser)
        if name == "offer":
            add_content(parser, required=False)
        parser.add_argument(
            "--reason",
            required=name == "refuse",
            type=in_words,  # argparse asks it for a default too, if that is a text
            help="why; the shop reads it",
        )
        add_by(parser)
        add_folder(parser)
        parser.set_defaults(run=run)


def run_release(arguments: argparse.Namespace) -> int:
    """Release an order."""
    with opened(arguments) as ground:
        uuid, by, scope = named(ground, arguments, "approvals.decide")
        outcome = done(
            ground.part(ApprovalActs).release(uuid, by=_as(by), why=arguments.reason or "")
        )
        if isinstance(outcome, KeptYes):
            print(f"your yes is kept; {outcome.roles} decides next")
        tell(ground, uuid, scope=scope)
    return 0


def run_refuse(arguments: argparse.Namespace) -> int:
    """Refuse an order."""
    with opened(arguments) as ground:
        uuid, by, scope = named(ground, arguments, "approvals.decide")
        done(ground.part(ApprovalActs).refuse(uuid, by=_as(by), why=arguments.reason))
        tell(ground, uuid, scope=scope)
    return 0


def run_offer(arguments: argparse.Namespace) -> int:
    """Offer something else."""
    change = amendment_of(arguments)
    with opened(arguments) as ground:
        uuid, by, scope = named(ground, arguments, "approvals.decide")
        why = arguments.reason or ""
        done(ground.part(ApprovalActs).offer(uuid, change, by=_as(by), why=why))
        tell(ground, uuid, scope=scope)
    return 0


def _as(account: Account) -> Approver:
    """Take somebody as an approver, in all roles and duties."""
    return Approver(account.name, account.roles)
