"""The MQTT client, against a broker that is a list of bytes."""

import asyncio
import random

from firmware.mqtt.client import Client, LinkError, Room
from firmware.mqtt.packets import Identity, length_bytes, publish_head, subscribe

ROOM = 64
CONNACK = b"\x20\x02\x00\x00"


class Ends:
    """Both ends of a stream: what the broker says comes in `grain` bytes at a time, then ends."""

    def __init__(self, said, grain=1000):
        self.said = said
        self.grain = grain
        self.writes = []

    async def read(self, most):
        size = min(most, self.grain)
        chunk, self.said = self.said[:size], self.said[size:]
        return chunk

    def write(self, packet):
        self.writes.append(bytes(packet))

    async def drain(self):
        return None


def client(said, grain=1000, room=ROOM):
    ends, messages = Ends(said, grain), []
    made = Client(
        ends,
        ends,
        room=Room(room),
        ticks_ms=lambda: 0,
        on_message=lambda topic, payload, whole: messages.append((topic, bytes(payload), whole)),
    )
    return made, ends, messages


def ended(said, grain=1000):
    """Take all that the broker says; gives why it ended, the writes and the messages."""
    made, ends, messages = client(said, grain)
    try:
        asyncio.run(made.run())
    except LinkError as error:
        return str(error), ends.writes, messages
    raise AssertionError


def message(payload, topic=b"t", packet_id=b"\x00\x07", first=0x32):
    body = len(topic).to_bytes(2, "big") + topic + packet_id + payload
    return bytes([first]) + length_bytes(len(body)) + body


def test_a_connect_is_one_write_with_the_will_and_the_kept_session():
    made, ends, _ = client(CONNACK)

    asyncio.run(made.greet(Identity("shop-1", "secret"), "w", b"gone"))

    whole = b"\x00\x04MQTT\x04\xec\x00\x14\x00\x06shop-1\x00\x01w\x00\x04gone"
    whole += b"\x00\x06shop-1\x00\x06secret"
    assert ends.writes == [b"\x10" + bytes([len(whole)]) + whole]
    assert not ends.writes[0][9] & 0x02


def test_whoever_is_not_let_in_is_told_why():
    for code, why in ((4, "password"), (5, "not allowed"), (99, "99")):
        made, _, _ = client(b"\x20\x02\x00" + bytes([code]))
        try:
            asyncio.run(made.greet(Identity("a", "b"), "w", b""))
        except LinkError as error:
            assert why in str(error)
            continue
        raise AssertionError(code)


def test_a_message_is_taken_and_then_acknowledged():
    why, writes, messages = ended(message(b"hello"))

    assert messages == [("t", b"hello", True)]
    assert writes == [b"\x40\x02\x00\x07"]
    assert "closed" in why


def test_a_message_that_comes_byte_by_byte_is_the_same():
    assert ended(message(b"x" * 60) + message(b"y"), grain=1)[2] == [
        ("t", b"x" * 60, True),
        ("t", b"y", True),
    ]


def test_a_message_at_qos_0_is_not_acknowledged():
    assert ended(message(b"hi", packet_id=b"", first=0x30)) == (
        "the broker closed the connection",
        [],
        [("t", b"hi", True)],
    )


def test_of_a_message_that_is_too_long_the_start_is_given_and_the_next_is_whole():
    _, writes, messages = ended(message(b"a" * 3000) + message(b"b"))

    assert messages == [("t", b"a" * ROOM, False), ("t", b"b", True)]
    assert len(writes) == 2


def test_what_is_not_stored_is_not_acknowledged():
    ends = Ends(message(b"hello"))

    def full(_topic, _payload, _whole):
        raise OSError(28)

    made = Client(ends, ends, room=Room(9), ticks_ms=lambda: 0, on_message=full)
    try:
        asyncio.run(made.run())
    except OSError:
        assert ends.writes == []
        return
    raise AssertionError


def test_a_broker_that_breaks_the_rules_is_left():
    for said in (
        b"\x00\x00",
        b"\x10\x00",
        b"\xf0\x00",
        b"\x36\x05\x00\x01t\x00\x01",
        b"\x32\x80\x80\x80\x80\x01",
        b"\x32\x03\x00\x09a",
        b"\x32\x02\x00\x00",
        b"\x32\x06\x00\x02\xff\xfe\x00\x01",
        b"\x32\x05\x00\x01t\x00\x00",
        b"\x30\xff\xff\xff\x7f\xff\xff",
        b"\x40\x03\x00\x01\x02",
        b"\x90\x03\x00\x01\x01",
        b"\x90\x03\x00\x00\x01",
        b"\x90\xff\x01",
        b"\xd0\x01\x00",
    ):
        why, _, messages = ended(said)
        assert messages == []
        assert "closed" not in why or said[0] in (0x32, 0x90), (said, why)


def test_a_subscription_is_checked():
    made, ends, _ = client(b"\x90\x04\x80\x00\x01\x80")
    try:
        asyncio.run(made.subscribe(["a/#", "b"]))
    except LinkError as error:
        assert "refused" in str(error)
        assert ends.writes == [subscribe(0x8000, ["a/#", "b"])]
        return
    raise AssertionError


def test_messages_that_come_before_the_suback_are_taken():
    made, _, messages = client(message(b"kept") + b"\x90\x04\x80\x00\x01\x01")

    asyncio.run(made.subscribe(["a/#", "b"]))

    assert messages == [("t", b"kept", True)]


def test_what_was_sent_before_says_so_until_it_is_acknowledged():
    made, ends, _ = client(b"\x40\x02\x00\x05")

    async def twice():
        await made.publish("t", b"p", packet_id=5)
        await made.publish("t", b"p", packet_id=5)
        try:
            await made.run()
        except LinkError:
            await made.publish("t", b"p", packet_id=5)

    asyncio.run(twice())

    assert [packet[0] for packet in ends.writes] == [0x32, 0x3A, 0x32]
    assert ends.writes[0] == publish_head("t", 1, 5) + b"p"


def test_lengths_are_written_in_sevens_of_bits():
    assert length_bytes(0) == b"\x00"
    assert length_bytes(127) == b"\x7f"
    assert length_bytes(128) == b"\x80\x01"
    assert length_bytes(262_144) == b"\x80\x80\x10"


def test_two_thousand_hostile_streams_end_the_link_and_nothing_else():
    randomness = random
    randomness.seed(16)
    good = [message(b"hello"), b"\x40\x02\x00\x05", b"\xd0\x00", message(b"x" * 200), CONNACK]
    for _ in range(2000):
        said = bytearray(b"".join([good[randomness.getrandbits(8) % 5] for _ in range(3)]))
        for _ in range(randomness.getrandbits(2) + 1):
            said[randomness.getrandbits(16) % len(said)] = randomness.getrandbits(8)
        cut = randomness.getrandbits(16) % len(said) if randomness.getrandbits(1) else len(said)
        why, writes, messages = ended(bytes(said[:cut]), randomness.getrandbits(6) + 1)
        assert why
        assert all(len(payload) <= ROOM for _, payload, _ in messages)
        assert len(writes) <= len(messages)
