"""A small trade in which rules and orders often meet: products, customers and days by chance."""

import random
from datetime import date, timedelta
from typing import Final, cast

from rules import Customer, CustomerStatus, Product, UnitPrice

SKUS: Final = [f"S{number}" for number in range(8)]
CATEGORIES: Final = ["food", "food/tea", "food/tea/green", "food/oil", "home", "home/soap"]
BRANDS: Final = ["GOLD", "RED", "BLUE"]
TAX_CLASSES: Final = ["low", "high"]
TYPES: Final = ["retailer", "wholesaler", "horeca"]
PLACES: Final = ["IN", "IN/KA", "IN/KA/BLR", "IN/KL", "IN/KL/EKM"]
CUSTOMERS: Final = ["C1", "C2", "C3"]
DAYS: Final = [date(2026, 3, 31) + timedelta(days=step) for step in (0, 1, 30, 90, 275)]
COUPONS: Final = ["DIWALI", "Holi"]
PER_CASE: Final = [2, 5, 6, 12]
WAREHOUSES: Final = ["MAIN", "NORTH", "PORT"]
MONEY_TURNS: Final = [0, 1, 5_000, 50_000, 300_000]
"""Amounts in the smallest coin at which credit turns, so that customers stand just there."""


def _or_blank(chance: random.Random, words: list[str]) -> str | None:
    """Leave one of eight blank, as in any master file."""
    return None if chance.random() < 0.125 else chance.choice(words)


def _price_or_blank(chance: random.Random) -> UnitPrice | None:
    most = chance.choice([100_000, 30_000_000, 500_000_000])
    return UnitPrice(chance.randint(1, most)) if chance.random() < 0.5 else None


def _path(node: str | None) -> tuple[str, ...]:
    return tuple(node.split("/")) if node else ()


def random_products(chance: random.Random) -> dict[str, Product]:
    """Make the catalogue; some products lack a brand, a category or a case."""
    return {
        sku: Product(
            sku,
            f"Product {sku}",
            _path(_or_blank(chance, CATEGORIES)),
            _or_blank(chance, BRANDS),
            _or_blank(chance, TAX_CLASSES),
            pack_sizes={"CASE": chance.choice(PER_CASE)} if chance.random() < 0.8 else {},
            mrp=_price_or_blank(chance),
            cost=_price_or_blank(chance),
        )
        for sku in SKUS
    }


def random_customer(chance: random.Random) -> Customer:
    """Make a customer; some have no type or no place."""
    return Customer(
        chance.choice(CUSTOMERS),
        _or_blank(chance, TYPES),
        _path(_or_blank(chance, PLACES)),
        cast("CustomerStatus", chance.choice(["active"] * 12 + ["hold", "blocked"])),
    )


def random_day(chance: random.Random) -> date:
    """Pick a day at, just before or just after the end of a rule's days."""
    return chance.choice(DAYS) + timedelta(days=chance.choice([-1, 0, 0, 1]))
