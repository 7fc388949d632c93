"""A distributor of packaged goods in India: real products, simulated shops, prices and stock."""

import random
import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from simulators.data.categories import Shelf, shelf_of
from simulators.data.distributor import Batch, Customer, Distributor, Product
from simulators.data.rows import SkippedRow, read_rows
from simulators.data.shipped import PACKS, PRODUCTS
from simulators.errors import InputFileError

SEED: Final = 890
COUNTER: Final = "counter-1"
INDIAN_PREFIX: Final = "890"
SCARCE_SHARE: Final = 0.04
EXPIRED_SHARE: Final = 0.05
NEAR_EXPIRY_SHARE: Final = 0.10
NO_EXPIRY: Final = frozenset({"household"})

_SHOPS: Final = (
    ("Sri Lakshmi Stores, Jayanagar", "IN/KA/BLR"),
    ("Nandi Provision Store, Malleshwaram", "IN/KA/BLR"),
    ("Cauvery Super Bazaar, Mysuru", "IN/KA/MYS"),
    ("Coorg Valley Hotel, Madikeri", "IN/KA/KODAGU"),
    ("Udupi Fresh Mart, Mangaluru", "IN/KA/IXE"),
    ("Annapoorna Stores, T. Nagar", "IN/TN/MAA"),
    ("Murugan Maligai, Mylapore", "IN/TN/MAA"),
    ("Pothys Corner, Madurai", "IN/TN/MDU"),
    ("Hotel Annalakshmi, Coimbatore", "IN/TN/CBE"),
    ("Malabar Stores, Kozhikode", "IN/KL/CCJ"),
    ("Periyar Provisions, Kochi", "IN/KL/COK"),
    ("Charminar Restaurant, Hyderabad", "IN/TG/HYD"),
    ("Golconda Mart, Secunderabad", "IN/TG/HYD"),
    ("Krishna Kirana, Vijayawada", "IN/AP/VGA"),
    ("Dadar Provision, Mumbai", "IN/MH/BOM"),
    ("Shivneri Kirana, Pune", "IN/MH/PNQ"),
    ("Sabarmati Stores, Ahmedabad", "IN/GJ/AMD"),
    ("Gupta General Store, Lajpat Nagar", "IN/DL/DEL"),
    ("Sharma Kirana, Karol Bagh", "IN/DL/DEL"),
    ("Howrah Bhandar, Kolkata", "IN/WB/CCU"),
)
_KITCHEN: Final = re.compile("Hotel|Restaurant")
COUNTER_LIMIT: Final = "25000"
"""What the shop of the counter may owe: a few orders, so that one is soon held."""
_LIMITS: Final = {2: "1500", 7: "cash_only", 11: "2500", 15: "250000"}
_STATUS: Final[dict[int, str]] = {5: "hold", 13: "blocked"}


def fmcg(
    *, today: date, products: Path = PRODUCTS, imported: bool = True, seed: int = SEED
) -> Distributor:
    """Build the distributor as it stands on `today`, with `imported` products or without.

    Raises InputFileError.
    """
    shelved = tuple(
        product
        for product in _products(products, seed)
        if imported or product.gtin.startswith(INDIAN_PREFIX)
    )
    return Distributor(
        name="Deccan Counter Supplies",
        support="+91 80 5550 0100",
        timezone="Asia/Kolkata",
        pack=PACKS / "fmcg",
        products=shelved,
        customers=tuple(_customers()),
        batches=tuple(_batches(shelved, today, seed)),
    )


def popular(distributor: Distributor) -> tuple[str, ...]:
    """Name the products that shops order: those made in India."""
    return tuple(p.sku for p in distributor.products if p.gtin.startswith(INDIAN_PREFIX))


def _products(path: Path, seed: int) -> Iterable[Product]:
    """Put every product of the file on a shelf, those made in India first."""
    rows = [row for row in read_rows(path, ("gtin", "name")) if not isinstance(row, SkippedRow)]
    rows.sort(key=lambda row: not row.fields["gtin"].startswith(INDIAN_PREFIX))
    if not rows:
        raise InputFileError(f"{path}: no product in it")
    for row in rows:
        gtin, name = row.fields["gtin"], " ".join(row.fields["name"].split())
        shelf = shelf_of(name)
        yield Product(
            sku=gtin,
            name=name,
            price=_price(shelf, random.Random(f"{seed} price {gtin}")),
            category=shelf.category,
            tax_class=shelf.tax_class,
            gtin=gtin,
            pack_sizes={"CASE": shelf.case},
        )


def _price(shelf: Shelf, draw: random.Random) -> Decimal:
    """Draw a price of the shelf's span, more often low than high, to a quarter of a rupee."""
    lowest, highest = shelf.cheapest * 4, shelf.dearest * 4
    quarters = min(draw.randint(lowest, highest), draw.randint(lowest, highest))
    return (Decimal(quarters) / 4).quantize(Decimal("0.01"))


def _customers() -> Iterable[Customer]:
    """Name the counter's own customer, and the shops with the few that give trouble."""
    yield Customer(
        "C000",
        "Orderwire Corner Shop, Bengaluru",
        COUNTER,
        "retailer",
        "IN/KA/BLR",
        credit_limit=COUNTER_LIMIT,
    )
    for number, (name, geo) in enumerate(_SHOPS, start=1):
        yield Customer(
            id=f"C{number:03}",
            name=name,
            terminal=f"shop-{number:02}",
            type="horeca" if _KITCHEN.search(name) else "retailer",
            geo=geo,
            status=_STATUS.get(number, "active"),  # type: ignore[arg-type]  # the table above
            credit_limit=_LIMITS.get(number, "none"),
        )


def _batches(products: Iterable[Product], today: date, seed: int) -> Iterable[Batch]:
    """Stock each product in one to three lots: some expired, some about to, a few nearly gone."""
    for product in products:
        draw = random.Random(f"{seed} stock {product.sku}")
        scarce = draw.random() < SCARCE_SHARE
        for number in range(1, 2 if scarce else draw.randint(2, 4)):
            life = None if product.category in NO_EXPIRY else _life(draw, scarce=scarce)
            age = draw.randint(20, 120)
            yield Batch(
                sku=product.sku,
                batch=f"L{number}-{product.sku[-5:]}",
                on_hand=draw.randint(1, 12) if scarce else draw.randint(20, 120) * 12,
                received=today - timedelta(days=age - 15),
                manufactured=today - timedelta(days=age),
                expiry=None if life is None else today + timedelta(days=life),
            )


def _life(draw: random.Random, *, scarce: bool) -> int:
    """Draw the days left to sell a lot, below zero where it is past its date."""
    chance = draw.random()
    if chance < EXPIRED_SHARE and not scarce:
        return -draw.randint(1, 15)
    if chance < EXPIRED_SHARE + NEAR_EXPIRY_SHARE:
        return draw.randint(0, 10)
    return draw.randint(30, 300)
