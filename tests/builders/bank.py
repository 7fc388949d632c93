"""Statements of a bank: taken from rows of a file, looked at and booked."""

from typing import Final

from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Refused
from hub.desk.bank.acts import BankActs
from hub.desk.bank.reads import RowShown, StatementDetail, read_statement
from tests.builders.market import Market
from tests.builders.money import BY

HEAD: Final = "Date,Narration,Chq./Ref.No.,Withdrawal Amt.,Deposit Amt.,Closing Balance\n"


def acts_of(market: Market) -> BankActs:
    """Give the acts of bank statements."""
    return market.hub.ground.part(BankActs)


def taken(market: Market, *rows: str, seller: str = "", scope: Scope = EVERYTHING) -> int | Refused:
    """Take a statement."""
    text = HEAD + "\n".join(rows) + "\n"
    return acts_of(market).take(text, file="november.csv", seller=seller, by=BY, scope=scope)


def shown(market: Market, statement: int | Refused) -> StatementDetail:
    """Read a statement."""
    assert isinstance(statement, int), statement
    with market.database.read() as connection:
        found = read_statement(connection, statement, scope=EVERYTHING)
    assert found is not None
    return found


def row_of(market: Market, statement: int | Refused, place: int = 0) -> RowShown:
    """Read a row of a statement."""
    return shown(market, statement).rows[place]


def confirm(market: Market, statement: int | Refused, **choices: str) -> int | Refused:
    """Book rows by their places: `row_0="C2"`."""
    assert isinstance(statement, int), statement
    rows = shown(market, statement).rows
    wanted = {rows[int(name.removeprefix("row_"))].id: said for name, said in choices.items()}
    return acts_of(market).confirm(statement, wanted, by=BY, scope=EVERYTHING)
