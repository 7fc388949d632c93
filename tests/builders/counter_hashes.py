"""Prices random orders as a counter does, from files alone; run as a program it prints the hashes.

It imports what a terminal has and nothing more, so that another interpreter can run it too.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from broker.contract.facts import CustomerFacts
from broker.contract.messages import OrderLine, Quote
from rules import load_pack
from terminal.core.order import Line
from terminal.core.pricing import PriceFacts, price
from terminal.core.words import Voice
from terminal.store.catalogue import Catalogue


class Asked(msgspec.Struct):
    """One order: whose, on which day, and what, with the coupons that came along."""

    customer: int
    day: date
    lines: list[OrderLine]
    coupons: list[str]


class Counter(msgspec.Struct):
    """What the files of one counter say beside its pack and its catalogue."""

    catalogue: str
    customers: list[CustomerFacts]
    orders: list[Asked]


def read_counter(folder: Path) -> Counter:
    """Read `counter.json`."""
    return msgspec.json.decode((folder / "counter.json").read_bytes(), type=Counter)


def quotes(folder: Path) -> Iterator[Quote]:
    """Quote every order in `folder`: `pack.json`, `catalogue.db` and `counter.json`."""
    counter = read_counter(folder)
    pack = load_pack((folder / "pack.json").read_bytes())
    products = Catalogue(folder / "catalogue.db")
    for asked in counter.orders:
        facts = PriceFacts(
            counter.customers[asked.customer], counter.catalogue, products=products, pack=pack
        )
        lines = [
            Line(one.line, one.sku, one.sku, one.qty, unit=one.unit or "", batch=one.batch or "")
            for one in asked.lines
        ]
        yield price(
            "order",
            lines,
            day=asked.day,
            facts=facts,
            voice=Voice(),
            coupons=asked.coupons,
        ).quote()
    products.close()


if __name__ == "__main__":
    print(json.dumps([quote.price_hash for quote in quotes(Path(sys.argv[1]))]))
