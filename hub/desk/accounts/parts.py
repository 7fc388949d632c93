"""What accounts bring to the hub: promises, and a panel on a customer's page."""

from pathlib import Path
from typing import Final

from hub.base.transaction import Transactions
from hub.desk.accounts.pages import read_panel
from hub.desk.accounts.promises import CHECK
from hub.desk.accounts.store import open_account
from hub.desk.parties.model.customers import CustomerAdded
from hub.web.noun import Noun, Panel

NOUN: Final = Noun(
    "accounts",
    templates=Path(__file__).parent / "pages" / "templates",
    panels=(Panel("customer", "main", "credit_panel.html", read=read_panel),),
    permissions={"accounts": ("read",)},
    topics={"accounts": "accounts.read"},
    promises=(CHECK,),
)


def build(transactions: Transactions) -> None:
    """Have every new customer get an account."""
    transactions.listen(CustomerAdded, open_account)
