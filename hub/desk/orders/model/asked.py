"""What staff and programs ask for, in the trade's words, before the hub knows it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Final, NamedTuple

from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Source
from rules import Order, OrderLine, Payment, Product, Quantity, Rate, UnitPrice

MOST_LINES: Final = 500
MOST_OF_A_LINE: Final = 1_000_000
MOST_COUPONS: Final = 16
MOST_CHOICES: Final = 64
_LONGEST_KEY: Final = 200
_LONGEST_WORD: Final = 64
_LONGEST_TEXT: Final = 200
_WHOLE: Final = 1_000_000
_MOST_OFF_EACH: Final = 10**12
_NEWER: Final = 4


class AskedLine(NamedTuple):
    """So many of a product: base units, or whole packs where `unit` names a pack size.

    `batch_reason` says why it is this `batch`. Whoever places the order asks for `percent_off` of
    what the line comes to, in millionths, and `off_each` base unit, in 1/10,000 of the major unit.
    """

    sku: str
    quantity: int
    unit: str | None = None
    batch: str | None = None
    batch_reason: str = ""
    percent_off: int = 0
    off_each: int = 0

    @property
    def said(self) -> list[object]:
        """Give what is said of the line, so that a line of before there were discounts is alike."""
        return list(self if any(self[_NEWER:]) else self[:_NEWER])


@dataclass(frozen=True, slots=True)
class AskedOrder:
    """An order as a person or a program asks for it.

    `key` is the sender's own key: asked twice under one key, it is one order. `warehouse` may be
    empty: then the seller's first warehouse serves it. `po_number` is what the customer's own
    purchase order is called, empty where none was named. `delivery_date` is when the goods are
    wanted, `ship_to` the customer's code for where; empty for the customer's own address.
    """

    key: str
    source: Source
    customer: str
    lines: tuple[AskedLine, ...]
    payment: Payment = "credit"
    warehouse: str = ""
    coupons: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    po_number: str = ""
    delivery_date: date | None = None
    ship_to: str = ""

    @property
    def digest(self) -> str:
        """Give the SHA-256 of all that is asked for: under one key only ever the same."""
        said = {**asdict(self), "key": "", "source": ""}
        said["lines"] = [line.said for line in self.lines]
        said["delivery_date"] = self.delivery_date and self.delivery_date.isoformat()
        for newer in ("po_number", "delivery_date", "ship_to"):
            if not said[newer]:  # so that orders of before there were any have their digest still
                del said[newer]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class WantedOn(NamedTuple):
    """The day on which the goods are wanted; None for any."""

    day: date | None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is to be different of an order: None leaves it as it is."""

    lines: tuple[AskedLine, ...] | None = None
    payment: Payment | None = None
    coupons: tuple[str, ...] | None = None
    choices: Mapping[str, str] | None = None
    delivery: WantedOn | None = None


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order that is there: its id and number; `again` where the same key asked for it before.

    `asked` is the digest of what the key first asked for, None for orders of before it was kept.
    """

    uuid: str
    number: str
    again: bool = False
    asked: str | None = None


class Redirected(NamedTuple):
    """An order whose goods go to the customer's address of this code; `again`: they did before."""

    uuid: str
    ship_to: str
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
    for said, most in ((asked.coupons or (), MOST_COUPONS), (asked.choices or (), MOST_CHOICES)):
        if len(said) > most:
            return Reason("order_codes_invalid", {"most": most})
    for word in _words(asked):
        if fault := fault_of_word(word):
            return fault
    return next(filter(None, map(_fault_of_line, asked.lines or ())), None)


def fault_of_word(word: str) -> Reason | None:
    """Say that a word is no code of anything; None where it may be one."""
    if word.isprintable() and len(word) <= _LONGEST_WORD:
        return None
    return Reason("order_word_invalid", {"word": ascii(word[:_LONGEST_WORD])})


def _fault_of_line(line: AskedLine) -> Reason | None:
    if not 0 < line.quantity <= MOST_OF_A_LINE:
        params = {"product": line.sku, "quantity": str(line.quantity), "most": MOST_OF_A_LINE}
        return Reason("order_quantity_invalid", params)
    if not (0 <= line.percent_off <= _WHOLE and 0 <= line.off_each <= _MOST_OFF_EACH):
        return Reason("order_discount_invalid", {"product": line.sku})
    text = line.batch_reason
    if not text.isprintable() or len(text) > _LONGEST_TEXT:
        return Reason("order_word_invalid", {"word": ascii(text[:_LONGEST_WORD])})
    return None


