"""Bytes to messages and back, with a reason for everything that is not one."""

import re
import zlib
from typing import Any, Final

import msgspec

from broker.contract.envelope import VERSION
from broker.contract.messages import (
    DownMessage,
    HubStatus,
    UpMessage,
)
from broker.contract.topics import UpAddress

MAX_UP_BYTES: Final = 128 * 1024
MAX_PACKET_BYTES: Final = 256 * 1024

_up: Final[msgspec.json.Decoder[UpMessage]] = msgspec.json.Decoder(UpMessage)
_down: Final[msgspec.json.Decoder[DownMessage | HubStatus]] = msgspec.json.Decoder(
    DownMessage | HubStatus
)
_any: Final = msgspec.json.Decoder(dict[str, Any])
_encoder: Final = msgspec.json.Encoder()

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BAD: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_LONGEST_TEXT: Final = 400

_TOPICS: Final = {"diagnosis": "log"}
"""Types that travel on the topic of another: brokers' access files need no new line for them."""

_TYPES: Final = frozenset(
    {
        "order",
        "ack",
        "status",
        "log",
        "diagnosis",
        "kept",
        "ask",
        "answer",
        "refused",
        "reply",
        "notice",
        "config",
        "recall",
        "halt",
        "hub_status",
    }
)


class Refusal(Exception):  # noqa: N818  # the trade's word; the codes are the wire's reason codes
    """A message that cannot be taken.

    `code` is one of `too_large`, `malformed`, `unknown_version`, `unknown_type`, `invalid`,
    `wrong_sender`; `order` and `message` are the ids it carried, where they could be read.
    """

    def __init__(
        self, code: str, text: str, *, order: str | None = None, message: str | None = None
    ) -> None:
        """Keep the reason with what is known of the message."""
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.order = order
        self.message = message


def encode(message: msgspec.Struct) -> bytes:
    """Write a message as compact JSON in field order."""
    return _encoder.encode(message)


def decode_up(payload: bytes, address: UpAddress) -> UpMessage:
    """Read what a terminal sent on `address`; raises Refusal with the reason."""
    _check_size(payload, MAX_UP_BYTES)
    try:
        message = _up.decode(payload)
    except _BAD as error:
        raise _why(payload, str(error)) from error
    kind = str(type(message).__struct_config__.tag)
    if message.term != address.terminal:
        text = f"sent as {message.term!r} on the topic of {address.terminal!r}"
        raise _refuse_read("wrong_sender", text, message)
    if _TOPICS.get(kind, kind) != address.kind:
        raise _refuse_read("invalid", f"a message of type {kind!r} on up/{address.kind}", message)
    return message


def decode_down(payload: bytes) -> DownMessage | HubStatus:
    """Read what the hub sent; raises Refusal with the reason."""
    _check_size(payload, MAX_PACKET_BYTES)
    try:
        return _down.decode(payload)
    except _BAD as error:
        raise _why(payload, str(error)) from error


def pack(payload: bytes) -> bytes:
    """Compress a message."""
    return zlib.compress(payload)


def unpack(packed: bytes) -> bytes:
    """Give a message back; raises Refusal for what is none, or more than a packet holds."""
    stream = zlib.decompressobj()
    try:
        payload = stream.decompress(packed, MAX_PACKET_BYTES)
    except zlib.error as error:
        raise Refusal("malformed", f"a message inside of it cannot be unpacked: {error}") from error
    if not stream.eof:
        raise Refusal("too_large", f"a message inside of it is above {MAX_PACKET_BYTES} bytes")
    return payload


def _check_size(payload: bytes, most: int) -> None:
    if len(payload) > most:
        raise Refusal("too_large", f"{len(payload)} bytes; a message has at most {most}")


def _refuse_read(code: str, text: str, message: UpMessage) -> Refusal:
    order = getattr(message.data, "order", None)
    return Refusal(code, text, order=order, message=message.id)


def _why(payload: bytes, error: str) -> Refusal:
    """Say what is wrong with bytes that did not decode; slow, and only for those."""
    try:
        envelope = _any.decode(payload)
    except _BAD:
        return Refusal("malformed", error[:_LONGEST_TEXT])
    data = envelope.get("data")
    known = {
        "order": _uuid_or_none(data.get("order")) if isinstance(data, dict) else None,
        "message": _uuid_or_none(envelope.get("id")),
    }
    version = envelope.get("v", VERSION)
    if version != VERSION:
        text = f"version {version!r:.40}; this end speaks {VERSION}"
        return Refusal("unknown_version", text, **known)
    kind = envelope.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        return Refusal("unknown_type", f"type {kind!r:.40}", **known)
    return Refusal("invalid", error[:_LONGEST_TEXT], **known)


def _uuid_or_none(value: object) -> str | None:
    """Keep an id only if it can be sent back: the answer must itself be a valid message."""
    return value if isinstance(value, str) and _UUID.fullmatch(value) else None
