"""What an order message must be beyond what its schema can say."""

from collections.abc import Mapping

from broker.contract import Order, OrderData, Reason
from rules import Product


def fault_of(message: Order) -> str | None:
    """Say what is wrong with an order that was decoded; None for a good one."""
    if message.seq < 1:
        return "an order's seq counts from 1"
    lines = message.data.lines
    if len({line.line for line in lines}) != len(lines):
        return "two lines have the same number"
    return None


def unit_faults(order: OrderData, products: Mapping[str, Product]) -> tuple[Reason, ...]:
    """Say which lines are ordered in a unit that their product does not come in.

    Products that are not known are left to the rules.
    """
    return tuple(
        Reason(code="unit_unknown", text=_no_such_unit(product, line.unit), line=line.line)
        for line in order.lines
        if line.unit is not None
        and (product := products.get(line.sku)) is not None
        and line.unit != product.base_unit
        and line.unit not in product.pack_sizes
    )


def _no_such_unit(product: Product, unit: str) -> str:
    packs = [f"by {name} of {size}" for name, size in product.pack_sizes.items()]
    come = ", ".join([*packs, f"by {product.base_unit}"])
    return f"{product.name} is not sold by {unit}: order it {come}"[:500]
