"""`orders` and `order cancel`: what was decided, and taking it back."""

import argparse
import getpass
import json

from hub.cli.options import CommandError, add_folder, opened
from hub.domain.order_life import TransitionError
from hub.services.cancel_order import OrderNotFoundError


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    listing = commands.add_parser(
        "orders",
        help="list orders as decided",
        epilog="example: python -m hub orders --json",
    )
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(listing)
    listing.set_defaults(run=run_list)
    parser = commands.add_parser(
        "order",
        help="change one order",
        epilog="example: python -m hub order cancel 0190c0de-... --reason 'shop closed'",
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND")
    cancelling = inner.add_parser(
        "cancel",
        help="cancel an order and give back what it holds",
        epilog="example: python -m hub order cancel 0190c0de-... --reason 'shop closed'",
    )
    cancelling.add_argument("order", metavar="ID", help="the order's id, as `orders` lists it")
    cancelling.add_argument("--reason", required=True, help="why; the shop reads it")
    add_folder(cancelling)
    cancelling.set_defaults(run=run_cancel)


def run_list(arguments: argparse.Namespace) -> int:
    """List orders, oldest first."""
    with opened(arguments) as hub:
        for row in hub.orders():
            print(json.dumps(row) if arguments.json else _line(row))
    return 0


def run_cancel(arguments: argparse.Namespace) -> int:
    """Cancel an order."""
    with opened(arguments) as hub:
        try:
            revision = hub.cancel_order(
                arguments.order, reason=arguments.reason, actor=getpass.getuser()
            )
        except (OrderNotFoundError, TransitionError) as error:
            raise CommandError(str(error)) from error
    print(f"order {arguments.order} cancelled, revision {revision}")
    return 0


def _line(row: dict[str, object]) -> str:
    """Write an order for people."""
    return (
        f"{row['number']:<16} {row['status']:<18} {row['payable']:>12} {row['currency']} "
        f"{row['lines']:>3} lines  {row['order']}"
    )
