"""What a decision becomes in the tables: each table's columns beside what fills them."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

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


Column = tuple[str, Callable[[Written], Any]]


def _order(get: Callable[[Decided], Any]) -> Callable[[Written], Any]:
    return lambda one: get(one.decided)


ORDER: Final[Sequence[Column]] = (
    ("id", lambda one: one.order),
    ("uuid", _order(lambda d: d.request.uuid)),
    ("number", _order(lambda d: d.request.number)),
    ("source", _order(lambda d: d.request.source)),
    ("source_key", _order(lambda d: d.request.source_key)),
    ("po_number", _order(lambda d: d.request.po_number)),
    ("asked_digest", _order(lambda d: d.request.asked)),
    ("seller_id", _order(lambda d: d.request.seller)),
    ("warehouse_id", _order(lambda d: d.request.warehouse.id)),
    ("customer_id", _order(lambda d: d.counterparty.id if d.counterparty else None)),
    ("customer_code", _order(lambda d: d.request.order.customer)),
    ("requester_kind", _order(lambda d: d.request.requester.kind)),
    ("requester", _order(lambda d: d.request.requester.id)),
    ("operator", _order(lambda d: d.request.operator)),
    ("captured_at", _order(lambda d: d.request.captured_at)),
    ("clock_trusted", _order(lambda d: d.request.clock_trusted)),
    ("placed_at", lambda one: one.made_at),
    ("business_date", _order(lambda d: d.request.order.business_date)),
    ("status", _order(lambda d: d.status)),
    ("revision", lambda one: one.revision),
    ("split_of", _order(lambda d: d.request.split_of)),
    ("ship_to_id", _order(lambda d: d.request.ship_to)),
)

_NOT_ASKED: Final = (None,) * 4
_NO_TOTALS: Final = Totals(*[0] * 6)  # type: ignore[arg-type]


def _totals(decided: Decided) -> Totals:
    return decided.result.totals if decided.result else _NO_TOTALS


def write_coupons(coupons: Sequence[str], choices: object) -> bytes:
    """Write the coupons and choices of an order; most have none of either."""
    if not coupons and not choices:
        return b"[[],{}]"
    return json.dumps([list(coupons), choices], separators=(",", ":")).encode()


REVISION: Final[Sequence[Column]] = (
    ("order_id", lambda one: one.order),
    ("revision", lambda one: one.revision),
    ("content", lambda one: one.revision),
    ("cause", lambda one: one.cause),
    ("made_by", lambda one: one.made_by),
    ("made_at", lambda one: one.made_at),
    ("status", _order(lambda d: d.status)),
    ("changed", _order(lambda d: d.verdict.changed)),
    ("reasons", _order(lambda d: write_reasons(d.reasons))),
    ("content_hash", _order(lambda d: d.content_hash)),
    ("payment", _order(lambda d: d.request.order.payment)),
    ("currency", _order(lambda d: d.currency)),
    ("scale", _order(lambda d: d.scale)),
    ("gross", _order(lambda d: _totals(d).gross)),
    ("discount", _order(lambda d: _totals(d).discount)),
    ("net", _order(lambda d: _totals(d).net)),
    ("tax", _order(lambda d: _totals(d).tax)),
    ("round_off", _order(lambda d: _totals(d).round_off)),
    ("payable", _order(lambda d: d.payable)),
    ("exposure", _order(lambda d: d.exposure)),
    ("credit_left", _order(lambda d: d.credit_left)),
    ("lines", _order(lambda d: len(d.request.order.lines))),
    ("pack_hash", _order(lambda d: d.pack.hash if d.pack else None)),
    ("pack_version", _order(lambda d: d.pack.version if d.pack else 0)),
    ("price_hash", _order(lambda d: d.result.price_hash if d.result else None)),
    ("quote_price_hash", _order(lambda d: d.request.quote.price_hash if d.request.quote else None)),
    ("quote_payable", _order(lambda d: d.request.quote.payable if d.request.quote else None)),
    (
        "coupons",
        _order(lambda d: write_coupons(d.request.order.coupons, dict(d.request.order.choices))),
    ),
    ("delivery_date", _order(lambda d: d.request.order.delivery_date)),
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
_PLAIN: Final = (None,) * (len(LINE) - len(PLAIN_LINE))


def write_needs(decided: Decided) -> bytes:
    """Write who could release a held order; empty where nobody is asked."""
    return msgspec.json.encode(decided.verdict.needs) if decided.verdict.needs else b""


DECISION: Final[Sequence[Column]] = (
    ("order_id", lambda one: one.order),
    ("revision", lambda one: one.revision),
    ("pack_hash", _order(lambda d: d.pack.hash if d.pack else None)),
    ("result_hash", _order(lambda d: d.result.result_hash if d.result else None)),
    ("inputs", _order(write_evidence)),
    ("trace", _order(write_trace)),
    ("needs", _order(write_needs)),
)


def names(columns: Sequence[Column]) -> tuple[str, ...]:
    """Name the columns of a table."""
    return tuple(name for name, _ in columns)


def rows_of(columns: Sequence[Column], written: Sequence[Written]) -> list[Row]:
    """Write one row of a table for each decision."""
    getters = [get for _, get in columns]
    return [tuple([get(one) for get in getters]) for one in written]


def line_rows(one: Written) -> Iterator[Row]:
    """Write the lines as decided or, where nothing was decided, as ordered."""
    decided, key = one.decided, (one.order, one.revision)
    products, ids = decided.catalogue.products, decided.catalogue.ids
    asked = {line.number: line for line in decided.request.order.lines}
    if decided.result is None:
        for line in asked.values():
            amounts = (line.quantity, 0, None, 0, 0, 0, 0, 0, "", None, line.unit, None, None)
            named = (ids.get(line.sku), line.sku, "")
            yield (*key, False, line.number, *named, *amounts, *_asked_for(line))
        return
    for priced in decided.result.lines:
        product, line = products.get(priced.sku), asked[priced.number]
        size = product.pack_sizes.get(line.unit) if product and line.unit else None
        yield (
            *key,
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
            line.unit,
            size,
            priced.pack.price if priced.pack else None,
            *_asked_for(line),
        )
    for free in decided.result.free:
        product = products.get(free.sku)
        name = product.name if product else ""
        goods = (free.number, ids.get(free.sku), free.sku, name, free.earned, free.quantity)
        nothing = (None, 0, 0, 0, 0, 0, free.rule, None, None, None, None)
        yield (*key, True, *goods, *nothing, *_NOT_ASKED)


def plain_apart(lines: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Part lines that fill the plain columns alone, cut to these, from the others.

    Most are such: to write nothing into seven columns more is a third of what a line costs.
    """
    plain: list[Row] = []
    others: list[Row] = []
    for line in lines:
        if line[len(PLAIN_LINE) :] == _PLAIN:
            plain.append(line[: len(PLAIN_LINE)])
        else:
            others.append(line)
    return plain, others


def _asked_for(line: OrderLine) -> tuple[object, ...]:
    reason = line.batch_reason or None
    return (line.batch, reason, line.percent_off or None, line.off_each or None)
