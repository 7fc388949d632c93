"""What each slip says: queued, answered, refused, changed later; as rows of any width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from broker.contract.messages import (
    AnswerData,
    AnswerLine,
    BatchPick,
    FreeLine,
    NoticeData,
    OrderData,
    Reason,
    RefusedData,
    Totals,
)
from terminal.core.codes import PLAIN_COMMANDS, PREFIX, SHEET_QUANTITIES
from terminal.core.layout import Row
from terminal.core.order import Line
from terminal.core.pricing import Priced
from terminal.core.text import clean, money, unit_price

STATUS_WORDS: Final = {
    "confirmed": "CONFIRMED",
    "confirmed_changed": "CONFIRMED, CHANGED",
    "held": "HELD",
    "rejected": "REJECTED",
    "cancelled": "CANCELLED",
}
QUEUED: Final = "QUEUED - NOT CONFIRMED"
_LINE_HANG: Final = 6
_LONGEST_BARCODE: Final = 24
_LONGEST_BARCODE_UNIT: Final = _LONGEST_BARCODE - len(f"{PREFIX}UNIT-")
_RULE: Final = Row(kind="rule")


@dataclass(frozen=True, slots=True)
class Heading:
    """What every slip of this terminal says, and when this one was made, in local words."""

    distributor: str
    support: str
    customer: str
    terminal: str
    made_at: str
    clock_set: bool


def queued_slip(
    heading: Heading, order: OrderData, priced: Priced | None, *, lines: Sequence[Line]
) -> tuple[Row, ...]:
    """Say that the order is stored here and not yet decided; `lines` are its own, with names."""
    rows = [*_head(heading, QUEUED, order.number), _RULE]
    for line in lines:
        rows += _queued_line(line, priced)
    if priced:
        rows += [_pair(f"{free.quantity:>4} x {clean(free.name)}", "FREE") for free in priced.free]
    rows += _coupons(order.coupons, priced.coupon_notes if priced else ())
    if priced:
        rows += [_RULE, *_totals(priced.totals, priced.currency, priced.scale)]
        unpriced = len(lines) - len(priced.lines)
        if unpriced:
            rows.append(Row(f"Without {unpriced} line(s) that have no price here", center=True))
        rows += [Row(clean(text)) for text in (*priced.rounded, *priced.held_back)]
        rows.append(Row("This price is provisional.", center=True))
        rows += [Row(f"Almost: {clean(text)}") for text in priced.near]
    rows += [_RULE, Row("The order is stored and will be sent by itself.", center=True)]
    rows.append(Row("The answer prints when it comes.", center=True))
    return (*rows, *_foot(heading, order.order, order.number))


def answer_slip(heading: Heading, answer: AnswerData) -> tuple[Row, ...]:
    """Say what the hub decided."""
    rows = [*_head(heading, STATUS_WORDS[answer.status], answer.number), *_reasons(answer.reasons)]
    rows.append(_RULE)
    for line in answer.lines:
        rows += _answer_line(line, answer.scale)
    for free in answer.free:
        rows += _free_line(free)
    rows += _coupons(answer.coupons, answer.coupon_notes)
    if answer.totals is not None:
        rows += [_RULE, *_totals(answer.totals, answer.currency, answer.scale)]
    if answer.near:
        rows += [_RULE, *(Row(f"Almost: {clean(text)}") for text in answer.near)]
    if answer.credit_left is not None:
        rows.append(Row("Credit left", money(answer.credit_left, answer.scale)))
    rows.append(Row(f"Order date {clean(answer.business_date)}"))
    return (*rows, *_foot(heading, answer.order, answer.number))


def notice_slip(heading: Heading, notice: NoticeData) -> tuple[Row, ...]:
    """Say what became of an order later."""
    rows = [
        Row("NOTICE", style="bold", center=True),
        *_head(heading, STATUS_WORDS[notice.status], notice.number),
        *_reasons(notice.reasons),
    ]
    return (*rows, *_foot(heading, notice.order, notice.number))


def refused_slip(heading: Heading, order: OrderData, refused: RefusedData) -> tuple[Row, ...]:
    """Say that the hub could not take the order at all; it stays stored and is not sent again."""
    rows = [
        *_head(heading, "NOT TAKEN", order.number),
        Row("The hub could not take this order. Call support.", style="bold"),
        Row(f"{clean(refused.text)} ({clean(refused.code)})"),
    ]
    return (*rows, *_foot(heading, order.order, order.number))


def status_slip(heading: Heading, lines: Sequence[str]) -> tuple[Row, ...]:
    """Say how the terminal is, where there is no screen."""
    return (
        *_head(heading, "STATUS", heading.terminal),
        _RULE,
        *(Row(clean(line)) for line in lines),
    )


def command_sheet(terminal: str, units: Sequence[str]) -> tuple[Row, ...]:
    """Make the sheet of command barcodes: with it a scanner and a printer are a whole terminal.

    `units` are the pack sizes that products come in.
    """
    rows = [
        Row("COMMANDS", style="big", center=True),
        Row(clean(terminal), center=True),
        Row("A quantity, a pack and a batch apply to the line just scanned.", center=True),
        Row("CANCEL must be scanned twice within 10 seconds.", center=True),
    ]
    names = [*PLAIN_COMMANDS, *(f"QTY-{quantity}" for quantity in SHEET_QUANTITIES)]
    names += [f"UNIT-{unit}" for unit in units if _is_printable(unit)]
    for name in names:
        rows += [
            _RULE,
            Row(name, style="bold", center=True),
            Row(PREFIX + name, kind="barcode", center=True),
        ]
    return tuple(rows)


def _is_printable(unit: str) -> bool:
    """Tell whether a barcode can hold a unit's name; others are typed."""
    return unit.isascii() and unit.isprintable() and len(unit) <= _LONGEST_BARCODE_UNIT


