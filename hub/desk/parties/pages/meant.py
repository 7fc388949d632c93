"""The customer that a form is about: found by code, name, phone or GSTIN while somebody types."""

from typing import Final, NamedTuple

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.parties.reads.customers import CustomerRow, find_meant
from hub.web.frames.filters import Option
from hub.web.frames.forms import Field, Offer

CUSTOMER: Final = Field(
    "customer",
    "word.customer",
    hint="entry.customer_hint",
    required=True,
    longest=64,
    offers=True,
)
_MOST_FOUND: Final = 6


class Meant(NamedTuple):
    """The customer's code, empty where it is not clear; what the field says, and what is wrong."""

    code: str
    offer: Offer
    fault: str = ""


def mean_customer(
    connection: Connection, text: str, *, session: Session, words: PageWords
) -> Meant:
    """Say whom the text of the field means; a part of a name is never taken for a customer."""
    one, found = find_meant(connection, text, most=_MOST_FOUND, scope=session.scope)
    if one is not None:
        return Meant(one.code, Offer(said=_name(one)))
    options = tuple(Option(row.code, f"{_name(row)} ({row.code})") for row in found)
    fault = "entry.which_customer" if found or not text.strip() else "entry.no_customer"
    return Meant("", Offer(options=options), words.text(fault))


def _name(row: CustomerRow) -> str:
    """Name a customer and its city, which some have in their names already."""
    return f"{row.name}, {row.city}" if row.city and row.city not in row.name else row.name
