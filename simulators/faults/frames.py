"""MQTT packets in a stream of bytes: where one ends, and which of them carries an order."""

from collections.abc import Iterator
from typing import Final

_PUBLISH: Final = 0x30
_QOS_1: Final = 0x02
_MORE: Final = 0x80
_LONGEST_LENGTH: Final = 4


def take_packets(buffer: bytearray) -> Iterator[bytes]:
    """Take the whole packets off the front of what came; the rest waits for more bytes.

    A length that no packet has gives all bytes as they are: the broker is to refuse them.
    """
    while (end := _end_of(buffer)) is not None:
        yield bytes(buffer[:end])
        del buffer[:end]


def is_numbered_publish(packet: bytes) -> bool:
    """Tell whether a packet publishes at QoS 1, so that it may come twice or out of turn."""
    return packet[0] & 0xF0 == _PUBLISH and bool(packet[0] & _QOS_1)


def _end_of(buffer: bytearray) -> int | None:
    """Say where the first packet ends; None where its end has not come yet."""
    length = 0
    for at in range(1, _LONGEST_LENGTH + 1):
        if at >= len(buffer):
            return None
        length |= (buffer[at] & ~_MORE) << 7 * (at - 1)
        if not buffer[at] & _MORE:
            end = at + 1 + length
            return end if end <= len(buffer) else None
    return len(buffer)
