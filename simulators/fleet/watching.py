"""How long orders wait for their answers, seen on the wire between a terminal and its broker."""

import asyncio
import re
import time
from dataclasses import replace
from typing import Final

from broker.contract.topics import down, up
from terminal.app.enrolment.broker_line import LinkEnds, mqtt_link
from terminal.app.postbox import Link
from terminal.app.settings import Settings

_ID: Final = re.compile(rb'"id":"([0-9a-f-]{36})"')
_REF: Final = re.compile(rb'"ref":"([0-9a-f-]{36})"')
_SEQ: Final = re.compile(rb'"seq":(\d+)')
_HEAD: Final = 400
"""The envelope stands in front: so many bytes of a message are looked at."""


class OrderWatch:
    """Notes when each order of a terminal was submitted and when its first answer came, in seconds.

    Both are of this machine's steady clock: an order that waited for a dead line waited so long.
    """

    def __init__(self, terminal: str) -> None:
        self._order_topic = up(terminal, "order")
        self._answer_topic = down(terminal, "answer")
        self._submitted: dict[int, float] = {}
        self._answered: dict[int, float] = {}
        self._sent: dict[bytes, int] = {}
        self.sendings = 0

    def submitted(self, seq: int, at_s: float) -> None:
        """Note an order that the counter has stored."""
        self._submitted[seq] = at_s

    def take_waits_ms(self) -> list[float]:
        """Give how long the orders waited that were answered since the last time."""
        done = self._answered.keys() & self._submitted.keys()
        return [(self._answered.pop(seq) - self._submitted.pop(seq)) * 1000 for seq in done]

    def make_link(self, settings: Settings, ends: LinkEnds) -> Link:
        """Make the terminal's real link, watched."""

        def hear(topic: str, payload: bytes) -> None:
            if topic == self._answer_topic:
                self._hear_answer(payload)
            ends.on_message(topic, payload)

        return _WatchedLink(mqtt_link(settings, replace(ends, on_message=hear)), self)

    def note_sent(self, topic: str, payload: bytes) -> None:
        """Note an order on its way, by the message's own id."""
        if topic != self._order_topic:
            return
        self.sendings += 1
        head = payload[:_HEAD]
        message, seq = _ID.search(head), _SEQ.search(head)
        if message and seq:
            self._sent[message[1]] = int(seq[1])

    def _hear_answer(self, payload: bytes) -> None:
        ref = _REF.search(payload[:_HEAD])
        seq = self._sent.pop(ref[1], None) if ref else None
        if seq is not None:
            self._answered[seq] = time.monotonic()


class _WatchedLink:
    """A terminal's link, past which orders are seen to go."""

    def __init__(self, link: Link, watch: OrderWatch) -> None:
        self._link = link
        self._watch = watch
        self.online: asyncio.Event = link.online

    async def run(self) -> None:
        """Stay connected until cancelled."""
        await self._link.run()

    async def publish(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        """Hand a message to the broker; raises LinkDown."""
        self._watch.note_sent(topic, payload)
        await self._link.publish(topic, payload, qos=qos, retain=retain)
