"""The product that a form is about: found by code, bar code or name while somebody types."""

from typing import Final, NamedTuple

from hub.base.access import Scope
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.products.reads.typed import find_meant
from hub.web.frames.filters import Option
from hub.web.frames.forms import Offer

_MOST_FOUND: Final = 8


class MeantProduct(NamedTuple):
    """The SKU, empty where it is not clear; what the field says, and what is wrong."""

    sku: str
    offer: Offer
    fault: str = ""


def mean_product(
    connection: Connection, text: str, *, scope: Scope, words: PageWords
) -> MeantProduct:
    """Say which product the text of the field means, on sale or not."""
    one, found = find_meant(connection, text, most=_MOST_FOUND, scope=scope)
    if one is not None:
        return MeantProduct(one.sku, Offer(said=one.name))
    options = tuple(Option(row.sku, f"{row.name} ({row.sku})") for row in found)
    fault = "products.which" if found or not text.strip() else "products.none_fits"
    return MeantProduct("", Offer(options=options), words.text(fault))
