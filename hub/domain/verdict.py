"""From what the engine found to what the shop is told: status, reasons and the answer's content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from broker.contract import (
    AnswerData,
    AnswerLine,
    BatchPick,
    Coded,
    FreeLine,
    OrderData,
    OrderStatus,
    Quote,
    Reason,
    Totals,
)
from hub.domain.order_life import OPEN
from hub.domain.wording import money
from rules import Allocation, Batch, NearMiss, PricedLine, Product, Result, sentence
from rules import Reason as EngineReason

_STATUS: Final[Mapping[str, OrderStatus]] = {
    "accept": "confirmed",
    "hold": "held",
    "reject": "rejected",
}
_Picks = Mapping[tuple[int, bool], list[BatchPick]]


class _Pack(TypedDict):
    unit: str | None
    pack_size: int | None
    pack_price: int | None


_MOST_CODED: Final = 50
"""So many near misses have their code beside the text: nobody reads more of them on a slip."""

_SUMS: Final = ("gross", "discount", "net", "tax", "round_off", "payable")


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order is decided under: the pack, its currency and the business date.

    `approve_changes` holds an order that an earlier pack quoted at other prices.
    """

    pack_hash: str | None
    pack_version: int
    currency: str
    scale: int
    business_date: str
    approve_changes: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with its reasons, in the order a person should read them."""

    status: OrderStatus
    reasons: tuple[Reason, ...]


def judge(result: Result, quote: Quote | None, terms: Terms) -> Verdict:
    """Decide the status, and say what differs from what the shop was shown.

    An order is `confirmed` only if its prices are the quoted ones and no quantity was cut or
    rounded. Without a quote there is nothing to compare the prices with.
    """
    status = _STATUS[result.outcome]
    reasons = [_reason(reason, terms.scale) for reason in result.reasons]
    if status == "confirmed":
        difference = _difference(result, quote, terms)
        if difference is not None:
            reasons.insert(0, difference)
        if difference is not None and _is_for_people(quote, terms):
            status = "held"
        elif difference is not None or result.shorts or result.reasons:
            status = "confirmed_changed"
    return Verdict(status, tuple(reasons))


def _is_for_people(quote: Quote | None, terms: Terms) -> bool:
    """Say whether other prices than quoted are for a person to decide on."""
    return terms.approve_changes and quote is not None and quote.pack != terms.pack_hash


def refusal(code: str, text: str) -> Verdict:
    """Reject an order that the engine need not see."""
    return Verdict("rejected", (Reason(code=code, text=text),))


def hold(code: str, text: str) -> Verdict:
    """Hold an order that the engine could not decide."""
    return Verdict("held", (Reason(code=code, text=text),))


def answer_of(
    order: OrderData,
    verdict: Verdict,
    result: Result | None,
    *,
    terms: Terms,
    products: Mapping[str, Product],
    batches: Mapping[str, Sequence[Batch]],
    credit_left: int | None,
) -> AnswerData:
    """Write the answer's content; without a result, the lines as ordered at no amounts."""
    picks = _picks(result.allocations, batches) if result and verdict.status in OPEN else {}
    near = result.near_misses if result else ()
    steps = result.trace if result and order.coupons else ()
    coupons = [step for step in steps if step.stage == "coupons"]
    return AnswerData(
        order=order.order,
        number=order.number,
        revision=1,
        status=verdict.status,
        currency=terms.currency,
        scale=terms.scale,
        business_date=terms.business_date,
        reasons=list(verdict.reasons),
        lines=_lines(result, order, products=products, picks=picks) if result else [],
        free=_free(result, products, picks) if result else [],
        totals=Totals(**{name: getattr(result.totals, name) for name in _SUMS}) if result else None,
        near=[sentence(one, scale=terms.scale) for one in near],
        credit_left=credit_left,
        pack=terms.pack_hash,
        pack_version=terms.pack_version,
        coupons=order.coupons,
        coupon_notes=[sentence(one, scale=terms.scale) for one in coupons],
        near_codes=[_coded(one) for one in near[:_MOST_CODED]],
        coupon_codes=[_coded(one) for one in coupons],
    )


def _reason(reason: EngineReason, scale: int) -> Reason:
    """Put the engine's reason on the wire: its code and parameters, and its sentence."""
    return Reason(
        code=reason.code,
        text=sentence(reason, scale=scale)[:500],
        line=reason.line,
        rule=reason.rule,
        params=dict(reason.params),
    )


def _coded(one: EngineReason | NearMiss) -> Coded:
    return Coded(code=one.code, params=dict(one.params))


def _difference(result: Result, quote: Quote | None, terms: Terms) -> Reason | None:
    """Say what differs from the quote, in amounts; None where the prices are the quoted ones."""
    if quote is None:
        return None
    payable, quoted = result.totals.payable, quote.payable
    now, then = money(payable, terms.scale), money(quoted, terms.scale)
    if result.price_hash == quote.price_hash:
        if payable == quoted:
            return None
        return Reason(code="total_changed", text=f"the total is {now}, the slip said {then}")
    text = (
        f"the total is {now}, the slip said {then}"
        if payable != quoted
        else f"prices of lines have changed since the slip; the total is still {now}"
    )
    if terms.pack_hash != quote.pack:
        text += f" (priced with rule pack {quote.pack_version}, now {terms.pack_version})"
    return Reason(code="price_changed", text=text)


def _picks(
    allocations: Sequence[Allocation], batches: Mapping[str, Sequence[Batch]]
) -> dict[tuple[int, bool], list[BatchPick]]:
    """Group the batches by the line they are for."""
    picks: dict[tuple[int, bool], list[BatchPick]] = {}
    for one in allocations:
        expiry = None
        for lot in batches[one.sku]:
            if lot.id == one.batch and lot.expiry is not None:
                expiry = lot.expiry.isoformat()
        pick = BatchPick(batch=one.batch, qty=one.quantity, expiry=expiry)
        picks.setdefault((one.number, one.free), []).append(pick)
    return picks


def _lines(
    result: Result, order: OrderData, *, products: Mapping[str, Product], picks: _Picks
) -> list[AnswerLine]:
    """Write each line with its amounts; an unpriced line has a unit price of zero and a reason."""
    units = {line.line: line.unit for line in order.lines}
    return [
        AnswerLine(
            line=line.number,
            sku=line.sku,
            name=products[line.sku].name if line.sku in products else "",
            ordered=line.ordered,
            qty=line.quantity,
            unit_price=line.unit_price or 0,
            gross=line.gross,
            discount=line.line_discount + line.order_discount,
            net=line.net,
            tax=line.tax,
            total=line.total,
            batches=picks.get((line.number, False), []),
            mrp=line.mrp,
            **_pack(line, units.get(line.number), products.get(line.sku)),
        )
        for line in result.lines
    ]


def _pack(line: PricedLine, unit: str | None, product: Product | None) -> _Pack:
    """Name the pack size that a line was ordered in, and its price where a pack has one."""
    size = product.pack_sizes.get(unit) if product and unit else None
    price = line.pack.price if line.pack else None
    return _Pack(unit=unit if size else None, pack_size=size, pack_price=price)


def _free(result: Result, products: Mapping[str, Product], picks: _Picks) -> list[FreeLine]:
    """Write the goods that schemes give."""
    return [
        FreeLine(
            sku=free.sku,
            name=products[free.sku].name if free.sku in products else "",
            qty=free.quantity,
            rule=free.rule,
            batches=picks.get((free.number, True), []),
        )
        for free in result.free
    ]
