"""The products, customers and warehouses that rules are about: from CSV, and the pack's cases."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rules.language.text.faults import unreadable
from rules.language.vocabulary import NODE_SEPARATOR
from rules.tools.lint.doubts import Packed
from rules.values.decimals import scaled
from rules.values.rounding import UNIT_PRICE_SCALE

Attributes = Mapping[str, str]

_COLUMNS: Final = {
    "products": {"sku": "sku", "category": "category", "brand": "brand", "tax_class": "tax_class"},
    "customers": {"id": "customer", "type": "customer.type", "geo": "geo"},
    "warehouses": {"code": "warehouse"},
}
"""The columns that rules ask for, by the key that asks."""


_BASE: Final = "PCS"
"""The base unit of a product that names none."""


class CatalogueError(Exception):
    """A CSV file of masters cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products and customers by what conditions ask of them; None where nobody named them.

    `examples` are the products of cases, `costs` unit prices of one base unit, `units` the names of
    all base units and pack sizes. `unsold` are the SKUs of products that are known and not on sale:
    a price of one is no mistake. `warehouses` are the codes of all there are, `roles` those that
    somebody has.
    """

    products: Mapping[str, Attributes] | None = None
    customers: Mapping[str, Attributes] | None = None
    costs: Mapping[str, int] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    examples: Mapping[str, Attributes] = field(default_factory=dict)
    unsold: frozenset[str] = frozenset()
    warehouses: frozenset[str] | None = None
    roles: frozenset[str] | None = None


def read_catalogue(
    products: Path | None, customers: Path | None, warehouses: Path | None = None
) -> Catalogue:
    """Read the CSV files that the hub loads, as far as lint asks for them.

    Raises:
        CatalogueError: a file cannot be read, has no such columns, or a cost is no price.
    """
    costs: dict[str, int] = {}
    units: set[str] = set()
    goods = None if products is None else _entries(products, "products", costs=costs, units=units)
    buyers = None if customers is None else _entries(customers, "customers", costs={}, units=set())
    places = (
        None
        if warehouses is None
        else frozenset(_entries(warehouses, "warehouses", costs={}, units=set()))
    )
    return Catalogue(goods, buyers, costs, frozenset(units), warehouses=places)


def _entries(
    path: Path, name: str, *, costs: dict[str, int], units: set[str]
) -> dict[str, Attributes]:
    columns = _COLUMNS[name]
    key = next(iter(columns.values()))
    found = {}
    for row, entry in _rows(path, columns):
        found[entry[key]] = entry
        if row.get("cost"):
            costs[entry[key]] = _cost(path, row["cost"])
        units.add(row.get("base_unit") or _BASE)
        sizes = (row.get("pack_sizes") or "").split(";")
        units.update(size.partition("=")[0].strip() for size in sizes if size)
    return found


def _rows(path: Path, columns: Mapping[str, str]) -> Iterator[tuple[dict[str, str], Attributes]]:
    first = next(iter(columns))
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream, strict=True)
            if first not in (rows.fieldnames or ()):
                raise CatalogueError(f"{path}:1:1: there is no column '{first}'")
            for row in rows:
                if not row[first]:
                    raise CatalogueError(f"{path}:{rows.line_num}:1: '{first}' is empty")
                yield row, {key: row[name] for name, key in columns.items() if row.get(name)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CatalogueError(unreadable(path, error)) from error


def _cost(path: Path, text: str) -> int:
    try:
        return scaled(text, UNIT_PRICE_SCALE)
    except ValueError as error:
        raise CatalogueError(f"{path}: cost: {error}") from error


def case_products(document: Packed) -> dict[str, Attributes]:
    """Give the products of a pack's cases by SKU."""
    found: dict[str, Attributes] = {}
    for case in document["cases"]:
        found |= attributes_of(case["products"])
    return found


def attributes_of(products: Mapping[str, Packed]) -> dict[str, Attributes]:
    """Give what conditions ask of products as cases have them."""
    found: dict[str, Attributes] = {}
    for sku, product in products.items():
        category = NODE_SEPARATOR.join(product["category"])
        entry = {"category": category, "brand": product["brand"]}
        entry["tax_class"] = product["tax_class"]
        found[sku] = {"sku": sku} | {key: value for key, value in entry.items() if value}
    return found


def units_of_cases(document: Packed) -> frozenset[str]:
    """Name the base unit and all pack sizes of the products of a pack's cases."""
    products = [one for case in document["cases"] for one in case["products"].values()]
    return frozenset({_BASE, *(unit for one in products for unit in one["pack_sizes"])})


def list_prices(document: Packed) -> dict[str, int]:
    """Give the lowest price of one base unit that any list of a pack has for a SKU."""
    lowest: dict[str, int] = {}
    for rule in document["prices"]:
        rates = {} if "per" in rule else rule.get("rates", {})
        for sku, price in rates.items():
            lowest[sku] = min(price, lowest.get(sku, price))
    return lowest
