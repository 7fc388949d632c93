"""What accounts bring to the hub: ageing, statements, a panel on a customer's page, promises."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.papers import KeptPapers
from hub.base.transaction import Transactions
from hub.desk.accounts import api
from hub.desk.accounts.acts import AccountActs
from hub.desk.accounts.acts.give_statement import GiveStatement
from hub.desk.accounts.commands import add
from hub.desk.accounts.pages import books, read_panel, read_work
from hub.desk.accounts.promises import CHECK
from hub.desk.accounts.store import open_account
from hub.desk.parties.model.customers import CustomerAdded
from hub.web.noun import MenuEntry, Noun, Panel, Work

NOUN: Final = Noun(
    "accounts",
    routers=(books.router, api.router),
    menu=(
        MenuEntry(
            "/accounts/ageing",
            "menu.ageing",
            "history",
            "accounts.read",
            46,
            area="money",
            holds="/accounts",
        ),
    ),
    commands=(add,),
    work=(Work("accounts.read", 33, read_work),),
    templates=Path(__file__).parent / "pages" / "templates",
    panels=(Panel("customer", "main", "credit_panel.html", read=read_panel),),
    permissions={"accounts": ("read",)},
    topics={"accounts": "accounts.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions) -> AccountActs:
    """Make the acts of accounts, and have every new customer get an account."""
    transactions.listen(CustomerAdded, open_account)
    return AccountActs(GiveStatement(ground.part(KeptPapers)))
