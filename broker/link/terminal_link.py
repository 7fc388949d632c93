"""The terminal's client: aiomqtt under one supervisor loop that never gives up."""

import asyncio
import contextlib
import logging
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import aiomqtt
from aiomqtt.exceptions import MqttConnectError

from broker.contract.address import BrokerAddress
from broker.contract.topics import HUB_STATUS, any_down, up
from broker.link.backoff import Backoff
from broker.link.outcome import LinkChange, LinkDown, check_size
from broker.link.terminal_client import TerminalClient

_log = logging.getLogger(__name__)
# The library calls every reset of the line an error. For a terminal it is the daily business, and
# is told once, with its reason, where the link goes down.
_library_log = logging.getLogger(f"{__name__}.library")
_library_log.setLevel(logging.CRITICAL)

_NODELAY: Final = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
_REFUSED: Final = 0x80
# A wrong password, and a user that may not connect, as paho writes both of MQTT 3.1.1's codes.
_SHUT_OUT: Final = frozenset({0x86, 0x87})
# aiomqtt warns above 10 publishes on their way; the outbox window is 16.
_PENDING_WARNING: Final = 64


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: keep-alive towards the broker, and how long one answer of it may take.

    A connection that breaks before the broker answered is given up after `timeout_s` too: aiomqtt
    does not notice its end any earlier.
    """

    keepalive_s: int = 20
    timeout_s: float = 10.0
    farewell_s: float = 1.0


@dataclass(frozen=True, slots=True)
class _Connection:
    """A client that is of use, and what becomes done when it no longer is."""

    client: aiomqtt.Client
    lost: asyncio.Future[None]


class LinkPasswords(Protocol):
    """The passwords of a terminal, of which the broker may know any one."""

    def offered(self) -> str:
        """Give the one to try now."""

    def refused(self) -> bool:
        """Go on to the next one; False where each was refused."""

    def taken(self) -> None:
        """Take note that the broker let the terminal in by what was offered."""


@dataclass(frozen=True, slots=True)
class OnePassword:
    """The only password of a terminal."""

    password: str

    def offered(self) -> str:
        """Give it."""
        return self.password

    def refused(self) -> bool:
        """There is no other."""
        return False

    def taken(self) -> None:
        """Nothing follows from it."""


class TerminalLink:
    """Keep one terminal connected, subscribed to its own topics, and known to be there.

    `password` is one, or says which of several to try next. `birth` and `will` give the retained
    status payloads of this start of the terminal. `on_message` gets (topic, payload) on the event
    loop and must not block; what it raises is logged.
    """

    def __init__(
        self,
        address: BrokerAddress,
        terminal: str,
        password: "str | LinkPasswords",
        *,
        birth: Callable[[], bytes],
        will: Callable[[], bytes],
        on_message: Callable[[str, bytes], None],
        on_change: Callable[[LinkChange], None] | None = None,
        backoff: Backoff | None = None,
        draw: Callable[[], float] = random.random,
        timing: Timing | None = None,
    ) -> None:
        self._address = address
        self._terminal = terminal
        self._passwords = OnePassword(password) if isinstance(password, str) else password
        self._birth = birth
        self._will = will
        self._on_message = on_message
        self._on_change = on_change
        self._backoff = backoff or Backoff()
        self._draw = draw
        self._timing = timing or Timing()
        self._status_topic = up(terminal, "status")
        self._connection: _Connection | None = None
        self.online = asyncio.Event()

    async def run(self) -> None:
        """Connect, again and again, until cancelled; then say goodbye with the will's payload."""
        loop = asyncio.get_running_loop()
        attempt = 0
        while True:
            started = loop.time()
            change = await self._session()
            _give_way()
            held_s = loop.time() - started if self.online.is_set() else 0.0
            self._went_down(change)
            delay_s = self._backoff.delay_s(attempt, self._draw())
            attempt = self._backoff.next_attempt(attempt, held_s)
            await asyncio.sleep(delay_s)

    async def publish(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        """Hand a message to the broker and wait until it has it (QoS 1).

        Raises LinkDown where that is not known; the message may still have arrived. Raises
        PayloadTooLargeError for one that no broker would take.
        """
        check_size(topic, payload)
        connection = self._connection
        if connection is None:
            raise LinkDown(f"{self._terminal} is not connected")
        sending = asyncio.ensure_future(connection.client.publish(topic, payload, qos, retain))
        try:
            # The library would wait for its whole timeout, even for a connection known as lost.
            await asyncio.wait({sending, connection.lost}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                raise LinkDown("the connection ended before the broker had the message")
            sending.result()
        except aiomqtt.MqttError as error:
            raise LinkDown(str(error)) from error
        finally:
            sending.cancel()

    async def _session(self) -> LinkChange:
        """Live through one connection; a new Client each, because a used one sends again.

        Returns why it ended. The iteration is left only by an end of the connection: cancelling it
        loses messages which the library has acknowledged already.
        """
        stopping = False
        one = self._new_client()
        try:
            async with one as client:
                self._passwords.taken()
                try:
                    await self._greet(client)
                    _give_way()
                    self._came_up(client)
                    async for message in client.messages:
                        self._deliver(str(message.topic), message.payload)
                except asyncio.CancelledError:
                    stopping = True
                    await self._say_goodbye(client)
                    raise
        except aiomqtt.MqttError as error:
            if stopping:
                # The library's own farewell failed and took the place of the cancellation.
                raise asyncio.CancelledError from error
            reason = str(error) or type(error).__name__
            # Shut out is who was refused by each password that there is.
            shut_out = _is_shut_out(error) and not self._passwords.refused()
            return LinkChange(online=False, reason=reason, shut_out=shut_out)
        finally:
            one.let_go()
        return LinkChange(online=False, reason="the broker closed the connection")

    def _new_client(self) -> TerminalClient:
        tls = self._address.tls_files()
        client = TerminalClient(
            self._address.host,
            self._address.port,
            username=self._terminal,
            password=self._passwords.offered(),
            identifier=self._terminal,
            protocol=aiomqtt.ProtocolVersion.V311,
            clean_session=True,
            keepalive=self._timing.keepalive_s,
            timeout=self._timing.timeout_s,
            logger=_library_log,
            will=aiomqtt.Will(self._status_topic, self._will(), qos=1, retain=True),
            tls_params=aiomqtt.TLSParameters(
                ca_certs=tls["ca_certs"], certfile=tls["certfile"], keyfile=tls["keyfile"]
            )
            if tls
            else None,
            socket_options=_NODELAY,
        )
        client.pending_calls_threshold = _PENDING_WARNING
        return client

    async def _greet(self, client: aiomqtt.Client) -> None:
        """Subscribe, check that the broker granted it, and only then announce the birth.

        The hub answers a birth at once: whoever announces first can miss the answer.
        """
        wanted = [(any_down(self._terminal), 1), (HUB_STATUS, 1)]
        for granted in await client.subscribe(wanted):
            code = granted if isinstance(granted, int) else granted.value
            if code >= _REFUSED:
                raise aiomqtt.MqttError(f"subscription refused with code {code:#x}")
        await client.publish(self._status_topic, self._birth(), qos=1, retain=True)

    def _deliver(self, topic: str, payload: object) -> None:
        if not isinstance(payload, bytes):
            return
        try:
            self._on_message(topic, payload)
        except Exception:  # noqa: BLE001  # one bad message must not stop the counter
            _log.exception("message on %s could not be handled", topic)

    async def _say_goodbye(self, client: aiomqtt.Client) -> None:
        """Publish the will by hand: an orderly end makes the broker forget it."""
        with contextlib.suppress(aiomqtt.MqttError, TimeoutError):
            async with asyncio.timeout(self._timing.farewell_s):
                await client.publish(self._status_topic, self._will(), qos=1, retain=True)
        self._went_down(LinkChange(online=False, reason="stopped"))

    def _came_up(self, client: aiomqtt.Client) -> None:
        self._connection = _Connection(client, asyncio.get_running_loop().create_future())
        self.online.set()
        self._tell(LinkChange(online=True, reason="connected and subscribed"))

    def _went_down(self, change: LinkChange) -> None:
        if self._connection is not None:
            self._connection.lost.set_result(None)
        self._connection = None
        self.online.clear()
        self._tell(change)

    def _tell(self, change: LinkChange) -> None:
        _log.info("link of %s: %s", self._terminal, change.reason)
        if self._on_change is not None:
            self._on_change(change)


def _is_shut_out(error: aiomqtt.MqttError) -> bool:
    """Tell whether the broker let the terminal not in because of its name or password."""
    code = error.rc if isinstance(error, MqttConnectError) else None
    return getattr(code, "value", code) in _SHUT_OUT


def _give_way() -> None:
    """Make good a cancellation that got lost: before Python 3.12 `wait_for` may swallow one.

    The library waits with it for each answer of the broker, so this happens to a terminal that is
    stopped at the moment an answer comes in.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
