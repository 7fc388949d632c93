"""A large trade for the benchmark of a counter: 100,000 products under 1,000 schemes."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from rules.values.gtin import check_digit_of
from simulators.data import COUNTER, Customer, Distributor, Product, fmcg
from tests.benchmarks.rules_workload import BRANDS, CATEGORIES, TAXES, workload

PRODUCTS: Final = 100_000
SCHEMES: Final = 1_000
PRICES: Final = "prices/base.csv"
_SEED: Final = 7


def large_trade(folder: Path, *, today: date) -> Distributor:
    """Build a distributor of whom the counter is the only customer; `folder` gets its rule pack."""
    (folder / PRICES).parent.mkdir(parents=True)
    workload(SCHEMES, orders=0, seed=_SEED).write(folder, prices=PRICES)
    return replace(
        fmcg(today=today),
        pack=folder,
        products=tuple(_products(random.Random(_SEED))),
        customers=(Customer("C1", "Corner Shop", COUNTER, "retailer", "IN/S1/D5"),),
        batches=(),
    )


def _products(chance: random.Random) -> Iterator[Product]:
    for number in range(PRODUCTS):
        body = f"890{number:09}"
        yield Product(
            f"SKU-{number}",
            f"Product {number} of the generated trade",
            Decimal(1000 + number % 49_000) / 100,
            chance.choice(CATEGORIES),
            chance.choice(TAXES),
            gtin=body + check_digit_of(body),
            pack_sizes={"CASE": 24},
            brand=chance.choice(BRANDS),
        )
