"""Brokers and hubs that went wrong, at the firmware: the link ends, and nothing else does."""

import asyncio
import random
from pathlib import Path
from typing import Any, Final

import pytest

from firmware.core.wire import read_down
from firmware.mqtt.client import Client, LinkError, Room
from firmware.mqtt.packets import length_bytes
from tests.fixtures.trials import Trials
from tests.fuzz.turns import try_turns

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "wire"
ROOM: Final = 1024
_AT_A_TIME: Final = 500


def _published(payload: bytes) -> bytes:
    body = b"\x00\x04down\x00\x07" + payload
    return b"\x32" + length_bytes(len(body)) + body


PACKETS: Final = [
    *(
        _published((GOLDEN / f"{name}.json").read_bytes())
        for name in ("answer", "notice", "config")
    ),
    _published(b"x" * 3 * ROOM),
    b"\x20\x02\x00\x00",
    b"\x40\x02\x00\x05",
    b"\x90\x04\x80\x00\x01\x01",
    b"\xd0\x00",
]


class HostileBroker:
    """Says what it was given, in grains, and then is gone."""

    def __init__(self, said: bytes, grain: int) -> None:
        self.said = said
        self.grain = grain
        self.heard = 0

    async def read(self, most: int) -> bytes:
        """Give the next bytes."""
        size = min(most, self.grain)
        chunk, self.said = self.said[:size], self.said[size:]
        return chunk

    def write(self, packet: bytes) -> None:
        """Hear a packet."""
        self.heard += bool(packet)

    async def drain(self) -> None:
        """Be done."""


def try_packets(seed: int) -> list[str]:
    """Send spoilt packets of one seed to a client."""
    return try_turns(seed, _AT_A_TIME, _try)


def _try(chance: random.Random, _turn: int) -> list[str]:
    said = bytearray(b"".join(chance.choices(PACKETS, k=chance.randint(1, 3))))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(said))
        said[at : at + chance.choice([0, 1, 1, 1, 4])] = chance.randbytes(
            chance.choice([0, 1, 1, 3])
        )
        said = said or bytearray(b"\x00")
    taken: list[int] = []

    def take(_topic: str, payload: memoryview, whole: bool) -> None:  # noqa: FBT001  # as the client calls it
        taken.append(len(payload))
        try:
            read_down(payload, whole=whole)
        except ValueError:
            return

    broker = HostileBroker(bytes(said), chance.randint(1, 2000))
    ends: Any = broker
    client = Client(ends, ends, room=Room(ROOM), ticks_ms=lambda: 0, on_message=take)
    try:
        asyncio.run(client.run())
    except LinkError:
        if broker.heard > len(taken) or any(size > ROOM for size in taken):
            return [f"{len(taken)} taken, {broker.heard} acknowledged"]
        return []
    return ["it did not end"]


@pytest.mark.timeout(3_600)
def test_a_hostile_broker_ends_the_link_and_nothing_else(trials: Trials) -> None:
    found = trials.run(try_packets, usual=5_000 // _AT_A_TIME, long=100_000 // _AT_A_TIME)

    assert found == [], "\n".join(found)
