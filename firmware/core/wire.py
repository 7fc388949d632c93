"""Messages of the terminal as bytes, and what is read of the hub's."""

import binascii
import hashlib
import json

from firmware.constants import (
    ACK_FIELDS,
    DOWN_TYPES,
    ENVELOPE_FIELDS,
    LINE_FIELDS,
    LOG_FIELDS,
    ORDER_FIELDS,
    SHARDS,
    STATUS_FIELDS,
    TERMINAL_TOPIC,
    VERSION,
)
from firmware.core.reading import members, value_of
from firmware.core.writing import pieces, written

_ID_BYTES = 10
_PIECE_BYTES = 256


def topic(terminal: str, direction: str, kind: str) -> str:
    """Name a terminal's topic: `topic("shop-1", "up", "order")`; kind `#` makes its filter."""
    shard = binascii.crc32(terminal.encode()) % SHARDS
    return TERMINAL_TOPIC.format(shard, terminal, direction, kind)


def uuid7(now_ms: int, random: bytes) -> str:
    """Make a version 7 UUID of Unix milliseconds and 10 random bytes (RFC 9562, 5.7)."""
    raw = bytearray((now_ms & 0xFFFFFFFFFFFF).to_bytes(6, "big") + random[:_ID_BYTES])
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    text = binascii.hexlify(bytes(raw)).decode()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def order_number(terminal: str, seq: int) -> str:
    """Name an order as its slip does: `shop-1-00017`."""
    return "%s-%05d" % (terminal, seq)


def order_pieces(envelope: "dict[str, Any]", order: "dict[str, Any]") -> "Iterator[bytes]":
    """Write an order piece by piece; `lines` gives dictionaries without what they do not say."""
    lines = (_chosen(LINE_FIELDS, line) for line in order["lines"])
    return pieces(_enveloped("order", envelope, _all(ORDER_FIELDS, dict(order, lines=lines))))


def renumbered(payload: "Buffer", envelope: "dict[str, Any]", number: str) -> "Iterator[bytes]":
    """Write an order as another message of this envelope, under another number, piece by piece.

    All else stands as it was written: its lines are never in memory, nor all its bytes.
    """
    spans = members(payload)
    changes = [(spans[name], envelope[name]) for name in ("id", "boot", "seq", "at")]
    changes.append((members(payload, spans["data"][0])["number"], number))
    changes.append(((len(payload), len(payload)), None))
    done = 0
    for span, value in sorted(changes, key=lambda change: change[0]):
        for at in range(done, span[0], _PIECE_BYTES):
            yield bytes(payload[at : min(at + _PIECE_BYTES, span[0])])
        if value is not None:
            yield json.dumps(value).encode()
        done = span[1]


def ack_bytes(envelope: "dict[str, Any]", order: str, revision: int) -> bytes:
    """Write that a revision of an order is stored here."""
    return _message("ack", envelope, _all(ACK_FIELDS, {"order": order, "revision": revision}))


def status_bytes(envelope: "dict[str, Any]", status: "dict[str, Any]") -> bytes:
    """Write a birth, a heartbeat or a will."""
    return _message("status", envelope, _all(STATUS_FIELDS, status))


def log_bytes(envelope: "dict[str, Any]", remark: "dict[str, Any]") -> bytes:
    """Write a remark for the people at the hub."""
    return _message("log", envelope, _all(LOG_FIELDS, remark))


def ask_bytes(envelope: "dict[str, Any]", what: str, about: str) -> bytes:
    """Ask the hub for the account, for the stock of a SKU, or to cancel the order of a number."""
    named = {"stock": "sku", "cancel": "order"}.get(what)
    return _message("ask", envelope, (("what", what),) + (((named, about),) if named else ()))


def counter_hash(
    payments: "list[str]", ask_quantity: int, ask_amount: int, *, notices: str = ""
) -> str:
    """Name what a counter was told of payments and of what to ask for once more, by a SHA-256.

    Of notices nothing is told where all of them print.
    """
    return _digest([payments, ask_quantity, ask_amount] + ([notices] if notices else []))


def facts_hash(customer: "dict[str, Any]") -> str:
    """Name customer facts as the hub does: by the SHA-256 of what prices depend on."""
    credit = customer["credit"]
    kept = [customer[name] for name in ("id", "name", "type", "geo", "status")]
    kept += [credit["state"], credit.get("limit", 0)]
    return _digest(kept)


class Down:
    """A message of the hub, read as far as its envelope; `data` is the span of the rest.

    `at_ms` is the hub's clock, 0 where the message does not say; `again` that an earlier flash of
    this terminal may have had the message.
    """

    def __init__(self, payload: "Buffer", *, whole: bool = True) -> None:
        spans = members(payload, partial=not whole)
        if value_of(payload, spans["v"]) != VERSION if "v" in spans else False:
            raise ValueError("another version of the wire")
        self.payload = payload
        self.kind = _text(payload, spans, "type")
        self.id = _text(payload, spans, "id")
        self.term = _text(payload, spans, "term")
        self.ref = _text(payload, spans, "ref") if "ref" in spans else ""
        self.at_ms = _count(payload, spans, "at")
        self.again = value_of(payload, spans["again"]) is True if "again" in spans else False
        if self.kind not in DOWN_TYPES or "data" not in spans:
            raise ValueError("no message of the hub")
        self.data = members(payload, spans["data"][0], partial=not whole)

    def text(self, name: str) -> str:
        """Give a text of the data, empty where there is none."""
        return _text(self.payload, self.data, name) if name in self.data else ""

    def count(self, name: str) -> int:
        """Give a count of the data, 0 where there is none."""
        return _count(self.payload, self.data, name)

    def value(self, name: str) -> "Any":
        """Give a member of the data as an object; None where there is none."""
        return value_of(self.payload, self.data[name]) if name in self.data else None

    def enter(self, name: str) -> bool:
        """Read from now on in a member that is an object; False where there is none."""
        if name not in self.data or self.payload[self.data[name][0]] != 0x7B:
            return False
        self.data = members(self.payload, self.data[name][0])
        return True


def read_down(payload: "Buffer", *, whole: bool = True) -> Down:
    """Read a message of the hub, or the start of one; raises ValueError for what is none."""
    try:
        return Down(payload, whole=whole)
    except (KeyError, TypeError, UnicodeError) as error:
        raise ValueError("not a message: " + str(error))


def _text(buffer: "Buffer", spans: dict, name: str) -> str:
    value = value_of(buffer, spans[name])
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(name + " is no text")
    return value


def _count(buffer: "Buffer", spans: dict, name: str) -> int:
    value = value_of(buffer, spans[name]) if name in spans else None
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(name + " is no count")
    return value


def _digest(kept: list) -> str:
    return binascii.hexlify(hashlib.sha256(written(kept)).digest()).decode()


def _message(kind: str, envelope: "dict[str, Any]", content: tuple) -> bytes:
    return written(_enveloped(kind, envelope, content))


def _enveloped(kind: str, envelope: "dict[str, Any]", content: tuple) -> tuple:
    whole = dict(envelope, type=kind, v=VERSION, data=content)
    return _all(ENVELOPE_FIELDS, whole)


def _all(names: "tuple[str, ...]", values: "dict[str, Any]") -> tuple:
    """Give every field in the contract's order; raises KeyError where one is missing."""
    return tuple([(name, values[name]) for name in names])


def _chosen(names: "tuple[str, ...]", values: "dict[str, Any]") -> tuple:
    return tuple([(name, values[name]) for name in names if name in values])
