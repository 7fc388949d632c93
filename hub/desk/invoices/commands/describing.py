"""What the commands of invoices are called and take."""

import argparse

from hub.base.commands import add_folder, example, group
from hub.desk.invoices.commands import numbers, papers, portal, steps
from hub.desk.people.commands.proving import add_by

CREDITED: str = (
    "NAME=TEXT: back.1=3 (of line 1), shelf.1=damaged, charged.2=1 (free goods that are kept), "
    "price.1=50.00 (before tax)"
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "invoice", "make, cancel, credit, show or write invoices")
    make = inner.add_parser(
        "make",
        help="bill all that is left of an order, or delivery notes",
        epilog=example("invoice make S-000012 --by asha"),
    )
    make.add_argument("order", nargs="?", metavar="ORDER", help="its number or id")
    make.add_argument(
        "--note", type=int, action="append", default=[], help="a delivery note's id instead"
    )
    make.add_argument("--reverse-charge", action="store_true", help="the buyer owes the tax")
    make.add_argument("--dry-run", action="store_true", help="tell what it would say, do nothing")
    make.set_defaults(run=steps.run_make)
    cancel = inner.add_parser(
        "cancel",
        help="cancel an invoice; it keeps its number",
        epilog=example("invoice cancel INV26-27/000001 --reason 'wrong shop' --by asha"),
    )
    _invoice(cancel)
    cancel.add_argument("--reason", required=True, help="why")
    cancel.set_defaults(run=steps.run_cancel)
    credit = inner.add_parser(
        "credit",
        help="make a credit note: goods that came back, or a lower price",
        epilog=example("invoice credit INV26-27/000001 back.1=3 --reason 'broken' --by asha"),
    )
    _invoice(credit)
    credit.add_argument("fields", nargs="+", metavar="NAME=TEXT", help=CREDITED)
    credit.add_argument("--reason", required=True, help="why")
    credit.set_defaults(run=steps.run_credit)
    for parser in (make, cancel, credit):
        add_by(parser)
        add_folder(parser)
    show = inner.add_parser(
        "show",
        help="tell all that an invoice says",
        epilog=example("invoice show INV26-27/000001 --json"),
    )
    _invoice(show)
    show.add_argument("--json", action="store_true", help="as the portal of e-invoices takes it")
    add_folder(show)
    papers.add(inner)
    portal.add(inner)
    numbers.add(inner)
    show.set_defaults(run=steps.run_show)


def _invoice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("invoice", metavar="NUMBER", help="the invoice's number")
