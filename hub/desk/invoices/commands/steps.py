"""What the commands of invoices do."""

import argparse
from typing import TypeVar

from hub.base.access import EVERYTHING, Scope
from hub.base.commands import CommandError, opened
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.ground import Ground
from hub.base.money import number
from hub.base.words import PageWords
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.commands.reaching import done, named_invoice, read_named, read_one
from hub.desk.invoices.model.crediting import read_credited
from hub.desk.invoices.model.gst_files import encode_file
from hub.desk.invoices.reads.record import (
    InvoiceDetail,
    read_order_ref,
)
from hub.desk.invoices.words import REGISTRATIONS, STATES
from hub.desk.orders.commands.listing import order_named
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
        with ground.database.read() as connection:
            key = named_invoice(connection, arguments.invoice, scope=scope)
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
        with ground.database.read() as connection:
            key = named_invoice(connection, arguments.invoice, scope=scope)
        credit = ground.part(InvoiceActs).credit
        made = done(credit(key, asked, why=arguments.reason, by=account.name, scope=scope))
        _tell(ground, made.invoice, scope)
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Tell all that an invoice says."""
    with opened(arguments) as ground:
        found = read_named(ground, arguments.invoice, EVERYTHING)
    if arguments.json:
        print(encode_file([found.portal_file()]).decode())
        return 0
    print(_line(found))
    for one in found.lines:
        amount = number(one.total, found.row["currency"], found.row["scale"])
        print(f"  {one.number:>3} {one.sku:<16} {one.hsn:<8} {one.quantity:>8} {amount:>14}")
    if found.registration is not None:
        given = found.registration
        state = PageWords().text(REGISTRATIONS[given.standing].words)
        print(f"  e-invoice: {state} {given.irn} {given.error}".rstrip())
    for paid in found.paid_by:
        amount = number(paid.amount, found.row["currency"], found.row["scale"])
        print(f"  paid {amount} by {paid.kind} {paid.number} on {paid.day}")
    return 0


def _order(ground: Ground, name: str | None, scope: Scope) -> int:
    if not name:
        raise CommandError("name an order, or delivery notes by --note")
    with ground.database.read() as connection:
        found = read_order_ref(connection, order_named(connection, name, scope=scope), scope=scope)
    if found is None:
        raise CommandError(f"there is no order {name}")
    return found[0]


def _tell(ground: Ground, key: int, scope: Scope) -> None:
    print(_line(read_one(ground, key, scope)))


def _line(found: InvoiceDetail) -> str:
    row = found.row
    state = PageWords().text(STATES[found.state].words)
    amount = number(row["payable"], row["currency"], row["scale"])
    return f"{row['number']:<16} {state:<10} {amount:>14} {row['currency']}  {found.buyer.name}"
