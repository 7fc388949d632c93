"""Answers and notices that fit into one packet: too large, without what their texts say anyway."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from broker.contract.codec import MAX_PACKET_BYTES, encode
from broker.contract.messages import Answer, AnswerData, Notice, Reason

MAX_ANSWER_BYTES: Final = MAX_PACKET_BYTES * 3 // 4
"""The most that an answer or a notice is with the parameters of its reasons."""


def encode_decision(message: Answer | Notice, most_bytes: int = MAX_ANSWER_BYTES) -> bytes:
    """Write what was decided; a message larger than the most, with texts and codes alone.

    An order of 500 lines that are all short would else come near to the broker's limit, and an
    answer above it never arrives.
    """
    written = encode(message)
    if len(written) <= most_bytes:
        return written
    if isinstance(message, Answer):
        return encode(replace(message, data=_plain(message.data)))
    data = message.data
    decision = data.decision and _plain(data.decision)
    reasons = _told(data.reasons)
    return encode(replace(message, data=replace(data, reasons=reasons, decision=decision)))


def _plain(data: AnswerData) -> AnswerData:
    return replace(data, reasons=_told(data.reasons), near_codes=[], coupon_codes=[])


def _told(reasons: Sequence[Reason]) -> list[Reason]:
    return [replace(reason, params={}) for reason in reasons]
