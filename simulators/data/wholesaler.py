"""The gift-ware wholesaler that real orders were placed with, rebuilt from those orders."""

import csv
import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal, TypeVar

from simulators.data.distributor import Batch, Customer, Distributor, Product
from simulators.data.orders import RealLine
from simulators.data.shipped import COUNTRIES, PACKS

_T = TypeVar("_T")

SEED: Final = 2010
SCARCE_SHARE: Final = 0.03
TROUBLED_SHARE: Final = 0.12
_GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
_TROUBLES: Final[tuple[Literal["small", "cash_only", "hold", "blocked"], ...]] = (
    "small",
    "small",
    "cash_only",
    "hold",
    "blocked",
)


def _read_countries() -> dict[str, str]:
    with COUNTRIES.open(encoding="utf-8", newline="") as stream:
        return {row["country"].upper(): row["geo"] for row in csv.DictReader(stream)}


_GEO_OF: Final = _read_countries()
"""A country that is not among them has no place in the tree of regions: no regional rule holds."""


def wholesaler(lines: list[RealLine], *, today: date, seed: int = SEED) -> Distributor:
    """Rebuild products, prices, customers and stock from order lines.

    The stock is ample for most products and scarce for a seeded few, most customers buy without
    a limit and a seeded few cannot: so a replay meets cuts, holds and refusals.
    """
    return Distributor(
        name="Gift-ware wholesale",
        support="the wholesaler's office",
        timezone="Europe/London",
        pack=PACKS / "giftware",
        products=tuple(_products(lines)),
        customers=tuple(_customers(lines, seed)),
        batches=tuple(_batches(lines, today, seed)),
    )


def terminal_of(customer: str) -> str:
    """Name the terminal that stands at a customer's counter, whatever the id looks like."""
    plain = re.sub(r"[^a-z0-9]+", "-", customer.lower()).strip("-")
    if plain == customer and len(plain) <= len("2147483647"):
        return f"shop-{plain}"
    return f"shop-{plain[:16]}-{zlib.crc32(customer.encode()):08x}".replace("--", "-")


def _most_frequent(seen: Counter[_T]) -> _T:
    """Give the value seen most often; of equals, the one seen first."""
    return seen.most_common(1)[0][0]


def _products(lines: list[RealLine]) -> Iterable[Product]:
    names: defaultdict[str, Counter[str]] = defaultdict(Counter)
    prices: defaultdict[str, Counter[Decimal]] = defaultdict(Counter)
    for line in lines:
        prices[line.stock_code][line.price] += 1
        if line.description:
            names[line.stock_code][line.description] += 1
    for sku in sorted(prices):
        name = _most_frequent(names[sku]) if sku in names else sku
        yield Product(
            sku,
            name,
            _most_frequent(prices[sku]),
            category="giftware",
            tax_class="standard",
            # A scanner cannot tell such a stock code from a GTIN, so the catalogue knows it as one.
            gtin=sku if sku.isdigit() and len(sku) in _GTIN_LENGTHS else "",
        )


def _customers(lines: list[RealLine], seed: int) -> Iterable[Customer]:
    countries: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        countries[line.customer][line.country] += 1
    ids = sorted(countries)
    draw = random.Random(f"{seed} customers")
    troubled = set(draw.sample(ids, int(len(ids) * TROUBLED_SHARE)))
    for customer in ids:
        country = _most_frequent(countries[customer])
        kind = draw.choice(_TROUBLES) if customer in troubled else ""
        yield Customer(
            id=customer,
            name=f"Customer {customer}, {country}" if country else f"Customer {customer}",
            terminal=terminal_of(customer),
            type=draw.choice(("trade", "retailer", "retailer")),
            geo=_GEO_OF.get(country.upper(), ""),
            status=kind if kind in ("hold", "blocked") else "active",
            credit_limit=_limit(kind, draw),
        )


def _limit(kind: str, draw: random.Random) -> str:
    if kind == "small":
        return str(draw.choice((250, 400, 600)))
    if kind == "cash_only":
        return "cash_only"
    return draw.choice(("none", "none", "1000000"))


def _batches(lines: list[RealLine], today: date, seed: int) -> Iterable[Batch]:
    demand: Counter[str] = Counter()
    for line in lines:
        demand[line.stock_code] += line.quantity
    for sku in sorted(demand):
        draw = random.Random(f"{seed} stock {sku}")
        scarce = draw.random() < SCARCE_SHARE
        left = demand[sku] // 2 if scarce else demand[sku] * 2 + 24
        count = 1 if scarce else draw.randint(1, 3)
        for number in range(1, count + 1):
            part = left // (count - number + 1)
            left -= part
            received = today - timedelta(days=draw.randint(10, 60) + 60 * (count - number))
            yield Batch(
                sku=sku,
                batch=f"{sku}-{number}",
                on_hand=part,
                received=received,
                manufactured=received - timedelta(days=draw.randint(20, 90)),
            )
