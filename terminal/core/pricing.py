"""The provisional price: the hub's own rules on what this terminal knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from broker.contract.facts import facts_hash
from broker.contract.messages import CustomerFacts, Quote, Totals
from rules import (
    CompiledPack,
    Counters,
    Credit,
    Customer,
    Facts,
    Order,
    OrderLine,
    PricedLine,
    Product,
    Result,
    evaluate,
)
from rules.values.units import Minor, Quantity
from terminal.core.order import Line


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """What prices depend on here: whom for, what is sold, by which rules.

    `catalogue` is the hash of the snapshot that `products` are of.
    """

    customer: CustomerFacts
    catalogue: str | None
    products: Mapping[str, Product]
    pack: CompiledPack


@dataclass(frozen=True, slots=True)
class LineAmount:
    """A priced line before tax; `unit_price` is in 1/10,000 of the major unit."""

    sku: str
    unit_price: int
    gross: int
    discount: int
    net: int


@dataclass(frozen=True, slots=True)
class FreeAmount:
    """Goods a scheme promises."""

    sku: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Priced:
    """The provisional price of an order; `lines` are by SKU, without those that have no price.

    `rounded` says which quantities are not as asked, because the pack sells no such quantity.
    """

    currency: str
    scale: int
    lines: Mapping[str, LineAmount]
    free: tuple[FreeAmount, ...]
    totals: Totals
    near: tuple[str, ...]
    quote: Quote
    rounded: tuple[str, ...] = ()

    def line(self, sku: str) -> LineAmount | None:
        """Find a product's amounts."""
        return self.lines.get(sku)


def price(order_id: str, lines: Sequence[Line], *, day: date, facts: PriceFacts) -> Priced:
    """Price the open order; batches are not known here, so stock is left to the hub."""
    customer = facts.customer
    order = Order(
        id=order_id,
        customer=customer.id,
        business_date=day,
        lines=tuple(OrderLine(line.number, line.sku, Quantity(line.quantity)) for line in lines),
    )
    known = Facts(
        as_of=str(customer.credit.as_of),
        customer=Customer(customer.id, customer.type, tuple(customer.geo), customer.status),
        products=facts.products,
        credit=Credit(
            customer.credit.state, Minor(customer.credit.limit), Minor(customer.credit.exposure)
        ),
        batches=None,
    )
    return _priced(evaluate(order, known, Counters(), facts.pack), facts, day)


def _priced(result: Result, facts: PriceFacts, day: date) -> Priced:
    pack = facts.pack
    totals = result.totals
    return Priced(
        currency=pack.currency,
        scale=pack.scale,
        lines={line.sku: _amount(line) for line in result.lines if line.unit_price is not None},
        free=tuple(
            FreeAmount(free.sku, _name(facts.products, free.sku), free.earned)
            for free in result.free
        ),
        totals=Totals(
            gross=totals.gross,
            discount=totals.discount,
            net=totals.net,
            tax=totals.tax,
            round_off=totals.round_off,
            payable=totals.payable,
        ),
        near=tuple(miss.text for miss in result.near_misses),
        quote=Quote(
            pack=pack.hash,
            pack_version=pack.version,
            facts=facts_hash(facts.customer),
            price_hash=result.price_hash,
            payable=totals.payable,
            catalogue=facts.catalogue,
            day=day,
        ),
        rounded=tuple(one.text for one in result.reasons if one.code == "quantity_rounded"),
    )


def _amount(line: PricedLine) -> LineAmount:
    discount = line.line_discount + line.order_discount
    return LineAmount(line.sku, line.unit_price or 0, line.gross, discount, line.net)


def _name(products: Mapping[str, Product], sku: str) -> str:
    product = products.get(sku)
    return product.name if product else sku
