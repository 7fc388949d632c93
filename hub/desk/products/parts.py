"""What products bring to the hub: acts, pages and commands; other nouns call their store."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.products import api
from hub.desk.products.acts import ProductActs
from hub.desk.products.acts.keep_product import KeepProduct
from hub.desk.products.commands import add
from hub.desk.products.pages import files, labels, listing, products
from hub.web.noun import Finder, MenuEntry, Noun

NOUN: Final = Noun(
    "products",
    routers=(labels.router, files.router, products.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/products", "menu.products", "tag", "products.read", 30, key="p"),),
    permissions={"products": ("read", "change")},
    topics={"products": "products.read"},
    commands=(add,),
    finders=(Finder("products.read", listing.find_records),),
)


def build(ground: Ground, transactions: Transactions) -> ProductActs:
    """Make the acts of products."""
    return ProductActs(keep=KeepProduct(transactions, ground.clock))
