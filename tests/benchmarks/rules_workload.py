"""A generated trade: products, customers, orders, and as many schemes as asked for.

However many schemes there are, about six hold for a line: with more of them, each is about less.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from rules import (
    Batch,
    Credit,
    Customer,
    Facts,
    Minor,
    Order,
    OrderLine,
    Product,
    Quantity,
)

TODAY: Final = date(2026, 11, 2)
HOLDING: Final = 6
LINES: Final = 20
PRODUCTS: Final = 10_000
CUSTOMERS: Final = 2_000

BRANDS: Final = [f"BRAND-{n}" for n in range(100)]
CATEGORIES: Final = [f"C{n // 5}/C{n // 5}-{n % 5}" for n in range(50)]
_DISTRICTS: Final = [f"IN/S{n // 5}/D{n}" for n in range(40)]
_TYPES: Final = ["retailer", "wholesaler", "distributor", "super_stockist"]
TAXES: Final = ["gst5", "gst18", "gst40"]
_DAYS: Final = 400
_LENGTH: Final = (30, 180)
_VALID: Final = 0.4 + 0.6 * sum(_LENGTH) / 2 / _DAYS  # the share of schemes valid on a day


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a scheme asks for: listed values by key, days, and a quantity from `least` on."""

    id: str
    when: Mapping[str, Sequence[str]]
    days: tuple[date, date] | None
    least: int
    gives: str

    def yaml(self) -> str:
        """Write it as in a rule file."""
        keys = ", ".join(f"{key}: [{', '.join(values)}]" for key, values in self.when.items())
        asks = f"id: {self.id}, when: {{{keys}}}"
        if self.days is not None:
            asks += f", valid: {{from: {self.days[0]}, to: {self.days[1]}}}"
        if self.least:
            asks += f", if: line.quantity >= {self.least}"
        return f"  - {{{asks}, {self.gives}}}\n"


@dataclass(frozen=True, slots=True)
class Workload:
    """The schemes, and orders with the facts to decide them by."""

    schemes: tuple[Scheme, ...]
    orders: tuple[tuple[Order, Facts], ...]

    def write(self, folder: Path, *, prices: str = "base.csv") -> None:
        """Write the rule pack; `prices` is the file of it with what each product costs."""
        head = "pack: {name: generated, version: 1, currency: INR, scale: 2,"
        rows = [f"SKU-{n},{10 + n % 490}.{n % 100:02}" for n in range(PRODUCTS)]
        (folder / prices).write_text("\n".join(["sku,price", *rows, ""]), encoding="utf-8")
        (folder / "pack.yaml").write_text(
            f"{head} timezone: Asia/Kolkata, round_to: 1.00, warehouses: [MAIN]}}\nprices:\n"
            f"  - {{id: BASE, level: default, csv: {prices}}}\n{_SETTLEMENT}",
            encoding="utf-8",
        )
        text = "schemes:\n" + _BILL + "".join(scheme.yaml() for scheme in self.schemes)
        (folder / "schemes.yaml").write_text(text, encoding="utf-8")


_SETTLEMENT: Final = """\
  - {id: S1, level: geography, when: {geo: IN/S1}, adjust: {percent: 2}}
  - {id: S2, level: geography, when: {geo: IN/S2}, adjust: {percent: -1.5}}
  - {id: STOCK, level: customer_type, when: {customer.type: super_stockist}, adjust: {percent: -4}}
taxes:
  - {id: GST-5, when: {tax_class: gst5}, heads: {CGST: 2.5, SGST: 2.5}}
  - {id: GST-18, when: {tax_class: gst18}, heads: {CGST: 9, SGST: 9}}
  - {id: GST-40, when: {tax_class: gst40}, heads: {CGST: 20, SGST: 20}}
credit:
  - {id: OLD, text: overdue, if: customer.overdue_days > 45, then: stop}
allocation:
  - {id: FRESH, pick: fefo, min_life_days: 7}
"""
_BILL: Final = """\
  - {id: BILL, stage: order, slabs: [{from: 5000.00, percent: 1}, {from: 50000.00, percent: 2}]}
"""


def workload(schemes: int, *, orders: int, seed: int) -> Workload:
    """Generate; the same numbers give the same trade, and every size the same orders."""
    products = _products(random.Random(seed))
    customers = _customers(random.Random(seed + 1))
    return Workload(
        tuple(_schemes(random.Random(seed + 2), schemes)),
        tuple(_orders(random.Random(seed + 3), products, customers, count=orders)),
    )


