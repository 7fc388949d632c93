"""Bytes to messages and back, with a reason for everything that is not one."""

from typing import Any, Final

import msgspec

from broker.contract.messages import VERSION, DownMessage, HubStatus, UpMessage
from broker.contract.topics import UpAddress

MAX_UP_BYTES: Final = 128 * 1024
MAX_PACKET_BYTES: Final = 256 * 1024

_up: Final[msgspec.json.Decoder[UpMessage]] = msgspec.json.Decoder(UpMessage)
_down: Final[msgspec.json.Decoder[DownMessage | HubStatus]] = msgspec.json.Decoder(
    DownMessage | HubStatus
)
_any: Final = msgspec.json.Decoder(dict[str, Any])
_encoder: Final = msgspec.json.Encoder()

_TYPES: Final = frozenset(
    {"order", "ack", "status", "log", "answer", "refused", "notice", "config", "hub_status"}
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
    if len(payload) > MAX_UP_BYTES:
        text = f"{len(payload)} bytes; a message has at most {MAX_UP_BYTES}"
        raise Refusal("too_large", text)
    try:
        message = _up.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _why(payload, str(error)) from error
    if message.term != address.terminal:
        text = f"sent as {message.term!r} on the topic of {address.terminal!r}"
        raise Refusal("wrong_sender", text, message=message.id)
    if type(message).__struct_config__.tag != address.kind:
        text = f"a message of type {type(message).__struct_config__.tag!r} on up/{address.kind}"
        raise Refusal("invalid", text, message=message.id)
    return message


def decode_down(payload: bytes) -> DownMessage | HubStatus:
    """Read what the hub sent; raises Refusal with the reason."""
    try:
        return _down.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _why(payload, str(error)) from error


def _why(payload: bytes, error: str) -> Refusal:
    """Say what is wrong with bytes that did not decode; slow, and only for those."""
    try:
        envelope = _any.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Refusal("malformed", error[:400])
    data = envelope.get("data")
    order = data.get("order") if isinstance(data, dict) else None
    known = {
        "order": order if isinstance(order, str) else None,
        "message": envelope["id"] if isinstance(envelope.get("id"), str) else None,
    }
    version = envelope.get("v", VERSION)
    if version != VERSION:
        text = f"version {version!r}; this end speaks {VERSION}"
        return Refusal("unknown_version", text, **known)
    if envelope.get("type") not in _TYPES:
        return Refusal("unknown_type", f"type {envelope.get('type')!r}", **known)
    return Refusal("invalid", error[:400], **known)
