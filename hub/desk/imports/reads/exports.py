"""Masters written in the very form that files of them are read in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.base.access import Scope
from hub.desk.accounts.reads import read_openings
from hub.desk.parties.model.fields import FIELDS as CUSTOMER_FIELDS
from hub.desk.parties.model.fields import SCALE
from hub.desk.parties.reads.customers import read_all_customers
from hub.desk.products.model.fields import FIELDS as PRODUCT_FIELDS
from hub.desk.products.reads.products import read_all_products
from hub.desk.stock.model.levels import FIELDS as LEVELS
from hub.desk.stock.reads.overview import read_all_levels
from rules import shown

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Exported:
    """A kind of masters as a file: its columns, and what reads its rows by field."""

    columns: tuple[str, ...]
    read: Callable[[Connection, Scope], Iterator[Texts]]


def _customers(connection: Connection, scope: Scope) -> Iterator[Texts]:
    for code, fields in read_all_customers(connection, scope=scope):
        yield {"code": code, **fields}


def _products(connection: Connection, scope: Scope) -> Iterator[Texts]:
    for sku, fields in read_all_products(connection, scope=scope):
        yield {"sku": sku, **fields}


def _openings(connection: Connection, scope: Scope) -> Iterator[Texts]:
    for code, opening in read_openings(connection, scope=scope):
        yield {"code": code, "opening": shown(opening, SCALE)}


def _levels(connection: Connection, scope: Scope) -> Iterator[Texts]:
    for warehouse, sku, level in read_all_levels(connection, scope=scope):
        blank = {name: "" if one is None else str(one) for name, one in level._asdict().items()}
        yield {"warehouse": warehouse, "sku": sku, **blank}


EXPORTS: Final[Mapping[str, Exported]] = {
    "customers": Exported(("code", *CUSTOMER_FIELDS), _customers),
    "products": Exported(("sku", *PRODUCT_FIELDS), _products),
    "openings": Exported(("code", "opening"), _openings),
    "levels": Exported(("warehouse", "sku", *LEVELS), _levels),
}
"""By the name of the kind; taken again, such a file changes nothing."""


def export_masters(connection: Connection, kind: str, *, scope: Scope) -> Iterator[list[str]]:
    """Give the header and all rows of a kind; nothing but the header for who sees no network."""
    exported = EXPORTS[kind]
    yield list(exported.columns)
    if scope.sees_network:
        for texts in exported.read(connection, scope):
            yield [texts[name] for name in exported.columns]
