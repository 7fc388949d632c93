"""`invoice register`, `portal`, `eway` and `gstr1`: documents and the government's portals."""

import argparse
import json
from dataclasses import asdict

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_folder, example, opened
from hub.base.fields import Refused
from hub.base.fields.words import refusal_lines
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.commands.reaching import named_invoice, read_named, today_of
from hub.desk.invoices.model.gst_files import encode_file
from hub.desk.invoices.model.gst_return import PARTS, month_of, write_return
from hub.desk.invoices.model.registration import STANDINGS
from hub.desk.invoices.reads.gst import Month, read_part
from hub.desk.invoices.reads.registration import list_at_portal
from hub.desk.parties.reads.sellers import list_sellers
from hub.desk.people.commands.proving import add_by, prove_user


def add(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    register = inner.add_parser(
        "register",
        help="have documents sent to the portal of e-invoices, for the first time or again",
        epilog=example("invoice register INV26-27/000001 --by asha"),
    )
    register.add_argument("invoices", nargs="+", metavar="NUMBER")
    register.set_defaults(run=run_register)
    add_by(register)
    portal = inner.add_parser(
        "portal",
        help="list how documents stand at the portal of e-invoices, with why",
        epilog=example("invoice portal --state refused"),
    )
    portal.add_argument("--state", choices=STANDINGS, help="these alone")
    portal.add_argument("--json", action="store_true", help="one JSON object a line")
    portal.set_defaults(run=run_portal)
    eway = inner.add_parser(
        "eway",
        help="write the e-way bill of an invoice's trip as its portal takes it",
        epilog=example("invoice eway INV26-27/000001"),
    )
    eway.add_argument("invoice", metavar="NUMBER")
    eway.set_defaults(run=run_eway)
    gstr1 = inner.add_parser(
        "gstr1",
        help="write a month for the return of sales, as CSV",
        description="Writes each rate of each document; with --part hsn what was sold by code of "
        "goods (table 12), with --part issued which numbers were given (table 13).",
        epilog=example("invoice gstr1 2026-11 --part hsn > november-hsn.csv"),
    )
    gstr1.add_argument("month", nargs="?", default="", metavar="MONTH", help="the one before today")
    gstr1.add_argument("--part", choices=PARTS, default="rates", help="which file of the return")
    gstr1.add_argument("--seller", default="", metavar="CODE", help="whose; all where left out")
    gstr1.add_argument("--json", action="store_true", help="one JSON object a line")
    gstr1.set_defaults(run=run_gstr1)
    for parser in (register, portal, eway, gstr1):
        add_folder(parser)


def run_register(arguments: argparse.Namespace) -> int:
    """Have documents sent; those that cannot be are told, and the others go."""
    wrong = 0
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "invoices.make")
        act = ground.part(InvoiceActs).register
        with ground.database.read() as connection:
            keys = [named_invoice(connection, one, scope=scope) for one in arguments.invoices]
        for number, key in zip(arguments.invoices, keys, strict=True):
            outcome = act(key, by=account.name, scope=scope)
            if isinstance(outcome, Refused):
                wrong += 1
                print("\n".join(f"{number}: {line}" for line in refusal_lines(outcome)))
            else:
                print(f"{number}: {'registered before' if outcome.again else 'is sent'}")
    return 1 if wrong else 0


def run_portal(arguments: argparse.Namespace) -> int:
    """List how documents stand."""
    with opened(arguments) as ground, ground.database.read() as connection:
        for row in list_at_portal(connection, arguments.state, scope=EVERYTHING):
            if arguments.json:
                print(json.dumps(row._asdict(), ensure_ascii=False))
            else:
                print(f"{row.number:<16} {row.state:<10} {row.irn or row.why}")
    return 0


def run_eway(arguments: argparse.Namespace) -> int:
    """Write an e-way bill; raises CommandError where it lacks something."""
    with opened(arguments) as ground:
        found = read_named(ground, arguments.invoice, EVERYTHING)
    faults = found.eway_faults()
    if faults:
        raise CommandError("\n".join(refusal_lines(Refused(faults))))
    print(encode_file(found.eway_file()).decode())
    return 0


def run_gstr1(arguments: argparse.Namespace) -> int:
    """Write a month for the return of sales; raises CommandError where it is none."""
    with opened(arguments) as ground, ground.database.read() as connection:
        days = month_of(arguments.month, today_of(ground, connection))
        if days is None:
            raise CommandError(f"{arguments.month!r} is no month such as 2026-11")
        sellers = [code for code, _ in list_sellers(connection, scope=EVERYTHING)]
        if arguments.seller and arguments.seller not in sellers:
            raise CommandError(f"{arguments.seller!r} is none of {', '.join(sellers)}")
        month = Month(*days, seller=arguments.seller)
        rows = read_part(connection, arguments.part, month, scope=EVERYTHING)
    if arguments.json:
        for row in rows:
            print(json.dumps(asdict(row), ensure_ascii=False, default=str))
    else:
        print(write_return(arguments.part, rows), end="")
    return 0
