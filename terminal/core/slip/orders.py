"""What the slip of an order says: queued, answered, refused, changed later."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

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
from terminal.core.layout import Row
from terminal.core.order import Line
from terminal.core.pricing import FreeAmount, Priced
from terminal.core.slip.frame import RULE, Heading, foot, head
from terminal.core.text import Currency, clean
from terminal.core.words import Voice, VoiceWriter, who_decides

_LINE_HANG: Final = 6
_NOTHING_SOLD: Final = frozenset({"rejected", "cancelled"})
"""Where nothing is to pay, a total would read as a bill."""
_CONFIRMED: Final = frozenset({"confirmed", "confirmed_changed"})
_FEWER: Final = frozenset({"order_delivered_part", "picked_short"})
"""Reasons of notices after which the sums on the slip before are no longer what is owed."""
_NO_LINE: Final = 0
_QUIET: Final[Mapping[str, frozenset[str]]] = {
    "no_invoices": frozenset({"order_billed_by"}),
    "changes": frozenset({"order_billed_by", "order_dispatched", "order_delivered"}),
}
"""Reasons of notices that do not print by themselves, by which of them do."""


class _Tax(NamedTuple):
    """What one head of tax comes to, and of which amount where that is known."""

    head: str
    rate: int
    amount: int
    net: int | None = None


class _Prices(NamedTuple):
    """What a base unit and a pack cost, and what is printed on a base unit."""

    each: int
    pack: int | None
    mrp: int | None


def queued_slip(
    heading: Heading, order: OrderData, priced: Priced | None, *, lines: Sequence[Line]
) -> tuple[Row, ...]:
    """Say that the order is stored here and not yet decided; `lines` are its own, with names."""
    voice = heading.voice
    rows = [*head(heading, voice.text("slip.queued"), order.number), RULE]
    gifts = priced.free if priced else ()
    below = _below([line.number for line in lines], [gift.lines for gift in gifts])
    for line in lines:
        rows += _queued_line(voice, line, priced)
        rows += _queued_gifts(voice, [gifts[at] for at in below.get(line.number, ())])
    rows += _queued_gifts(voice, [gifts[at] for at in below.get(_NO_LINE, ())])
    rows += _coupons(voice, order.coupons, priced.coupon_notes if priced else ())
    rows.append(Row(voice.text("slip.payment"), voice.text(f"payment.{order.payment}")))
    if priced:
        rows += _provisional(voice, priced, unpriced=len(lines) - len(priced.lines))
    rows += [RULE, Row(voice.text("slip.stored"), center=True)]
    rows.append(Row(voice.text("slip.answer_prints"), center=True))
    return (*rows, *foot(heading, order.order, order.number))


def _provisional(voice: Voice, priced: Priced, *, unpriced: int) -> Iterable[Row]:
    yield RULE
    yield from (Row(clean(text)) for text in priced.schemes)
    taxes = [_Tax(tax.head, tax.rate, tax.amount) for tax in priced.taxes]
    yield from _totals(voice, priced.totals, priced.currency, taxes=taxes)
    if unpriced:
        yield Row(voice.text("slip.without_price", count=unpriced), center=True)
    yield from (Row(clean(text)) for text in (*priced.rounded, *priced.held_back))
    yield Row(voice.text("slip.provisional"), center=True)
    yield from _almost(voice, priced.near)


def answer_slip(
    heading: Heading, answer: AnswerData, *, after_queued: bool = False
) -> tuple[Row, ...]:
    """Say what the hub decided; `after_queued` where the QUEUED slip may be in somebody's hand."""
    voice = heading.voice
    rows = head(heading, voice.text(f"status.{answer.status}"), answer.number)
    rows += _reasons(voice, answer.reasons, Currency.of(answer))
    rows += _waits_for(voice, answer.status, answer.deciders)
    if after_queued:
        rows.append(Row(voice.text("slip.queued_void"), center=True))
    return (*rows, *_decision(voice, answer), *foot(heading, answer.order, answer.number))


