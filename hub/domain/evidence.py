"""What a decision was made from, as compact bytes: enough to decide it again, exactly."""

from datetime import date
from typing import Final

import msgspec

from hub.domain.decide import Decided
from hub.domain.ledger import Catalogue
from rules import Batch, Counters, Credit, Customer, Facts, Minor, Order, OrderLine, Quantity
from rules.engine.inputs import Payment

_Lot = tuple[str, str, int, date, date | None, date | None]
"""One batch as it stood: its product, its name, what was left, received, manufactured, expiry."""


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

    Fields that were added later have a default: evidence is read for years.
    """

    order: str
    day: date
    payment: Payment
    lines: list[tuple[int, str, int]]
    as_of: str
    catalogue: str
    warehouse: str
    customer: Customer
    credit: Credit | None
    lots: list[_Lot]
    counts: list[_Count]
    coupons: list[str] = []
    choices: dict[str, str] = {}


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Evidence)


def write_evidence(decided: Decided, catalogue: str, day: date) -> bytes:
    """Write what a decision was made from; empty for one that the engine did not make."""
    facts, party, counters = decided.facts, decided.party, decided.counters
    if facts is None or party is None or counters is None:
        return b""
    order = decided.order
    evidence = Evidence(
        order=order.order,
        day=day,
        payment=order.payment,
        lines=[(line.line, line.sku, line.qty) for line in order.lines],
        as_of=facts.as_of,
        catalogue=catalogue,
        warehouse=party.warehouse,
        customer=facts.customer,
        credit=facts.credit,
        lots=[
            (sku, lot.id, lot.available, lot.received, lot.manufactured, lot.expiry)
            for sku, lots in (facts.batches or {}).items()
            for lot in lots
        ],
        counts=[
            _Count(
                *key,
                used,
                counters.spent.get(key, 0),
                counters.bought.get(key, 0),
                counters.pieces.get(key, 0),
            )
            for key, used in counters.used.items()
        ],
        coupons=order.coupons,
        choices=order.choices,
    )
    return _encoder.encode(evidence)


def write_trace(decided: Decided) -> bytes:
    """Write every step the engine took, and every near miss, as rows by position.

    Stored traces are read for years: a field may only be added at the end of a row, with a default.
    """
    result = decided.result
    return _encoder.encode((result.trace, result.near_misses)) if result else b""


def read_evidence(written: bytes) -> Evidence:
    """Read evidence back."""
    return _decoder.decode(written)


def inputs_of(evidence: Evidence, catalogue: Catalogue) -> tuple[Order, Facts, Counters]:
    """Give the engine's inputs again."""
    batches: dict[str, tuple[Batch, ...]] = {sku: () for _, sku, _ in evidence.lines}
    for sku, name, available, received, manufactured, expiry in evidence.lots:
        lot = Batch(
            name,
            sku,
            evidence.warehouse,
            available=Quantity(available),
            received=received,
            manufactured=manufactured,
            expiry=expiry,
        )
        batches[sku] = (*batches.get(sku, ()), lot)
    order = Order(
        id=evidence.order,
        customer=evidence.customer.id,
        business_date=evidence.day,
        lines=tuple(OrderLine(n, sku, Quantity(qty)) for n, sku, qty in evidence.lines),
        payment=evidence.payment,
        coupons=tuple(evidence.coupons),
        choices=evidence.choices,
    )
    facts = Facts(
        as_of=evidence.as_of,
        customer=evidence.customer,
        products=catalogue.products,
        credit=evidence.credit,
        batches=batches,
    )
    counters = Counters(
        as_of=evidence.as_of,
        used={(one.rule, one.scope): one.used for one in evidence.counts},
        spent={(one.rule, one.scope): Minor(one.spent) for one in evidence.counts},
        bought={(one.rule, one.scope): one.bought for one in evidence.counts},
        pieces={(one.rule, one.scope): Quantity(one.pieces) for one in evidence.counts},
    )
    return order, facts, counters
