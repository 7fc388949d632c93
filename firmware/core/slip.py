"""What each slip says, as rows of any width; an answer is read line by line, never whole."""

from firmware.core.latin import latin
from firmware.core.layout import RULE, row
from firmware.core.order import Line, gross, money
from firmware.core.reading import elements, value_of
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
_NOTHING_SOLD = ("rejected", "cancelled")
"""Where nothing is to pay, a total would read as a bill."""
_PAYMENTS = {"credit": "on credit", "cash": "cash on delivery", "advance": "in advance"}


class Heading:
    """What every slip of this terminal says; `made_at` is the moment in words."""

    def __init__(self, shop: "dict[str, Any]", terminal: str, *, made_at: str) -> None:
        self.distributor = latin(str(shop.get("distributor", "")))
        self.support = latin(str(shop.get("support", "")))
        self.customer = latin(str(shop.get("customer", "")))
        self.terminal = terminal
        self.made_at = made_at


class Currency:
    """How amounts are written: the currency's name and its decimals."""

    def __init__(self, name: str = "", scale: int = 2) -> None:
        self.name = name
        self.scale = scale


def unit_price(price: int, scale: int) -> str:
    """Write a price of 1/10,000 of the currency with `scale` decimals or the more it needs."""
    major, rest = divmod(price, 10_000)
    digits = "%04d" % rest
    while len(digits) > scale and digits.endswith("0"):
        digits = digits[:-1]
    return "%d.%s" % (major, digits) if digits else str(major)


def head(heading: Heading, word: str, number: str) -> "Iterator[tuple]":
    """Begin a slip: whose it is, what it says in a word, and about what."""
    yield row(heading.distributor, style="bold")
    yield row(word, style="big")
    yield row(latin(number), style="big")
    yield row(heading.customer, style="centre")
    yield row("Terminal " + heading.terminal)
    yield row(heading.made_at)


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
            amount = money(gross(line, currency.scale), currency.scale)
        else:
            unpriced += 1
        yield _line(line.quantity, line.name, amount, pack=(line.unit, line.size))
        price = " @ " + unit_price(line.price, currency.scale) if line.price else ""
        yield row(_INDENT + latin(line.sku) + price, hang=_HANG)
        if line.batch:
            yield row(_INDENT + "Batch " + latin(line.batch), hang=_HANG)
    yield RULE
    if total:
        named = (latin(currency.name) + " " + money(total, currency.scale)).strip()
        yield row("LIST PRICE", named, "big")
    if unpriced:
        yield row("%d lines have no price here" % unpriced, style="centre")
    if payment:
        yield _paid(payment)
    yield row("before discounts and tax: the answer says what it costs", style="centre")
    yield RULE
    yield row("stored here; the answer prints by itself", style="centre")
    yield from _foot(heading, order_id, number)


def answer_rows(heading: Heading, answer: Down, *, after_queued: bool = False) -> "Iterator[tuple]":
    """Say what the hub decided; raises ValueError where the answer is none.

    `after_queued` where the slip QUEUED of the order may be in somebody's hand.
    """
    order, number = answer.text("order"), answer.text("number")
    yield from head(heading, word_of(answer.text("status")), number)
    yield from _reasons(answer)
    yield from _waits_for(answer)
    if after_queued:
        yield row("This takes the place of the QUEUED slip", style="centre")
    yield from _decision(answer)
    yield from _foot(heading, order, number)


def notice_rows(heading: Heading, notice: Down) -> "Iterator[tuple]":
    """Say what became of an order later, and its lines and sums where they were decided again."""
    order, number = notice.text("order"), notice.text("number")
    revision, is_over = notice.count("revision"), notice.text("status") in _NOTHING_SOLD
    yield row("NOTICE %d" % revision, style="bold")
    yield from head(heading, word_of(notice.text("status")), number)
    yield from _reasons(notice)
    if notice.text("placed_by"):
        yield row("Placed for you by " + latin(notice.text("placed_by")), style="centre")
    is_decided = notice.enter("decision")
    if revision > 1 and (is_decided or is_over):
        yield row("This slip replaces the earlier ones", style="centre")
    elif revision > 1:
        yield row("Lines and sums: as on the slip before", style="centre")
    if is_decided:
        yield from _waits_for(notice)
        yield from _decision(notice)
    yield from _foot(heading, order, number)


def _decision(answer: Down) -> "Iterator[tuple]":
    """List what was decided: lines, gifts, sums, and what was nearly earned."""
    scale = answer.count("scale")
    yield RULE
    priced = unpriced = 0
    for line in _each(answer, "lines"):
        yield from _answer_line(line, scale)
        priced += 1 if line["unit_price"] else 0
        unpriced += 0 if line["unit_price"] else 1
    for free in _each(answer, "free"):
        yield _line(free["qty"], free["name"], "FREE")
        yield row(_INDENT + latin(free["sku"]), hang=_HANG)
        yield from _batches(free)
    for name, word in (("coupons", "Coupon "), ("coupon_notes", "")):
        for text in _each(answer, name):
            yield row(word + latin(text))
    if answer.text("status") in _NOTHING_SOLD:
        yield RULE
        yield row("Nothing is ordered, nothing is owed.", style="bold")
    else:
        yield from _sums(answer, scale, unpriced=unpriced, has_sum=priced > 0 or not unpriced)
    if answer.value("credit_left") is not None:
        yield row("Credit left", money(answer.value("credit_left"), scale))
    yield row("Order date " + latin(answer.text("business_date")))


