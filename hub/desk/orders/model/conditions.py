"""What was agreed with a customer about its orders, and what of an order is outside of that."""

from collections.abc import Iterator, Mapping
from typing import Final

from hub.desk.orders.model.availability import Counterparty
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import OrderRequest
from rules import Product, Result

OUTSIDE: Final = "outside_assortment"
"""The reason code of an order with products that its customer does not usually get."""
BELOW: Final = "below_minimum_order"
"""The reason code of an order that comes to less than its customer's smallest."""
_MOST_NAMED: Final = 5


def agreed_holds(
    request: OrderRequest,
    counterparty: Counterparty,
    products: Mapping[str, Product],
    *,
    result: Result,
) -> Iterator[Reason]:
    """Say why an order waits for a person who may make an exception.

    A shop whose assortment is `category=tea` orders tea and one soap: the soap is named. One whose
    smallest order is 500.00 orders for 420.00: both amounts are.
    """
    outside = [
        product.name
        for sku in dict.fromkeys(line.sku for line in request.order.lines)
        if (product := products.get(sku)) and not is_inside(counterparty.assortment, product)
    ]
    if outside:
        yield Reason(OUTSIDE, {"products": outside[:_MOST_NAMED]})
    payable, least = result.totals.payable, counterparty.minimum_order
    if least is not None and payable < least:
        yield Reason(BELOW, {"payable": payable, "least": least})


def is_inside(assortment: str, product: Product) -> bool:
    """Say whether a product is of an assortment, `category=tea/green;brand=Asha;sku=SOAP-1`.

    A category holds those below it. Nothing said is everything.
    """
    if not assortment:
        return True
    for one in assortment.split(";"):
        kind, _, wanted = one.partition("=")
        if kind == "category":
            nodes = tuple(wanted.split("/"))
            found = product.category[: len(nodes)] == nodes
        else:
            found = wanted == (product.brand if kind == "brand" else product.sku)
        if found:
            return True
    return False
