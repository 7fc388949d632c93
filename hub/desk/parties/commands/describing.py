"""What the commands of customers are called and take."""

import argparse
from typing import Final

from hub.base.commands import add_folder, example, group
from hub.desk.parties.commands import steps
from hub.desk.parties.model.addresses import FIELDS as ADDRESS_FIELDS
from hub.desk.parties.model.customers import ROLES
from hub.desk.people.commands.filing import FilesOf, add_file_commands
from hub.desk.people.commands.proving import add_by

FIELD: str = "FIELD=TEXT: phone='98450 12345', credit_limit=50000.00; an empty TEXT empties it"

_FILES: Final = FilesOf("customer", "customers", "customers.change", "C-0001", see=steps.is_there)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    listing = commands.add_parser(
        "customers",
        help="list customers, or those that a text finds",
        epilog=example("customers 98450 --json"),
    )
    listing.add_argument("text", nargs="?", default="", help="of a name, code, phone or GSTIN")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(listing)
    listing.set_defaults(run=steps.run_list)
    inner = group(commands, "customer", "show one customer, add or change it")
    show = inner.add_parser(
        "show", help="tell all that is known of one", epilog=example("customer show C-0001")
    )
    _name(show)
    add_folder(show)
    show.set_defaults(run=steps.run_show)
    _writing(inner)
    _deciding(inner)
    _joining(inner)
    _mapping(inner)
    add_file_commands(inner, _FILES)


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("customer", metavar="CUSTOMER", help="its code")


def _writing(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, run, text in (
        ("add", steps.run_add, "add a customer: cash only until a second person lets it pass"),
        ("change", steps.run_change, "change fields; limit, terms and GSTIN wait for a second"),
    ):
        said = "name='Asha Stores' city=Pune" if name == "add" else "phone='98450 12345'"
        parser = inner.add_parser(
            name, help=text, epilog=example(f"customer {name} C-0001 {said} --by asha")
        )
        _name(parser)
        parser.add_argument("fields", nargs="+", metavar="FIELD=TEXT", help=FIELD)
        parser.add_argument("--reason", default="", help="why; it stands in the history")
        if name == "add":
            parser.add_argument(
                "--anyway", action="store_true", help="also where others look the same"
            )
        add_by(parser)
        add_folder(parser)
        parser.set_defaults(run=run)


def _deciding(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, text in (
        ("pass", "let a new customer or a change pass; never by who asked"),
        ("refuse", "refuse a new customer's terms or a change"),
    ):
        parser = inner.add_parser(name, help=text, epilog=example(f"customer {name} 7 --by vikram"))
        parser.add_argument(
            "request", metavar="REQUEST", type=int, help="as `customer show` has it"
        )
        parser.add_argument("--reason", default="", help="why; it stands in the history")
        add_by(parser)
        add_folder(parser)
        parser.set_defaults(run=steps.run_decide, grant=name == "pass")


def _joining(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = inner.add_parser(
        "join",
        help="say that a new customer is one that is there already; never by who added it",
        epilog=example("customer join N-4455556666 --into C-0001 --by vikram"),
    )
    _name(parser)
    parser.add_argument("--into", required=True, metavar="CODE", help="the customer that it is")
    parser.add_argument("--reason", default="", help="why; it stands in the history")
    add_by(parser)
    add_folder(parser)
    parser.set_defaults(run=steps.run_join)


def _mapping(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = inner.add_parser(
        "serve",
        help="have somebody serve a customer in a role from a day on",
        epilog=example("customer serve C-0001 rep ravi --from 2026-12-01 --by asha"),
    )
    _name(serve)
    serve.add_argument("role", choices=ROLES)
    serve.add_argument("who", metavar="WHO", help="a user's name, or the code of a warehouse")
    address = inner.add_parser(
        "address",
        help="keep a delivery address under a code of the customer's, or end one",
        epilog=example(
            "customer address C-0001 GODOWN 'address=7 Ring Road' city=Mysuru pin=570001 state=29 "
            "--by asha"
        ),
    )
    _name(address)
    address.add_argument("address", metavar="ADDRESS", help="the customer's code for the place")
    address.add_argument("fields", nargs="*", metavar="FIELD=TEXT", help=", ".join(ADDRESS_FIELDS))
    address.add_argument("--end", action="store_true", help="nothing more goes there")
    address.set_defaults(run=steps.run_address)
    add_by(address)
    add_folder(address)
    over = inner.add_parser(
        "hand-over",
        help="have one take over all customers of another from a day on",
        epilog=example("customer hand-over rep ravi meena --from 2026-12-01 --by asha"),
    )
    over.add_argument("role", choices=ROLES)
    over.add_argument("leaving", metavar="LEAVING", help="who serves them now")
    over.add_argument("who", metavar="TAKING", help="who takes over")
    for parser, run in ((serve, steps.run_serve), (over, steps.run_hand_over)):
        parser.add_argument("--from", dest="day", required=True, type=steps.day_of, help="a date")
        add_by(parser)
        add_folder(parser)
        parser.set_defaults(run=run)
