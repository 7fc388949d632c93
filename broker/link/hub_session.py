"""One connection of the hub, from CONNECT to its end, never used again."""

import contextlib
import logging
import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from broker.contract.address import BrokerAddress
from broker.contract.codec import MAX_PACKET_BYTES
from broker.contract.topics import HUB_STATUS
from broker.link import packets
from broker.link.packets import PassedOver, ProtocolError, Published, Will

_log = logging.getLogger(__name__)

KEEPALIVE_S: Final = 10
_SILENCE_S: Final = 1.5 * KEEPALIVE_S
"""How long a broker may say nothing, not even to a ping, before it counts as gone."""
_ANSWER_S: Final = 3.0
_FAREWELL_S: Final = 1.0
_WATCH_S: Final = 1.0
_CHUNK: Final = 256 * 1024
_IN_FLIGHT: Final = 1_000
_TOPICS_KEPT: Final = 20_000
_LAST_MID: Final = 0xFFFF
_REFUSED: Final = 0x80


@dataclass(frozen=True, slots=True)
class Login:
    """Who connects, what it wants to hear first, and what the broker keeps on hub/status for it."""

    user: str
    password: str
    client_id: str
    birth: bytes
    will: bytes
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionEvents:
    """What a session tells its owner, on the thread that runs it."""

    online: Callable[[], None]
    message: Callable[[Published], None]
    muted: Callable[[str, int, int], None]
    """How many messages on a topic, of how many bytes together, were not passed on."""


