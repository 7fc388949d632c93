"""How commands reach a document: by its number, as it stands today."""

from datetime import date
from typing import TypeVar

from hub.base.access import Scope
from hub.base.commands import CommandError
from hub.base.engine import Connection
from hub.base.fields import Refused
from hub.base.fields.words import refusal_lines
from hub.base.ground import Ground
from hub.desk.invoices.reads.record import InvoiceDetail, find_invoice, read_invoice
from hub.desk.parties.model import moment_of
from hub.desk.parties.reads import read_distributor

Done = TypeVar("Done")


def done(outcome: Done | Refused) -> Done:
    """Give what was done; raises CommandError with every reason why nothing was."""
    if isinstance(outcome, Refused):
        raise CommandError("\n".join(refusal_lines(outcome)))
    return outcome


def today_of(ground: Ground, connection: Connection) -> date:
    """Give the day that it is where the distributor is."""
    return moment_of(ground.clock.now_ms(), read_distributor(connection).zone).day


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
