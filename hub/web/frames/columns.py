"""Columns that lists of papers share: number, customer, amounts, each with its place."""

from collections.abc import Callable
from typing import Any, Final, Protocol
from urllib.parse import quote

from hub.base.money import HOUSE_SCALE
from hub.base.words import PageWords
from hub.web.frames.cells import Amount, Text
from hub.web.frames.lists import Column

CUSTOMER: Final = "word.customer"
UNIT_PRICE_SCALE: Final = 4
Money = Callable[[Any], tuple[int | None, str, int]]
"""Gives of a row an amount in the minor unit, its currency and how many decimals that has.

`OF_HOUSE` are those of an amount of the books.
"""


class Document(Protocol):
    """A paper of money in a list: its row's id, its number, and whose it is."""

    @property
    def id(self) -> int:
        """Give the row's id."""

    @property
    def number(self) -> str:
        """Give what people call it by."""

    @property
    def customer(self) -> str:
        """Give the customer's name."""

    @property
    def customer_code(self) -> str:
        """Give the customer's code."""


def customer_cell(name: str, code: str) -> Text:
    """Name a customer, with its page."""
    return Text(name, code, f"/customers/{quote(code, safe='')}", needs="customers.read")


def customer_column(label: str = CUSTOMER) -> Column[Any]:
    """Give the column of whom a row is about, which leads it on a phone and makes groups."""

    def name_customer(row: Any, _: PageWords) -> Text:  # noqa: ANN401 -- of any list
        return customer_cell(row.customer, row.customer_code)

    return Column("customer", label, name_customer, sort="customer", phone="lead", groups=True)


def unit_price_cell(price: int | None, currency: str = "", scale: int = HOUSE_SCALE) -> Amount:
    """Show what one costs, kept with 4 decimals: 50.00, with more only where it has them.

    Without a currency it is in the house's own.
    """
    finer = 10 ** (UNIT_PRICE_SCALE - scale)
    if price is None or price % finer:
        return Amount(price, currency, UNIT_PRICE_SCALE)
    return Amount(price // finer, currency, scale)


def document_columns(
    address: str, *, number: str = "invoices.number", customer: str = CUSTOMER
) -> tuple[Column[Any], ...]:
    """Give the first two columns of a list of such papers, whose pages stand below an address."""

    def name_number(row: Document, _: PageWords) -> Text:
        return Text(row.number, href=f"{address}/{row.id}")

    return (
        Column("number", number, name_number, sort="number", phone="bare"),
        customer_column(customer),
    )


def amount_column(
    name: str,
    label: str,
    money: Money,
    *,
    sort: str = "",
    phone: str = "",
    usual: bool = True,
) -> Column[Any]:
    """Give a column of an amount, in figures; `phone` says where it stands there."""

    def write(row: Any, _: PageWords) -> Amount:  # noqa: ANN401 -- of any list
        return Amount(*money(row))

    return Column(name, label, write, sort=sort, phone=phone, figures=True, usual=usual)
