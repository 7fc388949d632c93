"""The two hashes of a result: what the shop was shown, and the whole decision."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from rules.engine.result import FreeGoods, PricedLine, Result, Totals

BareReason = tuple[str, str, str, int | None, int | None]
"""Stage, code, rule, line and amount of a step, without its words."""

_write: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


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


def result_hash(result: Result, trace: Sequence[BareReason]) -> str:
    """Hash a decision, without the words that explain it and what was nearly earned."""
    return _digest(
        [
            result.outcome,
            result.price_hash,
            [(_line(line, line.quantity), line.price_rule) for line in result.lines],
            [[one.number, one.sku, one.earned, one.quantity, one.rule] for one in result.free],
            _totals(result.totals),
            result.allocations,
            [[one.number, one.free, one.sku, one.missing, one.action] for one in result.shorts],
            [[one.rule, one.scope, one.used, one.spent] for one in result.changes],
            [(one.stage, one.code, one.rule, one.line, one.amount) for one in result.reasons],
            trace,
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
        *(line.pack or ()),
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


def _digest(content: list[Any]) -> str:
    return hashlib.sha256(_write(content).encode()).hexdigest()
