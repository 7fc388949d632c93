"""`terminal list|add|revoke|settle|counter`: terminals, their access, what their counters take."""

import argparse
import json
from dataclasses import asdict

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_broker, add_folder, example, group, opened
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.people.commands.proving import OPERATOR, add_by, prove_user
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.commands.claim import say_fault
from hub.desk.terminals.model import NOTICES, EnrolmentError, TerminalError
from hub.desk.terminals.reads.counters import read_counter
from hub.desk.terminals.reads.terminals import every_terminal

_ID = "the terminal's id, which is also its name at the broker"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "terminal", "counter terminals")
    listing = inner.add_parser(
        "list",
        help="list terminals, one JSON object a line",
        epilog=example("terminal list"),
    )
    adding = inner.add_parser(
        "add",
        help="add a terminal, or give one a new password, and write its configuration",
        description="Writes terminals/ID.toml with the password in it: for machines that are "
        "prepared at the hub, and boards. A device in a shop makes its own: `hub terminal claim`.",
        epilog=example("terminal add counter-7 --customer C042 --warehouse MAIN"),
    )
    adding.add_argument("terminal", metavar="ID", help=_ID)
    adding.add_argument("--customer", required=True, metavar="ID", help="who orders with it")
    adding.add_argument("--warehouse", required=True, metavar="CODE", help="which one serves it")
    add_broker(adding)
    revoking = inner.add_parser(
        "revoke",
        help="take a terminal's access away",
        description="The machine is shut out at once. Notices that it has not stored print at the "
        "shop's other counter, where there is one.",
        epilog=example("terminal revoke counter-7"),
    )
    revoking.add_argument("terminal", metavar="ID", help=_ID)
    settling = inner.add_parser(
        "settle",
        help="take orders that a terminal keeps and that cannot come back as settled",
        description="After a restore terminals give their orders back. What the hub refused of "
        "them (see the refused messages), or what a broken card lost, keeps the audit from being "
        "clean, and the orders of its customer waiting, until somebody has called the shop, or "
        "placed the orders again, and says so here. So does a terminal that is not heard any more.",
        epilog=example("terminal settle counter-7 --reason 'placed again as S-000041' --by asha"),
    )
    settling.add_argument("terminal", metavar="ID", help=_ID)
    settling.add_argument("--reason", required=True, metavar="TEXT", help="what was done about it")
    add_by(settling)
    setting = _describe_counter(inner)
    runs = {
        listing: run_list,
        adding: run_add,
        revoking: run_revoke,
        settling: run_settle,
        setting: run_counter,
    }
    for command, run in runs.items():
        add_folder(command)
        command.set_defaults(run=run)


def _describe_counter(
    inner: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> argparse.ArgumentParser:
    setting = inner.add_parser(
        "counter",
        help="say which payments a counter takes, and from where on it asks once more",
        description="Sets all of them; what is left out is as the counter's group says, else as "
        "usual: the payments that the customer's credit allows, 1,000 of a line, no amount, all "
        "notices. The terminal hears of it within half a minute.",
        epilog=example(
            "terminal counter counter-7 --payments cash,credit --ask-quantity 240 "
            "--ask-amount 50000.00 --by asha"
        ),
    )
    setting.add_argument("terminal", metavar="ID", help=_ID)
    setting.add_argument(
        "--payments", default="", metavar="LIST", help="of credit, cash, advance; the usual first"
    )
    setting.add_argument(
        "--ask-quantity", default="", metavar="N", help="ask above N in a line's unit; 0 never"
    )
    setting.add_argument(
        "--ask-amount", default="", metavar="AMOUNT", help="ask above it for an order; 0 never"
    )
    setting.add_argument(
        "--notices",
        default="",
        choices=NOTICES,
        help="which print by themselves: all, all but those of invoices, what changes an order",
    )
    setting.add_argument("--reason", default="", metavar="TEXT", help="why, for who looks later")
    add_by(setting)
    return setting


def run_list(arguments: argparse.Namespace) -> int:
    """List terminals."""
    with opened(arguments) as ground, ground.database.read() as connection:
        for line in every_terminal(connection, scope=EVERYTHING):
            print(json.dumps(asdict(line)))
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    """Add a terminal."""
    with opened(arguments) as ground:
        try:
            ground.part(EnrolmentActs).enrol.add(
                arguments.terminal, customer=arguments.customer, warehouse=arguments.warehouse
            )
        except EnrolmentError as error:
            raise CommandError(say_fault(error)) from error
    print(ground.folder / "terminals" / f"{arguments.terminal}.toml")
    return 0


def run_revoke(arguments: argparse.Namespace) -> int:
    """Revoke a terminal."""
    with opened(arguments) as ground:
        try:
            ground.part(EnrolmentActs).enrol.revoke(arguments.terminal, by=OPERATOR)
        except EnrolmentError as error:
            raise CommandError(say_fault(error)) from error
    print(f"terminal {arguments.terminal} revoked")
    return 0


def run_settle(arguments: argparse.Namespace) -> int:
    """Settle what a terminal cannot give back."""
    with opened(arguments) as ground:
        account, _ = prove_user(ground, arguments, "terminals.settle")
        settle = ground.part(EnrolmentActs).settle
        try:
            done = settle(arguments.terminal, by=account.name, why=arguments.reason)
        except TerminalError as error:
            raise CommandError(str(error)) from error
    if done.last:
        print(f"{done.missing} orders of {arguments.terminal} are settled")
    else:
        print(f"{arguments.terminal} is awaited no more: orders of its customer go on")
    return 0


def run_counter(arguments: argparse.Namespace) -> int:
    """Set a counter."""
    fields = {
        "payments": arguments.payments,
        "ask_quantity": arguments.ask_quantity,
        "ask_amount": arguments.ask_amount,
        "notices": arguments.notices,
    }
    with opened(arguments) as ground:
        account, _ = prove_user(ground, arguments, "terminals.set")
        done = ground.part(EnrolmentActs).set_counter(
            arguments.terminal, fields, by=account.name, why=arguments.reason, scope=EVERYTHING
        )
        if isinstance(done, Refused):
            raise CommandError("; ".join(sentence(reason) for reason in done.reasons))
        with ground.database.read() as connection:
            row = read_counter(connection, arguments.terminal, scope=EVERYTHING)
    if row is not None:
        shown = {"terminal": row.terminal, **row.settings.fields, "takes": row.takes}
        print(json.dumps({**shown, "runs": row.runs}))
    return 0
