"""What a command of the sheet asks of the order at the counter."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from broker.contract.messages import Payment
from rules import Product
from terminal.core.codes import Command, CommandRead
from terminal.core.order.events import (
    BatchChosen,
    CancelAsked,
    CodeUnknown,
    CouponShown,
    CustomerChosen,
    DigitScanned,
    EnterAsked,
    Event,
    FreeGoodsChosen,
    PaymentChosen,
    QuantitySet,
    UndoAsked,
    UnitChosen,
)
from terminal.core.order.lines import Line, OpenOrder
from terminal.core.text import clean
from terminal.core.words import said

_PAYMENTS: Final[dict[Command, Payment]] = {
    "CASH": "cash",
    "CREDIT": "credit",
    "ADVANCE": "advance",
}


class Shop(Protocol):
    """What is known here of products, schemes, customers and payments."""

    def payments_for(self, customer: str) -> tuple[Payment, ...]:
        """Give the ways to pay of a customer's orders, the usual one first."""

    def customer_card(self, customer: str) -> CustomerChosen | None:
        """Give what a customer's card does here; None where this counter does not serve it."""

    def product(self, sku: str) -> Product | None:
        """Find a product."""

    def choices(self, wishes: Sequence[str]) -> Mapping[str, str]:
        """Give the schemes whose free goods leave the choice of any of these products."""


def event_of(  # noqa: C901, PLR0911  # one for each command
    command: CommandRead, order: OpenOrder, shop: Shop, *, order_id: str, mono_ms: int
) -> Event | None:
    """Give the event that a command is; None for one that does not change the order by itself.

    `order_id` is for an order that begins with a coupon.
    """
    name = command.name
    match command.command:
        case "QTY":
            return QuantitySet(command.number)
        case "DIGIT":
            return DigitScanned(command.number)
        case "ENTER":
            return EnterAsked()
        case "CASH" | "CREDIT" | "ADVANCE":
            return PaymentChosen(_PAYMENTS[command.command], shop.payments_for(order.customer))
        case "UNIT":
            return _unit(order.last, shop, name)
        case "BATCH":
            return BatchChosen(name)
        case "COUPON":
            return CouponShown(name, order_id)
        case "FREE":
            return _free_goods(shop, name)
        case "CUSTOMER":
            refused = CodeUnknown(said("order.not_served", customer=name))
            return shop.customer_card(name) or refused
        case "UNDO":
            return UndoAsked()
        case "CANCEL":
            return CancelAsked(mono_ms)
        case _:
            return None


def _unit(line: Line | None, shop: Shop, name: str) -> Event:
    """Find a pack size of the product just scanned; its base unit is one too."""
    if line is None:
        return UnitChosen(name)  # refused, whatever the unit: there is no line to apply it to
    product = shop.product(line.sku)
    if product is None:
        return CodeUnknown(said("order.product_gone", name=line.name))
    sizes = {unit.upper(): unit for unit in product.pack_sizes}
    if unit := sizes.get(name.upper()):
        return UnitChosen(unit, product.pack_sizes[unit])
    if name.upper() == product.base_unit.upper():
        return UnitChosen("")
    come = ", ".join([*product.pack_sizes, product.base_unit])
    return CodeUnknown(said("order.unit_unknown", name=line.name, unit=name, units=come))


def _free_goods(shop: Shop, code: str) -> Event:
    """Find the product that is wished for where free goods leave the choice."""
    product = shop.product(code) or shop.product(code.upper())
    name = clean(product.name, 200) if product else code
    if product is None or not shop.choices([product.sku]):
        return CodeUnknown(said("order.no_choice", name=name))
    return FreeGoodsChosen(product.sku, name)
