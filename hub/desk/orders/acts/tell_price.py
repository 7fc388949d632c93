"""Tell what a customer would pay for a product today, by the rules in force; nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, cast

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.orders.deciding import Desk
from hub.desk.orders.model.availability import Availability
from hub.desk.parties.reads.customers import CustomerDetail, read_customer
from hub.desk.parties.store import business_day
from hub.desk.products.reads.products import find_products
from rules import (
    CompiledPack,
    CounterChange,
    Customer,
    CustomerStatus,
    Facts,
    Order,
    OrderLine,
    Product,
    Quantity,
    Result,
    evaluate,
)

_MOST: Final = 5
_LARGEST: Final = 1_000_000
_COUNTERS: Final = """
SELECT rule, scope, used, spent, bought, pieces FROM scheme_counter WHERE scope IN """


@dataclass(frozen=True, slots=True)
class PriceTold:
    """A product with what the rules made of so many base units of it."""

    product: Product
    quantity: int
    result: Result
    pack: CompiledPack


@dataclass(frozen=True, slots=True)
class PricesTold:
    """What a customer would pay for one of each of some products, and what it may order."""

    assortment: str
    prices: tuple[PriceTold, ...]


@dataclass(slots=True)
class TellPrice:
    """The question, with what it needs; it reads as of one moment and locks nothing."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(self, customer: str, text: str, *, scope: Scope) -> Sequence[PriceTold] | None:
        """Price what a text names for a customer: `TEA`, `12*TEA`, a bar code, a part of a name.

        Gives the likeliest five; None where nobody sees the customer. Stock and credit have no
        part in it.
        """
        count, wanted = _parted(text)
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            asked = self._ask(t, customer, scope=scope)
            if asked is None or asked.there.pack is None or not wanted:
                return None if asked is None else []
            products = asked.facts.products
            rows = find_products(t.connection, wanted, most=_MOST, scope=scope)
            skus = [wanted] if wanted in products else [r.sku for r in rows if r.sku in products]
            return [asked.price(sku, count, asked.there.pack) for sku in skus]

    def of_each(self, customer: str, skus: Sequence[str], *, scope: Scope) -> PricesTold | None:
        """Price one of each of these products for a customer; None where nobody sees it.

        A product that is not in the catalogue yet, and all where no rules serve, are left out.
        """
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            asked = self._ask(t, customer, scope=scope)
            if asked is None:
                return None
            pack, known = asked.there.pack, [one for one in skus if one in asked.facts.products]
            told = tuple(asked.price(one, 1, pack) for one in known) if pack else ()
            return PricesTold(asked.assortment, told)

    def _ask(self, t: Transaction, customer: str, *, scope: Scope) -> "_Asked | None":
        """Read what prices of a customer depend on; None where nobody sees the customer."""
        day = business_day(t)
        found = read_customer(t.connection, customer, scope=scope, day=day)
        if found is None:
            return None
        there = Availability(self.desk.packs.current(t), self.desk.catalogues.current(t))
        if there.pack is not None:
            counted = t.rows_in(_COUNTERS, there.scopes([customer], day))
            there.count(CounterChange(*row) for row in counted)
        facts = Facts(str(t.at_ms), _customer(found, day), there.catalogue.products)
        return _Asked(Order("", customer, day, ()), facts, there, found.fields["assortment"])


@dataclass(frozen=True, slots=True)
class _Asked:
    """An order without lines yet, and what is known where it is priced."""

    order: Order
    facts: Facts
    there: Availability
    assortment: str

    def price(self, sku: str, count: int, pack: CompiledPack) -> PriceTold:
        """Price so many base units of one product."""
        order = replace(self.order, lines=(OrderLine(1, sku, Quantity(count)),))
        counters = self.there.counters(self.facts.as_of, None)
        result = evaluate(order, self.facts, counters, pack)
        return PriceTold(self.facts.products[sku], count, result, pack)


def _customer(found: CustomerDetail, day: date) -> Customer:
    """Give what the rules know of a customer on a day."""
    row, since = found.row, found.fields["since"]
    return Customer(
        row.code,
        row.type,
        tuple(row.geo.split("/")) if row.geo else (),
        cast("CustomerStatus", row.status),
        max((day - date.fromisoformat(since)).days, 0) if since else None,
    )


def _parted(text: str) -> tuple[int, str]:
    """Read `12*TEA` as 12 of TEA; without a count it is one."""
    count, star, wanted = text.strip().partition("*")
    if star and count.strip().isdecimal() and 0 < int(count) <= _LARGEST:
        return int(count), wanted.strip()
    return 1, text.strip()