def _products(chance: random.Random) -> list[Product]:
    return [
        Product(
            f"SKU-{n}",
            f"Product {n}",
            tuple(chance.choice(CATEGORIES).split("/")),
            chance.choice(BRANDS),
            chance.choice(TAXES),
            pack_sizes={"CASE": 24},
        )
        for n in range(PRODUCTS)
    ]


def _customers(chance: random.Random) -> list[Customer]:
    return [
        Customer(f"C{n}", chance.choice(_TYPES), tuple(chance.choice(_DISTRICTS).split("/")))
        for n in range(CUSTOMERS)
    ]


def _schemes(chance: random.Random, count: int) -> Iterator[Scheme]:
    share = HOLDING / _VALID / count
    for n in range(count):
        when, days = _when(chance, share), _days(chance)
        if n % 8 == 7:
            every = chance.choice([10, 12, 24])
            gives = f"count: {{over: sku}}, free: {{every: {every}, give: 1, item: same}}"
            yield Scheme(f"FREE-{n}", when, days, 0, gives)
            continue
        first, second = chance.randint(1, 30), chance.randint(31, 60)
        slabs = f"[{{from: 6, percent: {first / 10}}}, {{from: 48, percent: {second / 10}}}]"
        gives = f"count: {{over: line, of: qty}}, slabs: {slabs}, group: G{n % 3}"
        yield Scheme(f"LINE-{n}", when, days, chance.choice([0, 0, 12]), gives)


def _days(chance: random.Random) -> tuple[date, date] | None:
    """Let two of five run on; the others begin and end some time in a year and a bit."""
    if chance.randrange(5) < 2:
        return None
    first = date(2026, 1, 1) + timedelta(days=chance.randrange(_DAYS))
    return first, first + timedelta(days=chance.randint(*_LENGTH))


def _when(chance: random.Random, share: float) -> dict[str, list[str]]:
    """Ask for a share of all pairs of customers and products, in one of the trade's ways."""
    way = chance.randrange(10)
    if way == 0:
        return {"sku": _pick(chance, [f"SKU-{n}" for n in range(PRODUCTS)], share)}
    if way == 1:
        shops = [f"C{n}" for n in range(CUSTOMERS)]
        return {
            "brand": _pick(chance, BRANDS, 0.1),
            "customer": _pick(chance, shops, share / 0.1),
        }
    each = share ** (1 / 2)
    types = _pick(chance, _TYPES, max(each, 0.25))
    left = share * len(_TYPES) / len(types)
    goods, key = (BRANDS, "brand") if way < 8 else (CATEGORIES, "category")
    chosen = _pick(chance, goods, left ** (1 / 2))
    where = _pick(chance, _DISTRICTS, left * len(goods) / len(chosen))
    return {key: chosen, "customer.type": types, "geo": where}


def _pick(chance: random.Random, values: Sequence[str], share: float) -> list[str]:
    """Pick so many that they are the share on the average, one at least."""
    exact = min(1.0, share) * len(values)
    count = int(exact) + (chance.random() < exact % 1)
    return sorted(chance.sample(values, max(1, count)))


def _orders(
    chance: random.Random, products: list[Product], customers: list[Customer], *, count: int
) -> Iterator[tuple[Order, Facts]]:
    for n in range(count):
        customer = chance.choice(customers)
        chosen = chance.sample(products, LINES)
        lines = tuple(
            OrderLine(number, product.sku, Quantity(chance.randint(1, 60)))
            for number, product in enumerate(chosen, 1)
        )
        yield (
            Order(f"O{n}", customer.id, TODAY, lines),
            Facts(
                as_of="2026-11-02T10:00:00Z",
                customer=customer,
                products={product.sku: product for product in chosen},
                credit=Credit("amount", Minor(100_000_000), Minor(1_000_000)),
                batches={product.sku: _batches(product.sku) for product in chosen},
            ),
        )


def _batches(sku: str) -> tuple[Batch, ...]:
    return tuple(
        Batch(
            f"{sku}-{n}",
            sku,
            "MAIN",
            Quantity(40 + 200 * n),
            received=date(2026, 9, 1),
            expiry=date(2027, n, 1),
        )
        for n in (1, 2, 3)
    )