def _decision(voice: Voice, answer: AnswerData) -> list[Row]:
    """List what was decided: lines, gifts, sums, and what was nearly earned."""
    currency = Currency.of(answer)
    rows = [RULE]
    below = _below([line.line for line in answer.lines], [gift.lines for gift in answer.free])
    for line in answer.lines:
        rows += _answer_line(voice, line, answer)
        for at in below.get(line.line, ()):
            rows += _free_line(voice, answer.free[at], answer)
    for at in below.get(_NO_LINE, ()):
        rows += _free_line(voice, answer.free[at], answer)
    notes = voice.told_all(answer.coupon_notes, answer.coupon_codes, currency)
    rows += _coupons(voice, answer.coupons, notes)
    if answer.status in _NOTHING_SOLD:
        rows += [] if rows[-1] == RULE else [RULE]
        rows.append(Row(voice.text("slip.nothing_ordered"), style="bold", center=True))
    elif answer.totals is not None:
        rows += [RULE, *_sums(voice, answer, answer.totals)]
    if answer.payment is not None and answer.status not in _NOTHING_SOLD:
        rows.append(Row(voice.text("slip.payment"), voice.text(f"payment.{answer.payment}")))
    if answer.near and answer.status not in _NOTHING_SOLD:
        rows += [RULE, *_almost(voice, voice.told_all(answer.near, answer.near_codes, currency))]
    if answer.credit_left is not None:
        left = currency.amount(answer.credit_left)
        rows.append(Row(voice.text("slip.credit_left"), left))
    rows.append(Row(voice.text("slip.order_date", day=voice.day(answer.business_date))))
    if answer.delivery_day:
        rows.append(Row(voice.text("slip.delivery_day", day=voice.day(answer.delivery_day))))
    return rows


