"""The hub's client on its own thread, acknowledging only what the hub has committed."""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import NamedTuple

from broker.contract.address import BrokerAddress
from broker.contract.topics import ANY_UP, HUB_STATUS
from broker.link.backoff import Backoff
from broker.link.hub_session import HubSession, Login, SessionEvents
from broker.link.outcome import LinkChange, check_size
from broker.link.packets import Published

_log = logging.getLogger(__name__)


class Received(NamedTuple):
    """What a terminal sent; `retained` ones were stored by the broker before the hub came.

    `connection` and `mid` are what `HubLink.ack` needs.
    """

    topic: str
    payload: bytes
    retained: bool
    qos: int
    mid: int
    connection: int


def _nothing_told(_topic: str, _count: int, _size: int) -> None:
    """Hear of muted messages where nobody mutes."""


class HubLink:
    """Receive everything terminals send, acknowledge it later, publish without waiting.

    With `shared` it is one of several: it hears nothing but what `listen` names, and says again on
    hub/status that the hub is there where another one's end says that it is not.

    `on_up` is called on the network thread; blocking it briefly is the backpressure (pings stop
    too, so always for less than the keep-alive of 10 s). `birth` and `will` give the retained
    payloads of hub/status. Safe to use from any thread.
    """

    def __init__(
        self,
        address: BrokerAddress,
        *,
        user: str,
        password: str,
        client_id: str,
        birth: Callable[[], bytes],
        will: Callable[[], bytes],
        on_up: Callable[[Received], None],
        on_change: Callable[[LinkChange], None] | None = None,
        backoff: Backoff | None = None,
        draw: Callable[[], float] = random.random,
        on_muted: Callable[[str, int, int], None] = _nothing_told,
        shared: bool = False,
    ) -> None:
        self._address = address
        self._user = user
        self._password = password
        self._client_id = client_id
        self._birth = birth
        self._will = will
        self._on_up = on_up
        self._on_change = on_change
        self._backoff = backoff or Backoff()
        self._draw = draw
        self._on_muted = on_muted
        self._shared = shared
        self._filters = {HUB_STATUS} if shared else {ANY_UP}
        self._begun_with: frozenset[str] = frozenset()
        self._filters_lock = threading.Lock()
        self._stopping = threading.Event()
        self._session: HubSession | None = None
        self._connection = 0
        self._supervisor = threading.Thread(target=self._supervise, name="hub-link", daemon=True)
        self.connected = threading.Event()

    def start(self) -> None:
        """Begin to connect; `connected` is set once the subscription is granted."""
        self._supervisor.start()

    def stop(self) -> None:
        """Publish the will's payload as goodbye, disconnect and end; at most some seconds."""
        self._stopping.set()
        session = self._session
        if session is not None:
            session.say_goodbye()
        self._supervisor.join()

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Hand a message to the network thread without waiting; False while the link is down.

        True does not say that it arrives: only the terminal's own acknowledgement does. Raises
        PayloadTooLargeError for one that no broker would take.
        """
        check_size(topic, payload)
        session = self._session
        if session is None or not self.connected.is_set():
            return False
        return session.publish(topic, payload, qos=qos, retain=retain)

    def listen(self, topic: str) -> None:
        """Hear what a filter matches, on this connection and on those that follow."""
        with self._filters_lock:
            self._filters.add(topic)
            session = self._session
            if session is not None and self.connected.is_set():
                session.listen(topic)

    def ignore(self, topic: str) -> None:
        """Hear no more what a filter matches; what has come already is passed on."""
        with self._filters_lock:
            self._filters.discard(topic)
            session = self._session
            if session is not None and self.connected.is_set():
                session.ignore(topic)

    def ack(self, received: Received) -> None:
        """Tell the broker that a message is committed, in whatever order.

        A message of an earlier connection is nothing the broker knows of any more: ignored.
        """
        session = self._session
        if session is not None and received.qos and received.connection == self._connection:
            session.ack(received.mid)

    def mute(self, topic: str, for_s: float) -> None:
        """Acknowledge what comes on a topic for a while, and count it, without passing it on.

        To be called by who takes a message, on its thread. `on_muted` hears how many messages it
        was, of how many bytes together.
        """
        session = self._session
        if session is not None:
            session.mute(topic, for_s)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what this thread publishes and acknowledges meanwhile at one time.

        A write of its own for each answer and each acknowledgement costs more than making them.
        """
        session = self._session
        with session.together() if session is not None else nullcontext():
            yield

    def _supervise(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            held = self._connect_once()
            held_s = time.monotonic() - started if held else 0.0
            delay_s = self._backoff.delay_s(attempt, self._draw())
            attempt = self._backoff.next_attempt(attempt, held_s)
            self._stopping.wait(delay_s)

    def _connect_once(self) -> bool:
        """Live through one connection; tell whether it was ever of use."""
        self._connection += 1
        connection = self._connection
        with self._filters_lock:
            filters = tuple(sorted(self._filters))
            self._begun_with = frozenset(filters)
        login = Login(
            self._user, self._password, self._client_id, self._birth(), self._will(), filters
        )
        events = SessionEvents(
            self._came_up, lambda message: self._take(message, connection), self._on_muted
        )
        session = HubSession(self._address, login, events)
        self._session = session
        if self._stopping.is_set():
            session.abort()
        session.run()
        held = self.connected.is_set()
        self.connected.clear()
        self._session = None
        self._tell(LinkChange(online=False, reason=session.reason))
        return held

    def _take(self, message: Published, connection: int) -> None:
        if message.topic == HUB_STATUS:
            self._hear_status(message)
            return
        self._on_up(
            Received(
                topic=message.topic,
                payload=message.payload,
                retained=message.retained,
                qos=message.qos,
                mid=message.mid,
                connection=connection,
            )
        )

    def _hear_status(self, message: Published) -> None:
        """Contradict another process of the hub that says, or whose will says, that it is gone."""
        session = self._session
        if session is None:
            return
        if message.qos:
            session.ack(message.mid)
        if b'"offline"' in message.payload and not self._stopping.is_set():
            session.announce()

    def _came_up(self) -> None:
        with self._filters_lock:  # what was asked for since the connection was begun
            self.connected.set()
            session = self._session
            if session is not None:
                for topic in sorted(self._filters - self._begun_with):
                    session.listen(topic)
        self._tell(LinkChange(online=True, reason="connected and subscribed"))

    def _tell(self, change: LinkChange) -> None:
        _log.info("link of the hub: %s", change.reason)
        if self._on_change is not None:
            self._on_change(change)
