"""What a terminal gives back, as the hub decided it: read from its own answers and notices."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from broker.contract import (
    Answer,
    AnswerData,
    AnswerLine,
    KeptOrder,
    Notice,
    Refusal,
    UpAddress,
    bears_mac,
    decode_down,
    decode_up,
    told_once,
    unpack,
)
from broker.contract import Order as OrderMessage
from broker.contract import Reason as WireReason
from broker.contract import Totals as WireTotals
from hub.desk.orders.model.given import GivenContent, GivenOrder, GivenRevision
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import OrderRequest
from rules import (
    Allocation,
    CounterChange,
    FreeGoods,
    Minor,
    Order,
    OrderLine,
    PackPrice,
    PricedLine,
    Quantity,
    Result,
    Totals,
    UnitPrice,
)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """An order message with what the hub told of it, by revision from 1; each with its bytes."""

    message: OrderMessage
    payload: bytes
    answer: Answer
    told: tuple[tuple[Answer | Notice, bytes], ...]

    @property
    def digest(self) -> bytes:
        """Give the SHA-256 of the order message."""
        return hashlib.sha256(self.payload).digest()


def read_back(kept: KeptOrder, terminal: str, key: bytes) -> GivenBack:
    """Read an order that a terminal gives back; raises Refusal unless the hub answered it so.

    Revisions after a gap are left out: the order stands as it did before the gap.
    """
    payload = unpack(kept.order)
    message = decode_up(payload, UpAddress(terminal, "order"))
    if not isinstance(message, OrderMessage):
        raise Refusal("invalid", "what is given back is no order", message=message.id)
    order = message.data.order
    told: list[tuple[Answer | Notice, bytes]] = []
    for packed in kept.answers:
        written = unpack(packed)
        one = decode_down(written)
        is_answer = isinstance(one, Answer)
        of = hashlib.sha256(payload).digest() if is_answer else b""
        if (
            not isinstance(one, Answer | Notice)
            or (one.term, one.data.order) != (terminal, order)
            or not bears_mac(written, key, of=of)
        ):
            text = f"order {message.data.number}: its answer was not written by this hub"
            raise Refusal("kept_not_ours", text, order=order, message=message.id)
        if one.data.revision == len(told) + 1:
            told.append((one, told_once(written)))
    if not told or not isinstance(told[0][0], Answer):
        text = f"order {message.data.number}: it comes without its answer"
        raise Refusal("kept_unanswered", text, order=order, message=message.id)
    return GivenBack(message, payload, told[0][0], tuple(told))


def says_the_same(one: bytes, other: Answer | Notice) -> bool:
    """Tell whether two messages of one revision tell a shop the same: state, goods and amounts."""
    return _gist(decode_down(one)) == _gist(other)


def _gist(message: object) -> object:
    """Give what a shop goes by of an answer or a notice: who wrote it when is left out.

    An order that is held promises nothing yet, whatever it would come to.
    """
    if not isinstance(message, Answer | Notice):
        return None
    data = message.data
    decided = data if isinstance(data, AnswerData) else data.decision
    if data.status == "held":
        return data.status
    return data.status, decided and (decided.lines, decided.free, decided.totals)


def given_order(back: GivenBack, request: OrderRequest) -> GivenOrder:
    """Write what was given back in the hub's own words; `request` is the order as it was asked."""
    content = _content(back.answer.data, request.order)
    revisions = []
    for message, _ in back.told:
        data = message.data
        decided = data if isinstance(data, AnswerData) else data.decision
        if decided is not None:
            content = _content(decided, request.order)
        revisions.append(
            GivenRevision(
                data.revision,
                data.status,
                message.at,
                _reasons(data.reasons),
                content,
                own=decided is not None,
            )
        )
    day = revisions[0].content.order.business_date
    asked = replace(request, order=replace(request.order, business_date=day))
    return GivenOrder(asked, tuple(revisions))


def _reasons(told: Sequence[WireReason]) -> tuple[Reason, ...]:
    """Take reasons over; one that came without its values keeps its sentence."""
    return tuple(
        Reason(one.code, one.params or {"text": one.text}, one.rule, one.line) for one in told
    )


def _content(data: AnswerData, asked: Order) -> GivenContent:
    named = {line.number: line.batch for line in asked.lines}
    lines = tuple(
        OrderLine(one.line, one.sku, Quantity(one.ordered), one.unit, named.get(one.line))
        for one in data.lines
    )
    order = replace(
        asked,
        business_date=date.fromisoformat(data.business_date),
        lines=lines or asked.lines,
        payment=data.payment or asked.payment,
    )
    return GivenContent(
        order,
        _result(data, data.totals) if data.totals else None,
        data.currency,
        data.scale,
        data.pack,
        data.pack_version,
        data.credit_left,
    )


def _result(data: AnswerData, totals: WireTotals) -> Result:
    """Write an answer as the result it was made from, as far as it tells."""
    free = list(enumerate(data.free, 1))
    return Result(
        outcome="hold" if data.status == "held" else "accept",
        reasons=(),
        lines=tuple(_line(one) for one in data.lines),
        free=tuple(
            FreeGoods(number, one.sku, Quantity(one.qty), Quantity(one.qty), one.rule)
            for number, one in free
        ),
        totals=Totals(*(Minor(getattr(totals, name)) for name in Totals._fields)),
        allocations=(
            *(
                Allocation(one.line, False, one.sku, pick.batch, Quantity(pick.qty))
                for one in data.lines
                for pick in one.batches
            ),
            *(
                Allocation(number, True, one.sku, pick.batch, Quantity(pick.qty))
                for number, one in free
                for pick in one.batches
            ),
        ),
        shorts=(),
        changes=tuple(
            CounterChange(
                one.rule, one.scope, one.used, Minor(one.spent), one.bought, Quantity(one.pieces)
            )
            for one in data.uses
        ),
        trace=(),
        near_misses=(),
        price_hash="",
        result_hash="",
    )


def _line(one: AnswerLine) -> PricedLine:
    pack = None
    if one.unit and one.pack_size and one.pack_price is not None:
        pack = PackPrice(one.unit, Quantity(one.pack_size), UnitPrice(one.pack_price))
    return PricedLine(
        one.line,
        one.sku,
        Quantity(one.ordered),
        Quantity(one.qty),
        UnitPrice(one.unit_price) if one.unit_price else None,
        "",
        Minor(one.gross),
        Minor(one.discount),
        Minor(0),
        Minor(one.net),
        (),
        Minor(one.tax),
        Minor(one.total),
        pack,
        UnitPrice(one.mrp) if one.mrp is not None else None,
    )
