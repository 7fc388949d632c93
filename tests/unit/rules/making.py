"""Builds packs, facts and orders for the tests of the decision core; a test sets what matters."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from rules import (
    ApprovalNeed,
    Batch,
    CompiledPack,
    Count,
    Counters,
    Credit,
    Customer,
    Facts,
    Minor,
    Order,
    OrderLine,
    Payment,
    Product,
    Quantity,
    Result,
    Worded,
    evaluate,
    load_pack,
    sentence,
)
from rules.language import PackError, PackReader, read_pack

HEAD = "pack: {name: made, version: 1, currency: INR, scale: 2, timezone: Asia/Kolkata}\n"
TODAY = date(2026, 4, 1)
NOVEMBER = date(2026, 11, 21)
SCOPES = {
    "day": "C1@2026-11-21",
    "week": "C1@2026-W47",
    "month": "C1@2026-11",
    "quarter": "C1@2026-Q4",
    "year": "C1@2026",
    "scheme": "C1",
}
"""Where a scheme counts for customer C1 on that day, by the period it counts in."""
BASE = "prices: [{id: BASE, level: default, rates: {A: 10.00, B: 20.00, C: 0.3333}}]\n"


def read_text(text: str, **files: str) -> bytes:
    """Read rule text as `pack.yaml`, with other files beside it (`base_csv` is `base.csv`)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack.yaml").write_text(text)
        for file, content in files.items():
            (folder / file.replace("_", ".")).write_text(content)
        return read_pack(folder)


def pack_of(rules: str, *, head: str = HEAD) -> CompiledPack:
    """Compile rule text under an ordinary head."""
    return load_pack(read_text(head + rules))


def packed_of(**sections: Any) -> bytes:
    """Write a pack as the language would, without reading any YAML."""
    packed: dict[str, Any] = {
        "format": 1,
        "engine": 1,
        "name": "made",
        "version": 1,
        "currency": "INR",
        "scale": 2,
        "unit_price_scale": 4,
        "timezone": "Asia/Kolkata",
        "tax": "exclusive",
        "round_to": 1,
        "warehouses": [],
        "sources": {},
    }
    lists = (
        "quantities",
        "prices",
        "floors",
        "schemes",
        "taxes",
        "credit",
        "approvals",
        "allocation",
    )
    for name in (*lists, "cases"):
        packed[name] = []
    return json.dumps({**packed, **sections}).encode()


def faults_of(text: str, **files: str) -> tuple[str, ...]:
    """Give the faults of rule text, none where it is well."""
    try:
        read_text(text, **files)
    except PackError as error:
        return error.faults
    return ()


def outcome(reader: PackReader) -> bytes | tuple[str, ...]:
    """Read a folder: give the packed bytes, or the faults."""
    try:
        return reader.read()
    except PackError as error:
        return error.faults


def product(sku: str, **fields: Any) -> Product:
    """Make a product, in category food unless said otherwise."""
    return replace(Product(sku, f"Product {sku}", ("food",)), **fields)


def batch(name: str, sku: str, available: int, **fields: Any) -> Batch:
    """Make a batch in the main warehouse, received on New Year's Day."""
    made = Batch(name, sku, "MAIN", Quantity(available), date(2026, 1, 1))
    return replace(made, **fields)


def had(rule: str, scope: str, **count: Any) -> Counters:
    """Say what one counter of a scheme holds, and nothing of others."""
    return Counters(counts={(rule, scope): Count(**count)})


def limit(amount: int, *, exposure: int = 0) -> Credit:
    """Make a credit limit, in minor units."""
    return Credit("amount", Minor(amount), Minor(exposure))


@dataclass(frozen=True)
class Setting:
    """What an order is decided in; `decide` gives the result."""

    rules: str = BASE
    customer: Customer = field(default_factory=lambda: Customer("C1"))
    products: Mapping[str, Product] = field(
        default_factory=lambda: {sku: product(sku) for sku in ("A", "B", "C")}
    )
    credit: Credit | None = None
    batches: Iterable[Batch] | None = None
    counters: Counters = field(default_factory=Counters)
    payment: Payment = "credit"
    coupons: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    on: date = TODAY
    head: str = HEAD
    distances: Mapping[str, int] = field(default_factory=dict)

    def decide(self, *lines: tuple[str, int]) -> Result:
        """Decide an order of SKUs and quantities."""
        return self.decide_with(pack_of(self.rules, head=self.head), *lines)

    def decide_with(self, pack: CompiledPack, *lines: tuple[str, int]) -> Result:
        """Decide with a pack made otherwise."""
        return evaluate(self.order(*lines), self.facts(), self.counters, pack)

    def order(self, *lines: tuple[str, int]) -> Order:
        """Make an order of SKUs and quantities."""
        numbered = tuple(
            OrderLine(number, sku, Quantity(quantity))
            for number, (sku, quantity) in enumerate(lines, 1)
        )
        return Order(
            id="O1",
            customer=self.customer.id,
            business_date=self.on,
            lines=numbered,
            payment=self.payment,
            coupons=self.coupons,
            choices=self.choices,
        )

    def facts(self) -> Facts:
        """Make the facts."""
        by_sku: dict[str, tuple[Batch, ...]] = {}
        for one in self.batches or ():
            by_sku[one.sku] = (*by_sku.get(one.sku, ()), one)
        return Facts(
            as_of="now",
            customer=self.customer,
            products=self.products,
            credit=self.credit,
            batches=None if self.batches is None else by_sku,
            distances=self.distances,
        )


def codes(result: Result) -> list[str]:
    """Give the codes of what held, refused or changed an order."""
    return [reason.code for reason in result.reasons]


def steps(result: Result, code: str) -> list[str]:
    """Give the rules that the trace names under a code."""
    return [reason.rule for reason in result.trace if reason.code == code]


def words_of(reason: Worded, *, scale: int = 2) -> str:
    """Give the English sentence of a reason or near miss."""
    return sentence(reason, scale=scale)


def roles_of(need: ApprovalNeed) -> str:
    """Name the roles that release a hold, step by step."""
    return ", then ".join(" or ".join(step) for step in need.steps)
