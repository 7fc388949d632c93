"""How commands reach documents: one by its number, as it stands today, or many for their files."""

import argparse
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from hub.base.access import Scope
from hub.base.commands import CommandError, NotDoneError
from hub.base.engine import Connection
from hub.base.fields import Refused
from hub.base.ground import Ground
from hub.base.papers import SIZES
from hub.desk.invoices.reads.listing import list_issued
from hub.desk.invoices.reads.record import InvoiceDetail, find_invoice, read_invoice
from hub.desk.parties.model import moment_of
from hub.desk.parties.reads import read_distributor
from rules import LANGUAGES

Done = TypeVar("Done")


def done(outcome: Done | Refused) -> Done:
    """Give what was done; raises CommandError with every reason why nothing was."""
    if isinstance(outcome, Refused):
        raise NotDoneError(outcome)
    return outcome


def today_of(ground: Ground, connection: Connection) -> date:
    """Give the day that it is where the distributor is."""
    return moment_of(ground.clock.now_ms(), read_distributor(connection).zone).day


def add_chosen(parser: argparse.ArgumentParser) -> None:
    """Let a command say of which documents it wants the files, on which paper."""
    parser.add_argument("numbers", nargs="*", metavar="NUMBER", help="these alone")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY")
    parser.add_argument("--size", choices=SIZES, default="a4", help="a4, a5 or the 80 mm roll")
    parser.add_argument(
        "--language", choices=LANGUAGES, default="", help="the customer's where left out"
    )


def chosen_documents(
    ground: Ground, arguments: argparse.Namespace, *, scope: Scope
) -> Sequence[int]:
    """Give the ids of the documents that were chosen; raises CommandError for an unknown number."""
    numbers = [one.strip().upper() for one in arguments.numbers]
    first, last = arguments.first, arguments.last
    with ground.database.read() as connection:
        for one in numbers:
            if not list_issued(connection, numbers=[one], scope=scope):
                raise CommandError(f"there is no invoice {one}")
        return list_issued(connection, numbers=numbers, first=first, last=last, scope=scope)


def named_invoice(connection: Connection, name: str, *, scope: Scope) -> int:
    """Find an invoice's id by its number; raises CommandError."""
    found = find_invoice(connection, name, scope=scope)
    if found is None:
        raise CommandError(f"there is no invoice {name}")
    return found


def read_named(ground: Ground, name: str, scope: Scope) -> InvoiceDetail:
    """Read a document by its number; raises CommandError."""
    with ground.database.read() as connection:
        key = named_invoice(connection, name, scope=scope)
    return read_one(ground, key, scope)


def read_one(ground: Ground, key: int, scope: Scope) -> InvoiceDetail:
    """Read a document by its id; raises CommandError."""
    with ground.database.read() as connection:
        found = read_invoice(connection, key, today=today_of(ground, connection), scope=scope)
    if found is None:
        raise CommandError(f"there is no invoice {key}")
    return found