def _is_key(key: str) -> bool:
    return 0 < len(key) <= _LONGEST_KEY and key.isprintable()


def _words(asked: AskedOrder | Amendment) -> Iterator[str]:
    for line in asked.lines or ():
        yield from (word for word in (line.sku, line.unit, line.batch) if word is not None)
    yield from asked.coupons or ()
    yield from (word for one in (asked.choices or {}).items() for word in one)
    if isinstance(asked, AskedOrder):
        yield from (asked.customer, asked.warehouse, asked.po_number, asked.ship_to)


class _Key(NamedTuple):
    sku: str
    unit: str | None
    batch: str | None


def order_lines(
    asked: Sequence[AskedLine], products: Mapping[str, Product], *, before: Sequence[OrderLine] = ()
) -> tuple[OrderLine, ...]:
    """Number lines and count them in base units; a line that was there `before` keeps its number.

    Two cases of twelve are 24. A unit that the product does not come in is left to be refused.
    """
    numbers = {_Key(one.sku, one.unit, one.batch): one.number for one in before}
    free = max(numbers.values(), default=0)
    lines: list[OrderLine] = []
    for one in asked:
        product = products.get(one.sku)
        size = product.pack_sizes.get(one.unit, 1) if product and one.unit else 1
        number = numbers.pop(_Key(one.sku, one.unit, one.batch), None)
        if number is None:
            free += 1
            number = free
        quantity = Quantity(one.quantity * size)
        off = (Rate(one.percent_off), UnitPrice(one.off_each))
        lines.append(
            OrderLine(number, one.sku, quantity, one.unit, one.batch, one.batch_reason, *off)
        )
    return tuple(sorted(lines, key=lambda line: line.number))


def amended(
    order: Order, change: Amendment, products: Mapping[str, Product], *, day: date
) -> Order:
    """Give an order with an amendment's content, to be decided on a day."""
    lines = order.lines
    if change.lines is not None:
        lines = order_lines(change.lines, products, before=order.lines)
    return replace(
        order,
        business_date=day,
        lines=lines,
        payment=change.payment or order.payment,
        coupons=order.coupons if change.coupons is None else change.coupons,
        choices=order.choices if change.choices is None else change.choices,
        delivery_date=change.delivery.day if change.delivery else order.delivery_date,
    )


def differences(before: Order, after: Order, products: Mapping[str, Product]) -> tuple[Reason, ...]:
    """Say in reasons what an order asks for that it did not ask for before, line by line."""
    then = {one.number: one for one in before.lines}
    now = {one.number: one for one in after.lines}
    told: list[Reason] = []
    for number in sorted(then | now):
        line = now.get(number) or then[number]
        name = products[line.sku].name if line.sku in products else line.sku
        counts = {
            name: int(lines[number].quantity)
            for name, lines in (("then", then), ("now", now))
            if number in lines
        }
        if counts.get("then") != counts.get("now"):
            told.append(Reason(_changed(counts), {"product": name, **counts}, line=number))
        if number in then and number in now:
            told += _other_terms(then[number], now[number], name)
    if before.payment != after.payment:
        told.append(Reason("payment_now", {"then": before.payment, "now": after.payment}))
    return (*told, *_other_wishes(before, after))


def _other_terms(then: OrderLine, now: OrderLine, product: str) -> Iterator[Reason]:
    """Say what a line asks to be taken off that it did not ask for before."""
    if (then.percent_off, then.off_each) != (now.percent_off, now.off_each):
        off = {"percent": now.percent_off, "each": now.off_each}
        yield Reason("discount_now", {"product": product, **off}, line=now.number)
    if then.batch_reason != now.batch_reason:
        params = {"product": product, "why": now.batch_reason}
        yield Reason("batch_reason_now", params, line=now.number)


def _other_wishes(before: Order, after: Order) -> Iterator[Reason]:
    """Say which coupons, gifts and day an order wishes that it did not wish before."""
    if sorted(before.coupons) != sorted(after.coupons):
        coupons = sorted(after.coupons)
        yield Reason("coupons_now", {"coupons": coupons}) if coupons else Reason("coupons_gone")
    if before.choices != after.choices:
        yield Reason("gifts_now")
    if before.delivery_date != after.delivery_date:
        day = after.delivery_date
        yield Reason("delivery_now", {"day": day.isoformat()}) if day else Reason("delivery_any")


def _changed(counts: Mapping[str, int]) -> str:
    if "then" not in counts:
        return "line_added"
    return "quantity_now" if "now" in counts else "line_taken_off"
