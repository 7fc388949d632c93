"""Makes the bytes of a slip that is about no order's lines; loaded while one is printed."""

from firmware.app.slips import heading_of
from firmware.core.clocks import told_time
from firmware.core.escpos import encoded
from firmware.core.order import Currency
from firmware.core.reports import (
    account_rows,
    goods_rows,
    help_rows,
    orders_rows,
    ruler_rows,
    sheet_rows,
    told_rows,
    trial_rows,
)
from firmware.core.wire import read_down

_LAST = 6
_MOST_OPEN = 12
_OVER = ("rejected", "cancelled", "refused")


def report_bytes(desk: "Desk", report: "Report") -> "Iterator[bytes]":
    """Give the bytes of a report: its kind, and what that kind needs."""
    return encoded(_rows(desk, report), desk.settings.columns)


def _rows(desk: "Desk", report: "Report") -> "Iterator[tuple]":
    kind, heading = report[0], heading_of(desk)
    if kind == "TOLD":
        return told_rows(heading, report[1], report[2], lines=report[3])
    if kind == "ACCOUNT":
        return account_rows(heading, report[1])
    if kind == "GOODS":
        return _goods(desk, report[1], report[2])
    if kind == "LAST":
        return orders_rows(heading, "LAST ORDERS", _listed(desk, _newest(desk)[:_LAST]))
    if kind == "OPEN":
        found = [one for one in _newest(desk) if _is_open(one)]
        return orders_rows(heading, "OPEN ORDERS", _listed(desk, found[:_MOST_OPEN]))
    if kind == "HELP":
        return help_rows(heading)
    if kind == "TEST":
        return trial_rows(heading, desk.settings.columns)
    if kind == "RULER":
        return ruler_rows(heading)
    if kind == "SHEET":
        return sheet_rows(desk.settings.id, desk.catalogue.units())
    return told_rows(heading, "STATUS", desk.settings.id, lines=_status_lines(desk))


def _goods(desk: "Desk", sku: str, available: "int | None") -> "Iterator[tuple]":
    product = desk.catalogue.find(sku)
    heading = heading_of(desk)
    if product is None:
        lines = ["not on this counter's list: the hub's answer says what it costs"]
        if available is not None:
            lines.append("Available now: %d" % available)
        return told_rows(heading, "PRICE" if available is None else "STOCK", sku, lines=lines)
    currency = Currency(desk.settings.currency, desk.settings.scale)
    return goods_rows(heading, product, currency=currency, available=available)


def _newest(desk: "Desk") -> "list[Stored]":
    """Give the orders that are known here, the newest first: ids begin with when they were made."""
    return sorted(desk.journal.orders, key=lambda one: one.order, reverse=True)


def _listed(desk: "Desk", orders: "list[Stored]") -> "Iterator[tuple]":
    """Write each order as a line of a list, with the newest sum that the hub told of it."""
    for one in orders:
        yield one.number, one.status, _moment(desk, one.order), _amount(desk, one)


def _moment(desk: "Desk", order: str) -> str:
    """Say when an order was made, by its id; empty where the id does not tell."""
    try:
        at_ms = int(order.replace("-", "")[:12], 16)
    except ValueError:
        return ""
    return told_time(at_ms, desk.settings.utc_offset_min)


def _amount(desk: "Desk", stored: "Stored") -> str:
    """Give what an order comes to; empty where that is not known, or would read as owed."""
    message = _word(desk, stored)
    if message is None or stored.status in _OVER:
        return ""
    if message.kind == "notice" and not message.enter("decision"):
        return ""
    totals = message.value("totals")
    has_price = totals and totals["gross"]  # 0.00 would read as a present
    currency = Currency(message.text("currency"), message.count("scale"))
    return currency.amount(totals["payable"]) if has_price else ""


def _is_open(stored: "Stored") -> bool:
    """Tell whether an order is on its way, or waits for somebody."""
    return stored.status not in _OVER and not stored.has_arrived


def _word(desk: "Desk", stored: "Stored") -> "Down | None":
    """Read the hub's newest word on an order; None where it is gone, short, or cannot be read."""
    try:
        return read_down(desk.journal.answer(stored)) if stored.answer[1] else None
    except ValueError:
        return None


def _status_lines(desk: "Desk") -> "list[str]":
    return [
        "link: " + ("online" if desk.reachable else "offline"),
        "orders that wait: %d" % len(desk.outbox),
        "printer: " + desk.printer,
        "catalogue: " + _catalogue(desk),
        "free flash: %d kB" % (desk.board.free_bytes() // 1024),
        "start: %d" % desk.journal.boot,
    ]


def _catalogue(desk: "Desk") -> str:
    if desk.catalogue.is_bounded:
        return "what the shop orders most; the rest by bar code"
    return "there" if desk.catalogue.is_there else "none"
