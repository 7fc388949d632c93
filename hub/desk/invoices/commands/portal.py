"""`invoice register`, `portal`, `eway` and `gstr1`: documents and the government's portals."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_folder, example, opened
from hub.base.fields import Refused
from hub.base.fields.words import refusal_lines
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.commands.reaching import named_invoice, read_named
from hub.desk.invoices.model.gst_files import encode_file
from hub.desk.invoices.model.gst_return import month_of, write_return
from hub.desk.invoices.model.registration import STANDINGS
from hub.desk.invoices.reads.gst import read_month
from hub.desk.invoices.reads.registration import list_at_portal
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
        epilog=example("invoice gstr1 2026-11 > november.csv"),
    )
    gstr1.add_argument("month", nargs="?", default="", metavar="MONTH", help="the one before today")
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
    with opened(arguments) as ground:
        today = datetime.fromtimestamp(ground.clock.now_ms() / 1000, UTC).date()
        days = month_of(arguments.month, today)
        if days is None:
            raise CommandError(f"{arguments.month!r} is no month such as 2026-11")
        with ground.database.read() as connection:
            rows = read_month(connection, first=days[0], last=days[1], scope=EVERYTHING)
    if arguments.json:
        for row in rows:
            print(json.dumps(asdict(row), ensure_ascii=False, default=str))
    else:
        print(write_return(rows), end="")
    return 0
