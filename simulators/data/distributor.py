"""A simulated distributor as records, and the folder that the hub loads it from."""

import csv
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

WAREHOUSE: Final = "MAIN"


@dataclass(frozen=True, slots=True)
class Product:
    """A product and its list price in major units of one base unit.

    `mrp` is what is printed on one, in major units too; `pack_gtins` are the bar codes of packs.
    """

    sku: str
    name: str
    price: Decimal
    category: str
    tax_class: str = ""
    gtin: str = ""
    base_unit: str = "PCS"
    pack_sizes: Mapping[str, int] = field(default_factory=dict)
    mrp: Decimal | None = None
    pack_gtins: Mapping[str, str] = field(default_factory=dict)
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who buys, and the terminal that stands there; the limit as the folder writes it."""

    id: str
    name: str
    terminal: str
    type: str
    geo: str
    status: Literal["active", "hold", "blocked"] = "active"
    credit_limit: str = "none"
    outstanding: str = "0"


@dataclass(frozen=True, slots=True)
class Batch:
    """A lot of one product in the warehouse."""

    sku: str
    batch: str
    on_hand: int
    received: date
    manufactured: date | None = None
    expiry: date | None = None


@dataclass(frozen=True, slots=True)
class Distributor:
    """Everything a hub needs to start serving its customers; `pack` is the rule pack to copy."""

    name: str
    support: str
    timezone: str
    pack: Path
    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    batches: tuple[Batch, ...]

    @property
    def terminals(self) -> tuple[str, ...]:
        """Name all terminals."""
        return tuple(customer.terminal for customer in self.customers)

    def write(self, folder: Path) -> None:
        """Write the distributor folder, which must not exist yet or be empty."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "distributor.toml").write_text(
            f'name = "{self.name}"\nsupport = "{self.support}"\ntimezone = "{self.timezone}"\n',
            encoding="utf-8",
        )
        _table(folder / "products.csv", _PRODUCT_COLUMNS, map(_product, self.products))
        _table(folder / "customers.csv", _CUSTOMER_COLUMNS, map(_customer, self.customers))
        _table(folder / "warehouses.csv", _WAREHOUSE_COLUMNS, [(WAREHOUSE, "Main store", 1)])
        _table(folder / "batches.csv", _BATCH_COLUMNS, map(_batch, self.batches))
        _table(
            folder / "terminals.csv",
            _TERMINAL_COLUMNS,
            ((customer.terminal, customer.id, WAREHOUSE) for customer in self.customers),
        )
        self.write_pack(folder / "pack")

    def write_pack(self, folder: Path) -> None:
        """Copy the rule pack, and write this distributor's prices in place of its own.

        The cases of a pack bring their products and prices, so they hold with any list.
        """
        shutil.copytree(self.pack, folder)
        prices = ((product.sku, product.price) for product in self.products)
        _table(folder / "prices" / "base.csv", ("sku", "price"), prices)


def number_pack(folder: Path, version: int) -> None:
    """Give a copied rule pack another version number."""
    head = folder / "pack.yaml"
    text = head.read_text(encoding="utf-8")
    head.write_text(_VERSION.sub(f"version: {version}", text, count=1), encoding="utf-8")


_VERSION: Final = re.compile(r"\bversion: \d+")
_PRODUCT_COLUMNS: Final = (
    "sku",
    "gtins",
    "name",
    "category",
    "brand",
    "tax_class",
    "base_unit",
    "pack_sizes",
    "mrp",
    "pack_gtins",
)
_CUSTOMER_COLUMNS: Final = (
    "id",
    "name",
    "type",
    "geo",
    "status",
    "credit_limit",
    "opening_outstanding",
)
_WAREHOUSE_COLUMNS: Final = ("code", "name", "priority")
_BATCH_COLUMNS: Final = (
    "warehouse",
    "sku",
    "batch",
    "manufactured",
    "expiry",
    "received",
    "on_hand",
)
_TERMINAL_COLUMNS: Final = ("id", "customer", "warehouse")


def _product(product: Product) -> tuple[object, ...]:
    sizes, codes = (
        ";".join(f"{unit}={value}" for unit, value in pairs.items())
        for pairs in (product.pack_sizes, product.pack_gtins)
    )
    return (
        product.sku,
        product.gtin,
        product.name,
        product.category,
        product.brand,
        product.tax_class,
        product.base_unit,
        sizes,
        product.mrp or "",
        codes,
    )


def _customer(customer: Customer) -> tuple[object, ...]:
    return (
        customer.id,
        customer.name,
        customer.type,
        customer.geo,
        customer.status,
        customer.credit_limit,
        customer.outstanding,
    )


def _batch(batch: Batch) -> tuple[object, ...]:
    return (
        WAREHOUSE,
        batch.sku,
        batch.batch,
        batch.manufactured or "",
        batch.expiry or "",
        batch.received,
        batch.on_hand,
    )


def _table(path: Path, columns: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
