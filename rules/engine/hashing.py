"""The hashes of a decision: what the shop was shown, the whole of it, and what is approved.

Each is the SHA-256 of one flat JSON array; what may vary in number has its number before it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Final

from rules.engine.inputs import Order
from rules.engine.result import FreeGoods, PricedLine, Result, Totals

Gift = tuple[str, int | None, int | None]
"""What a rule gave or took on a line: its id, the line and the amount."""

_Flat = list[int | str | None]
_write: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def price_hash(
    lines: Sequence[PricedLine], free: Sequence[FreeGoods], totals: Totals, *, currency: str
) -> str:
    """Hash the amounts as ordered: equal for hub and terminal where both price alike.

    What follows from other amounts (net, total, the heads of a tax) is left out.
    """
    flat: _Flat = [currency, len(lines)]
    for line in lines:
        flat += (
            line.number,
            line.sku,
            line.ordered,
            line.unit_price,
            line.gross,
            line.line_discount,
            line.order_discount,
            line.tax,
            *(line.pack or ()),
        )
    flat.append(len(free))
    for goods in free:
        flat += (goods.sku, goods.earned)
    flat += totals
    return _digest(flat)


def content_hash(order: Order, price_hash: str) -> str:
    """Hash what an approval is about: who buys what, how it is paid, and at which price.

    `price_hash` is that of the order's decision. A change of any of it asks for the approval anew.
    """
    flat: _Flat = [order.id, order.customer, order.payment, price_hash, len(order.lines)]
    for line in order.lines:
        flat += (line.number, line.sku, line.quantity, line.unit, line.batch)
    return _digest(flat)


def result_hash(result: Result, settled: str, gifts: Iterable[Gift]) -> str:
    """Hash a decision, without the parameters of its reasons and what was nearly earned.

    `settled` is the price hash of the lines as they are sold, `gifts` is what each rule gave.
    """
    flat: _Flat = [result.outcome, result.price_hash, settled, len(result.lines)]
    flat += [line.quantity for line in result.lines]
    rows: tuple[Sequence[tuple[int | str | None, ...]], ...] = (
        result.free,
        result.allocations,
        result.shorts,
        result.changes,
    )
    for some in rows:
        flat.append(len(some))
        for row in some:
            flat += row
    flat.append(len(result.reasons))
    for one in result.reasons:
        flat += (one.stage, one.code, one.rule, one.line, one.amount)
    for gift in gifts:
        flat += gift
    flat.append(_write(result.approvals))
    return _digest(flat)


def _digest(flat: _Flat) -> str:
    return hashlib.sha256(_write(flat).encode()).hexdigest()
