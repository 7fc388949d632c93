"""The slips of answers and notices, as rows; an answer is read line by line, never whole."""

from firmware.core.clocks import MONTHS
from firmware.core.latin import latin
from firmware.core.layout import RULE, row
from firmware.core.order import Currency
from firmware.core.reading import elements, value_of
from firmware.core.slip import (
    Heading,
    foot,
    goods_row,
    head,
    paid_row,
    under,
    word_of,
)
from firmware.core.wire import Down

_NOTHING_SOLD = ("rejected", "cancelled")
"""Where nothing is to pay, a total would read as a bill."""
_FEWER = ("order_delivered_part", "picked_short")
"""Reasons after which the sums on the slip before are no longer what is owed."""


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
    yield from foot(heading, order, number)


def notice_rows(heading: Heading, notice: Down) -> "Iterator[tuple]":
    """Say what became of an order later, and its lines and sums where they were decided again."""
    order, number = notice.text("order"), notice.text("number")
    revision, is_over = notice.count("revision"), notice.text("status") in _NOTHING_SOLD
    yield row("NOTICE %d" % revision, style="bold")
    yield from head(heading, word_of(notice.text("status")), number)
    yield from _reasons(notice)
    if notice.text("placed_by"):
        yield row("Placed for you by " + latin(notice.text("placed_by")), style="centre")
    came_less = any(reason["code"] in _FEWER for reason in _each(notice, "reasons"))
    is_decided = notice.enter("decision")
    if revision > 1 and (is_decided or is_over):
        yield row("This slip replaces the earlier ones", style="centre")
    elif revision > 1 and came_less:
        yield row("All else as on the slip before; the invoice says what is owed", style="centre")
    elif revision > 1:
        yield row("Lines and sums: as on the slip before", style="centre")
    if is_decided:
        yield from _waits_for(notice)
        yield from _decision(notice)
    yield from foot(heading, order, number)


def _decision(answer: Down) -> "Iterator[tuple]":
    """List what was decided: lines, gifts, sums, and what was nearly earned."""
    currency = Currency(latin(answer.text("currency")), answer.count("scale"))
    names = answer.value("schemes") or {}
    earners = {max(free.get("lines") or (0,)) for free in _each(answer, "free")}
    yield RULE
    priced = unpriced = 0
    for line in _each(answer, "lines"):
        yield from _answer_line(line, currency, names)
        priced += 1 if line["unit_price"] else 0
        unpriced += 0 if line["unit_price"] else 1
        if line["line"] in earners:
            earners.remove(line["line"])
            yield from _gifts(answer, line["line"], names)
    for number in sorted(earners):  # 0, and lines that are not told
        yield from _gifts(answer, number, names)
    for name, word in (("coupons", "Coupon "), ("coupon_notes", "")):
        for text in _each(answer, name):
            yield row(word + latin(text))
    if answer.text("status") in _NOTHING_SOLD:
        yield RULE
        yield row("Nothing is ordered, nothing is owed.", style="bold")
    else:
        yield from _sums(answer, currency, unpriced=unpriced, has_sum=priced > 0 or not unpriced)
    if answer.value("credit_left") is not None:
        yield row("Credit left", currency.amount(answer.value("credit_left")))
    yield row("Order date " + _day(answer.text("business_date")))


def _gifts(answer: Down, line: int, names: dict) -> "Iterator[tuple]":
    """Give the gifts whose last earner is a line; of 0, those that no line earned."""
    for free in _each(answer, "free"):
        if max(free.get("lines") or (0,)) == line:
            yield goods_row(free["qty"], free["name"], "FREE")
            yield under(latin(free["sku"]))
            if free["rule"] in names:
                yield under(latin(names[free["rule"]]))
            yield from _batches(free)


def _day(told: str) -> str:
    """Write `2026-09-21` as `21 Sep 2026`, as the heading has it."""
    try:
        year, month, day = told.split("-")
        return "%s %s %s" % (day, MONTHS[int(month) - 1], year)
    except (ValueError, IndexError):
        return latin(told)


