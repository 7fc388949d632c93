"""What the counters of a shop were told of an order, for whoever holds its slip."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from broker.contract import Answer, AnswerData, Notice
from hub.base.transaction import Transaction
from hub.desk.orders.model.life import Status

_ORDER: Final = """
SELECT o.number, o.status, x.kind, x.created_at, x.payload
FROM order_ o JOIN outbox x ON x.order_id = o.id WHERE o.uuid = ? ORDER BY x.revision
"""
_message: Final = msgspec.json.Decoder(Answer | Notice)


@dataclass(frozen=True, slots=True)
class ToldOnce:
    """One answer or notice: when the hub made it, its status on the wire, and its sentences."""

    at_ms: int
    status: str
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Followed:
    """An order as its slips tell it: its state now, all that was told, what was decided last."""

    number: str
    status: Status
    told: Sequence[ToldOnce]
    decided: AnswerData | None


def follow_order(t: Transaction, uuid: str) -> Followed | None:
    """Read an order that a counter was told of; None where there is none by this id."""
    rows = t.rows(_ORDER, (uuid,))
    if not rows:
        return None
    told: list[ToldOnce] = []
    decided: AnswerData | None = None
    for _, _, _, at_ms, payload in rows:
        data = _message.decode(bytes(payload)).data
        told.append(ToldOnce(at_ms, data.status, [one.text for one in data.reasons]))
        decided = data if isinstance(data, AnswerData) else data.decision or decided
    return Followed(rows[-1][0], rows[-1][1], told, decided)
