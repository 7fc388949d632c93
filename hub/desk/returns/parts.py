"""What returns bring to the hub: the act, pages, commands and promises."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.orders.deciding import Desk
from hub.desk.returns import api, words
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.acts.take_return import TakeReturn
from hub.desk.returns.commands import add
from hub.desk.returns.pages import listing, showing, taking
from hub.desk.returns.promises import CHECK
from hub.web.noun import Finder, MenuEntry, Noun, Panel

NOUN: Final = Noun(
    "returns",
    routers=(taking.router, showing.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry(
            "/returns", "menu.returns", "arrow-back-up", "returns.read", 47, key="k", area="money"
        ),
    ),
    words={"return_words": words},
    commands=(add,),
    panels=(
        Panel("customer", "", "", read=taking.read_of_customer, actions=taking.offer_of_customer),
    ),
    finders=(Finder("returns.read", listing.find_returns),),
    permissions={"returns": ("read", "take")},
    topics={"returns": "returns.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions, desk: Desk) -> ReturnActs:
    """Make the acts of returns."""
    return ReturnActs(take=TakeReturn(transactions, desk, ground.clock))
