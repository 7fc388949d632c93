"""Both sides of every rule's conditions, looked up once: the customer's and the product's.

A rule holds for a line where its bit is set on both sides. Shops order again and products are sold
again, so the last sides asked for are kept.
"""

from collections.abc import Mapping
from typing import Any, Final

from rules.engine.index import RuleTable, customer_keys
from rules.engine.inputs import Customer, Order, Product

_MOST_BYTES: Final = 16 * 2**20
_BITS: Final = 8
_ROW_BYTES: Final = 300


SIDED: Final = (
    "allocation",
    "approvals",
    "basket_schemes",
    "combo_parts",
    "combos",
    "credit",
    "discounts",
    "floors",
    "free_schemes",
    "gates",
    "limits",
    "line_schemes",
    "order_schemes",
    "prices",
    "quantities",
    "targets",
    "taxes",
)
"""The tables of which a side has the rules that hold."""


class Side:
    """The rules of every table that hold on one side, as bitmaps; no rule of a table is 0.

    It keeps `whose` it is: a product that is let go could leave its identity to another.
    """

    __slots__ = (*SIDED, "whose")

    allocation: int
    approvals: int
    basket_schemes: int
    combo_parts: int
    combos: int
    credit: int
    discounts: int
    floors: int
    free_schemes: int
    gates: int
    limits: int
    line_schemes: int
    order_schemes: int
    prices: int
    quantities: int
    targets: int
    taxes: int

    def __init__(self, whose: Customer | Product) -> None:
        self.whose = whose

    def with_tables(self, names: frozenset[str], other: "Side") -> "Side":
        """Give a side with the rules of some tables as another side has them."""
        side = Side(self.whose)
        for name in SIDED:
            setattr(side, name, getattr(other if name in names else self, name))
        return side


class Sides:
    """The sides of one pack's tables; several threads may ask, and none finds one half made."""

    def __init__(self, tables: Mapping[str, RuleTable[Any]]) -> None:
        self._tables = tables
        width = sum(len(table.rules) for table in tables.values()) // _BITS + _ROW_BYTES
        self._most = _MOST_BYTES // width
        self._customers: dict[tuple[Any, ...], Side] = {}
        self._products: dict[int, Side] = {}

    def of_customer(self, customer: Customer, order: Order, day: int) -> Side:
        """Give the rules that hold for a customer's order on a day, whatever the product."""
        asked = (order.payment, order.coupons, day)
        key = (customer.id, customer.type, customer.geo, customer.status, *asked)
        side = self._customers.get(key)
        if side is None:
            if len(self._customers) >= self._most:
                self._customers.clear()
            keys = customer_keys(customer, order.payment, order.coupons)
            side = Side(customer)
            for name, table in self._tables.items():
                setattr(side, name, table.for_customer(keys, day))
            self._customers[key] = side
        return side

    def of_product(self, product: Product) -> Side:
        """Give the rules that hold for a product, whoever the customer.

        Products are known by their identity: a catalogue's are the same objects for every order.
        """
        side = self._products.get(id(product))
        if side is None:
            if len(self._products) >= self._most:
                self._products.clear()
            side = Side(product)
            for name, table in self._tables.items():
                setattr(side, name, table.for_product(product))
            self._products[id(product)] = side
        return side

    def count_products(self) -> int:
        """Count the products of which a side is kept."""
        return len(self._products)

    def forget(self) -> None:
        """Let go of all sides, and of what the tables keep of look-ups."""
        self._customers.clear()
        self._products.clear()
        for table in self._tables.values():
            table.forget()