class HubSession:
    """A connection that subscribes, announces the hub, and ends exactly once.

    `run` owns the thread that reads. Any thread may publish and acknowledge: it writes what the
    socket takes at once, and `run` the rest. A message costs some microseconds, so that whoever
    floods the broker is read as fast as the broker passes it on, and nobody waits behind it.
    """

    def __init__(self, address: BrokerAddress, login: Login, events: SessionEvents) -> None:
        self._address = address
        self._login = login
        self._events = events
        self._lock = threading.RLock()
        self._out = bytearray()
        self._in_flight: set[int] = set()
        self._waiting: deque[tuple[str, bytes, bool]] = deque()
        self._last_mid = 0
        self._topics: dict[bytes, str] = {}
        self._muted: dict[bytes, PassedOver] = {}
        self._muted_until: dict[bytes, float] = {}
        self._socket: socket.socket | None = None
        self._reader: int | None = None
        self._gathering = threading.local()
        self._wake_end, self._woken_end = socket.socketpair()
        self._farewell = threading.Event()
        self._ended = threading.Event()
        self._is_online = False
        self._first_mids: set[int] = set()
        self._heard_at = self._said_at = time.monotonic()
        self._reason: str | None = None

    @property
    def reason(self) -> str:
        """Say why the connection ended: the first cause, the later ones only follow from it."""
        return self._reason or "the broker closed the connection"

    def run(self) -> None:
        """Connect and stay until the connection ends; `reason` then says why."""
        self._reader = threading.get_ident()
        with contextlib.closing(self._wake_end), contextlib.closing(self._woken_end):
            try:
                if self._ended.is_set():
                    return
                self._socket = _connect(self._address)
                with contextlib.closing(self._socket):
                    self._converse(self._socket)
            except (OSError, ProtocolError) as error:
                online = "connection lost" if self._is_online else "no connection"
                self._because(f"{online}: {error}")
            finally:
                self._ended.set()
                self._farewell.set()

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Write a message, or keep it until one before it is acknowledged; False at the end."""
        with self._lock:
            if self._ended.is_set():
                return False
            if not qos:
                self._out += packets.publish(topic, payload, retain=retain)
            elif len(self._in_flight) < _IN_FLIGHT:
                self._send_numbered(topic, payload, retain=retain)
            else:
                self._waiting.append((topic, payload, retain))
        self._flush_unless_reading()
        return True

    def ack(self, mid: int) -> None:
        """Acknowledge a message at QoS 1."""
        with self._lock:
            self._out += packets.puback(mid)
        self._flush_unless_reading()

    def mute(self, topic: str, for_s: float) -> None:
        """Acknowledge what comes on a topic without passing it on, but what the broker kept.

        To be called while a message is passed on. Whoever sends far more than is looked at costs a
        microsecond a message so, and what others send waits less behind it.
        """
        raw = topic.encode()
        self._muted.setdefault(raw, PassedOver())
        self._muted_until[raw] = time.monotonic() + for_s

    def listen(self, topic: str) -> None:
        """Hear what a filter matches, too; a refusal ends the connection."""
        with self._lock:
            self._out += packets.subscribe(topic, self._next_mid())
        self._flush_unless_reading()

    def ignore(self, topic: str) -> None:
        """Hear no more what a filter matches."""
        with self._lock:
            self._out += packets.unsubscribe(topic, self._next_mid())
        self._flush_unless_reading()

    def announce(self) -> None:
        """Say again on hub/status that the hub is there."""
        self.publish(HUB_STATUS, self._login.birth, retain=True)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Write what this thread publishes and acknowledges meanwhile at the end, at one time.

        Inside of another one, it is at the end of that.
        """
        was_so = getattr(self._gathering, "is_so", False)
        self._gathering.is_so = True
        try:
            yield
        finally:
            self._gathering.is_so = was_so
            self._flush_unless_reading()

    def say_goodbye(self) -> None:
        """Announce the end and disconnect; an orderly end makes the broker forget the will."""
        self._because("stopped")
        if self._is_online and self.publish(HUB_STATUS, self._login.will, retain=True):
            self._farewell.wait(_FAREWELL_S)
        with self._lock:
            self._out += packets.DISCONNECT
        with contextlib.suppress(OSError):
            self._flush()
        self.abort()

    def abort(self) -> None:
        """Cut the connection without a word, so that `run` sees its end at once."""
        self._ended.set()
        sock = self._socket
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._wake()

    def _converse(self, sock: socket.socket) -> None:
        """Log in, and deal with what comes until the end."""
        login = self._login
        self._out += packets.connect(
            login.client_id,
            user=login.user,
            password=login.password,
            keepalive_s=KEEPALIVE_S,
            will=Will(HUB_STATUS, login.will),
        )
        self._heard_at = self._said_at = deadline_from = time.monotonic()
        buffer = bytearray()
        while not self._ended.is_set():
            self._keep_alive()
            self._flush()
            self._read(sock, buffer)
            if not self._is_online and time.monotonic() - deadline_from > _ANSWER_S:
                raise ProtocolError("the broker did not answer")

    def _read(self, sock: socket.socket, buffer: bytearray) -> None:
        """Wait for something to come or to be written, and deal with the whole packets of it."""
        if not _pending(sock):
            wanted = [sock] if self._out else []
            readable, _, _ = select.select([sock, self._woken_end], wanted, [], _WATCH_S)
            if self._woken_end in readable:
                self._woken_end.recv(4096)
            if sock not in readable:
                if time.monotonic() - self._heard_at > _SILENCE_S:
                    raise ProtocolError("the broker is silent")
                return
        with self._lock:
            try:
                came = sock.recv(_CHUNK)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
        if not came:
            raise ConnectionResetError("the broker closed the connection")
        self._heard_at = time.monotonic()
        buffer += came
        for head, body in packets.take_packets(buffer, MAX_PACKET_BYTES, self._muted):
            self._take(head, body)
            self._keep_alive()  # the owner may have made us wait
        if self._muted:
            self._pass_over()

    def _pass_over(self) -> None:
        """Acknowledge what came on muted topics, and tell how much it was."""
        now_s = time.monotonic()
        for raw, passed in list(self._muted.items()):
            if passed.numbers:
                with self._lock:
                    self._out += packets.pubacks(passed.numbers)
                self._events.muted(raw.decode(), len(passed.numbers), passed.size)
                self._muted[raw] = PassedOver()
            if now_s >= self._muted_until[raw]:
                del self._muted[raw], self._muted_until[raw]

    def _take(self, head: int, body: bytes) -> None:
        kind = head & 0xF0
        if kind == packets.PUBLISH:
            self._message(packets.read_publish(head, body, self._topics))
        elif kind == packets.PUBACK:
            self._settle(int.from_bytes(body[:2], "big"))
        elif kind == packets.CONNACK:
            self._answer(body)
        elif kind == packets.SUBACK:
            self._subscribed(int.from_bytes(body[:2], "big"), body[2:])
        elif kind not in {packets.PINGRESP, packets.UNSUBACK}:
            raise ProtocolError(f"an unexpected packet of type {head >> 4}")

    def _answer(self, body: bytes) -> None:
        """Take the broker's answer to CONNECT."""
        code = body[1] if len(body) > 1 else _REFUSED
        if code:
            self._because(f"refused: {packets.REFUSALS.get(code, code)}")
            raise ProtocolError("refused")
        for topic in self._login.filters:
            mid = self._next_mid()
            self._first_mids.add(mid)
            self._in_flight.add(mid)  # no message has its number while it is on its way
            self._out += packets.subscribe(topic, mid)

    def _subscribed(self, mid: int, codes: bytes) -> None:
        """Take the broker's answer to SUBSCRIBE; with those to the first the link is of use."""
        if not codes or any(code >= _REFUSED for code in codes):
            self._because("subscription refused")
            raise ProtocolError("refused")
        self._settle(mid)
        self._first_mids.discard(mid)
        if self._is_online or self._first_mids:
            return
        self.announce()
        self._is_online = True
        self._events.online()

    def _message(self, message: Published) -> None:
        if len(self._topics) > _TOPICS_KEPT:
            self._topics.clear()
        try:
            self._events.message(message)
        except Exception:  # noqa: BLE001  # this thread must outlive every fault of its owner
            # Unacknowledged it stays the terminal's, which sends it again.
            _log.exception("a message could not be taken")

    def _settle(self, mid: int) -> None:
        """Take an acknowledgement, and send what has waited for it."""
        with self._lock:
            self._in_flight.discard(mid)
            if self._waiting:
                topic, payload, retain = self._waiting.popleft()
                self._send_numbered(topic, payload, retain=retain)
            if not self._in_flight:
                self._farewell.set()

    def _send_numbered(self, topic: str, payload: bytes, *, retain: bool) -> None:
        mid = self._next_mid()
        self._in_flight.add(mid)
        self._farewell.clear()
        self._out += packets.publish(topic, payload, mid=mid, retain=retain)

    def _next_mid(self) -> int:
        """Give a number that no message on its way has."""
        while True:
            self._last_mid = self._last_mid % _LAST_MID + 1
            if self._last_mid not in self._in_flight:
                return self._last_mid

    def _keep_alive(self) -> None:
        """Ping a broker that heard nothing for a while."""
        if time.monotonic() - self._said_at > KEEPALIVE_S / 2:
            with self._lock:
                self._out += packets.PING
            self._flush()

    def _flush_unless_reading(self) -> None:
        """Write at once, but on the reading thread, which writes when it has read everything.

        What a thread gathers waits for the end of that.
        """
        if threading.get_ident() == self._reader or getattr(self._gathering, "is_so", False):
            return
        try:
            self._flush()
        except OSError:
            return  # whoever reads sees the end of the connection
        if self._out:
            self._wake()

    def _flush(self) -> None:
        """Write what the socket takes."""
        with self._lock:
            while self._out and self._socket is not None:
                try:
                    sent = self._socket.send(self._out[:_CHUNK])
                except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                    return
                del self._out[:sent]
                self._said_at = time.monotonic()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_end.send(b"\x00")

    def _because(self, reason: str) -> None:
        self._reason = self._reason or reason


def _connect(address: BrokerAddress) -> socket.socket:
    """Open the connection, without Nagle's algorithm: with it an order takes 88 ms, not 0.5."""
    context = _tls_context(address)
    sock = socket.create_connection((address.host, address.port), _ANSWER_S)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is not None:
            sock = context.wrap_socket(sock, server_hostname=address.host)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock


def _tls_context(address: BrokerAddress) -> ssl.SSLContext | None:
    files = address.tls_files()
    if not files:
        return None
    context = ssl.create_default_context(cafile=files["ca_certs"])
    if files["certfile"]:
        context.load_cert_chain(files["certfile"], files["keyfile"])
    return context


def _pending(sock: socket.socket) -> bool:
    """Say whether TLS has read more than it has given."""
    return isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
