"""The wire described for others: an AsyncAPI 3.0 document and JSON Schemas, made from the code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from broker.contract import asking, messages
from broker.contract.codec import MAX_PACKET_BYTES
from broker.contract.envelope import VERSION, Envelope
from broker.contract.topics import HUB_STATUS, SHARDS, DownKind, UpKind

_FOLDER: Final = Path(__file__).parent
_MQTT_BINDING: Final = "0.2.0"
_DAY_S: Final = 86_400
_HOUR_S: Final = 3_600
_QUESTION_S: Final = 10
"""Nobody waits longer at a counter, and what is asked for then must not be done any more."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One topic: who writes it, what may be on it, how it is sent.

    `expiry_s` is what a sender asks of an MQTT 5 broker; an order never expires, because its
    lateness is for the hub's rules to judge.
    """

    name: str
    address: str
    from_hub: bool
    messages: tuple[type[Envelope], ...]
    text: str
    qos: Literal[0, 1] = 1
    retain: bool = False
    expiry_s: int | None = None


def _up(kind: UpKind) -> str:
    return f"ow/v1/{{shard}}/t/{{terminal}}/up/{kind}"


def _down(kind: DownKind) -> str:
    return f"ow/v1/{{shard}}/t/{{terminal}}/down/{kind}"


CHANNELS: Final = (
    Channel(
        "order",
        _up("order"),
        from_hub=False,
        messages=(messages.Order,),
        text="Orders, sent again in sequence until each is answered; at most 16 wait for one.",
    ),
    Channel(
        "ack",
        _up("ack"),
        from_hub=False,
        messages=(messages.Ack,),
        text="The terminal has stored an answer or a notice.",
        expiry_s=_DAY_S,
    ),
    Channel(
        "status",
        _up("status"),
        from_hub=False,
        messages=(messages.Status,),
        text="Birth, heartbeat every 30 s, and will; a will of an older boot is ignored.",
        retain=True,
    ),
    Channel(
        "log",
        _up("log"),
        from_hub=False,
        messages=(messages.Log, messages.Diagnosis),
        text="Remarks for people, which may be lost; what a terminal tells of itself when asked.",
        qos=0,
    ),
    Channel(
        "kept",
        _up("kept"),
        from_hub=False,
        messages=(messages.Kept,),
        text="Answered orders, given back byte for byte to a hub that asks for them.",
        expiry_s=_HOUR_S,
    ),
    Channel(
        "ask",
        _up("ask"),
        from_hub=False,
        messages=(asking.Ask,),
        text="What a person at the counter asks for and waits for: the account, stock, to cancel "
        "an order. Sent once, and kept by no broker; whoever hears nothing asks again.",
        qos=0,
        expiry_s=_QUESTION_S,
    ),
    Channel(
        "answer",
        _down("answer"),
        from_hub=True,
        messages=(messages.Answer, messages.Refused, asking.Reply),
        text="The decision on an order; a repeated order gets the same bytes again. The reply to a "
        "question, once.",
        expiry_s=_DAY_S,
    ),
    Channel(
        "notice",
        _down("notice"),
        from_hub=True,
        messages=(messages.Notice,),
        text="A later change of an order, sent until it is acknowledged.",
        expiry_s=_DAY_S,
    ),
    Channel(
        "cmd",
        _down("cmd"),
        from_hub=True,
        messages=(messages.Config, messages.Recall, messages.Halt),
        text="What the terminal should have, after a birth and on each change; what to give back; "
        "which of two machines of one id is to stop.",
        expiry_s=_HOUR_S,
    ),
    Channel(
        "hub_status",
        HUB_STATUS,
        from_hub=True,
        messages=(messages.HubStatus,),
        text="Is somebody there to take orders; the will says no.",
        retain=True,
    ),
)

_REPLIES: Final = {"order": ("answer", "refused"), "ask": ("reply", "refused")}
"""What answers the messages of a channel."""

MESSAGES: Final = tuple(message for channel in CHANNELS for message in channel.messages)


def tag_of(message: type[Envelope]) -> str:
    """Name a message type as the wire does."""
    return str(message.__struct_config__.tag)


def document() -> dict[str, Any]:
    """Describe the hub's end of the wire in AsyncAPI 3.0."""
    _, schemas = msgspec.json.schema_components(
        MESSAGES, ref_template="#/components/schemas/{name}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Orderwire hub",
            "version": f"{VERSION}.0.0",
            "description": (
                "Messages between counter terminals and the hub. The broker is a cable: an order is"
                " safe when its answer is stored, not when the broker has acknowledged it."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {_verb(channel): _operation(channel) for channel in CHANNELS},
        "components": {
            "messages": {tag_of(message): _message(message) for message in MESSAGES},
            "schemas": schemas,
        },
    }


def schemas() -> dict[str, dict[str, Any]]:
    """Give one self-contained JSON Schema a message type."""
    return {
        tag_of(message): {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **msgspec.json.schema(message),
        }
        for message in MESSAGES
    }


def files() -> Mapping[Path, str]:
    """Give the text of every generated file of this package."""
    texts = {_FOLDER / "asyncapi.json": _text(document())}
    for tag, schema in schemas().items():
        texts[_FOLDER / "schemas" / f"{tag}.json"] = _text(schema)
    return texts


def _server() -> dict[str, Any]:
    return {
        "host": "localhost:1883",
        "protocol": "mqtt",
        "protocolVersion": "3.1.1",
        "description": "Any MQTT 3.1.1 or 5 broker; one user a terminal, named like it.",
        "security": [{"type": "userPassword"}],
        "bindings": {
            "mqtt": {
                "clientId": "hub",
                "cleanSession": True,
                "keepAlive": 10,
                "sessionExpiryInterval": 0,
                "maximumPacketSize": MAX_PACKET_BYTES,
                "lastWill": {
                    "topic": HUB_STATUS,
                    "qos": 1,
                    "message": "hub_status with state offline",
                    "retain": True,
                },
                "bindingVersion": _MQTT_BINDING,
            }
        },
    }


def _channel(channel: Channel) -> dict[str, Any]:
    described: dict[str, Any] = {
        "address": channel.address,
        "description": channel.text,
        "messages": {
            tag_of(message): {"$ref": f"#/components/messages/{tag_of(message)}"}
            for message in channel.messages
        },
    }
    if "{terminal}" in channel.address:
        described["parameters"] = {
            "shard": {"description": f"CRC-32 of the terminal's id, modulo {SHARDS}."},
            "terminal": {"description": "The terminal's id: 1 to 32 of a-z, 0-9 and -."},
        }
    return described


def _verb(channel: Channel) -> str:
    return f"{'send' if channel.from_hub else 'receive'}_{channel.name}"


def _operation(channel: Channel) -> dict[str, Any]:
    binding: dict[str, Any] = {"qos": channel.qos, "retain": channel.retain}
    if channel.expiry_s is not None:
        binding["messageExpiryInterval"] = channel.expiry_s
    operation: dict[str, Any] = {
        "action": "send" if channel.from_hub else "receive",
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "summary": channel.text,
        "messages": [
            {"$ref": f"#/channels/{channel.name}/messages/{tag_of(message)}"}
            for message in channel.messages
        ],
        "bindings": {"mqtt": {**binding, "bindingVersion": _MQTT_BINDING}},
    }
    if channel.name in _REPLIES:
        operation["reply"] = {
            "channel": {"$ref": "#/channels/answer"},
            "messages": [
                {"$ref": f"#/channels/answer/messages/{tag}"} for tag in _REPLIES[channel.name]
            ],
        }
    return operation


def _message(message: type[Envelope]) -> dict[str, Any]:
    return {
        "name": tag_of(message),
        "title": message.__name__,
        "summary": (message.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{message.__name__}"},
        "correlationId": {
            "description": "The id of the message answered.",
            "location": "$message.payload#/ref",
        },
    }


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
