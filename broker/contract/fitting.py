"""An answer that fits into one packet: where it is too large, without what its texts say anyway."""

from typing import Final

from msgspec.structs import replace

from broker.contract.codec import MAX_PACKET_BYTES, encode
from broker.contract.messages import Answer

MAX_ANSWER_BYTES: Final = MAX_PACKET_BYTES * 3 // 4
"""The most that an answer is with the parameters of its reasons."""


def encode_answer(answer: Answer, most_bytes: int = MAX_ANSWER_BYTES) -> bytes:
    """Write an answer; one that is larger than the most, with texts and codes alone.

    An order of 500 lines that are all short would else come near to the broker's limit, and an
    answer above it never arrives.
    """
    written = encode(answer)
    if len(written) <= most_bytes:
        return written
    data = replace(
        answer.data,
        reasons=[replace(reason, params={}) for reason in answer.data.reasons],
        near_codes=[],
        coupon_codes=[],
    )
    return encode(replace(answer, data=data))
