"""What the commands of orders are called and take."""

import argparse

from hub.base.commands import add_folder, example, group
from hub.desk.orders.commands import steps
from hub.desk.orders.commands.listing import run_list
from hub.desk.people.commands.proving import add_by

LINE: str = (
    "2*TEA-250 or TEA-250: so many, of a product; 2*TEA-250@CASE in whole packs; behind it "
    "-2.5%% or -1.50 each to be taken off, #B7 for a batch"
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    listing = commands.add_parser(
        "orders", help="list orders as decided", epilog=example("orders --json")
    )
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(listing)
    listing.set_defaults(run=run_list)
    inner = group(commands, "order", "place one order, or change it")
    _place(inner)
    _amend(inner)
    for name, run, text in (
        ("fill", steps.run_fill, "allocate what has come in of what an order waits for"),
        ("split", steps.run_split, "make of what an order waits for an order of its own"),
    ):
        parser = inner.add_parser(
            name, help=text, epilog=example(f"order {name} S-000012 --by asha")
        )
        add_order(parser)
        add_by(parser)
        add_folder(parser)
        parser.set_defaults(run=run)
    _redirect(inner)
    for name, run, text in (
        ("hold", steps.run_hold, "hold a confirmed order: it promises nothing until released"),
        ("cancel", steps.run_cancel, "cancel an order and give back what it holds"),
    ):
        parser = inner.add_parser(
            name,
            help=text,
            epilog=example(f"order {name} S-000012 --reason 'shop closed' --by asha"),
        )
        add_order(parser)
        parser.add_argument(
            "--reason", required=True, type=steps.in_words, help="why; the shop reads it"
        )
        add_by(parser)
        add_folder(parser)
        parser.set_defaults(run=run)


def _redirect(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = inner.add_parser(
        "redirect",
        help="send an order's goods to another address of its customer, before they leave",
        description="Lines, prices and approvals stay as they are; the note on which the goods are "
        "picked and the invoice have the new address.",
        epilog=example(
            "order redirect S-000012 --ship-to GODOWN --reason 'shop is being painted' --by asha"
        ),
    )
    add_order(parser)
    parser.add_argument(
        "--ship-to",
        required=True,
        metavar="ADDRESS",
        help="the customer's code for where goods go; '' is the customer's own address",
    )
    parser.add_argument(
        "--reason", required=True, type=steps.in_words, help="why; the shop reads it"
    )
    add_by(parser)
    add_folder(parser)
    parser.set_defaults(run=steps.run_redirect)


def add_order(parser: argparse.ArgumentParser) -> None:
    """Let a command be told of an order."""
    parser.add_argument("order", metavar="ORDER", help="its number or id, as `orders` lists it")


def add_content(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Let a command be told what an order is to hold."""
    parser.add_argument("--line", action="append", required=required, metavar="LINE", help=LINE)
    parser.add_argument(
        "--payment", choices=("cash", "credit", "advance"), help="how it is meant to be paid"
    )
    parser.add_argument(
        "--coupon", action="append", help="a code shown with it; '' is none any more"
    )
    parser.add_argument(
        "--choice",
        action="append",
        type=steps.read_choice,
        metavar="SCHEME=WISH",
        help="which product a scheme is to give; take or none of a gift that may be declined",
    )
    parser.add_argument(
        "--delivery-date",
        type=steps.read_delivery,
        metavar="DAY",
        help="when the goods are wanted: 2026-12-01, or any",
    )


def _add_dry(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run", action="store_true", help="tell what would be decided, and do nothing"
    )


def _place(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = inner.add_parser(
        "place",
        help="place an order for a customer",
        description="The order takes the very path that a terminal's takes: price, schemes, "
        "credit, approvals and batches are decided at once.",
        epilog=example("order place C-0001 --line 2*TEA-250@CASE --line SOAP --by asha"),
    )
    parser.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    add_content(parser, required=True)
    parser.add_argument("--warehouse", default="", help="its code; the first where left out")
    parser.add_argument(
        "--po", default="", metavar="NUMBER", help="the number of the customer's purchase order"
    )
    parser.add_argument(
        "--ship-to", default="", metavar="ADDRESS", help="the customer's code for where goods go"
    )
    parser.add_argument("--key", help="your own key: under one key, it is one order")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    _add_dry(parser)
    add_by(parser)
    add_folder(parser)
    parser.set_defaults(run=steps.run_place)


def _amend(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = inner.add_parser(
        "amend",
        help="give an order other lines, payment or wishes; every rule is run again",
        epilog=example("order amend S-000012 --line 10*TEA-250 --line SOAP --by asha"),
    )
    add_order(parser)
    add_content(parser, required=False)
    parser.add_argument("--reason", default="", help="why; the shop reads it")
    _add_dry(parser)
    add_by(parser)
    add_folder(parser)
    parser.set_defaults(run=steps.run_amend)
