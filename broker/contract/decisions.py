"""Answers and notices as bytes: those that fit into one packet, with the hub's own mark.

The mark is for the hub alone, which knows its words by it when it gets them back: nobody else has
the key, so nobody else checks it, and a terminal keeps the bytes as they came.
"""

import hmac
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from broker.contract.codec import MAX_PACKET_BYTES, encode
from broker.contract.messages import Answer, AnswerData, Notice, Reason

MAX_ANSWER_BYTES: Final = MAX_PACKET_BYTES * 3 // 4
"""The most that an answer or a notice is with the parameters of its reasons."""
_FIELD: Final = b',"mac":"'
_AGAIN: Final = b',"again":true}'
_TAIL: Final = len(_FIELD) + 64 + len(b'"}')


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


def with_mac(written: bytes, key: bytes, *, of: bytes = b"") -> bytes:
    """Add HMAC-SHA256 of a message's bytes and of what it answers, as its last field.

    `of` binds an answer to its order: the SHA-256 of the order's bytes.
    """
    return written[:-1] + _FIELD + _mac(written, key, of) + b'"}'


def bears_mac(payload: bytes, key: bytes, *, of: bytes = b"") -> bool:
    """Tell whether these bytes, as they came, were written under this key.

    That they were told again is said behind the mark, and is none of it.
    """
    payload = told_once(payload)
    tail = payload[-_TAIL:]
    if not tail.startswith(_FIELD) or not tail.endswith(b'"}'):
        return False
    said = tail[len(_FIELD) : -2]
    return hmac.compare_digest(said, _mac(payload[:-_TAIL] + b"}", key, of))


def told_again(written: bytes) -> bytes:
    """Say in an answer or a notice that a card of its terminal may have printed it before."""
    return written if written.endswith(_AGAIN) else written[:-1] + _AGAIN


def told_once(payload: bytes) -> bytes:
    """Give the bytes of an answer or a notice as they were first written."""
    return payload[: -len(_AGAIN)] + b"}" if payload.endswith(_AGAIN) else payload


def _mac(written: bytes, key: bytes, of: bytes) -> bytes:
    return hmac.digest(key, b"%d:" % len(of) + of + written, "sha256").hex().encode()