def _sums(answer: Down, currency: Currency, *, unpriced: int, has_sum: bool) -> "Iterator[tuple]":
    """Sum up what has a price, and say how many lines have none: 0.00 would read as a present."""
    totals = answer.value("totals")
    if totals:
        yield RULE
    if totals and has_sum:
        taxes = answer.value("taxes") or ()
        yield from _totals(totals, currency, taxes=taxes)
    if totals and unpriced:
        yield row("Not in the total: %d line(s) that have no price yet" % unpriced, style="bold")
    if answer.text("payment"):
        yield paid_row(answer.text("payment"))
    for text in _each(answer, "near"):
        yield row("Almost: " + latin(text))


def _waits_for(answer: Down) -> "Iterator[tuple]":
    """Say whose decision a held order waits for."""
    if answer.text("status") != "held":
        return
    roles = [latin(role).replace("_", " ") for role in _each(answer, "deciders")]
    told = "The distributor decides"
    if roles:
        told = "It waits for the distributor's " + " or ".join(roles)
    yield row(told + "; the decision prints by itself.", style="text")


def _each(message: Down, name: str) -> "Iterator":
    """Read one element of a list after the other."""
    if name in message.data:
        for span in elements(message.payload, message.data[name][0]):
            yield value_of(message.payload, span)


def _reasons(message: Down) -> "Iterator[tuple]":
    begun = False
    for reason in _each(message, "reasons"):
        if not begun:
            yield RULE
            begun = True
        where = "Line %d: " % reason["line"] if reason.get("line") else ""
        yield row(where + latin(reason["text"]), style="text")


def _answer_line(line: dict, currency: Currency, names: dict) -> "Iterator[tuple]":
    pack = (line.get("unit"), line.get("pack_size"))
    sku = latin(line["sku"])
    if line["unit_price"]:
        yield goods_row(line["qty"], line["name"], currency.amount(line["gross"]), pack=pack)
        price = currency.price(line["unit_price"])
        if line.get("pack_price") and line.get("unit"):
            price = currency.price(line["pack_price"]) + " a " + latin(line["unit"])
        yield under(sku + " @ " + price)
    else:  # a held order's line without a price: 0.00 would read as a present
        yield goods_row(line["qty"], line["name"], "no price", pack=pack)
        yield under(sku)
    if line["qty"] != line["ordered"]:
        yield under("ordered %d, %d can be sent" % (line["ordered"], line["qty"]))
    parts = [one for one in line.get("discounts", ()) if one.get("amount") is not None]
    if parts and sum([one["amount"] for one in parts]) == line["discount"]:
        for one in parts:
            named = latin(names.get(one["rule"], one["rule"]))
            yield under(named, currency.amount(-one["amount"]))
    elif line["discount"]:
        yield under("Discount", currency.amount(-line["discount"]))
        for one in line.get("discounts", ()):
            yield under(latin(names.get(one["rule"], one["rule"])))
    for note in line.get("notes", ()):
        yield under(latin(note))
    yield from _batches(line)


def _batches(line: dict) -> "Iterator[tuple]":
    for pick in line.get("batches", ()):
        expiry = " exp " + _day(pick["expiry"]) if pick.get("expiry") else ""
        yield under("Batch %s%s: %d" % (latin(pick["batch"]), expiry, pick["qty"]))


def _totals(totals: dict, currency: Currency, *, taxes: "Any") -> "Iterator[tuple]":
    yield row("Goods", currency.amount(totals["gross"]))
    if totals["discount"]:
        yield row("Discount", currency.amount(-totals["discount"]))
        yield row("Net", currency.amount(totals["net"]))
    if sum([tax["amount"] for tax in taxes]) != totals["tax"] or not taxes:
        taxes = ({"head": "Tax", "rate": 0, "amount": totals["tax"]},)
    for tax in taxes:
        named = latin(tax["head"])
        if tax["rate"]:
            rate = Currency(scale=0).price(tax["rate"])
            named = "%s %s %% of %s" % (named, rate, currency.amount(tax["net"]))
        yield row(named, currency.amount(tax["amount"]))
    if totals["round_off"]:
        yield row("Round off", currency.amount(totals["round_off"]))
    yield row("TOTAL", currency.name + " " + currency.amount(totals["payable"]), "big")
