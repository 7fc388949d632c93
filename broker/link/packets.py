"""MQTT 3.1.1 packets as bytes, as far as the hub needs them; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

CONNACK: Final = 0x20
PUBLISH: Final = 0x30
PUBACK: Final = 0x40
SUBACK: Final = 0x90
UNSUBACK: Final = 0xB0
PINGRESP: Final = 0xD0
PING: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"

REFUSALS: Final = {
    1: "unacceptable protocol version",
    2: "identifier rejected",
    3: "server unavailable",
    4: "bad user name or password",
    5: "not authorized",
}
"""Why a broker refuses a CONNECT, by its return code."""

_RETAIN: Final = 0x01
_QOS: Final = 0x06
_LONGEST_LENGTH_BYTES: Final = 4


@dataclass(slots=True)
class PassedOver:
    """What came on a muted topic: the numbers of its messages, b"" for one without, and bytes."""

    numbers: list[bytes] = field(default_factory=list)
    size: int = 0


_NOTHING: Final[Mapping[bytes, PassedOver]] = MappingProxyType({})


class ProtocolError(Exception):
    """What came is no MQTT; the connection cannot go on."""


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes, retained, when the connection breaks."""

    topic: str
    payload: bytes


class Published(NamedTuple):
    """A PUBLISH as received; `mid` is 0 at QoS 0."""

    topic: str
    payload: bytes
    qos: int
    retained: bool
    mid: int


def connect(client_id: str, *, user: str, password: str, keepalive_s: int, will: Will) -> bytes:
    """Write a CONNECT with a clean session and a will at QoS 1."""
    flags = 0x80 | 0x40 | 0x20 | 0x08 | 0x04 | 0x02
    head = _text("MQTT") + bytes((4, flags)) + keepalive_s.to_bytes(2, "big")
    said = _text(will.topic) + len(will.payload).to_bytes(2, "big") + will.payload
    return _packet(0x10, head + _text(client_id) + said + _text(user) + _text(password))


def subscribe(topic: str, mid: int) -> bytes:
    """Write a SUBSCRIBE to one filter at QoS 1."""
    return _packet(0x82, mid.to_bytes(2, "big") + _text(topic) + b"\x01")


def unsubscribe(topic: str, mid: int) -> bytes:
    """Write an UNSUBSCRIBE from one filter."""
    return _packet(0xA2, mid.to_bytes(2, "big") + _text(topic))


def publish(topic: str, payload: bytes, *, mid: int = 0, retain: bool = False) -> bytes:
    """Write a PUBLISH: at QoS 1 under the number `mid`, at QoS 0 without one."""
    head = PUBLISH | (0x02 if mid else 0) | (_RETAIN if retain else 0)
    number = mid.to_bytes(2, "big") if mid else b""
    return _packet(head, _text(topic) + number + payload)


def puback(mid: int) -> bytes:
    """Write the acknowledgement of a PUBLISH."""
    return b"\x40\x02" + mid.to_bytes(2, "big")


def read_publish(head: int, body: bytes, topics: dict[bytes, str]) -> Published:
    """Read a PUBLISH; `topics` remembers the topics that were read. Raises ProtocolError."""
    qos = (head >> 1) & 0x03
    if qos > 1:
        raise ProtocolError("a message at QoS 2 or above, which was not asked for")
    topic_end = 2 + int.from_bytes(body[:2], "big")
    start = topic_end + 2 * qos
    if start > len(body):
        raise ProtocolError("a message that ends in its head")
    raw = body[2:topic_end]
    topic = topics.get(raw)
    if topic is None:
        topic = topics[raw] = raw.decode("utf-8", "replace")
    mid = int.from_bytes(body[topic_end:start], "big")
    return Published(topic, body[start:], qos, bool(head & _RETAIN), mid)


def pubacks(numbers: Sequence[bytes]) -> bytes:
    """Write the acknowledgements of PUBLISHes by their numbers as they came; b"" has none."""
    return b"".join(b"\x40\x02" + one for one in numbers if one)


def take_packets(
    buffer: bytearray, most_bytes: int, muted: Mapping[bytes, PassedOver] = _NOTHING
) -> Iterator[tuple[int, bytes]]:
    """Take the whole packets off a buffer: the first byte and the body of each.

    Left out are messages on topics that are `muted`, but those that the broker had kept: they are
    added to what the topic has there. That costs a sixth of giving them. Raises ProtocolError for a
    packet that says it is larger than the most.
    """
    whole = bytes(buffer)
    at = 0
    try:
        while (body := _body_at(whole, at)) is not None:
            start, end = body
            if end - start > most_bytes:
                raise ProtocolError(f"a packet of {end - start} bytes")
            if end > len(whole):
                return
            head, at = whole[at], end
            if muted and head & (0xF0 | _RETAIN) == PUBLISH:
                topic_end = start + 2 + int.from_bytes(whole[start : start + 2], "big")
                passed = muted.get(whole[start + 2 : topic_end])
                if passed is not None:
                    number = whole[topic_end : topic_end + 2] if head & _QOS else b""
                    passed.numbers.append(number if topic_end + 2 <= end else b"")
                    passed.size += end - start
                    continue
            yield head, whole[start:end]
    finally:
        del buffer[:at]


def _body_at(whole: bytes, at: int) -> tuple[int, int] | None:
    """Find where the body of the packet at `at` starts and ends; None while that is not told."""
    length = shift = 0
    for position in range(at + 1, len(whole)):
        byte = whole[position]
        length |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004  # the highest bit says that another byte follows
            return position + 1, position + 1 + length
        shift += 7
        if shift >= 7 * _LONGEST_LENGTH_BYTES:
            raise ProtocolError("a length of more than four bytes")
    return None


def _packet(head: int, body: bytes) -> bytes:
    length, left = bytearray(), len(body)
    while True:
        left, low = divmod(left, 128)
        length.append(low | (0x80 if left else 0))
        if not left:
            return bytes((head,)) + bytes(length) + body


def _text(value: str) -> bytes:
    raw = value.encode()
    return len(raw).to_bytes(2, "big") + raw
