"""What staff and programs ask for, in the trade's words, before the hub knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Source
from rules import Payment


class AskedLine(NamedTuple):
    """So many of a product: base units, or whole packs where `unit` names a pack size."""

    sku: str
    quantity: int
    unit: str | None = None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class AskedOrder:
    """An order as a person or a program asks for it.

    `key` is the sender's own key: asked twice under one key, it is one order. `warehouse` may be
    empty: then the seller's first warehouse serves it.
    """

    key: str
    source: Source
    customer: str
    lines: tuple[AskedLine, ...]
    payment: Payment = "credit"
    warehouse: str = ""
    coupons: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is to be different of an order: None leaves it as it is."""

    lines: tuple[AskedLine, ...] | None = None
    payment: Payment | None = None
    coupons: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order that is there: its id and number; `again` where the same key asked for it before."""

    uuid: str
    number: str
    again: bool = False


PlaceReply = PlacedOrder | Refused
