"""One order of tea with what the engine found of it: what laws of orders are tried on."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from hub.desk.orders.model.request import OrderRequest, Place, Quoted, Requester
from rules import (
    Allocation,
    Batch,
    CompiledPack,
    Customer,
    Minor,
    Order,
    OrderLine,
    Outcome,
    PricedLine,
    Product,
    Quantity,
    Result,
    Totals,
    UnitPrice,
)
from tests.builders.market import packed

DAY: Final = date(2026, 11, 21)
HASH: Final = "b" * 64
PACK: Final[CompiledPack] = packed(version=4).compiled
TEA: Final = Product("TEA", "Tea", tax_class="full")
SHOP: Final = Customer("C1")
LOT: Final = Batch(
    "T1",
    "TEA",
    "MAIN",
    available=Quantity(9),
    received=date(2026, 1, 1),
    expiry=date(2027, 1, 31),
)


def order(*, quantity: int = 3, **changed: Any) -> Order:
    """Write an order of tea."""
    line = OrderLine(1, "TEA", Quantity(quantity))
    asked = Order("01a1fce7-0000-7000-8000-000000000000", "C1", DAY, (line,))
    return replace(asked, **changed)


def request(*, quantity: int = 3, **changed: Any) -> OrderRequest:
    """Write a terminal's request for tea."""
    asked = OrderRequest(
        order=order(quantity=quantity),
        number="S-1",
        source="terminal",
        source_key="s/1",
        seller=1,
        warehouse=Place(1, "MAIN"),
        requester=Requester("terminal", "s"),
        captured_at=1,
    )
    return replace(asked, **changed)


def result(outcome: Outcome = "accept", payable: int = 120_400) -> Result:
    """Write a result of one line of tea."""
    amount, none = Minor(payable), Minor(0)
    line = PricedLine(
        number=1,
        sku="TEA",
        ordered=Quantity(3),
        quantity=Quantity(2),
        unit_price=UnitPrice(1),
        price_rule="PL",
        gross=amount,
        line_discount=none,
        order_discount=none,
        net=amount,
        taxes=(),
        tax=none,
        total=amount,
    )
    return Result(
        outcome=outcome,
        reasons=(),
        lines=(line,),
        free=(),
        totals=Totals(amount, none, net=amount, tax=none, round_off=none, payable=amount),
        allocations=(Allocation(1, free=False, sku="TEA", batch="T1", quantity=Quantity(2)),),
        shorts=(),
        changes=(),
        trace=(),
        near_misses=(),
        price_hash=HASH,
        result_hash=HASH,
        approvals=(),
    )


def quote(**changed: Any) -> Quoted:
    """Write the quote that fits the result."""
    return replace(Quoted(PACK.hash, 4, HASH, 120_400, facts=HASH), **changed)