def _sums(answer: Down, scale: int, *, unpriced: int, has_sum: bool) -> "Iterator[tuple]":
    """Sum up what has a price, and say how many lines have none: 0.00 would read as a present."""
    totals = answer.value("totals")
    if totals:
        yield RULE
    if totals and has_sum:
        yield from _totals(totals, latin(answer.text("currency")), scale)
    if totals and unpriced:
        yield row("Not in the total: %d line(s) that have no price yet" % unpriced, style="bold")
    if answer.text("payment"):
        yield _paid(answer.text("payment"))
    for text in _each(answer, "near"):
        yield row("Almost: " + latin(text))


def _paid(payment: str) -> tuple:
    return row("Payment", _PAYMENTS.get(payment, latin(payment)))


def _waits_for(answer: Down) -> "Iterator[tuple]":
    """Say whose decision a held order waits for."""
    if answer.text("status") != "held":
        return
    roles = [latin(role).replace("_", " ") for role in _each(answer, "deciders")]
    told = "The distributor decides"
    if roles:
        told = "It waits for the distributor's " + " or ".join(roles)
    yield row(told + "; the decision prints by itself.", style="text")


def refused_rows(heading: Heading, number: str, refused: Down) -> "Iterator[tuple]":
    """Say that the hub could not take an order at all; it is not sent again."""
    yield from head(heading, "NOT TAKEN", number)
    yield row("call support", style="bold")
    yield row("%s (%s)" % (latin(refused.text("text")), latin(refused.text("code"))))
    yield from _foot(heading, refused.text("order"), number)


def short_rows(heading: Heading, number: str, order_id: str, *, status: str) -> "Iterator[tuple]":
    """Say what became of an order whose answer is too long for this machine."""
    yield from head(heading, word_of(status), number)
    yield RULE
    yield row("The answer is too long to print here: ask the distributor for it.", style="bold")
    yield from _foot(heading, order_id, number)


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


def _each(message: Down, name: str) -> "Iterator":
    """Read one element of a list after the other."""
    if name in message.data:
        for span in elements(message.payload, message.data[name][0]):
            yield value_of(message.payload, span)


def _foot(heading: Heading, order: str, number: str) -> "Iterator[tuple]":
    yield RULE
    yield row(order, style="qr")
    number = latin(number)
    if len(number) <= LONGEST_BARCODE:
        yield row(number, style="barcode")
    if heading.support:
        yield row("Help: " + heading.support, style="centre")


def _reasons(message: Down) -> "Iterator[tuple]":
    begun = False
    for reason in _each(message, "reasons"):
        if not begun:
            yield RULE
            begun = True
        where = "Line %d: " % reason["line"] if reason.get("line") else ""
        yield row(where + latin(reason["text"]), style="text")


def _line(
    quantity: int, name: str, right: str, *, pack: "tuple[str | None, int | None]" = (None, None)
) -> tuple:
    """Write `   2 CASE = 48 x Chips` where it is whole packs of a size that is known."""
    unit, size = pack
    counted = "%4d" % quantity
    if quantity and unit and size and size > 1 and quantity % size == 0:
        counted = "%4d %s = %d" % (quantity // size, latin(unit), quantity)
    return row("%s x %s" % (counted, latin(name)), right, hang=_HANG)


def _answer_line(line: dict, scale: int) -> "Iterator[tuple]":
    pack = (line.get("unit"), line.get("pack_size"))
    sku = _INDENT + latin(line["sku"])
    if line["unit_price"]:
        yield _line(line["qty"], line["name"], money(line["gross"], scale), pack=pack)
        price = unit_price(line["unit_price"], scale)
        if line.get("pack_price") and line.get("unit"):
            price = unit_price(line["pack_price"], scale) + " a " + latin(line["unit"])
        yield row(sku + " @ " + price, hang=_HANG)
    else:  # a held order's line without a price: 0.00 would read as a present
        yield _line(line["qty"], line["name"], "no price", pack=pack)
        yield row(sku, hang=_HANG)
    if line["qty"] != line["ordered"]:
        yield row(
            _INDENT + "ordered %d, %d can be sent" % (line["ordered"], line["qty"]), hang=_HANG
        )
    if line["discount"]:
        yield row(_INDENT + "Discount", money(-line["discount"], scale), hang=_HANG)
    for note in line.get("notes", ()):
        yield row(_INDENT + latin(note), hang=_HANG)
    yield from _batches(line)


def _batches(line: dict) -> "Iterator[tuple]":
    for pick in line.get("batches", ()):
        expiry = " exp " + pick["expiry"] if pick.get("expiry") else ""
        yield row(
            _INDENT + "Batch %s%s: %d" % (latin(pick["batch"]), expiry, pick["qty"]), hang=_HANG
        )


def _totals(totals: dict, currency: str, scale: int) -> "Iterator[tuple]":
    yield row("Goods", money(totals["gross"], scale))
    if totals["discount"]:
        yield row("Discount", money(-totals["discount"], scale))
        yield row("Net", money(totals["net"], scale))
    yield row("Tax", money(totals["tax"], scale))
    if totals["round_off"]:
        yield row("Round off", money(totals["round_off"], scale))
    yield row("TOTAL", currency + " " + money(totals["payable"], scale), "big")
