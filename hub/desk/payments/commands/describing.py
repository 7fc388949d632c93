"""What the commands of payments are called and take."""

import argparse

from hub.base.commands import add_folder, example, group
from hub.desk.payments.commands import steps
from hub.desk.payments.commands.giving import add_giving
from hub.desk.payments.model import MODES
from hub.desk.people.commands.proving import add_by

PART: str = "NUMBER=AMOUNT: so much to that invoice; without any, what is due first is paid first"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "payment", "take money, clear cheques, allocate, give back, void")
    take = inner.add_parser(
        "take",
        help="take a customer's payment",
        epilog=example("payment take C-0001 500.00 --mode upi --reference 4412 --by asha"),
    )
    take.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    take.add_argument("amount", metavar="AMOUNT", help="such as 500.00")
    take.add_argument("--mode", choices=MODES, default="cash", help="how it came")
    take.add_argument("--reference", default="", help="of a cheque, a transfer or UPI")
    take.add_argument("--collector", default="", help="who took it; else who gives the command")
    take.add_argument("--place", default="", help="where")
    take.add_argument("--paid-on", default="", metavar="DAY", help="when it changed hands (today)")
    take.add_argument("--key", help="your own key: under one key, it is one payment")
    take.add_argument("--on-account", action="store_true", help="pay nothing with it yet")
    take.add_argument(
        "--anyway", action="store_true", help="also what may be the same money, taken already"
    )
    take.add_argument("--part", action="append", default=[], metavar="PART", help=PART)
    take.set_defaults(run=steps.run_take)
    _end(take)
    for name, state, text in (
        ("deposit", "clearing", "hand a cheque to the bank"),
        ("clear", "cleared", "have a cheque be money"),
        ("bounce", "bounced", "have a cheque bounce, cleared or not: what it paid is open again"),
    ):
        parser = inner.add_parser(
            name, help=text, epilog=example(f"payment {name} PAY26-27/000002 --by asha")
        )
        _payment(parser)
        parser.add_argument("--reason", default="", metavar="TEXT", help="what the bank says")
        parser.set_defaults(run=steps.run_move, state=state)
        _end(parser)
    allocate = inner.add_parser(
        "allocate",
        help="have money that is on account pay invoices",
        epilog=example("payment allocate PAY26-27/000002 --part INV26-27/000001=300.00 --by asha"),
    )
    _payment(allocate)
    allocate.add_argument("--part", action="append", default=[], metavar="PART", help=PART)
    allocate.set_defaults(run=steps.run_allocate)
    _end(allocate)
    add_giving(inner)
    _add_void(inner)


def _add_void(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    void = inner.add_parser(
        "void",
        help="void a payment, a refund or a write-off that was made by mistake",
        epilog=example("payment void PAY26-27/000002 --reason 'typed twice' --by asha"),
    )
    _payment(void)
    void.add_argument("--reason", required=True, metavar="TEXT", help="why it never was")
    void.set_defaults(run=steps.run_void)
    _end(void)


def _payment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("payment", metavar="NUMBER", help="the payment's number")


def _end(parser: argparse.ArgumentParser) -> None:
    add_by(parser)
    add_folder(parser)
