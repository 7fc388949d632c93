"""What slips share, and those that need no answer, as rows of any width."""

from firmware.constants import FOLLOW
from firmware.core.latin import latin
from firmware.core.layout import RULE, row
from firmware.core.order import Currency, Line, gross
from firmware.core.wire import Down

_HANG = 7
_INDENT = " " * _HANG
LONGEST_BARCODE = 24
_WORDS = {
    "queued": "QUEUED - NOT CONFIRMED",
    "confirmed": "CONFIRMED",
    "confirmed_changed": "CONFIRMED, CHANGED",
    "held": "HELD",
    "rejected": "REJECTED",
    "cancelled": "CANCELLED",
}
_MAYBE_PRINTED = " MAY HAVE BEEN PRINTED BEFORE "
_PAYMENTS = {"credit": "on credit", "cash": "cash on delivery", "advance": "in advance"}


class Heading:
    """What every slip of this terminal says; `made_at` is the moment in words."""

    def __init__(self, shop: "dict[str, Any]", terminal: str, *, made_at: str) -> None:
        self.distributor = latin(str(shop.get("distributor", "")))
        self.support = latin(str(shop.get("support", "")))
        self.customer = latin(str(shop.get("customer", "")))
        self.shop = shop
        self.terminal = terminal
        self.made_at = made_at


def head(heading: Heading, word: str, number: str) -> "Iterator[tuple]":
    """Begin a slip: whose it is, what it says in a word, and about what."""
    yield row(heading.distributor, style="bold")
    yield from _gstin(heading, "gstin")
    yield row(word, style="big")
    yield row(latin(number), style="big")
    yield row(heading.customer, style="centre")
    yield from _gstin(heading, "customer_gstin")
    yield row("Terminal " + heading.terminal)
    yield row(heading.made_at)


def _gstin(heading: Heading, name: str) -> "Iterator[tuple]":
    if heading.shop.get(name):
        yield row("GSTIN " + latin(heading.shop[name]), style="centre")


def word_of(status: str) -> str:
    """Say what became of an order."""
    return _WORDS.get(status, latin(status).upper())


def queued_rows(
    heading: Heading,
    number: str,
    order_id: str,
    *,
    lines: "Iterable[Line]",
    currency: Currency,
    payment: str = "",
) -> "Iterator[tuple]":
    """Say that an order is stored here and not yet decided."""
    yield from head(heading, _WORDS["queued"], number)
    yield RULE
    total = unpriced = 0
    for line in lines:
        amount = "no price"
        if line.price:
            total += gross(line, currency.scale)
            amount = currency.amount(gross(line, currency.scale))
        else:
            unpriced += 1
        yield goods_row(line.quantity, line.name, amount, pack=(line.unit, line.size))
        price = " @ " + currency.price(line.price) if line.price else ""
        yield under(latin(line.sku) + price)
        if line.batch:
            yield under("Batch " + latin(line.batch))
    yield RULE
    if total:
        named = (latin(currency.name) + " " + currency.amount(total)).strip()
        yield row("LIST PRICE", named, "big")
    if unpriced:
        yield row("%d lines have no price here" % unpriced, style="centre")
    if payment:
        yield paid_row(payment)
    yield row("before discounts and tax: the answer says what it costs", style="centre")
    yield RULE
    yield row("stored here; the answer prints by itself", style="centre")
    yield from foot(heading, order_id, number)


def under(text: str, right: str = "") -> tuple:
    """Write what belongs to the line above."""
    return row(_INDENT + text, right, hang=_HANG)


def paid_row(payment: str) -> tuple:
    """Say how an order is paid."""
    return row("Payment", _PAYMENTS.get(payment, latin(payment)))


def refused_rows(heading: Heading, number: str, refused: Down) -> "Iterator[tuple]":
    """Say that the hub could not take an order at all; it is not sent again."""
    yield from head(heading, "NOT TAKEN", number)
    yield row("call support", style="bold")
    yield row("%s (%s)" % (latin(refused.text("text")), latin(refused.text("code"))))
    yield from foot(heading, refused.text("order"), number)


def short_rows(heading: Heading, number: str, order_id: str, *, status: str) -> "Iterator[tuple]":
    """Say what became of an order whose answer is too long for this machine."""
    yield from head(heading, word_of(status), number)
    yield RULE
    yield row("The answer is too long to print here: ask the distributor for it.", style="bold")
    yield from foot(heading, order_id, number)


def with_copy(rows: "Iterable[tuple]", copy: int) -> "Iterator[tuple]":
    """Mark a reprint, at both ends: either may be torn off."""
    if copy:
        yield row(" COPY %d " % copy, style="inverse")
    yield from rows
    if copy:
        yield row(" COPY %d " % copy, style="inverse")


def maybe_printed(rows: "Iterable[tuple]") -> "Iterator[tuple]":
    """Mark what another flash of this terminal may have printed before, at both ends."""
    yield row(_MAYBE_PRINTED, style="inverse")
    yield from rows
    yield row(_MAYBE_PRINTED, style="inverse")


def foot(heading: Heading, order: str, number: str) -> "Iterator[tuple]":
    """End an order's slip: its codes, what they are for, and who helps."""
    yield RULE
    hub = latin(str(heading.shop.get("http", ""))).rstrip("/")
    yield row(hub + FOLLOW + order if hub else order, style="qr")
    phone = "scan with a phone to follow it, here for a copy"
    yield row(phone if hub else "scan here for a copy", style="centre")
    number = latin(number)
    if len(number) <= LONGEST_BARCODE:
        yield row(number, style="barcode")
    if heading.support:
        yield row("Help: " + heading.support, style="centre")


def goods_row(
    quantity: int, name: str, right: str, *, pack: "tuple[str | None, int | None]" = (None, None)
) -> tuple:
    """Write `   2 CASE = 48 x Chips` where it is whole packs of a size that is known."""
    unit, size = pack
    counted = "%4d" % quantity
    if quantity and unit and size and size > 1 and quantity % size == 0:
        counted = "%4d %s = %d" % (quantity // size, latin(unit), quantity)
    return row("%s x %s" % (counted, latin(name)), right, hang=_HANG)
