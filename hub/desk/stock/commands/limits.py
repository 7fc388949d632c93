"""`stock limit` and `stock level`: what asks for a second person, and what a warehouse keeps."""

import argparse

from hub.base.commands import NotDoneError, add_folder, example, opened
from hub.base.fields import Refused
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.levels import FIELDS as LEVELS
from hub.desk.stock.model.limits import FIELDS as LIMITS
from hub.desk.stock.reads.documents import read_limits
from hub.desk.stock.reads.overview import read_level


def add_limits(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    limit = inner.add_parser(
        "limit",
        help="say up to which worth one person adjusts stock alone; without any, tell it",
        epilog=example("stock limit 5000.00 --recount 1000.00 --by asha"),
    )
    limit.add_argument("amount", metavar="AMOUNT", nargs="?")
    limit.add_argument(
        "--recount", metavar="AMOUNT", help="above it, counts are repeated; '': none"
    )
    limit.add_argument("--note", metavar="TEXT", help="why, for the history")
    add_by(limit)
    add_folder(limit)
    limit.set_defaults(run=run_limit)
    level = inner.add_parser(
        "level",
        help="say how much of a product is kept in a warehouse, in base units, and in which bin",
        epilog=example("stock level MAIN TEA-250 --reorder 48 --bin A-2-10 --by asha"),
    )
    level.add_argument("warehouse", metavar="WAREHOUSE")
    level.add_argument("sku", metavar="SKU")
    level.add_argument("--reorder", metavar="COUNT", help="low from there on; '': its own")
    level.add_argument("--maximum", metavar="COUNT", help="the most to keep; '': its own")
    level.add_argument("--bin", help="where it lies: lists are picked in the order of bins")
    level.add_argument("--note", default="", help="why")
    add_by(level)
    add_folder(level)
    level.set_defaults(run=run_level)


def run_limit(arguments: argparse.Namespace) -> int:
    """Set the worths above which a second person is asked, and tell them."""
    said = {name: getattr(arguments, name) for name in (*LIMITS, "note")}
    texts = {name: text for name, text in said.items() if text is not None}
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "stock.limit")
        _check(ground.part(StockActs).set_limit(texts, by=account.name))
        with ground.database.read() as connection:
            now = read_limits(connection, scope=scope)
            money = read_distributor(connection).money
    print(f"one person adjusts stock alone up to {money.write(now.amount)}")
    if now.recount is not None:
        print(f"a line of a count is counted again above {money.write(now.recount)}")
    return 0


def run_level(arguments: argparse.Namespace) -> int:
    """Set the levels of a product in a warehouse, and its bin; what is left out stays."""
    said = {name: getattr(arguments, name) for name in (*LEVELS, "note")}
    texts = {name: text for name, text in said.items() if text is not None}
    where = (arguments.warehouse, arguments.sku)
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "stock.levels")
        _check(ground.part(StockActs).set_level(*where, texts, by=account.name, scope=scope))
        with ground.database.read() as connection:
            now = read_level(connection, arguments.sku, arguments.warehouse, scope=scope)
    known = {name: one for name, one in now._asdict().items() if one not in {None, ""}}
    told = ", ".join(f"{name} {one}" for name, one in known.items())
    print(f"{arguments.sku} in {arguments.warehouse}: {told or 'as the product has it'}")
    return 0


def _check(wrong: Refused | None) -> None:
    """Raise CommandError with every reason why nothing was done."""
    if wrong is not None:
        raise NotDoneError(wrong)
