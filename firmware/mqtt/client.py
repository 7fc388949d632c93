"""One MQTT 3.1.1 connection on a stream: bounded in memory, one write a packet.

A message is acknowledged after whoever takes it has returned: it is on flash by then. A message
that is longer than the room for it is given with its first bytes, the rest is read and dropped.
Any fault of the other end raises LinkError; a connection is never used again after it.
"""

import asyncio

from firmware.mqtt.packets import (
    CONNACK,
    PINGREQ_PACKET,
    PINGRESP,
    PUBACK,
    PUBLISH,
    SUBACK,
    Identity,
    connect,
    puback,
    publish_head,
    subscribe,
)

ANSWER_WITHIN_S = 10
LONGEST_TOPIC = 128

_CHUNK = 512
_ONE_WRITE = 1024
"""What is written without waiting for the next piece: small orders are one segment of TCP."""
_LONGEST_ANSWER = 64
_FIRST_OTHER_ID = 0x8000
_OTHER_IDS = 0x7FFF
_REFUSALS = {1: "version", 2: "client id", 3: "unavailable", 4: "password", 5: "not allowed"}


class LinkError(Exception):
    """The connection is of no use any more; says why."""


class Room:
    """Memory for one payload, chunk by chunk; what does not fit is dropped."""

    def __init__(self, size: int) -> None:
        self.memory = bytearray(size)
        self.length = 0
        self.kept = 0

    def begin(self) -> None:
        """Take another payload."""
        self.length = self.kept = 0

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of it."""
        end = min(len(self.memory), self.kept + len(chunk))
        self.memory[self.kept : end] = chunk[: end - self.kept]
        self.kept = end
        self.length += len(chunk)

    def content(self) -> "Buffer":
        """Give what was kept, until the next one begins."""
        return memoryview(self.memory)[: self.kept]

    @property
    def is_whole(self) -> bool:
        """Tell whether all of it was kept."""
        return self.kept == self.length


class Client:
    """A connection; `on_message` gets (topic, payload, whole) and must not keep the payload.

    `room` is where a payload is put as it comes. `ticks_ms` is a monotonic clock.
    """

    def __init__(
        self,
        reader: "asyncio.StreamReader",
        writer: "asyncio.StreamWriter",
        *,
        room: Room,
        ticks_ms: "Callable[[], int]",
        on_message: "Callable[[str, Buffer, bool], None]",
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._room = room
        self._ticks_ms = ticks_ms
        self._on_message = on_message
        self._other_id = 0
        self._subscribing = 0
        self._filters = 0
        self._granted = False
        self._heard_ms = ticks_ms()
        self._unacknowledged: set[int] = set()

    async def greet(self, identity: Identity, will_topic: str, will: bytes) -> None:
        """Say who we are and see that we are let in. Raises LinkError."""
        self._keep_alive_ms = identity.keep_alive_s * 1000
        await self.send(connect(identity, will_topic, will))
        first, length = await self._head()
        if first != CONNACK or length != 2:
            raise LinkError("no CONNACK")
        code = (await self._exactly(2))[1]
        if code:
            raise LinkError("refused: " + _REFUSALS.get(code, str(code)))

    async def subscribe(self, filters: "list[str]") -> None:
        """Subscribe, and see that all was granted; messages that come meanwhile are taken."""
        self._subscribing = self._next_id()
        self._granted = False
        self._filters = len(filters)
        await self.send(subscribe(self._subscribing, filters))
        while not self._granted:
            await self._packet()

    async def publish(
        self, topic: str, payload: "Buffer", *, packet_id: int = 0, retain: bool = False
    ) -> None:
        """Publish at QoS 1; without a packet id of the sender's own, it gets the next one."""
        number = packet_id or self._next_id()
        again = number in self._unacknowledged
        self._unacknowledged.add(number)
        head = publish_head(topic, len(payload), number, retain=retain, again=again)
        await self.send(head + payload[:_ONE_WRITE], payload)

    async def run(self) -> None:
        """Take what comes, until the connection ends; always by LinkError."""
        while True:
            await self._packet()

    async def keep_alive(self) -> None:
        """Ping, and end the connection where nothing was heard for one and a half times as long."""
        while True:
            await asyncio.sleep(self._keep_alive_ms / 2000)
            if self._ticks_ms() - self._heard_ms > self._keep_alive_ms * 3 // 2:
                raise LinkError("nothing was heard")
            await self.send(PINGREQ_PACKET)

    async def send(self, packet: bytes, payload: "Buffer" = b"") -> None:
        """Write a packet at once, then what it lacks of a long payload. Raises LinkError."""
        try:
            self._writer.write(packet)
            for at in range(_ONE_WRITE, len(payload), _ONE_WRITE):
                self._writer.write(payload[at : at + _ONE_WRITE])
            await asyncio.wait_for(self._writer.drain(), ANSWER_WITHIN_S)
        except (OSError, ValueError, asyncio.TimeoutError) as error:  # a ValueError is of TLS
            raise LinkError("not written: %r" % error)

    async def _packet(self) -> None:
        first, length = await self._head()
        kind = first & 0xF0
        if kind == PUBLISH:
            await self._published(first, length)
            return
        if length > _LONGEST_ANSWER:
            raise LinkError("an answer of %d bytes" % length)
        body = await self._exactly(length)
        if first == PUBACK and length == 2:
            self._unacknowledged.discard(body[0] << 8 | body[1])
        elif first == SUBACK and length > 2:
            self._take_suback(body)
        elif first != PINGRESP or length:
            raise LinkError("packet 0x%02x" % first)

    def _take_suback(self, body: bytes) -> None:
        if not self._filters or (body[0] << 8 | body[1]) != self._subscribing:
            raise LinkError("a SUBACK that was not asked for")
        if len(body) != 2 + self._filters or any(code > 1 for code in body[2:]):
            raise LinkError("a subscription was refused")
        self._granted = True

    async def _published(self, first: int, length: int) -> None:
        qos = first >> 1 & 3
        if qos > 1 or length < 2:
            raise LinkError("a message at QoS %d" % qos)
        size = int.from_bytes(await self._exactly(2), "big")
        if not 0 < size <= LONGEST_TOPIC:
            raise LinkError("a topic of %d bytes" % size)
        left = length - 2 - size - 2 * qos
        if left < 0:
            raise LinkError("a message that ends in its topic")
        try:
            topic = (await self._exactly(size)).decode()
        except UnicodeError:
            raise LinkError("a topic that is no text")
        packet_id = await self._exactly(2) if qos else b""
        if packet_id == b"\x00\x00":
            raise LinkError("a message with packet id 0")
        await self._fill(left)
        self._on_message(topic, self._room.content(), self._room.is_whole)
        if packet_id:
            await self.send(puback(int.from_bytes(packet_id, "big")))

    async def _fill(self, length: int) -> None:
        """Read a payload into the room."""
        self._room.begin()
        while length:
            chunk = await self._read(min(length, _CHUNK))
            length -= len(chunk)
            self._room.add(chunk)

    async def _head(self) -> "tuple[int, int]":
        first = (await self._exactly(1))[0]
        length = shift = 0
        while True:
            byte = (await self._exactly(1))[0]
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return first, length
            if shift > 21:
                raise LinkError("a length of more than 4 bytes")

    async def _exactly(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            found += await self._read(count - len(found))
        return found

    async def _read(self, most: int) -> bytes:
        try:
            chunk = await self._reader.read(most)
        except (OSError, ValueError) as error:
            raise LinkError("not read: %r" % error)
        if not chunk:
            raise LinkError("the broker closed the connection")
        self._heard_ms = self._ticks_ms()
        return chunk

    def _next_id(self) -> int:
        """Give an id for what is no order; those of orders follow from their sequence."""
        number = _FIRST_OTHER_ID + self._other_id
        self._other_id = (self._other_id + 1) % _OTHER_IDS
        return number
