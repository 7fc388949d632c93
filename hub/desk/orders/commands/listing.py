"""`orders`: the list, for people and for programs."""

import argparse
import json

from hub.base.access import EVERYTHING, Scope
from hub.base.commands import CommandError, opened
from hub.base.engine import Connection
from hub.base.money import number
from hub.base.words import PageWords
from hub.desk.orders.reads.documents import write_row
from hub.desk.orders.reads.listing import OrderRow, every_order, find_order
from hub.desk.orders.words import look_of


def run_list(arguments: argparse.Namespace) -> int:
    """List orders, oldest first."""
    with opened(arguments) as ground, ground.database.read() as connection:
        for row in every_order(connection, scope=EVERYTHING):
            print(json.dumps(write_row(row)) if arguments.json else line_of(row))
    return 0


def line_of(row: OrderRow) -> str:
    """Write an order for people."""
    amount = "-" if row.payable is None else number(row.payable, row.currency, row.scale)
    state = PageWords().text(look_of(row.status, changed=row.changed).words)
    return (
        f"{row.number:<16} {state:<18} {amount:>14} {row.currency} {row.lines:>3} lines  {row.uuid}"
    )


def order_named(connection: Connection, name: str, *, scope: Scope) -> str:
    """Find an order's id by its number or its id; raises CommandError."""
    found = find_order(connection, name, scope=scope)
    if not found:
        raise CommandError(f"there is no order {name}")
    if len(found) > 1:
        raise CommandError(f"{len(found)} orders are called {name}: name one by its id")
    return found[0]
