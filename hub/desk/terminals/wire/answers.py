"""Decisions and changes of orders as the messages that terminals print from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, Protocol, TypedDict

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from broker.contract import (
    Answer,
    AnswerData,
    AnswerLine,
    BatchPick,
    Coded,
    FreeLine,
    LineDiscount,
    Notice,
    NoticeData,
    OrderStatus,
    SchemeCounter,
    TaxSum,
    Totals,
    encode,
    encode_decision,
)
from broker.contract import Reason as WireReason
from hub.desk.orders.model.decide import Decided
from hub.desk.orders.model.events import OrderChanged
from hub.desk.orders.model.life import RESERVING, wire_status
from hub.desk.orders.model.reasons import Reason
from rules import REGISTRY, NearMiss, PricedLine, Product, Result
from rules import Reason as Step
from rules import sentence as rules_sentence

_LONGEST: Final = 500
_LONGEST_NAME: Final = 200
_MOST_CODED: Final = 50
"""So many near misses have their code beside the text: nobody reads more of them on a slip."""
_GAVE: Final = frozenset(
    {
        "scheme_applied",
        "share_of_basket_discount",
        "share_of_order_discount",
        "free_goods_given",
    }
)
"""The steps that take something off a line, each with its rule and amount."""

_notice: Final = msgspec.json.Decoder(Notice)
_Picks = Mapping[tuple[int, bool], list[BatchPick]]


class Sentences(Protocol):
    """Words a reason; its amounts have so many decimals."""

    def __call__(
        self, reason: Reason, scale: int, *, language: str, names: Mapping[str, str]
    ) -> str:
        """Give the sentence; `names` are what people call rules, by their ids."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Words what a terminal is told, in its language, with the names of a pack's rules."""

    sentence: Sentences
    language: str
    names: Mapping[str, str] = field(default_factory=dict)

    def about(self, decided: Decided) -> "Voice":
        """Give the voice that calls rules as the pack of a decision does."""
        names = decided.pack.names(self.language) if decided.pack else self.names
        return self if names is self.names else Voice(self.sentence, self.language, names)

    def reason(self, one: Reason, scale: int) -> str:
        """Word a reason."""
        text = self.sentence(one, scale, language=self.language, names=self.names)
        return text[:_LONGEST]

    def step(self, one: Step | NearMiss, scale: int) -> str:
        """Word a step of the decision, or what was nearly earned."""
        return rules_sentence(one, language=self.language, scale=scale, names=self.names)


class Stamp(TypedDict):
    """What every message carries: its own id, the hub's start, and the moment in Unix ms."""

    id: str
    boot: int
    at: int


def write_answer(decided: Decided, voice: Voice, *, to: str, ref: str, stamp: Stamp) -> bytes:
    """Write the answer to an order message; without a result, no lines and no amounts."""
    data = answer_data(decided, voice, at_ms=stamp["at"])
    return encode_decision(Answer(**stamp, term=to, ref=ref, data=data))


def answer_data(decided: Decided, voice: Voice, *, at_ms: int, revision: int = 1) -> AnswerData:
    """Write a decision as a terminal prints it, at a moment in Unix ms."""
    voice = voice.about(decided)
    request, result, products = decided.request, decided.result, decided.catalogue.products
    picks = _picks(decided) if result and decided.status in RESERVING else {}
    near = result.near_misses if result else ()
    steps = result.trace if result and request.order.coupons else ()
    coupons = [step for step in steps if step.stage == "coupons"]
    lines = _lines(result, decided, products=products, picks=picks) if result else []
    free = _free(result, products, picks) if result else []
    return AnswerData(
        order=request.uuid,
        number=request.number,
        revision=revision,
        status=_status(decided),
        currency=decided.currency,
        scale=decided.scale,
        business_date=request.order.business_date.isoformat(),
        reasons=write_reasons(decided.reasons, voice, decided.scale),
        lines=lines,
        free=free,
        totals=_totals(result) if result else None,
        near=[voice.step(one, decided.scale) for one in near],
        credit_left=decided.credit_left,
        pack=decided.pack.hash if decided.pack else None,
        pack_version=decided.pack.version if decided.pack else 0,
        coupons=list(request.order.coupons),
        coupon_notes=[voice.step(one, decided.scale) for one in coupons],
        near_codes=[_coded(one) for one in near[:_MOST_CODED]],
        coupon_codes=[_coded(one) for one in coupons],
        payment=request.order.payment,
        deciders=_deciders(decided),
        uses=_uses(decided),
        taxes=_taxes(result) if result else [],
        schemes=_called(lines, free, voice.names),
        delivery_day=_delivery_day(decided.due, at_ms),
    )


