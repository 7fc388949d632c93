"""The topic tree, and how a topic is read back."""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

from broker.contract.ids import check_id

UpKind = Literal["order", "ack", "status", "log", "kept", "ask"]
DownKind = Literal["answer", "notice", "cmd"]

SHARDS: Final = 16
ANY_UP: Final = "ow/v1/+/t/+/up/#"
HUB_STATUS: Final = "ow/v1/hub/status"

_UP_KINDS: Final = frozenset(get_args(UpKind))
_UP_LEVELS: Final = 7
_TOPICS_KEPT: Final = 8_192


@dataclass(frozen=True, slots=True)
class UpAddress:
    """Who sent a message and of which kind, as its topic says."""

    terminal: str
    kind: UpKind


def shard_of(terminal: str) -> int:
    """Give the terminal's shard, 0 to 15; it is the same on every machine and never changes."""
    return zlib.crc32(terminal.encode()) % SHARDS


def up(terminal: str, kind: UpKind) -> str:
    """Name the topic a terminal sends `kind` on."""
    return f"ow/v1/{shard_of(terminal)}/t/{terminal}/up/{kind}"


def down(terminal: str, kind: DownKind) -> str:
    """Name the topic the hub sends `kind` to a terminal on."""
    return f"ow/v1/{shard_of(terminal)}/t/{terminal}/down/{kind}"


def any_up(shard: int) -> str:
    """Name the filter of all that the terminals of a shard send."""
    return f"ow/v1/{shard}/t/+/up/#"


def any_down(terminal: str) -> str:
    """Name the filter a terminal subscribes to."""
    return f"ow/v1/{shard_of(terminal)}/t/{terminal}/down/#"


@lru_cache(maxsize=_TOPICS_KEPT)
def parse_up(topic: str) -> UpAddress | None:
    """Read a terminal's topic back; None for any topic that no terminal may use."""
    levels = topic.split("/")
    if len(levels) != _UP_LEVELS or levels[:2] != ["ow", "v1"]:
        return None
    shard, marker, terminal, direction, kind = levels[2:]
    if (marker, direction) != ("t", "up") or kind not in _UP_KINDS:
        return None
    try:
        check_id(terminal)
    except ValueError:
        return None
    if shard != str(shard_of(terminal)):
        return None
    return UpAddress(terminal, kind)  # type: ignore[arg-type]  # membership was checked above
