"""The two hashes of a result: what the shop was shown, and the whole decision."""

import hashlib
import json
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final

from rules.engine.result import FreeGoods, PricedLine, Reason, Result, Totals

_write: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_reason: Final = attrgetter("stage", "code", "rule", "line", "amount")


def price_hash(
    lines: Sequence[PricedLine], free: Sequence[FreeGoods], totals: Totals, *, currency: str
) -> str:
    """Hash the amounts as ordered: equal for hub and terminal where both price alike."""
    return _digest(
        [
            currency,
            [_line(line, line.ordered) for line in lines],
            [[goods.sku, goods.earned] for goods in free],
            _totals(totals),
        ]
    )


def result_hash(result: Result) -> str:
    """Hash a decision, without the words that explain it."""
    return _digest(
        [
            result.outcome,
            result.price_hash,
            [(_line(line, line.quantity), line.price_rule) for line in result.lines],
            [[one.number, one.sku, one.earned, one.quantity, one.rule] for one in result.free],
            _totals(result.totals),
            [
                [one.number, one.free, one.sku, one.batch, one.quantity]
                for one in result.allocations
            ],
            [[one.number, one.free, one.sku, one.missing, one.action] for one in result.shorts],
            [[one.rule, one.scope, one.used, one.spent] for one in result.changes],
            _reasons(result.reasons),
            _reasons(result.trace),
            [[miss.rule, miss.line] for miss in result.near_misses],
            result.approvals,
        ]
    )


def _line(line: PricedLine, quantity: int) -> tuple[Any, ...]:
    return (
        line.number,
        line.sku,
        quantity,
        line.unit_price,
        line.gross,
        line.line_discount,
        line.order_discount,
        line.net,
        line.taxes,
        line.tax,
        line.total,
    )


def _totals(totals: Totals) -> tuple[int, ...]:
    return (
        totals.gross,
        totals.discount,
        totals.net,
        totals.tax,
        totals.round_off,
        totals.payable,
    )


def _reasons(reasons: Sequence[Reason]) -> list[Any]:
    return list(map(_reason, reasons))


def _digest(content: list[Any]) -> str:
    return hashlib.sha256(_write(content).encode()).hexdigest()
