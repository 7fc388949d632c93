"""Makes the bytes of a slip from what the journal has; loaded while something is printed."""

from firmware.core.clocks import told_time
from firmware.core.escpos import encoded
from firmware.core.latin import latin
from firmware.core.layout import row
from firmware.core.order import Currency, Line
from firmware.core.reading import elements, value_of
from firmware.core.slip import (
    Heading,
    maybe_printed,
    queued_rows,
    refused_rows,
    short_rows,
    with_copy,
)
from firmware.core.wire import read_down


def slip_bytes(desk: "Desk", slip: "Slip", copy: int) -> "Iterator[bytes]":
    """Give the bytes of a slip, line by line; `copy` is 0 for the first print."""
    return encoded(_readable(with_copy(_rows(desk, slip), copy)), desk.settings.columns)


def heading_of(desk: "Desk") -> Heading:
    """Give what every slip says."""
    made = told_time(desk.now_ms(), desk.settings.utc_offset_min)
    if not desk.clock.is_trusted:
        made += " (clock not set)"
    return Heading(desk.journal.shop, desk.settings.id, made_at=made)


def _rows(desk: "Desk", slip: "Slip") -> "Iterator[tuple]":
    stored = slip.stored
    heading = heading_of(desk)
    if slip.kind == "queued":
        currency = Currency(desk.settings.currency, desk.settings.scale)
        lines = _lines(desk.journal.shown(stored))
        return queued_rows(
            heading,
            stored.number,
            stored.order,
            lines=lines,
            currency=currency,
            payment=desk.journal.asked(stored).get("payment", ""),
        )
    if slip.kind == "short":
        rows = short_rows(heading, stored.number, stored.order, status=stored.status)
        return maybe_printed(rows) if _is_of_another_flash(desk, stored) else rows
    message = read_down(desk.journal.answer(stored))
    if slip.kind == "answer":
        from firmware.core.answers import answer_rows

        rows = answer_rows(heading, message, after_queued=slip.after_queued)
        is_again = message.again or _is_of_another_flash(desk, stored)
        return maybe_printed(rows) if is_again else rows
    if slip.kind == "notice":
        from firmware.core.answers import notice_rows

        rows = notice_rows(heading, message)
        return maybe_printed(rows) if message.again else rows
    return refused_rows(heading, stored.number, message)


def _is_of_another_flash(desk: "Desk", stored: "Stored") -> bool:
    """Tell whether an order was made at this terminal, and not here: by an earlier flash of it."""
    return not stored.seq and stored.number.startswith(desk.settings.id + "-")


def _lines(shown: "Buffer") -> "Iterator[Line]":
    """Read an order's lines from flash, one after the other."""
    for span in elements(shown, 0):
        told = value_of(shown, span)
        sku, name, unit, size, price, quantity = told[:6]
        batch = told[6] if len(told) > 6 else ""
        line = Line(sku, name, unit, size=size, price=price, batch=batch)
        line.quantity = quantity
        yield line


def _readable(rows: "Iterator[tuple]") -> "Iterator[tuple]":
    """Give rows; where an answer cannot be read on, say so on the paper that has begun."""
    try:
        yield from rows
    except (ValueError, KeyError, TypeError) as error:
        yield row("The rest cannot be read (%s): call support." % latin(str(error)), style="bold")
