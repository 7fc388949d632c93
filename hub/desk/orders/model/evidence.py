"""What a decision was made from, as compact bytes: enough to decide it again, exactly."""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final, cast

import msgspec

from hub.desk.orders.model.decide import Decided
from hub.desk.products.model import Catalogue
from rules import (
    ENGINE,
    Batch,
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
    Rate,
    UnitPrice,
)


class _Lot(msgspec.Struct, array_like=True, frozen=True):
    """One batch as it stood."""

    sku: str
    name: str
    available: int
    received: date
    manufactured: date | None
    expiry: date | None
    mrp: int | None = None


class _Asked(msgspec.Struct, array_like=True, frozen=True):
    """One line as it was ordered."""

    number: int
    sku: str
    quantity: int
    unit: str | None = None
    batch: str | None = None
    batch_reason: str = ""
    percent_off: int = 0
    off_each: int = 0


class _Count(msgspec.Struct, array_like=True, frozen=True):
    """One counter as it stood."""

    rule: str
    scope: str
    used: int
    spent: int
    bought: int = 0
    pieces: int = 0


class Evidence(msgspec.Struct, array_like=True, frozen=True):
    """The engine's inputs; products are the ones of the catalogue snapshot of that hash.

    What they cost is in no snapshot, so `costs` has it, in 1/10,000 of the major unit, by SKU.
    Fields that were added later have a default: evidence is read for years. `engine` is the engine
    that decided; a later one may come to other amounts.
    """

    order: str
    day: date
    payment: Payment
    lines: list[_Asked]
    as_of: str
    catalogue: str
    warehouse: str
    customer: Customer
    credit: Credit | None
    lots: list[_Lot]
    counts: list[_Count]
    coupons: list[str] = []
    choices: dict[str, str] = {}
    costs: dict[str, int] = {}
    engine: int = 1
    delivery_date: date | None = None


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Evidence)


def write_evidence(decided: Decided) -> bytes:
    """Write what a decision was made from; empty for one that the engine did not make."""
    facts, counters, order = decided.facts, decided.counters, decided.request.order
    if facts is None or counters is None:
        return b""
    evidence = Evidence(
        order=order.id,
        day=order.business_date,
        payment=order.payment,
        lines=[
            _Asked(
                line.number,
                line.sku,
                line.quantity,
                line.unit,
                line.batch,
                line.batch_reason,
                line.percent_off,
                line.off_each,
            )
            for line in order.lines
        ],
        as_of=facts.as_of,
        catalogue=decided.catalogue.hash,
        warehouse=decided.request.warehouse.code,
        customer=facts.customer,
        credit=facts.credit,
        lots=[
            _Lot(sku, lot.id, lot.available, lot.received, lot.manufactured, lot.expiry, lot.mrp)
            for sku, lots in (facts.batches or {}).items()
            for lot in lots
        ],
        counts=[_Count(*key, *count) for key, count in counters.counts.items()],
        coupons=list(order.coupons),
        choices=dict(order.choices),
        costs={
            line.sku: product.cost
            for line in order.lines
            if (product := facts.products.get(line.sku)) is not None and product.cost is not None
        },
        engine=ENGINE,
        delivery_date=order.delivery_date,
    )
    return _encoder.encode(evidence)


def write_trace(decided: Decided) -> bytes:
    """Write every step the engine took, and every near miss, as rows by position.

    Stored traces are read for years: a field may only be added at the end of a row, with a default.
    """
    result = decided.result
    if result is None:
        return b""
    return (
        b"["
        + result.trace_as_json(_encoder.encode)
        + b","
        + _encoder.encode(result.near_misses)
        + b"]"
    )


def read_evidence(written: bytes) -> Evidence:
    """Read evidence back."""
    return _decoder.decode(written)


def order_of(evidence: Evidence) -> Order:
    """Give the order again that was decided."""
    return Order(
        id=evidence.order,
        customer=evidence.customer.id,
        business_date=evidence.day,
        lines=tuple(
            OrderLine(
                one.number,
                one.sku,
                Quantity(one.quantity),
                one.unit,
                one.batch,
                one.batch_reason,
                Rate(one.percent_off),
                UnitPrice(one.off_each),
            )
            for one in evidence.lines
        ),
        payment=evidence.payment,
        coupons=tuple(evidence.coupons),
        choices=evidence.choices,
        delivery_date=evidence.delivery_date,
    )


def inputs_of(evidence: Evidence, catalogue: Catalogue) -> tuple[Order, Facts, Counters]:
    """Give the engine's inputs again."""
    batches: dict[str, tuple[Batch, ...]] = {line.sku: () for line in evidence.lines}
    for lot in evidence.lots:
        batches[lot.sku] = (*batches.get(lot.sku, ()), _batch(lot, evidence.warehouse))
    order = order_of(evidence)
    facts = Facts(
        as_of=evidence.as_of,
        customer=evidence.customer,
        products=_with_costs(catalogue.products, evidence.costs),
        credit=evidence.credit,
        batches=batches,
    )
    counters = Counters(
        evidence.as_of,
        {
            (one.rule, one.scope): Count(
                one.used, Minor(one.spent), one.bought, Quantity(one.pieces)
            )
            for one in evidence.counts
        },
    )
    return order, facts, counters


def _batch(lot: _Lot, warehouse: str) -> Batch:
    return Batch(
        lot.name,
        lot.sku,
        warehouse,
        available=Quantity(lot.available),
        received=lot.received,
        manufactured=lot.manufactured,
        expiry=lot.expiry,
        mrp=None if lot.mrp is None else UnitPrice(lot.mrp),
    )


def _with_costs(products: Mapping[str, Product], costs: Mapping[str, int]) -> Mapping[str, Product]:
    """Give the products with what they cost; a catalogue may be large, and is not copied."""
    known = {
        sku: replace(products[sku], cost=UnitPrice(cost))
        for sku, cost in costs.items()
        if sku in products
    }
    return ChainMap(known, cast("dict[str, Product]", products)) if known else products
