"""Writes firmware/constants.py from the wire's contract and the counter's sheet of commands.

Run it after broker/contract or terminal/core/codes/sheet.py changed.

The firmware imports nothing of ours, so what both ends must agree on is copied by this program.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from msgspec import Struct
from msgspec.structs import fields

from broker.contract import asking, codec, envelope, ids, messages, software, topics
from broker.contract.asyncapi import tag_of
from terminal.core.codes import NAMING_COMMANDS, PLAIN_COMMANDS, SHEET_QUANTITIES, SHORT_CODES

ROOT: Final = Path(__file__).parent.parent
TARGET: Final = ROOT / "firmware" / "constants.py"

_HEAD: Final = (
    '"""What both ends of the wire agree on; written by docs/renew_firmware.py, not by hand."""\n\n'
)
_FIELDS: Final[Mapping[str, type[Struct]]] = {
    "ORDER_FIELDS": messages.OrderData,
    "LINE_FIELDS": messages.OrderLine,
    "ACK_FIELDS": messages.AckData,
    "STATUS_FIELDS": messages.StatusData,
    "LOG_FIELDS": messages.LogData,
    "UPDATE_FIELDS": software.UpdateSaid,
    "MANIFEST_FIELDS": software.Manifest,
}
_DOWN_TYPES: Final = (
    messages.Answer,
    messages.Refused,
    asking.Reply,
    messages.Notice,
    messages.Config,
    messages.Halt,
    messages.HubStatus,
)


def constants() -> str:
    """Give the text of the generated module."""
    values: dict[str, object] = {
        "VERSION": envelope.VERSION,
        "MAX_LINES": messages.MAX_LINES,
        "MAX_COUPONS": messages.MAX_COUPONS,
        "MAX_QUANTITY": envelope.MAX_QUANTITY,
        "USUAL_QUANTITY": messages.USUAL_QUANTITY,
        "MAX_UP_BYTES": codec.MAX_UP_BYTES,
        "MAX_PACKET_BYTES": codec.MAX_PACKET_BYTES,
        "SHARDS": topics.SHARDS,
        "HUB_STATUS": topics.HUB_STATUS,
        "TERMINAL_TOPIC": _shaped(topics.up("name", "order")),
        "UP_KINDS": get_args(topics.UpKind),
        "DOWN_KINDS": get_args(topics.DownKind),
        "DOWN_TYPES": tuple(tag_of(one) for one in _DOWN_TYPES),
        "STATUSES": get_args(messages.OrderStatus),
        "ENVELOPE_FIELDS": ("type", *(one.name for one in fields(envelope.Envelope)), "data"),
    }
    values |= {
        "SHEET_COMMANDS": (*PLAIN_COMMANDS, *SHORT_CODES.values()),
        "SHEET_NAMING": NAMING_COMMANDS,
        "SHEET_QUANTITIES": SHEET_QUANTITIES,
    }
    values["FOLLOW"] = ids.FOLLOW
    values |= {"SOFTWARE_FORMAT": software.FORMAT, "SOFTWARE_SIGNED_AS": software.SIGNED_AS}
    for name, message in _FIELDS.items():
        values[name] = tuple(one.name for one in fields(message))
    return _HEAD + "".join(f"{name} = {_written(value)}\n" for name, value in values.items())


def _shaped(topic: str) -> str:
    """Leave gaps for shard, name, direction and kind: `ow/v1/{}/t/{}/{}/{}`."""
    levels = topic.split("/")
    for at in (2, 4, 5, 6):
        levels[at] = "{}"
    return "/".join(levels)


def _written(value: object) -> str:
    """Write a value as ruff would format it."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "(\n" + "".join(f"    {_written(one)},\n" for one in value) + ")"
    return str(value)


if __name__ == "__main__":
    TARGET.write_text(constants(), encoding="utf-8")
    print(TARGET.relative_to(ROOT))