def with_copy(rows: Sequence[Row], copy: int) -> tuple[Row, ...]:
    """Mark a reprint, at both ends: either may be torn off."""
    if copy == 0:
        return tuple(rows)
    mark = Row(f" COPY {copy} ", style="inverse", center=True)
    return (mark, *rows, mark)


def _head(heading: Heading, word: str, number: str) -> list[Row]:
    made = heading.made_at if heading.clock_set else f"{heading.made_at} (clock not set)"
    return [
        Row(clean(heading.distributor), style="bold", center=True),
        Row(word, style="big", center=True),
        Row(clean(number), style="big", center=True),
        Row(clean(heading.customer), center=True),
        Row(f"Terminal {clean(heading.terminal)}"),
        Row(made),
    ]


def _foot(heading: Heading, order: str, number: str) -> list[Row]:
    rows = [_RULE, Row(clean(order), kind="qr", center=True)]
    if len(number) <= _LONGEST_BARCODE and number.isascii():
        rows.append(Row(clean(number), kind="barcode", center=True))
    if heading.support:
        rows.append(Row(f"Help: {clean(heading.support)}", center=True))
    return rows


def _pair(left: str, right: str) -> Row:
    return Row(left, right, hang=_LINE_HANG + 1)


def _under(text: str) -> Row:
    indent = " " * (_LINE_HANG + 1)
    return Row(indent + clean(text), hang=len(indent))


def _minus(text: str, amount: int, scale: int) -> Row:
    indent = " " * (_LINE_HANG + 1)
    return Row(indent + text, money(-amount, scale), hang=len(indent))


def _queued_line(line: Line, priced: Priced | None) -> Iterable[Row]:
    amount = priced.lines.get(line.number) if priced else None
    counted = _counted(line.quantity, line.unit, line.size)
    if amount is None or priced is None:
        yield _pair(f"{counted} x {clean(line.name)}", "no price")
        yield _under(line.sku)
    else:
        scale = priced.scale
        yield _pair(f"{counted} x {clean(line.name)}", money(amount.gross, scale))
        each = _price(amount.unit_price, amount.pack_price, line.unit, scale=scale)
        yield _under(f"{line.sku} @ {each}{_mrp(amount.mrp, scale)}")
        if amount.discount:
            yield _minus("Discount", amount.discount, scale)
    if line.batch:
        yield _under(f"batch {line.batch} is asked for")


def _answer_line(line: AnswerLine, scale: int) -> Iterable[Row]:
    counted = _counted(line.qty, line.unit, line.pack_size)
    if line.unit_price:
        yield _pair(f"{counted} x {clean(line.name)}", money(line.gross, scale))
        each = _price(line.unit_price, line.pack_price, line.unit, scale=scale)
        yield _under(f"{line.sku} @ {each}{_mrp(line.mrp, scale)}")
    else:  # a held order's line without a price: 0.00 would read as a present
        yield _pair(f"{counted} x {clean(line.name)}", "no price")
        yield _under(line.sku)
    if line.qty != line.ordered:
        yield _under(f"ordered {line.ordered}, {line.qty} can be sent")
    if line.discount:
        yield _minus("Discount", line.discount, scale)
    for note in line.notes:
        yield _under(note)
    for pick in line.batches:
        yield _under(_batch(pick))


def _free_line(free: FreeLine) -> Iterable[Row]:
    yield _pair(f"{free.qty:>4} x {clean(free.name)}", "FREE")
    for pick in free.batches:
        yield _under(_batch(pick))


def _batch(pick: BatchPick) -> str:
    expiry = f" exp {pick.expiry}" if pick.expiry else ""
    return f"batch {pick.batch}{expiry}: {pick.qty}"


def _counted(quantity: int, unit: str | None, size: int | None) -> str:
    """Say how many, as `2 CASE = 48` where it is whole packs of a size that is known."""
    if not unit or not size or size == 1 or quantity % size:
        return f"{quantity:>4}"
    return f"{quantity // size:>4} {clean(unit)} = {quantity}"


def _price(each: int, pack: int | None, unit: str | None, *, scale: int) -> str:
    """Say what a pack costs where that is what the price is for, else what a base unit does."""
    if pack is None or not unit:
        return unit_price(each, scale)
    return f"{unit_price(pack, scale)} a {clean(unit)}"


def _mrp(mrp: int | None, scale: int) -> str:
    return "" if mrp is None else f", MRP {unit_price(mrp, scale)}"


def _coupons(codes: Sequence[str], notes: Sequence[str]) -> list[Row]:
    """Name the coupons of an order, and those that gave nothing."""
    return [Row(clean(text)) for text in (*(f"Coupon {code}" for code in codes), *notes)]


def _reasons(reasons: Sequence[Reason]) -> list[Row]:
    if not reasons:
        return []
    return [
        _RULE,
        *(
            Row(
                f"{f'Line {reason.line}: ' if reason.line else ''}{clean(reason.text)}",
                style="bold",
            )
            for reason in reasons
        ),
    ]


def _totals(totals: Totals, currency: str, scale: int) -> list[Row]:
    rows = [Row("Goods", money(totals.gross, scale))]
    if totals.discount:
        rows.append(Row("Discount", money(-totals.discount, scale)))
        rows.append(Row("Net", money(totals.net, scale)))
    rows.append(Row("Tax", money(totals.tax, scale)))
    if totals.round_off:
        rows.append(Row("Round off", money(totals.round_off, scale)))
    rows.append(Row("TOTAL", f"{clean(currency)} {money(totals.payable, scale)}", style="big"))
    return rows