def _delivery_day(due: date | None, at_ms: int) -> str:
    """Write the day on which an order is due; one that was over at that moment is left out."""
    return "" if due is None or due < _day_of(at_ms) else due.isoformat()


@lru_cache(maxsize=1)
def _day_of(at_ms: int) -> date:
    """Give the day of a moment in UTC: all answers of a group are of one moment."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).date()


def _uses(decided: Decided) -> list[SchemeCounter]:
    """Write what an order counts towards schemes, as long as it does."""
    changes = decided.result.changes if decided.result and decided.takes else ()
    return [SchemeCounter(**one._asdict()) for one in changes]


def _deciders(decided: Decided) -> list[str]:
    """Name the roles whose yes a held order waits for first."""
    if decided.status != "held":
        return []
    roles = (role for need in decided.verdict.needs for step in need.steps[:1] for role in step)
    return list(dict.fromkeys(roles))


def _coded(one: Step | NearMiss) -> Coded:
    return Coded(code=one.code, params=dict(one.params))


def write_notice(  # what it tells, to whom, and how that is worded and stamped
    change: OrderChanged, voice: Voice, *, to: str, by: str, scale: int, stamp: Stamp
) -> bytes:
    """Write the notice of a revision; a new decision comes with all that it decided.

    `by` names who placed an order that did not come from a terminal.
    """
    spoken = voice if change.decided is None else voice.about(change.decided)
    data = NoticeData(
        order=change.uuid,
        number=change.number,
        revision=change.revision,
        status=wire_status(change.status, changed=change.changed),
        reasons=write_reasons(change.reasons, spoken, scale),
        decision=_decided_again(change, voice, at_ms=stamp["at"]),
        placed_by=by[:_LONGEST_NAME],
    )
    return encode_decision(Notice(**stamp, term=to, data=data))


def readdress_notice(payload: bytes, *, to: str) -> bytes:
    """Write a kept notice as one to another terminal, without the marks at its end."""
    notice = _notice.decode(payload)
    return encode(replace(notice, term=to, mac=UNSET, again=UNSET))


def _decided_again(change: OrderChanged, voice: Voice, *, at_ms: int) -> AnswerData | None:
    """Write what the rules said when they were asked again; the reasons are the change's."""
    if change.decided is None:
        return None
    data = answer_data(change.decided, voice, at_ms=at_ms, revision=change.revision)
    return replace(data, reasons=[])


def write_reasons(reasons: Sequence[Reason], voice: Voice, scale: int) -> list[WireReason]:
    """Write reasons with their sentences: a terminal that does not know a code prints those."""
    return [
        WireReason(
            code=one.code,
            text=voice.reason(one, scale),
            line=one.line,
            rule=one.rule,
            params=dict(one.params) if one.code in REGISTRY else {},
        )
        for one in reasons
    ]


def _status(decided: Decided) -> OrderStatus:
    return wire_status(decided.status, changed=decided.verdict.changed)


def _picks(decided: Decided) -> dict[tuple[int, bool], list[BatchPick]]:
    """Group the batches by the line they are for."""
    picks: dict[tuple[int, bool], list[BatchPick]] = {}
    batches = (decided.facts.batches if decided.facts else None) or {}
    for one in decided.result.allocations if decided.result else ():
        expiry = None
        for batch in batches[one.sku]:
            if batch.id == one.batch and batch.expiry is not None:
                expiry = batch.expiry.isoformat()
        pick = BatchPick(batch=one.batch, qty=one.quantity, expiry=expiry)
        picks.setdefault((one.number, one.free), []).append(pick)
    return picks


