"""What the commands of invoices do."""

import argparse
from datetime import date
from typing import TypeVar

from hub.base.access import EVERYTHING, Scope
from hub.base.commands import CommandError, opened
from hub.base.engine import Connection
from hub.base.fields import Refused
from hub.base.fields.words import refusal_lines, sentence
from hub.base.ground import Ground
from hub.base.money import number
from hub.base.words import PageWords
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.gst_files import encode_file, write_inv01
from hub.desk.invoices.model.reading import read_credited
from hub.desk.invoices.reads.record import (
    InvoiceDetail,
    find_invoice,
    read_invoice,
    read_order_ref,
)
from hub.desk.invoices.words import STATES
from hub.desk.orders.commands.listing import order_named
from hub.desk.parties.model import moment_of
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import prove_user

Done = TypeVar("Done")


def run_make(arguments: argparse.Namespace) -> int:
    """Make an invoice, or tell what it would say."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "invoices.make")
        acts = ground.part(InvoiceActs)
        orders = [] if arguments.note else [_order(ground, arguments.order, scope)]
        if arguments.dry_run:
            new, faults = done(acts.make.foresee(orders=orders, notes=arguments.note, scope=scope))
            total = number(new.payable, new.currency, new.scale)
            print(f"would be over {total} {new.currency}, {len(new.lines)} lines; nothing was done")
            for one in faults:
                print(f"    {sentence(one)}")
            return 0
        made = done(
            acts.make(
                orders=orders,
                notes=arguments.note,
                by=account.name,
                scope=scope,
                reverse_charge=arguments.reverse_charge,
            )
        )
        _tell(ground, made.invoice, scope)
    return 0


def run_cancel(arguments: argparse.Namespace) -> int:
    """Cancel an invoice."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "invoices.cancel")
        key = _named(ground, arguments.invoice, scope)
        cancel = ground.part(InvoiceActs).cancel
        done(cancel(key, why=arguments.reason, by=account.name, scope=scope))
        _tell(ground, key, scope)
    return 0


def run_credit(arguments: argparse.Namespace) -> int:
    """Credit lines of an invoice."""
    fields = dict(one.partition("=")[::2] for one in arguments.fields)
    asked, faults = read_credited(fields)
    done(Refused(tuple(faults)) if faults else asked)
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "invoices.credit")
        key = _named(ground, arguments.invoice, scope)
        credit = ground.part(InvoiceActs).credit
        made = done(credit(key, asked, why=arguments.reason, by=account.name, scope=scope))
        _tell(ground, made.invoice, scope)
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Tell all that an invoice says."""
    with opened(arguments) as ground:
        key = _named(ground, arguments.invoice, EVERYTHING)
        found = _read(ground, key, EVERYTHING)
    if arguments.json:
        of = (found.of[1], found.of[2]) if found.of else None
        written = write_inv01(
            found.row, seller=found.seller, buyer=found.buyer, lines=found.lines, of=of
        )
        print(encode_file([written]).decode())
        return 0
    print(_line(found))
    for one in found.lines:
        amount = number(one.total, found.row["currency"], found.row["scale"])
        print(f"  {one.number:>3} {one.sku:<16} {one.hsn:<8} {one.quantity:>8} {amount:>14}")
    for paid in found.paid_by:
        amount = number(paid.amount, found.row["currency"], found.row["scale"])
        print(f"  paid {amount} by {paid.kind} {paid.number} on {paid.day}")
    return 0


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


def _order(ground: Ground, name: str | None, scope: Scope) -> int:
    if not name:
        raise CommandError("name an order, or delivery notes by --note")
    with ground.database.read() as connection:
        found = read_order_ref(connection, order_named(connection, name, scope=scope), scope=scope)
    if found is None:
        raise CommandError(f"there is no order {name}")
    return found[0]


def _named(ground: Ground, name: str, scope: Scope) -> int:
    with ground.database.read() as connection:
        return named_invoice(connection, name, scope=scope)


def _read(ground: Ground, key: int, scope: Scope) -> InvoiceDetail:
    with ground.database.read() as connection:
        found = read_invoice(connection, key, today=today_of(ground, connection), scope=scope)
    if found is None:
        raise CommandError(f"there is no invoice {key}")
    return found


def _tell(ground: Ground, key: int, scope: Scope) -> None:
    print(_line(_read(ground, key, scope)))


def _line(found: InvoiceDetail) -> str:
    row = found.row
    state = PageWords().text(STATES[found.state].words)
    amount = number(row["payable"], row["currency"], row["scale"])
    return f"{row['number']:<16} {state:<10} {amount:>14} {row['currency']}  {found.buyer.name}"
