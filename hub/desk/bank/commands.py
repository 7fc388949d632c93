"""`bank take`, `list`, `show`, `confirm` and `leave`: statements of banks."""

import argparse
from pathlib import Path

from hub.base.access import EVERYTHING, Scope
from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.ground import Ground
from hub.base.sheets import SheetError, decode_file
from hub.base.words import PageWords
from hub.desk.bank.acts import BankActs
from hub.desk.bank.model.reading import DAY_ORDERS
from hub.desk.bank.reads import StatementDetail, list_statements, read_statement
from hub.desk.bank.words import LOOKS
from hub.desk.invoices.commands.reaching import done
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import add_by, prove_user

_CHOICE = (
    "ROW=CUSTOMER pays what is due first, ROW=CUSTOMER/DOCUMENT that document,"
    " ROW==PAYMENT is a payment that was taken or, of a row that went out, a cheque that came back"
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "bank", "take bank statements, and book what came in")
    take = inner.add_parser(
        "take",
        help="keep the rows of a bank's file; nothing is booked",
        description="The file is CSV or a workbook (.xlsx) as banks give it: the header is found by"
        " the names of its columns. Rows of earlier files are left out. A file that is damaged,"
        " cut or unclear is refused whole.",
        epilog=example("bank take november.csv --by asha"),
    )
    take.add_argument("file", metavar="FILE", type=Path)
    take.add_argument(
        "--seller", default="", metavar="CODE", help="whose account it is; needed of several"
    )
    take.add_argument(
        "--dates",
        choices=[one for one in DAY_ORDERS if one],
        default="",
        help="how days in figures are written, where the file does not show it",
    )
    take.set_defaults(run=run_take)
    _end(take)
    show = inner.add_parser(
        "show",
        help="tell whose money each row may be",
        epilog=example("bank show 1"),
    )
    show.add_argument("statement", type=int, metavar="ID")
    show.set_defaults(run=run_show)
    add_folder(show)
    listing = inner.add_parser("list", help="list statements", epilog=example("bank list"))
    listing.set_defaults(run=run_list)
    add_folder(listing)
    confirm = inner.add_parser(
        "confirm",
        help="book rows, all of them or none",
        epilog=example("bank confirm 1 --matched 7=C-0001 --by asha"),
    )
    confirm.add_argument("statement", type=int, metavar="ID")
    confirm.add_argument("choices", nargs="*", metavar="ROW=CHOICE", help=_CHOICE)
    confirm.add_argument("--matched", action="store_true", help="and all rows that are certain")
    confirm.set_defaults(run=run_confirm)
    _end(confirm)
    leave = inner.add_parser(
        "leave",
        help="leave a row out that is no customer's money",
        epilog=example("bank leave 1 7 --reason interest --by asha"),
    )
    leave.add_argument("statement", type=int, metavar="ID")
    leave.add_argument("row", type=int, metavar="ROW")
    leave.add_argument("--reason", default="", metavar="TEXT", help="why")
    leave.add_argument("--again", action="store_true", help="have it open again instead")
    leave.set_defaults(run=run_leave)
    _end(leave)


def run_take(arguments: argparse.Namespace) -> int:
    """Keep a statement."""
    try:
        text = decode_file(arguments.file.read_bytes())
    except OSError as error:
        raise CommandError(f"{arguments.file}: {error.strerror}") from error
    except SheetError as error:
        raise CommandError(f"line {error.fault.row}: {error.fault.text}") from error
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "bank.take")
        try:
            statement = done(
                ground.part(BankActs).take(
                    text,
                    file=arguments.file.name,
                    order=arguments.dates,
                    seller=arguments.seller,
                    by=account.name,
                    scope=scope,
                )
            )
        except SheetError as error:
            raise CommandError(f"line {error.fault.row}: {error.fault.text}") from error
        _tell(ground, _read(ground, statement, scope))
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Tell one statement."""
    with opened(arguments) as ground:
        _tell(ground, _read(ground, arguments.statement, EVERYTHING))
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Tell the newest statements."""
    with opened(arguments) as ground, ground.database.read() as connection:
        rows = list_statements(connection, scope=EVERYTHING)
    for row in rows:
        days = f"{row.first_day} to {row.last_day}"
        count = f"{row.rows:>5} rows  {row.open:>5} open"
        print(f"{row.id:>6}  {days}  {count}  {row.seller}  {row.file}")
    return 0


def run_confirm(arguments: argparse.Namespace) -> int:
    """Book rows."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "bank.take")
        choices = {}
        if arguments.matched:
            choices = {
                one.id: one.match.candidates[0].choice
                for one in _read(ground, arguments.statement, scope).rows
                if one.state == "open" and one.match.found == "matched"
            }
        for written in arguments.choices:
            row, equals, choice = written.partition("=")
            if not equals or not row.isdecimal():
                raise CommandError(f"{written!r} is no ROW=CHOICE")
            choices[int(row)] = choice
        confirm = ground.part(BankActs).confirm
        count = done(confirm(arguments.statement, choices, by=account.name, scope=scope))
        _tell(ground, _read(ground, arguments.statement, scope))
        print(f"{count} booked")
    return 0


def run_leave(arguments: argparse.Namespace) -> int:
    """Leave a row out."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "bank.take")
        done(
            ground.part(BankActs).leave(
                arguments.statement,
                arguments.row,
                why=arguments.reason,
                again=arguments.again,
                by=account.name,
                scope=scope,
            )
        )
        _tell(ground, _read(ground, arguments.statement, scope))
    return 0


def _read(ground: Ground, statement: int, scope: Scope) -> StatementDetail:
    with ground.database.read() as connection:
        found = read_statement(connection, statement, scope=scope)
    if found is None:
        raise CommandError(f"there is no bank statement {statement}")
    return found


def _tell(ground: Ground, found: StatementDetail) -> None:
    words = PageWords()
    with ground.database.read() as connection:
        money = read_distributor(connection).money
    print(f"statement {found.head.id}: {found.head.file}, {found.head.known} rows known before")
    for one in found.rows:
        amount = money.figures(one.amount)
        look = words.text(LOOKS[one.look].words)
        text = one.payment_number or one.narration
        print(f"{one.id:>6}  {one.day}  {amount:>14}  {look:<12}  {text}")
        for who in one.match.candidates if one.state == "open" else ():
            print(f"{'':>10}{who.choice}  {who.name} {who.number} ({who.by})")


def _end(parser: argparse.ArgumentParser) -> None:
    add_by(parser)
    add_folder(parser)
