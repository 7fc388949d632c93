"""The hashes of a decision: what the shop was shown, the whole of it, and what is approved.

Each is the SHA-256 of one flat JSON array; what may vary in number has its number before it.
"""

import hashlib
import json
from collections.abc import Sequence
from json.encoder import encode_basestring_ascii as quoted

from rules.engine.inputs import Order
from rules.engine.result import FreeGoods, PricedLine, Result, Totals

_Flat = list[int | str | None]


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
        )
        if line.pack is not None:
            flat += line.pack
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


def result_hash(result: Result, settled: str, gifts: str) -> str:
    """Hash a decision, without the parameters of its reasons and what was nearly earned.

    `settled` is the price hash of the lines as they are sold, `gifts` is what each rule gave, as
    `gifts_as_json` writes it.
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
    needs = json.dumps(result.approvals, separators=(",", ":")) if result.approvals else "[]"
    return _sha256(f"[{_entries(flat)}{gifts},{quoted(needs)}]")


def gifts_as_json(gifts: Sequence[int | str | None]) -> str:
    """Write what rules gave or took as the next entries of an array: each id, line and amount.

    Of rule A that took 250 on line 1 comes `,"A",1,250`.
    """
    return f",{_entries(gifts)}" if gifts else ""


def _digest(flat: _Flat) -> str:
    return _sha256(f"[{_entries(flat)}]")


def _entries(flat: Sequence[int | str | None]) -> str:
    """Write the entries of a flat array as `json` does, in a third of its time.

    Of 1, "A" and None comes `1,"A",null`.
    """
    return ",".join(
        [
            quoted(one)
            if isinstance(one, str)
            else "null"
            if one is None
            else ("true" if one else "false")
            if isinstance(one, bool)
            else str(one)
            for one in flat
        ]
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
