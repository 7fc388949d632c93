"""What staff and programs ask for, in the trade's words, before the hub knows it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Source
from rules import Payment

MOST_LINES: Final = 500
MOST_OF_A_LINE: Final = 1_000_000
_LONGEST_KEY: Final = 200
_LONGEST_WORD: Final = 64


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


def fault_of(asked: AskedOrder | Amendment) -> Reason | None:
    """Say why nobody could decide on this, whatever there is to buy; None where somebody could.

    Codes that are too long, or hold what does not print, are of nothing that there is.
    """
    if isinstance(asked, AskedOrder) and not _is_key(asked.key):
        return Reason("order_key_invalid", {"most": _LONGEST_KEY})
    if asked.lines is not None and not 0 < len(asked.lines) <= MOST_LINES:
        return Reason("order_lines_invalid", {"most": MOST_LINES})
    for word in _words(asked):
        if not word.isprintable() or len(word) > _LONGEST_WORD:
            return Reason("order_word_invalid", {"word": ascii(word[:_LONGEST_WORD])})
    for line in asked.lines or ():
        if not 0 < line.quantity <= MOST_OF_A_LINE:
            params = {"product": line.sku, "quantity": str(line.quantity), "most": MOST_OF_A_LINE}
            return Reason("order_quantity_invalid", params)
    return None


def _is_key(key: str) -> bool:
    return 0 < len(key) <= _LONGEST_KEY and key.isprintable()


def _words(asked: AskedOrder | Amendment) -> Iterator[str]:
    for line in asked.lines or ():
        yield from (word for word in (line.sku, line.unit, line.batch) if word is not None)
    yield from asked.coupons or ()
    if isinstance(asked, AskedOrder):
        yield from (asked.customer, asked.warehouse, *asked.choices, *asked.choices.values())
