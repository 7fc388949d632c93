"""What the commands of accounts are called and take, and what they tell."""

import argparse
from datetime import date

from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.engine import Connection
from hub.base.ground import Ground
from hub.desk.accounts.reads import read_ageing, read_statement
from hub.desk.parties.model import moment_of
from hub.desk.parties.reads import read_distributor


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "accounts", "what customers owe: by age, or one after another")
    ageing = inner.add_parser(
        "ageing",
        help="what each customer owed on a day, by how old it was",
        epilog=example("accounts ageing --on 2026-11-30 --by due"),
    )
    ageing.add_argument("--on", type=_day, help="the day (today)")
    ageing.add_argument(
        "--by", choices=("due", "day"), default="due", help="by the due day or the invoice's day"
    )
    add_folder(ageing)
    ageing.set_defaults(run=run_ageing)
    statement = inner.add_parser(
        "statement",
        help="what happened to a customer's account",
        epilog=example("accounts statement C-0001 --from 2026-11-01 --to 2026-11-30"),
    )
    statement.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    statement.add_argument("--from", dest="first", type=_day, help="the first day (of the month)")
    statement.add_argument("--to", dest="last", type=_day, help="the last day (today)")
    add_folder(statement)
    statement.set_defaults(run=run_statement)


def run_ageing(arguments: argparse.Namespace) -> int:
    """Tell what each customer owed, by age."""
    with opened(arguments) as ground, ground.database.read() as connection:
        on = arguments.on or _today(ground, connection)
        rows = read_ageing(connection, on=on, basis=arguments.by, scope=EVERYTHING)
        money = read_distributor(connection).money
    for one in rows:
        amounts = " ".join(f"{money.figures(amount):>12}" for amount in one.ages.buckets)
        print(f"{one.code:<16} {amounts} {money.figures(one.ages.balance):>13}  {one.name}")
    total = sum(one.ages.balance for one in rows)
    print(f"{len(rows)} customers, {money.figures(total)} {money.currency} on {on}")
    return 0


def run_statement(arguments: argparse.Namespace) -> int:
    """Tell what happened to an account."""
    with opened(arguments) as ground, ground.database.read() as connection:
        last = arguments.last or _today(ground, connection)
        first = arguments.first or last.replace(day=1)
        if first > last:
            raise CommandError("the first day is after the last")
        found = read_statement(
            connection, arguments.customer, first=first, last=last, scope=EVERYTHING
        )
        money = read_distributor(connection).money
    print(f"{first}  {'before':<28} {'':>13} {money.figures(found.opening):>13}")
    for row in found.rows:
        what = f"{row.kind.replace('_', ' ')} {row.number}{' taken back' if row.voided else ''}"
        amount, balance = money.figures(row.amount), money.figures(row.balance)
        print(f"{row.day}  {what:<28} {amount:>13} {balance:>13}")
    return 0


def _today(ground: Ground, connection: Connection) -> date:
    return moment_of(ground.clock.now_ms(), read_distributor(connection).zone).day


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day: write 2026-11-30") from error
