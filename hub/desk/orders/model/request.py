"""What is asked for: an order as its entrance took it, before anything is decided."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal, get_args

import msgspec

from hub.desk.orders.model.reasons import Reason
from rules import CounterChange, Order, OrderLine, Quantity, Rate, UnitPrice

Source = Literal["terminal", "staff", "partner", "field", "api", "import"]
"""Where an order came from; its entrance says so, never its sender."""

SOURCES: Final = get_args(Source)

Cause = Literal[
    "placed",
    "amended",
    "held",
    "countered",
    "released",
    "refused",
    "expired",
    "back_ordered",
    "cancelled",
    "restored",
    "picked_short",
    "dispatched",
    "delivered",
    "came_back",
    "invoiced",
    "returned",
    "cheque_returned",
]
"""Why an order has a revision."""

CAUSES: Final = get_args(Cause)

_canonical: Final = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks: a terminal by its id, a user or the token of a program by its name."""

    kind: Literal["terminal", "user", "token"]
    id: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """What the counter showed: the price, and what it was made from, as hashes.

    `counters` are the scheme counters that changed the price there; `day` is the day there.
    """

    pack: str | None
    pack_version: int
    price_hash: str
    payable: int
    facts: str | None = None
    catalogue: str | None = None
    day: date | None = None
    counters: tuple[CounterChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse that serves an order: its row's id, and its code."""

    id: int
    code: str


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """One order as asked for; `order` is what the engine decides, made once.

    `source_key` is the entrance's own key of the request: asked twice under one key, it is one
    order. `captured_at` is the moment by the sender's clock, `asked` the digest of what staff and
    programs asked for, `po_number` what the customer's own purchase order is called. `barred` says
    why its entrance does not want it decided, and the order is rejected for that; `holds` say why a
    person has to look at it first, whatever the rules say. `split_of` is the
    row of the order that it was split from, `ship_to` that of the delivery address.
    """

    order: Order
    number: str
    source: Source
    source_key: str
    seller: int
    warehouse: Place
    requester: Requester
    captured_at: int
    operator: str = ""
    clock_trusted: bool = True
    quote: Quoted | None = None
    asked: str | None = None
    po_number: str = ""
    barred: tuple[Reason, ...] = ()
    holds: tuple[Reason, ...] = ()
    split_of: int | None = None
    ship_to: int | None = None

    @property
    def uuid(self) -> str:
        """Give the order's own id."""
        return self.order.id

    @property
    def lessee(self) -> str | None:
        """Name the terminal out of whose leases the order takes first."""
        return self.requester.id if self.requester.kind == "terminal" else None

    def with_order(self, order: Order) -> "OrderRequest":
        """Give the request with other content; what the counter showed is of the old one."""
        return replace(self, order=order, quote=None)


def read_asked_line(row: Iterable[Any]) -> OrderLine:
    """Read a line as it was asked for out of its columns: number, SKU, quantity, unit and terms."""
    number, sku, quantity, unit, batch, batch_reason, percent_off, off_each = row
    off = (Rate(percent_off or 0), UnitPrice(off_each or 0))
    return OrderLine(number, sku, Quantity(quantity), unit, batch, batch_reason or "", *off)


def rest_key(uuid: str) -> str:
    """Give the source key of the order of what was not delivered: an order has one at most."""
    return f"rest {uuid}"


def content_hash(seller: int, order: Order, *, pack: str | None, payable: int) -> str:
    """Hash what an approval is about: who sells what to whom, how it is paid, and for how much.

    Coupons count whatever their letters' case; the order of the lines does not count. A change of
    any of it asks for the approval anew.
    """
    content = {
        "seller": seller,
        "customer": order.customer,
        "payment": order.payment,
        "lines": [_said(line) for line in sorted(order.lines, key=lambda line: line.number)],
        "coupons": sorted(code.upper() for code in order.coupons),
        "choices": dict(order.choices),
        "pack": pack,
        "payable": payable,
    }
    if order.delivery_date is not None:
        content["delivery_date"] = order.delivery_date.isoformat()
    return hashlib.sha256(_canonical.encode(content)).hexdigest()


def _said(line: OrderLine) -> list[object]:
    """Give what a line asks for; one that asks for nothing off is as it was before any could."""
    off = [line.batch_reason, line.percent_off, line.off_each]
    said = [line.number, line.sku, line.quantity, line.unit, line.batch]
    return [*said, *off] if any(off) else said
