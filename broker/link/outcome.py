"""What both links share: what they tell their owner, and what may go wrong."""

from dataclasses import dataclass
from typing import Final

from broker.contract.codec import MAX_PACKET_BYTES

_PACKET_OVERHEAD_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class LinkChange:
    """The link came up or went down; `reason` is a sentence for the log.

    `shut_out` tells that the broker is there and does not take this user's password.
    """

    online: bool
    reason: str
    shut_out: bool = False


class LinkDown(Exception):  # noqa: N818  # a state of the world to live with, not a fault
    """The message was not taken by the broker; keep it and send it again."""


class PayloadTooLargeError(ValueError):
    """A payload that no broker of ours would carry: sending it would cut the connection."""

    def __init__(self, topic: str, size: int) -> None:
        """Keep the topic and the size in bytes."""
        super().__init__(f"{size} bytes for {topic}; a packet has at most {MAX_PACKET_BYTES}")
        self.topic = topic
        self.size = size


def check_size(topic: str, payload: bytes) -> None:
    """Refuse a payload here that the broker would answer by closing the connection."""
    if len(payload) > MAX_PACKET_BYTES - _PACKET_OVERHEAD_BYTES:
        raise PayloadTooLargeError(topic, len(payload))
