"""A configuration in several messages, where what may be given of schemes is too much for one.

Nothing is left out: a terminal that did not hear of a counter would give what is used up.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from broker.contract.codec import MAX_PACKET_BYTES, encode
from broker.contract.facts import Lease, SchemeCounter
from broker.contract.messages import ConfigData

MAX_CONFIG_BYTES: Final = MAX_PACKET_BYTES * 3 // 4
"""The most that is put into one; the rest is for the envelope and the packet around it."""

_Said = Lease | SchemeCounter


def in_parts(config: ConfigData, most_bytes: int = MAX_CONFIG_BYTES) -> list[ConfigData]:
    """Write a configuration as one, or as so many parts that none is larger than the most.

    A lease or counter that is larger by itself is a part by itself.
    """
    if len(encode(config)) <= most_bytes:
        return [config]
    rest = msgspec.structs.replace(config, leases=[], counters=[])
    groups = list(_groups([*config.leases, *config.counters], most_bytes - len(encode(rest))))
    return [
        msgspec.structs.replace(
            rest,
            leases=[one for one in group if isinstance(one, Lease)],
            counters=[one for one in group if isinstance(one, SchemeCounter)],
            part=number,
            parts=len(groups),
        )
        for number, group in enumerate(groups, 1)
    ]


_NAMES_BYTES: Final = len(',"leases":[],"counters":[],"part":9999,"parts":9999')


def _groups(said: Sequence[_Said], room: int) -> Iterator[Sequence[_Said]]:
    """Part what is said into groups that fit, in order."""
    group: list[_Said] = []
    left = room - _NAMES_BYTES
    for one in said:
        size = len(encode(one)) + 1
        if group and size > left:
            yield group
            group, left = [], room - _NAMES_BYTES
        group.append(one)
        left -= size
    yield group


class ConfigJoiner:
    """Puts parts together again, in whatever order they come; those of an older one are dropped."""

    def __init__(self) -> None:
        self._rest: ConfigData | None = None
        self._found: dict[int, ConfigData] = {}

    def take(self, config: ConfigData) -> ConfigData | None:
        """Take a configuration or a part of one; gives it once it is whole."""
        if config.parts == 1:
            self._rest = None
            return config
        rest = msgspec.structs.replace(config, leases=[], counters=[], part=1, parts=1)
        if rest != self._rest:
            self._rest, self._found = rest, {}
        self._found[config.part] = config
        if len(self._found) < config.parts:
            return None
        parts = [self._found[number] for number in sorted(self._found)]
        self._rest = None
        return msgspec.structs.replace(
            rest,
            leases=[one for part in parts for one in part.leases],
            counters=[one for part in parts for one in part.counters],
        )
