"""What a product costs at this counter, by the piece and by each pack it comes in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rules import Product
from terminal.core.order import Line
from terminal.core.pricing import Priced
from terminal.core.text import Currency, clean


@dataclass(frozen=True, slots=True)
class PackPrice:
    """The price of one pack of `size` base units, in 1/10,000 of the major unit; None without."""

    unit: str
    size: int
    price: int | None


@dataclass(frozen=True, slots=True)
class PriceCheck:
    """A product's prices, the base unit's first.

    `mrp` is printed on a base unit, in 1/10,000; `payable` is what one base unit comes to with
    discounts and tax, in minor units. `near` says which schemes more of it would earn.
    """

    sku: str
    name: str
    base_unit: str
    prices: tuple[PackPrice, ...]
    currency: Currency = field(default_factory=Currency)
    mrp: int | None = None
    payable: int | None = None
    near: tuple[str, ...] = ()


def check_price(product: Product, price: Callable[[Line], Priced | None]) -> PriceCheck:
    """Price one base unit and one of each pack, each as an order of its own."""
    name = clean(product.name, 200)
    base = Line(1, product.sku, name, 1)
    packs = [
        Line(1, product.sku, name, size, unit, size) for unit, size in product.pack_sizes.items()
    ]
    one = price(base)
    prices = [
        PackPrice(line.unit or product.base_unit, line.size, _price_of(line, priced))
        for line, priced in [(base, one), *((line, price(line)) for line in packs)]
    ]
    check = PriceCheck(product.sku, name, product.base_unit, tuple(prices))
    if one is None or 1 not in one.lines:
        return check
    return PriceCheck(
        product.sku,
        name,
        product.base_unit,
        tuple(prices),
        currency=one.currency,
        mrp=one.lines[1].mrp,
        payable=one.totals.net + one.totals.tax,
        near=one.near,
    )


def _price_of(line: Line, priced: Priced | None) -> int | None:
    amount = priced.lines.get(1) if priced else None
    if amount is None:
        return None
    return amount.pack_price if amount.pack_price is not None else amount.unit_price * line.size
