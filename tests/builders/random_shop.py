"""Random products, customers and orders that a pack's rules bite on, as a counter's files."""

import json
import random
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from broker.contract import CreditFacts, CustomerFacts, OrderLine
from hub.desk.products.model import ProductRecord, catalogue_snapshot
from terminal.store.catalogue import build_catalogue
from tests.builders.counter_hashes import Asked, Counter

FIRST_DAY: Final = date(2025, 6, 1).toordinal()
DAYS: Final = 900
"""From before the first of the shipped rules to after the last."""
COUNTS: Final = (1, 2, 3, 5, 9, 10, 11, 12, 13, 23, 24, 25, 47, 48, 49, 99, 100, 144, 500, 100_000)
UNITS: Final = (6, 10, 12, 24, 48)
_FEWEST: Final = 8


def write_counter(folder: Path, packed: bytes, *, orders: int, seed: int) -> Counter:
    """Write the files of a counter that this pack is for; the same seed writes the same.

    A pack that leaves prices or taxes to its cases is given a list and a tax for everything.
    """
    document = json.loads(packed)
    chance = random.Random(f"{seed} {document['name']}")
    words = _Words(document)
    packed = json.dumps(_completed(document, words, chance)).encode()
    products = [_product(sku, words, chance) for sku in words.skus]
    snapshot = catalogue_snapshot(products)
    (folder / "snapshot.json").write_bytes(snapshot.body)
    build_catalogue(folder / "snapshot.json", folder / "catalogue.db")
    (folder / "pack.json").write_bytes(packed)
    customers = [_customer(number, words, chance) for number in range(60)]
    asked = [_order(len(customers), products, words, chance=chance) for _ in range(orders)]
    counter = Counter(snapshot.hash, customers, asked)
    (folder / "counter.json").write_bytes(msgspec.json.encode(counter))
    return counter


class _Words:
    """Every value that the conditions, price lists and cases of a pack name."""

    def __init__(self, packed: dict[str, Any]) -> None:
        self._found: dict[str, set[str]] = {}
        self._walk(packed)
        named = sorted(self._found.get("sku", set()))[:400]
        self.more = [f"MORE-{number}" for number in range(len(named), _FEWEST)]
        """Products that the pack does not name: of three, orders would be alike."""
        self.skus = [*named, *self.more]
        self.packs = {
            sku: (rule["per"], rule.get("when", {}).get("category", [""])[0])
            for rule in packed["prices"]
            if "per" in rule
            for sku in rule["rates"]
        }
        """In which unit and category a price list has products that it sells by the pack."""

    def of(self, key: str) -> list[str]:
        return sorted(self._found.get(key, set()))

    def _walk(self, node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                self._walk(part)
        if not isinstance(node, dict):
            return
        for key, value in node.items():
            if key in {"when", "not"}:
                for name, words in value.items():
                    self._found.setdefault(name, set()).update(words)
            elif key in {"rates", "products"}:
                self._found.setdefault("sku", set()).update(value)
            elif key in {"unit", "per"} and isinstance(value, str):
                self._found.setdefault("unit", set()).add(value)
            elif key == "item" and isinstance(value, str):
                self._found.setdefault("sku", set()).add(value)
            self._walk(value)


def _completed(document: dict[str, Any], words: _Words, chance: random.Random) -> dict[str, Any]:
    prices, taxes = document["prices"], document["taxes"]
    general = [rule for rule in prices if rule["level"] == "default" and "when" not in rule]
    dated = {sku for rule in general if rule.keys() & {"from", "to"} for sku in rule["rates"]}
    has_list = any(not rule.keys() & {"from", "to"} for rule in general)
    listed = words.more if has_list else [sku for sku in words.skus if sku not in dated]
    if listed:
        rates = {sku: chance.randrange(1, 5_000_000) for sku in listed}
        prices = [*prices, {"id": "RANDOM-PRICES", "level": "default", "rates": rates}]
    if not taxes:
        taxes = [{"id": "RANDOM-TAX", "heads": [["A", 25_000], ["B", 25_000]]}]
    return {**document, "prices": prices, "taxes": taxes}


def _product(sku: str, words: _Words, chance: random.Random) -> ProductRecord:
    category = chance.choice([*words.of("category"), ""])
    units = {unit for unit in words.of("unit") if chance.random() < 0.8}
    if sku in words.packs:
        unit, category = words.packs[sku]
        units.add(unit)
    deeper = chance.choice(["", "/below"]) if category else ""
    return ProductRecord(
        sku=sku,
        gtins=(),
        name=f"Product {sku} ä",
        category=tuple(f"{category}{deeper}".split("/")) if category else (),
        brand=chance.choice([*words.of("brand"), None]),
        tax_class=chance.choice([*words.of("tax_class"), *words.of("tax_class"), None]),
        base_unit="PCS",
        pack_sizes=tuple((unit, chance.choice(UNITS)) for unit in sorted(units)),
        mrp=chance.choice([None, chance.randrange(1, 5_000_000)]),
    )


def _customer(number: int, words: _Words, chance: random.Random) -> CustomerFacts:
    place = chance.choice([*words.of("geo"), "XX"]) + chance.choice(["", "/TOWN"])
    named = words.of("customer")
    return CustomerFacts(
        id=named[number] if number < len(named) else f"RANDOM-{number}",
        name=f"Customer {number}",
        type=chance.choice([*words.of("customer.type"), None]),
        geo=place.split("/"),
        status=chance.choice(["active", "active", "active", "hold", "blocked"]),
        credit=CreditFacts(state=chance.choice(["none", "cash_only", "amount"]), limit=500_000),
    )


def _order(
    customers: int, products: list[ProductRecord], words: _Words, *, chance: random.Random
) -> Asked:
    chosen = [_line(one, chance) for one in chance.sample(products, min(len(products), 12))]
    chosen += [_line(chance.choice(products), chance)]  # perhaps the same in another unit
    chosen = chance.sample(chosen, chance.randint(1, len(chosen)))
    if chance.random() < 0.01:
        chosen.append(OrderLine(line=1, sku="NOT-IN-THE-CATALOGUE", qty=1))
    coupons = [*words.of("coupon"), "NO-SUCH-COUPON"]
    return Asked(
        chance.randrange(customers),
        date.fromordinal(FIRST_DAY + chance.randrange(DAYS)),
        [replace(line, line=at) for at, line in enumerate(chosen, 1)],
        chance.sample(coupons, 1) if chance.random() < 0.3 else [],
    )


def _line(product: ProductRecord, chance: random.Random) -> OrderLine:
    """Ask for pieces or for whole packs, and now and then for a batch that is there or is not."""
    batch = "B" if chance.random() < 0.05 else "GONE" if chance.random() < 0.01 else None
    odd = chance.choice([0, 0, 0, 1])
    if product.pack_sizes and chance.random() < 0.5:
        unit, size = chance.choice(product.pack_sizes)
        qty = chance.choice(COUNTS[:12]) * size + (odd if chance.random() < 0.2 else 0)
        return OrderLine(line=1, sku=product.sku, qty=qty, unit=unit, batch=batch)
    return OrderLine(line=1, sku=product.sku, qty=chance.choice(COUNTS) + odd, batch=batch)