def _below(lines: Sequence[int], earners: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """Put each gift under the last of the lines that earned it, by that line's number.

    `lines` are the numbers of the slip's lines as they stand on it, `earners` those of each gift;
    of lines 1 and 2 that earned the first gift, it stands below 2: `{2: [0]}`.
    """
    places = {number: place for place, number in enumerate(lines)}
    found: dict[int, list[int]] = {}
    for gift, earned_by in enumerate(earners):
        there = [number for number in earned_by if number in places]
        found.setdefault(max(there, key=places.__getitem__, default=_NO_LINE), []).append(gift)
    return found


def notice_slip(
    heading: Heading, notice: NoticeData, *, currency: Currency | None = None
) -> tuple[Row, ...]:
    """Say what became of an order later, and its lines and sums where they were decided again.

    Where they were not, as when it is dispatched, those on the slip before still hold. An order
    that staff placed for the shop is told from its first revision on, with who placed it.
    `currency` is that of the amounts; where none is known, reasons with amounts are told in the
    hub's words.
    """
    voice, decided = heading.voice, notice.decision
    currency = Currency.of(decided) if decided else currency
    rows = [
        Row(voice.text("slip.notice", revision=notice.revision), style="bold", center=True),
        *head(heading, voice.text(f"status.{notice.status}"), notice.number),
        *_reasons(voice, notice.reasons, currency),
    ]
    rows += _waits_for(voice, notice.status, decided.deciders if decided else ())
    if notice.placed_by:
        rows.append(Row(voice.text("slip.placed_by", name=clean(notice.placed_by)), center=True))
    if notice.revision > 1:
        rows.append(Row(voice.text(_before(notice)), center=True))
    if decided is not None:
        rows += _decision(voice, decided)
    return (*rows, *foot(heading, notice.order, notice.number))


def prints_by_itself(notice: NoticeData, notices: str) -> bool:
    """Tell whether a notice prints, by which of them do here; what was decided again always does.

    A word for it that this software does not know prints all.
    """
    told = {one.code for one in notice.reasons}
    return notice.decision is not None or not told <= _QUIET.get(notices, frozenset()) or not told


def _before(notice: NoticeData) -> str:
    """Name the message of what holds of the slip before a notice."""
    if notice.decision is not None or notice.status in _NOTHING_SOLD:
        return "slip.replaces"
    came_less = any(reason.code in _FEWER for reason in notice.reasons)
    return "slip.lines_fewer" if came_less else "slip.lines_hold"


def with_lines(rows: Sequence[Row], decided: AnswerData, voice: Voice) -> tuple[Row, ...]:
    """Put lines and sums into a slip that leaves them to the slip before.

    A copy is for somebody who may not have the slip before. Where fewer goods came, it still says
    that the invoice tells what is owed. Any other slip stays as it is.
    """
    hold, fewer = (
        Row(voice.text(name), center=True) for name in ("slip.lines_hold", "slip.lines_fewer")
    )
    if hold not in rows and fewer not in rows:
        return tuple(rows)
    kept = [row for row in rows if row != hold]
    end = max((at for at, row in enumerate(kept) if row == RULE), default=len(kept))
    return (*kept[:end], *_decision(voice, decided), *kept[end:])


def with_drawer(rows: Sequence[Row], answer: AnswerData) -> tuple[Row, ...]:
    """Have the slip of a confirmed order that is paid in cash open the drawer."""
    is_paid = answer.status in _CONFIRMED and answer.payment == "cash"
    return (Row(kind="drawer"), *rows) if is_paid else tuple(rows)


def refused_slip(heading: Heading, order: OrderData, refused: RefusedData) -> tuple[Row, ...]:
    """Say that the hub could not take the order at all; it stays stored and is not sent again."""
    voice = heading.voice
    rows = [
        *head(heading, voice.text("slip.not_taken"), order.number),
        Row(voice.text("slip.call_support"), style="bold"),
        Row(f"{clean(refused.text)} ({clean(refused.code)})"),
    ]
    return (*rows, *foot(heading, order.order, order.number))


def _pair(left: str, right: str) -> Row:
    return Row(left, right, hang=_LINE_HANG + 1)


def _under(text: str) -> Row:
    indent = " " * (_LINE_HANG + 1)
    return Row(indent + clean(text), hang=len(indent))


def _minus(text: str, amount: int, currency: Currency) -> Row:
    indent = " " * (_LINE_HANG + 1)
    return Row(indent + text, currency.amount(-amount), hang=len(indent))


def _queued_line(voice: Voice, line: Line, priced: Priced | None) -> Iterable[Row]:
    amount = priced.lines.get(line.number) if priced else None
    counted = _counted(line.quantity, line.unit, line.size)
    if amount is None or priced is None:
        yield _pair(f"{counted} x {clean(line.name)}", voice.text("slip.no_price"))
        yield _under(line.sku)
    else:
        prices = _Prices(amount.unit_price, amount.pack_price, amount.mrp)
        yield _pair(f"{counted} x {clean(line.name)}", priced.currency.amount(amount.gross))
        yield _under(f"{line.sku} @ {_priced(voice, prices, line.unit, currency=priced.currency)}")
        if amount.discount:
            yield _minus(voice.text("slip.discount"), amount.discount, priced.currency)
    if line.batch:
        yield _under(voice.text("slip.batch_asked", batch=line.batch))


def _queued_gifts(voice: Voice, gifts: Iterable[FreeAmount]) -> Iterable[Row]:
    for one in gifts:
        yield _pair(f"{one.quantity:>4} x {clean(one.name)}", voice.text("slip.free"))
        yield _under(one.sku)
        if one.scheme:
            yield _under(one.scheme)


def _answer_line(voice: Voice, line: AnswerLine, answer: AnswerData) -> Iterable[Row]:
    currency = Currency.of(answer)
    counted = _counted(line.qty, line.unit, line.pack_size)
    if line.unit_price:
        prices = _Prices(line.unit_price, line.pack_price, line.mrp)
        yield _pair(f"{counted} x {clean(line.name)}", currency.amount(line.gross))
        yield _under(f"{line.sku} @ {_priced(voice, prices, line.unit, currency=currency)}")
    else:  # a held order's line without a price: 0.00 would read as a present
        yield _pair(f"{counted} x {clean(line.name)}", voice.text("slip.no_price"))
        yield _under(line.sku)
    if line.qty != line.ordered:
        yield _under(voice.text("slip.ordered", ordered=line.ordered, sent=line.qty))
    yield from _discounts(voice, line, answer)
    for note in line.notes:
        yield _under(note)
    for pick in line.batches:
        yield _under(_batch(voice, pick))


def _discounts(voice: Voice, line: AnswerLine, answer: AnswerData) -> Iterable[Row]:
    """Say what each scheme takes off a line; in one sum where that is not told apart."""
    currency = Currency.of(answer)
    parts = [(one.rule, one.amount) for one in line.discounts if one.amount is not None]
    if parts and sum(amount for _, amount in parts) == line.discount:
        for rule, amount in parts:
            called = _called(voice, rule, answer) or voice.text("slip.discount")
            yield _minus(called, amount, currency)
    elif line.discount:
        yield _minus(voice.text("slip.discount"), line.discount, currency)
        yield from (_under(_called(voice, one.rule, answer)) for one in line.discounts)


def _called(voice: Voice, rule: str, answer: AnswerData) -> str:
    """Say what people call a rule, as the hub did when it decided; else its id."""
    return clean(answer.schemes.get(rule) or voice.names.get(rule, rule))


def _free_line(voice: Voice, free: FreeLine, answer: AnswerData) -> Iterable[Row]:
    yield _pair(f"{free.qty:>4} x {clean(free.name)}", voice.text("slip.free"))
    yield _under(free.sku)
    if free.rule:
        yield _under(_called(voice, free.rule, answer))
    for pick in free.batches:
        yield _under(_batch(voice, pick))


def _batch(voice: Voice, pick: BatchPick) -> str:
    if not pick.expiry:
        return voice.text("slip.batch", batch=pick.batch, count=pick.qty)
    day = voice.day(pick.expiry)
    return voice.text("slip.batch_expiry", batch=pick.batch, day=day, count=pick.qty)


def _counted(quantity: int, unit: str | None, size: int | None) -> str:
    """Say how many, as `2 CASE = 48` where it is whole packs of a size that is known."""
    if not quantity or not unit or not size or size == 1 or quantity % size:
        return f"{quantity:>4}"
    return f"{quantity // size:>4} {clean(unit)} = {quantity}"


def _priced(voice: Voice, prices: _Prices, unit: str | None, *, currency: Currency) -> str:
    """Say what a pack costs where that is what the price is for, else a base unit; and the MRP."""
    each = currency.unit_price(prices.each)
    if prices.pack is not None and unit:
        pack = currency.unit_price(prices.pack)
        each = voice.text("slip.price_pack", price=pack, unit=clean(unit))
    if prices.mrp is None:
        return each
    return voice.text("slip.price_mrp", price=each, mrp=currency.unit_price(prices.mrp))


def _coupons(voice: Voice, codes: Sequence[str], notes: Sequence[str]) -> list[Row]:
    """Name the coupons of an order, and those that gave nothing."""
    named = (voice.text("slip.coupon", code=code) for code in codes)
    return [Row(clean(text)) for text in (*named, *notes)]


def _almost(voice: Voice, texts: Sequence[str]) -> list[Row]:
    return [Row(voice.text("slip.almost", text=clean(text))) for text in texts]


def _reasons(voice: Voice, reasons: Sequence[Reason], currency: Currency | None) -> list[Row]:
    if not reasons:
        return []
    return [RULE, *(Row(_reason(voice, one, currency), style="bold") for one in reasons)]


def _reason(voice: Voice, one: Reason, currency: Currency | None) -> str:
    text = clean(voice.told(one, currency))
    return voice.text("slip.line", number=one.line, text=text) if one.line else text


def _waits_for(voice: Voice, status: str, deciders: Sequence[str]) -> list[Row]:
    """Say whose decision a held order waits for, and that the decision prints by itself."""
    if status != "held":
        return []
    return [Row(voice.word(who_decides(deciders, voice)), style="bold")]


def _sums(voice: Voice, answer: AnswerData, totals: Totals) -> list[Row]:
    """Sum up what has a price, and say how many lines have none: 0.00 would read as a present."""
    unpriced = sum(not line.unit_price for line in answer.lines)
    rows = []
    if unpriced < len(answer.lines):
        taxes = [_Tax(tax.head, tax.rate, tax.amount, tax.net) for tax in answer.taxes]
        rows = _totals(voice, totals, Currency.of(answer), taxes=taxes)
    if unpriced:
        rows.append(Row(voice.text("slip.not_in_total", count=unpriced), style="bold"))
    return rows


def _totals(
    voice: Voice, totals: Totals, currency: Currency, *, taxes: Sequence[_Tax]
) -> list[Row]:
    """Sum up, each tax by itself where they come to the whole tax."""
    rows = [Row(voice.text("slip.goods"), currency.amount(totals.gross))]
    if totals.discount:
        rows.append(Row(voice.text("slip.discount"), currency.amount(-totals.discount)))
        rows.append(Row(voice.text("slip.net"), currency.amount(totals.net)))
    if taxes and sum(tax.amount for tax in taxes) == totals.tax:
        rows += [Row(_tax(voice, tax, currency), currency.amount(tax.amount)) for tax in taxes]
    else:
        rows.append(Row(voice.text("slip.tax"), currency.amount(totals.tax)))
    if totals.round_off:
        rows.append(Row(voice.text("slip.round_off"), currency.amount(totals.round_off)))
    payable = currency.named(totals.payable)
    rows.append(Row(voice.text("slip.total"), payable, style="big"))
    return rows


def _tax(voice: Voice, tax: _Tax, currency: Currency) -> str:
    """Name a tax by its head and rate, as `CGST 2.5 % of 443.54`."""
    rate = f" {VoiceWriter(currency.scale, voice=voice).percent(tax.rate)}" if tax.rate else ""
    named = clean(tax.head) + rate
    if tax.net is None or not tax.rate:
        return named
    return voice.text("slip.tax_of", tax=named, net=currency.amount(tax.net))
