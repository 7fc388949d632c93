"""Returns: what a sale comes to without what came back, before and after; the rest is credited."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import localcontext
from typing import NamedTuple

from rules import Return, Sale
from tests.differential.plain.decide import Change, decided
from tests.differential.plain.desk import Desk, Document, Sums
from tests.differential.plain.settling.keeping import Amounts, Kept, Owed, keep
from tests.differential.plain.sums import EXACT, NOTHING

_NOTHING_PAID = Sums(*[NOTHING] * 6)


@dataclass(frozen=True)
class Settled:
    """What two readings of one return must agree on; amounts in the major unit."""

    outcome: str
    reasons: tuple[str, ...]
    lines: tuple[tuple[int, Amounts], ...]
    charges: tuple[tuple[int, Amounts], ...]
    owed: tuple[Owed, ...]
    totals: Sums
    changes: tuple[Change, ...]


class Back(NamedTuple):
    """What has come back of a sale, all in all."""

    lines: Mapping[int, int]
    free: Mapping[int, int]
    charged: Mapping[int, int]


def settle(sale: Sale, returned: Return, before: Return, *, document: Document) -> Settled:
    """Settle a return by a rule file as it is written."""
    with localcontext(EXACT):
        sold = decided(Desk(document, sale.order, sale.facts, sale.counters))
        refusals = sorted(set(_refusals(sold, returned, before)))
        if refusals:
            return Settled("reject", tuple(refusals), (), (), (), _NOTHING_PAID, ())
        earlier = Back(before.lines, before.free, before.charged)
        first = keep(sold, earlier)
        last = keep(sold, _together(earlier, returned))
        return _settled(first, last)


def _refusals(sold: Desk, returned: Return, before: Return) -> Iterator[str]:
    """Name what is no return: of what was not sold, or of more than that."""
    if sold.refusals:
        yield "order_not_sold"
        return
    lines = {row.number: row.quantity for row in sold.rows}
    unpriced = {row.number for row in sold.rows if row.price is None}
    free = {place: given for place, (_, _, _, given) in enumerate(sold.free, 1)}
    asked = [
        (returned.lines, before.lines, lines),
        (returned.free, before.free, free),
        (returned.charged, before.charged, free),
    ]
    for now, earlier, most in asked:
        for number in {*now, *earlier}:
            count = now.get(number, 0)
            back = count + earlier.get(number, 0)
            if count < 0:
                yield "quantity_invalid"
            if number not in most:
                yield "line_unknown"
            elif back > most[number]:
                yield "returned_too_much"
            elif most is lines and back and number in unpriced:
                yield "line_unpriced"


def _together(earlier: Back, now: Return) -> Back:
    def added(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
        return {number: one.get(number, 0) + other.get(number, 0) for number in {*one, *other}}

    return Back(
        added(earlier.lines, now.lines),
        added(earlier.free, now.free),
        added(earlier.charged, now.charged),
    )


def _settled(first: Kept, last: Kept) -> Settled:
    totals = Sums(*(one - other for one, other in zip(first.totals, last.totals, strict=True)))
    reasons = [*last.holds]
    if totals.payable < 0:
        reasons.append("return_costs")
    return Settled(
        "hold" if reasons else "accept",
        tuple(sorted(set(reasons))),
        tuple(_credited(first.lines, last.lines)),
        tuple(_credited(first.charges, last.charges)),
        last.owed,
        totals,
        tuple(_changed(first.changes, last.changes)),
    )


def _credited(
    first: Mapping[int, Amounts], last: Mapping[int, Amounts]
) -> Iterator[tuple[int, Amounts]]:
    for number in sorted({*first, *last}):
        credit = first.get(number, Amounts()).less(last.get(number, Amounts()))
        if credit.any():
            yield number, credit


def _changed(first: tuple[Change, ...], last: tuple[Change, ...]) -> Iterator[Change]:
    """Say what the counters go down by."""
    before = {change[:2]: change for change in first}
    after = {change[:2]: change for change in last}
    for rule, scope in sorted({*before, *after}):
        nothing: Change = (rule, scope, 0, NOTHING, 0, 0)
        now, then = after.get((rule, scope), nothing), before.get((rule, scope), nothing)
        if now != then:
            used, spent, pieces = now[2] - then[2], now[3] - then[3], now[4] - then[4]
            yield rule, scope, used, spent, pieces, now[5] - then[5]