def _lines(
    result: Result, decided: Decided, *, products: Mapping[str, Product], picks: _Picks
) -> list[AnswerLine]:
    """Write each line with its amounts; an unpriced line has a unit price of zero and a reason."""
    units = {line.number: line.unit for line in decided.request.order.lines if line.unit}
    given = _given(result)
    return [
        _line(
            line,
            products.get(line.sku),
            unit=units.get(line.number),
            batches=picks.get((line.number, False), []),
            given=given.get(line.number, {}),
        )
        for line in result.lines
    ]


def _given(result: Result) -> dict[int, dict[str, int]]:
    """Sum up what each rule takes off each line, by the line's number and the rule's id."""
    found: dict[int, dict[str, int]] = {}
    if not result.totals.discount:
        return found
    for step in result.told(_GAVE):
        if step.line is not None and step.amount:
            line = found.setdefault(step.line, {})
            line[step.rule] = line.get(step.rule, 0) + step.amount
    return found


def _discounts(given: Mapping[str, int], whole: int) -> list[LineDiscount]:
    """Write the parts of a line's discount; without amounts where they do not sum to it.

    In a pack whose prices include tax the steps are told with it, and the discount without.
    """
    if sum(given.values()) != whole:
        return [LineDiscount(rule=rule) for rule in given]
    return [LineDiscount(rule=rule, amount=amount) for rule, amount in given.items()]


def _line(
    line: PricedLine,
    product: Product | None,
    *,
    unit: str | None,
    batches: list[BatchPick],
    given: Mapping[str, int],
) -> AnswerLine:
    """Write a line, with the pack size that it was ordered in where the product has that one."""
    size = product.pack_sizes.get(unit) if unit and product else None
    discount = line.line_discount + line.order_discount
    return AnswerLine(
        line=line.number,
        sku=line.sku,
        name=product.name if product else "",
        ordered=line.ordered,
        qty=line.quantity,
        unit_price=line.unit_price or 0,
        gross=line.gross,
        discount=discount,
        net=line.net,
        tax=line.tax,
        total=line.total,
        batches=batches,
        unit=unit if size else None,
        pack_size=size,
        pack_price=line.pack.price if line.pack else None,
        mrp=line.mrp,
        discounts=_discounts(given, discount) if given else [],
    )


def _totals(result: Result) -> Totals:
    sums = result.totals
    return Totals(
        gross=sums.gross,
        discount=sums.discount,
        net=sums.net,
        tax=sums.tax,
        round_off=sums.round_off,
        payable=sums.payable,
    )


def _free(result: Result, products: Mapping[str, Product], picks: _Picks) -> list[FreeLine]:
    """Write the goods that schemes give."""
    return [
        FreeLine(
            sku=free.sku,
            name=products[free.sku].name if free.sku in products else "",
            qty=free.quantity,
            rule=free.rule,
            batches=picks.get((free.number, True), []),
            lines=list(earners),
        )
        for free, earners in zip(result.free, result.earners(), strict=True)
    ]


def _taxes(result: Result) -> list[TaxSum]:
    """Sum up the taxes of all lines by head and rate: CGST at 2.5 % of 443.54 is 11.09."""
    sums: dict[tuple[str, int], tuple[int, int]] = {}
    for line in result.lines:
        for part in line.taxes:
            net, amount = sums.get((part.head, part.rate), (0, 0))
            sums[part.head, part.rate] = net + line.net, amount + part.amount
    return [
        TaxSum(head=head, rate=rate, net=net, amount=amount)
        for (head, rate), (net, amount) in sums.items()
        if amount
    ]


def _called(
    lines: Sequence[AnswerLine], free: Sequence[FreeLine], names: Mapping[str, str]
) -> dict[str, str]:
    """Say what people call the rules that gave something, where they call them anything."""
    rules = [given.rule for line in lines for given in line.discounts]
    rules += [gift.rule for gift in free]
    return {rule: names[rule][:_LONGEST_NAME] for rule in rules if rule in names}
