"""`return take` and `return list`."""

import argparse

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.fields.words import sentence
from hub.base.listing import Wanted
from hub.base.money import number
from hub.desk.invoices.commands.reaching import done
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import read_lines
from hub.desk.returns.reads import NEWEST, list_returns, read_return

_GOODS: str = "SKU=COUNT, and where they lie and of which batch: TEA=3:damaged:L1-204"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "return", "take goods back, list what came back")
    take = inner.add_parser(
        "take",
        help="take goods of a customer back, with credit notes for the invoices that they are of",
        epilog=example("return take C-0001 TEA=3 SOAP=2:damaged --reason 'torn' --by lata"),
    )
    take.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    take.add_argument("goods", nargs="+", metavar="SKU=COUNT[:SHELF[:BATCH]]", help=_GOODS)
    take.add_argument("--delivery", type=int, metavar="NOTE", help="of this delivery note alone")
    take.add_argument("--charge", action="store_true", help="charge free goods that are kept")
    take.add_argument("--reason", required=True, help="why they came back")
    take.add_argument("--key", help="your own key: under one key, it is one return")
    take.set_defaults(run=run_take)
    add_by(take)
    add_folder(take)
    listing = inner.add_parser(
        "list", help="tell the newest returns", epilog=example("return list")
    )
    listing.set_defaults(run=run_list)
    add_folder(listing)


def run_take(arguments: argparse.Namespace) -> int:
    """Take goods back."""
    back, faults = read_lines([_line(one) for one in arguments.goods])
    if faults:
        raise CommandError("; ".join(sentence(one) for one in faults))
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "returns.take")
        taken = done(
            ground.part(ReturnActs).take(
                arguments.customer,
                back,
                key=arguments.key or ground.ids(ground.clock.now_ms()),
                why=arguments.reason,
                delivery=arguments.delivery,
                charge=arguments.charge,
                by=account.name,
                scope=scope,
            )
        )
        with ground.database.read() as connection:
            found = read_return(connection, taken.id, scope=scope)
        for one in found.lines if found else ():
            amount = number(one.total, one.currency, one.scale)
            print(f"{taken.number}  {one.note_number:<16} {one.quantity:>6} {one.sku}  {amount}")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Tell the newest returns."""
    with opened(arguments) as ground, ground.database.read() as connection:
        page = list_returns(connection, Wanted(NEWEST, size=100), scope=EVERYTHING)
        money = read_distributor(connection).money
    for row in page.rows:
        amount = money.figures(row.amount)
        print(f"{row.number}  {row.day}  {amount:>12} {money.currency}  {row.customer}: {row.why}")
    return 0


def _line(written: str) -> dict[str, object]:
    """Read SKU=COUNT:SHELF:BATCH; raises CommandError."""
    sku, equals, rest = written.rpartition("=")
    if not equals:
        raise CommandError(f"{written!r} is no SKU=COUNT")
    count, _, where = rest.partition(":")
    shelf, _, batch = where.partition(":")
    return {"sku": sku, "quantity": count, "shelf": shelf, "batch": batch}
