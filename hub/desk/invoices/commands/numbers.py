"""`invoice series` and `invoice move-on`: which number comes next, and what papers have already."""

import argparse
import json

from hub.base.access import EVERYTHING
from hub.base.commands import add_folder, example, opened
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.commands.reaching import done
from hub.desk.invoices.reads.series import list_series
from hub.desk.invoices.words import SERIES_KINDS
from hub.desk.people.commands.proving import add_by, prove_user


def add(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    listed = inner.add_parser(
        "series",
        help="list which number each kind of document gets next",
        epilog=example("invoice series"),
    )
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    listed.set_defaults(run=run_series)
    moves = inner.add_parser(
        "move-on",
        help="skip the numbers up to the last one that a paper has, as after a restore",
        description="Books that were restored know nothing of documents issued after the backup, "
        "and would give their numbers again. What is skipped stays skipped, and is told with who "
        "did it and why.",
        epilog=example("invoice move-on invoice INV26-27/000050 --reason 'restored' --by asha"),
    )
    moves.add_argument("kind", choices=SERIES_KINDS, help="which documents")
    moves.add_argument("last", metavar="NUMBER", help="the last number that a paper has, or 50")
    moves.add_argument("--seller", default="", metavar="CODE", help="the company where left out")
    moves.add_argument("--reason", required=True, help="why")
    moves.set_defaults(run=run_move)
    add_by(moves)
    for parser in (listed, moves):
        add_folder(parser)


def run_series(arguments: argparse.Namespace) -> int:
    """List the series."""
    with opened(arguments) as ground, ground.database.read() as connection:
        for one in list_series(connection, scope=EVERYTHING):
            if arguments.json:
                print(json.dumps(one._asdict()))
            else:
                skipped = f", {one.skipped} skipped" if one.skipped else ""
                print(f"{one.kind:<16} {one.year:<8} {one.after:<16} {one.given} given{skipped}")
    return 0


def run_move(arguments: argparse.Namespace) -> int:
    """Move a series on."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "invoices.letterhead")
        moved = done(
            ground.part(InvoiceActs).move_series(
                *(arguments.kind, arguments.last),
                seller=arguments.seller,
                why=arguments.reason,
                by=account.name,
                scope=scope,
            )
        )
    print(f"{moved.first} to {moved.last} are skipped; the next one is {moved.after}")
    return 0
