"""What bank statements bring to the hub: acts, pages, commands and promises."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.bank import api, store, words
from hub.desk.bank.acts import BankActs
from hub.desk.bank.acts.confirm_rows import ConfirmRows
from hub.desk.bank.acts.leave_row import LeaveRow
from hub.desk.bank.acts.take_statement import TakeStatement
from hub.desk.bank.commands import add
from hub.desk.bank.pages import statements
from hub.desk.bank.promises import CHECK
from hub.desk.payments.model import PaymentMoved
from hub.web.noun import MenuEntry, Noun

NOUN: Final = Noun(
    "bank",
    routers=(statements.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/bank", "menu.bank", "list-check", "bank.read", 45, area="money"),),
    words={"bank_words": words},
    commands=(add,),
    permissions={"bank": ("read", "take")},
    topics={"bank": "bank.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions) -> BankActs:
    """Make the acts of bank statements; a payment that never was leaves its row open again."""
    transactions.listen(PaymentMoved, store.reopen_of)
    return BankActs(
        take=TakeStatement(transactions, ground.clock),
        confirm=ConfirmRows(transactions, ground.clock),
        leave=LeaveRow(transactions, ground.clock),
    )
