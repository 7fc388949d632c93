"""What accounts bring to the hub: their promises; other nouns post through their store."""

from typing import Final

from hub.base.transaction import Transactions
from hub.desk.accounts.promises import CHECK
from hub.desk.accounts.store import open_account
from hub.desk.parties.model.customers import CustomerAdded
from hub.web.noun import Noun

NOUN: Final = Noun("accounts", promises=(CHECK,))


def build(transactions: Transactions) -> None:
    """Have every new customer get an account."""
    transactions.listen(CustomerAdded, open_account)
