"""One connection of the hub: a paho client from CONNECT to its end, never used again."""

import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from paho.mqtt.client import (
    MQTT_ERR_SUCCESS,
    Client,
    MQTTMessage,
)
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from broker.contract.address import BrokerAddress
from broker.contract.topics import ANY_UP, HUB_STATUS

_log = logging.getLogger(__name__)

KEEPALIVE_S: Final = 10
_RECEIVE_MAXIMUM: Final = 500
_ANSWER_S: Final = 3.0
_WATCH_S: Final = 1.0
_FAREWELL_S: Final = 1.0
_UNSUPPORTED_VERSION: Final = 0x84


@dataclass(frozen=True, slots=True)
class Login:
    """Who connects, and what the broker keeps on hub/status for it."""

    user: str
    password: str
    client_id: str
    birth: bytes
    will: bytes


@dataclass(frozen=True, slots=True)
class Terms:
    """What the broker turned out to allow: the protocol, and how many of ours on their way."""

    mqtt5: bool
    in_flight: int = 1000


@dataclass(frozen=True, slots=True)
class SessionEvents:
    """What a session tells its owner, on paho's thread."""

    online: Callable[[], None]
    message: Callable[[MQTTMessage], None]


class PahoSession:
    """A connection that subscribes, announces the hub, and ends exactly once.

    `terms` are the ones to make the next connection with.
    """

    def __init__(
        self, address: BrokerAddress, login: Login, events: SessionEvents, *, terms: Terms
    ) -> None:
        self._address = address
        self._login = login
        self._events = events
        self._mqtt5 = terms.mqtt5
        self.terms = terms
        self._answered = threading.Event()
        self._ended = threading.Event()
        self._settled = threading.Event()
        self._network_thread: threading.Thread | None = None
        self._reason: str | None = None
        self.client = self._new_client()

    @property
    def reason(self) -> str:
        """Say why the connection ended: the first cause, the later ones only follow from it."""
        return self._reason or "the broker closed the connection"

    def run(self) -> None:
        """Connect and stay until the connection ends; `reason` then says why."""
        self._stay_connected()
        self._release_client()

    def _stay_connected(self) -> None:
        try:
            self.client.connect(
                self._address.host,
                self._address.port,
                KEEPALIVE_S,
                **self._connect_options(),
            )
        except OSError as error:
            self._because(f"no connection: {error}")
            return
        self.client.loop_start()
        if not self._settled.wait(_ANSWER_S):
            self._because("the broker did not answer")
            self.abort()
        while not self._ended.wait(_WATCH_S):
            thread = self._network_thread
            if thread is not None and not thread.is_alive():
                # paho's thread dies of an exception without a word to anybody.
                self._because("the network thread ended")
                break
        if not self._answered.is_set():
            self._speak_the_older_version()

    def say_goodbye(self) -> None:
        """Announce the end and disconnect; an orderly end makes the broker forget the will."""
        if not self._ended.is_set() and self.client.is_connected():
            farewell = self.client.publish(HUB_STATUS, self._login.will, qos=1, retain=True)
            if farewell.rc == MQTT_ERR_SUCCESS:
                farewell.wait_for_publish(_FAREWELL_S)
        self._because("stopped")
        self.client.disconnect()
        if not self._ended.wait(_FAREWELL_S):
            self.abort()

    def abort(self) -> None:
        """Cut the connection without a word, so that paho's thread sees its end at once."""
        sock = self.client.socket()
        if isinstance(sock, socket.socket):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                _log.debug("the socket was closed already")
        self._ended.set()

    def _release_client(self) -> None:
        """Take our callbacks off paho's client, so that it goes when its owner lets this one go.

        With them the two hold each other, and the sockets of paho's thread stay open until the
        next garbage collection.
        """
        self.client.on_socket_open = None
        self.client.on_connect = None
        self.client.on_subscribe = None
        self.client.on_message = None
        self.client.on_disconnect = None

    def _speak_the_older_version(self) -> None:
        """Give MQTT 5 up for good: 3.1.1 is enough for all that the wire needs."""
        self.terms = replace(self.terms, mqtt5=False)

    def _because(self, reason: str) -> None:
        self._reason = self._reason or reason

    def _new_client(self) -> Client:
        version = MQTTProtocolVersion.MQTTv5 if self._mqtt5 else MQTTProtocolVersion.MQTTv311
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._login.client_id,
            clean_session=None if self._mqtt5 else True,
            protocol=version,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.username_pw_set(self._login.user, self._login.password)
        client.will_set(HUB_STATUS, self._login.will, qos=1, retain=True)
        client.max_inflight_messages_set(self.terms.in_flight)
        tls = self._address.tls_files()
        if tls:
            client.tls_set(
                ca_certs=tls["ca_certs"], certfile=tls["certfile"], keyfile=tls["keyfile"]
            )
        client.on_socket_open = _without_delay
        client.on_connect = lambda _c, _u, _f, reason, granted: self._answer(reason, granted)
        client.on_subscribe = lambda _c, _u, _m, reasons, _p: self._subscribed(reasons)
        client.on_message = lambda _c, _u, message: self._message(message)
        client.on_disconnect = lambda _c, _u, _f, reason, _p: self._end(reason)
        return client

    def _connect_options(self) -> dict[str, Any]:
        if not self._mqtt5:
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.ReceiveMaximum = _RECEIVE_MAXIMUM
        properties.SessionExpiryInterval = 0
        return {"clean_start": True, "properties": properties}

    def _answer(self, reason: ReasonCode, granted: Properties | None) -> None:
        """Take the broker's answer to CONNECT."""
        self._network_thread = threading.current_thread()
        self._answered.set()
        if reason.is_failure:
            self._because(f"refused: {reason}")
            if reason.value == _UNSUPPORTED_VERSION:
                self._speak_the_older_version()
            self.client.disconnect()
            return
        allowed = getattr(granted, "ReceiveMaximum", self.terms.in_flight)
        if allowed < self.terms.in_flight:
            # paho ignores the broker's limit, and takes another one only before it connects.
            self.terms = replace(self.terms, in_flight=allowed)
            self._because(f"the broker takes {allowed} messages at a time: connecting with that")
            self.client.disconnect()
            return
        self.client.subscribe(ANY_UP, qos=1)

    def _subscribed(self, reasons: list[ReasonCode]) -> None:
        """Take the broker's answer to SUBSCRIBE; the link is of use only now."""
        if any(reason.is_failure for reason in reasons):
            self._because(f"subscription refused: {', '.join(map(str, reasons))}")
            self.client.disconnect()
            return
        self.client.publish(HUB_STATUS, self._login.birth, qos=1, retain=True)
        self._events.online()
        self._settled.set()

    def _message(self, message: MQTTMessage) -> None:
        if self._ended.is_set():
            return
        try:
            self._events.message(message)
        except Exception:  # noqa: BLE001  # paho's thread must outlive every fault of its owner
            # Unacknowledged it stays the terminal's, which sends it again.
            _log.exception("a message could not be taken")

    def _end(self, reason: ReasonCode) -> None:
        if reason.is_failure:
            self._because(f"connection lost: {reason}")
        self._settled.set()
        self._ended.set()


def _without_delay(_client: Client, _userdata: object, sock: object) -> None:
    """Switch Nagle's algorithm off: with it one order's round trip takes 88 ms, not 0.5."""
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
