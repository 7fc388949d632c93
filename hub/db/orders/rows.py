"""What a decision becomes in the tables: one tuple a row, columns beside it."""

from collections.abc import Iterator, Mapping
from typing import Final

from hub.domain.decide import Decided, Moment
from hub.domain.evidence import write_evidence, write_trace
from hub.domain.wording import money
from hub.services.decide_orders import Entry

INBOX: Final = ("terminal", "seq", "order_uuid", "payload_sha256", "received_at")
ORDER: Final = (
    "id",
    "uuid",
    "terminal",
    "seq",
    "number",
    "customer_id",
    "customer_code",
    "operator",
    "payment",
    "status",
    "reason",
    "revision",
    "business_date",
    "captured_at",
    "clock_trusted",
    "decided_at",
    "currency",
    "scale",
    "gross",
    "discount",
    "net",
    "tax",
    "round_off",
    "payable",
    "exposure",
    "lines",
    "pack_hash",
    "pack_version",
    "price_hash",
    "quote_price_hash",
    "quote_payable",
)
LINE: Final = (
    "order_id",
    "free",
    "line",
    "product_id",
    "sku",
    "name",
    "ordered",
    "quantity",
    "unit_price",
    "gross",
    "discount",
    "net",
    "tax",
    "total",
    "rule",
    "unit",
    "pack_size",
    "pack_price",
    "mrp",
    "batch",
)
DECISION: Final = ("order_id", "pack_hash", "result_hash", "inputs", "trace")
ALLOCATION: Final = ("order_id", "free", "line", "batch_id", "quantity", "state")
EVENT: Final = ("order_id", "at", "kind", "actor", "text")
OUTBOX: Final = (
    "id",
    "terminal",
    "kind",
    "order_id",
    "revision",
    "payload",
    "state",
    "created_at",
)
ALARM: Final = (
    "order_id",
    "terminal",
    "at",
    "pack_hash",
    "facts_hash",
    "catalogue_hash",
    "quoted_hash",
    "recomputed_hash",
)
CHANGE: Final = ("order_id", "rule", "scope", "used", "spent", "bought", "pieces")

Row = tuple[object, ...]
_NO_SUMS: Final = (0, 0, 0, 0, 0, 0)
_NO_PACK: Final = (None, None, None, None, None)


def inbox_row(entry: Entry, moment: Moment) -> Row:
    """Write the message's key."""
    asked = entry.asked
    return (*asked.key, asked.uuid, asked.digest, moment.now_ms)


def order_row(order_id: int, entry: Entry, moment: Moment) -> Row:
    """Write the order itself."""
    decided, message = entry.decided, entry.asked.message
    order, terms, result, quote = decided.order, decided.terms, decided.result, decided.order.quote
    reasons = decided.verdict.reasons
    return (
        order_id,
        order.order,
        message.term,
        message.seq,
        order.number,
        decided.party.customer_id if decided.party else None,
        order.customer,
        order.operator,
        order.payment,
        decided.verdict.status,
        reasons[0].code if reasons else "",
        1,
        terms.business_date,
        order.captured_at,
        order.clock_trusted,
        moment.now_ms,
        terms.currency,
        terms.scale,
        *(_sums(decided) if result else _NO_SUMS),
        decided.exposure,
        len(order.lines),
        terms.pack_hash,
        terms.pack_version,
        result.price_hash if result else None,
        quote.price_hash if quote else None,
        quote.payable if quote else None,
    )


def line_rows(order_id: int, entry: Entry, products: Mapping[str, int]) -> Iterator[Row]:
    """Write the lines as decided or, where nothing was decided, as ordered."""
    decided = entry.decided
    if decided.result is None:
        for asked in decided.order.lines:
            product = products.get(asked.sku)
            ordered = (asked.qty, 0, None, 0, 0, 0, 0, 0, "", asked.unit, None, None, None)
            yield (order_id, False, asked.line, product, asked.sku, "", *ordered, asked.batch)
        return
    batches = {asked.line: asked.batch for asked in decided.order.lines}
    for line, shown in zip(decided.result.lines, decided.answer.lines, strict=True):
        yield (
            order_id,
            False,
            line.number,
            products.get(line.sku),
            line.sku,
            shown.name,
            line.ordered,
            line.quantity,
            line.unit_price,
            line.gross,
            shown.discount,
            line.net,
            line.tax,
            line.total,
            line.price_rule,
            shown.unit,
            shown.pack_size,
            shown.pack_price,
            shown.mrp,
            batches[line.number],
        )
    for free, given in zip(decided.result.free, decided.answer.free, strict=True):
        product, counts = products.get(free.sku), (free.earned, free.quantity)
        nothing = (None, 0, 0, 0, 0, 0)
        yield (
            order_id,
            True,
            free.number,
            product,
            free.sku,
            given.name,
            *counts,
            *nothing,
            free.rule,
            *_NO_PACK,
        )


def decision_row(order_id: int, entry: Entry, catalogue: str, *, moment: Moment) -> Row:
    """Write why."""
    decided = entry.decided
    result_hash = decided.result.result_hash if decided.result else None
    evidence = write_evidence(decided, catalogue, moment.day)
    return (order_id, decided.terms.pack_hash, result_hash, evidence, write_trace(decided))


def event_row(order_id: int, decided: Decided, moment: Moment) -> Row:
    """Write the first line of the order's timeline."""
    reasons = decided.verdict.reasons
    total = decided.result.totals.payable if decided.result else 0
    what = f"{money(total, decided.terms.scale)} {decided.terms.currency}".strip()
    text = "; ".join([what, *(reason.text for reason in reasons)])[:500]
    return (order_id, moment.now_ms, decided.verdict.status, "hub", text)


def alarm_rows(order_id: int, entry: Entry, moment: Moment) -> Iterator[Row]:
    """Write that the terminal's price cannot be explained, where that is so."""
    alarm = entry.decided.alarm
    if alarm is not None:
        prices = (alarm.quoted, alarm.recomputed)
        named = (alarm.pack, alarm.facts, alarm.catalogue)
        yield (order_id, entry.asked.message.term, moment.now_ms, *named, *prices)


def outbox_row(outbox_id: int, order_id: int, entry: Entry, *, moment: Moment) -> Row:
    """Write the answer, to be sent."""
    terminal = entry.asked.message.term
    return (outbox_id, terminal, "answer", order_id, 1, entry.answer, "pending", moment.now_ms)


def _sums(decided: Decided) -> tuple[int, ...]:
    """Give the order's totals in the order of the columns."""
    totals = decided.answer.totals
    if totals is None:
        return _NO_SUMS
    return (
        totals.gross,
        totals.discount,
        totals.net,
        totals.tax,
        totals.round_off,
        totals.payable,
    )
