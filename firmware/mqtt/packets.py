"""MQTT 3.1.1 packets as bytes: what a client sends (sections 3.1 to 3.14)."""

CONNACK = 0x20
PUBLISH = 0x30
PUBACK = 0x40
SUBACK = 0x90
PINGRESP = 0xD0
PINGREQ_PACKET = b"\xc0\x00"

_CONNECT = 0x10
_SUBSCRIBE = 0x82
_RETAIN = 0x01
_QOS_1 = 0x02
_DUP = 0x08
_WILL_AT_QOS_1_RETAINED = 0x2C
_USER_AND_PASSWORD = 0xC0
MAX_LENGTH = 268_435_455


class Identity:
    """Who connects; `client_id` is the user's name too, and the session is kept under it."""

    def __init__(self, client_id: str, password: str, *, keep_alive_s: int = 20) -> None:
        self.client_id = client_id
        self.password = password
        self.keep_alive_s = keep_alive_s


def connect(identity: Identity, will_topic: str, will: bytes) -> bytes:
    """Ask for the kept session, with a retained will at QoS 1."""
    flags = _USER_AND_PASSWORD | _WILL_AT_QOS_1_RETAINED
    body = b"\x00\x04MQTT\x04" + bytes([flags]) + identity.keep_alive_s.to_bytes(2, "big")
    for part in (identity.client_id, will_topic):
        body += text(part)
    body += len(will).to_bytes(2, "big") + will
    body += text(identity.client_id) + text(identity.password)
    return _packet(_CONNECT, body)


def publish_head(
    topic: str, length: int, packet_id: int, *, retain: bool = False, again: bool = False
) -> bytes:
    """Begin to publish so many bytes, at QoS 1, or 0 for `packet_id` 0; `again`: as before."""
    first = PUBLISH | (_RETAIN if retain else 0)
    head = text(topic)
    if packet_id:
        first |= _QOS_1 | (_DUP if again else 0)
        head += packet_id.to_bytes(2, "big")
    return bytes([first]) + length_bytes(len(head) + length) + head


def puback(packet_id: int) -> bytes:
    """Acknowledge a message."""
    return bytes([PUBACK, 2]) + packet_id.to_bytes(2, "big")


def subscribe(packet_id: int, filters: "list[str]") -> bytes:
    """Subscribe to filters, each at QoS 1."""
    body = packet_id.to_bytes(2, "big")
    for one in filters:
        body += text(one) + b"\x01"
    return _packet(_SUBSCRIBE, body)


def text(value: str) -> bytes:
    """Write text with its length."""
    encoded = value.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def length_bytes(length: int) -> bytes:
    """Write a remaining length, 7 bits a byte."""
    if length > MAX_LENGTH:
        raise ValueError("a packet of %d bytes" % length)
    written = bytearray()
    while True:
        byte = length & 0x7F
        length >>= 7
        written.append(byte | 0x80 if length else byte)
        if not length:
            return bytes(written)


def _packet(first: int, body: bytes) -> bytes:
    return bytes([first]) + length_bytes(len(body)) + body
