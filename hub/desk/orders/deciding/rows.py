"""What a decision becomes in the tables: the row of each, by the names of its columns."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec

from hub.desk.orders.model.decide import Decided
from hub.desk.orders.model.evidence import write_evidence, write_trace
from hub.desk.orders.model.reasons import write_reasons
from hub.desk.orders.model.request import Cause
from hub.desk.orders.tables import ASKED_FOR
from rules import OrderLine, Totals

Row = tuple[object, ...]


class Written(NamedTuple):
    """A decision with the order and the revision that it is written as; who made it, and when."""

    order: int
    revision: int
    cause: Cause
    decided: Decided
    made_by: str
    made_at: int


class OrderRow(NamedTuple):
    """One row of `order_`, by the names of its columns."""

    id: int
    uuid: str
    number: str
    source: str
    source_key: str
    po_number: str
    asked_digest: str | None
    seller_id: int
    warehouse_id: int
    customer_id: int | None
    customer_code: str
    requester_kind: str
    requester: str
    operator: str
    captured_at: int
    clock_trusted: bool
    placed_at: int
    business_date: date
    status: str
    revision: int
    split_of: int | None
    ship_to_id: int | None


def order_row(one: Written) -> OrderRow:
    """Write the order itself."""
    decided = one.decided
    request, order = decided.request, decided.request.order
    return OrderRow(
        id=one.order,
        uuid=order.id,
        number=request.number,
        source=request.source,
        source_key=request.source_key,
        po_number=request.po_number,
        asked_digest=request.asked,
        seller_id=request.seller,
        warehouse_id=request.warehouse.id,
        customer_id=decided.counterparty.id if decided.counterparty else None,
        customer_code=order.customer,
        requester_kind=request.requester.kind,
        requester=request.requester.id,
        operator=request.operator,
        captured_at=request.captured_at,
        clock_trusted=request.clock_trusted,
        placed_at=one.made_at,
        business_date=order.business_date,
        status=decided.status,
        revision=one.revision,
        split_of=request.split_of,
        ship_to_id=request.ship_to,
    )


_NO_TOTALS: Final = Totals(*[0] * 6)  # type: ignore[arg-type]


def write_coupons(coupons: Sequence[str], choices: object) -> bytes:
    """Write the coupons and choices of an order; most have none of either."""
    if not coupons and not choices:
        return b"[[],{}]"
    return json.dumps([list(coupons), choices], separators=(",", ":")).encode()


class RevisionRow(NamedTuple):
    """One row of `order_revision`, by the names of its columns; amounts in minor units."""

    order_id: int
    revision: int
    content: int
    cause: str
    made_by: str
    made_at: int
    status: str
    changed: bool
    reasons: bytes
    content_hash: str
    payment: str
    currency: str
    scale: int
    gross: int
    discount: int
    net: int
    tax: int
    round_off: int
    payable: int
    exposure: int
    credit_left: int | None
    lines: int
    pack_hash: str | None
    pack_version: int
    price_hash: str | None
    quote_price_hash: str | None
    quote_payable: int | None
    coupons: bytes
    delivery_date: date | None


def revision_row(one: Written) -> RevisionRow:
    """Write what the order comes to at a revision."""
    decided = one.decided
    request, result, pack = decided.request, decided.result, decided.pack
    order, quote = request.order, request.quote
    totals = result.totals if result else _NO_TOTALS
    return RevisionRow(
        order_id=one.order,
        revision=one.revision,
        content=one.revision,
        cause=one.cause,
        made_by=one.made_by,
        made_at=one.made_at,
        status=decided.status,
        changed=decided.verdict.changed,
        reasons=write_reasons(decided.reasons),
        content_hash=decided.content_hash,
        payment=order.payment,
        currency=decided.currency,
        scale=decided.scale,
        gross=totals.gross,
        discount=totals.discount,
        net=totals.net,
        tax=totals.tax,
        round_off=totals.round_off,
        payable=totals.payable,
        exposure=decided.exposure,
        credit_left=decided.credit_left,
        lines=len(order.lines),
        pack_hash=pack.hash if pack else None,
        pack_version=pack.version if pack else 0,
        price_hash=result.price_hash if result else None,
        quote_price_hash=quote.price_hash if quote else None,
        quote_payable=quote.payable if quote else None,
        coupons=write_coupons(order.coupons, dict(order.choices)),
        delivery_date=order.delivery_date,
    )


PLAIN_LINE: Final = (
    "order_id",
    "revision",
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
    "mrp",
)
"""The columns that every line fills."""
LINE: Final = (*PLAIN_LINE, "unit", "pack_size", "pack_price", *ASKED_FOR)
_NO_REST: Final = (None,) * (len(LINE) - len(PLAIN_LINE))


def write_needs(decided: Decided) -> bytes:
    """Write who could release a held order; empty where nobody is asked."""
    return msgspec.json.encode(decided.verdict.needs) if decided.verdict.needs else b""


class DecisionRow(NamedTuple):
    """One row of `decision`, by the names of its columns."""

    order_id: int
    revision: int
    pack_hash: str | None
    result_hash: str | None
    inputs: bytes
    trace: bytes
    needs: bytes


def decision_row(one: Written) -> DecisionRow:
    """Write what was decided from, and every step of it."""
    decided = one.decided
    return DecisionRow(
        order_id=one.order,
        revision=one.revision,
        pack_hash=decided.pack.hash if decided.pack else None,
        result_hash=decided.result.result_hash if decided.result else None,
        inputs=write_evidence(decided),
        trace=write_trace(decided),
        needs=write_needs(decided),
    )


def line_rows(one: Written) -> Iterator[Row]:
    """Write the lines as decided or, where nothing was decided, as ordered.

    A row ends behind the columns of `PLAIN_LINE` where nothing stands in those behind them: to
    write nothing into seven columns more is a third of what a line costs, and most are such.
    """
    decided, order, revision = one.decided, one.order, one.revision
    products, ids = decided.catalogue.products, decided.catalogue.ids
    asked = {line.number: line for line in decided.request.order.lines}
    if decided.result is None:
        for line in asked.values():
            named = (ids.get(line.sku), line.sku, "")
            amounts = (line.quantity, 0, None, 0, 0, 0, 0, 0, "", None)
            plain: Row = (order, revision, False, line.number, *named, *amounts)
            yield _with_rest(plain, (line.unit, None, None, *_asked_for(line)))
        return
    for priced in decided.result.lines:
        product, line = products.get(priced.sku), asked[priced.number]
        size = product.pack_sizes.get(line.unit) if product and line.unit else None
        plain = (
            order,
            revision,
            False,
            priced.number,
            ids.get(priced.sku),
            priced.sku,
            product.name if product else "",
            priced.ordered,
            priced.quantity,
            priced.unit_price,
            priced.gross,
            priced.line_discount + priced.order_discount,
            priced.net,
            priced.tax,
            priced.total,
            priced.price_rule,
            priced.mrp,
        )
        price = priced.pack.price if priced.pack else None
        yield _with_rest(plain, (line.unit, size, price, *_asked_for(line)))
    for free in decided.result.free:
        product = products.get(free.sku)
        name = product.name if product else ""
        goods = (free.number, ids.get(free.sku), free.sku, name, free.earned, free.quantity)
        yield (order, revision, True, *goods, None, 0, 0, 0, 0, 0, free.rule, None)


def _with_rest(plain: Row, rest: Row) -> Row:
    return plain if rest == _NO_REST else plain + rest


def plain_apart(lines: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Part lines that fill the plain columns alone from the others."""
    plain: list[Row] = []
    others: list[Row] = []
    for line in lines:
        (plain if len(line) == len(PLAIN_LINE) else others).append(line)
    return plain, others


def _asked_for(line: OrderLine) -> tuple[object, ...]:
    reason = line.batch_reason or None
    return (line.batch, reason, line.percent_off or None, line.off_each or None)
