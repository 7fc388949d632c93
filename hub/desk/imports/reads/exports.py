"""Masters written in the very form that files of them are read in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.base.access import Scope
from hub.base.money import HOUSE_SCALE
from hub.desk.accounts.reads import read_openings
from hub.desk.parties.model.fields import FIELDS as CUSTOMER_FIELDS
from hub.desk.parties.reads.customers import read_all_customers
from hub.desk.products.model.fields import FIELDS as PRODUCT_FIELDS
from hub.desk.products.reads.products import read_all_products
from hub.desk.rulepacks.store.price_lists import lists_to_price, read_rates
from hub.desk.stock.model.levels import FIELDS as LEVELS
from hub.desk.stock.reads.overview import read_all_levels
from rules import shown
from rules.values.decimals import shown_unit_price

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Exported:
    """A kind of masters as a file: its columns, and what reads its rows by field, at an instant."""

    columns: tuple[str, ...]
    read: Callable[[Connection, Scope, int], Iterator[Texts]]


def _customers(connection: Connection, scope: Scope, _: int) -> Iterator[Texts]:
    for code, fields in read_all_customers(connection, scope=scope):
        yield {"code": code, **fields}


def _products(connection: Connection, scope: Scope, _: int) -> Iterator[Texts]:
    for sku, fields in read_all_products(connection, scope=scope):
        yield {"sku": sku, **fields}


def _openings(connection: Connection, scope: Scope, _: int) -> Iterator[Texts]:
    for code, opening in read_openings(connection, scope=scope):
        yield {"code": code, "opening": shown(opening, HOUSE_SCALE)}


def _levels(connection: Connection, scope: Scope, _: int) -> Iterator[Texts]:
    for warehouse, sku, level in read_all_levels(connection, scope=scope):
        blank = {name: "" if one is None else str(one) for name, one in level._asdict().items()}
        yield {"warehouse": warehouse, "sku": sku, **blank}


def _prices(connection: Connection, scope: Scope, now_ms: int) -> Iterator[Texts]:
    lists = lists_to_price(connection, now_ms) if scope.sees_network else None
    if lists is None:
        return
    for name, file in sorted(lists.files.items()):
        for sku, price in read_rates(connection, lists.version, file).items():
            yield {"list": name, "sku": sku, "price": shown_unit_price(price)}


EXPORTS: Final[Mapping[str, Exported]] = {
    "customers": Exported(("code", *CUSTOMER_FIELDS), _customers),
    "products": Exported(("sku", *PRODUCT_FIELDS), _products),
    "openings": Exported(("code", "opening"), _openings),
    "levels": Exported(("warehouse", "sku", *LEVELS), _levels),
    "prices": Exported(("list", "sku", "price"), _prices),
}
"""By the name of the kind; taken again, such a file changes nothing."""


def export_masters(
    connection: Connection, kind: str, *, scope: Scope, now_ms: int
) -> Iterator[list[str]]:
    """Give the header and all rows of a kind, of the sellers that somebody sees whole.

    Price lists are of the network: who sees it not is given their header alone.
    """
    exported = EXPORTS[kind]
    yield list(exported.columns)
    if scope.sees_sellers:
        for texts in exported.read(connection, scope, now_ms):
            yield [texts[name] for name in exported.columns]
