"""amqtt in this process, on a thread of its own: for trying out where Mosquitto is missing."""

import asyncio
import importlib.metadata
import logging
import os
import threading
import time
from pathlib import Path
from typing import Final

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig
from amqtt.errors import MQTTError
from amqtt.mqtt.connack import NOT_AUTHORIZED, ConnackPacket
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.session import Session

from broker.contract.access import is_hub
from broker.contract.address import BrokerAddress
from broker.contract.codec import MAX_PACKET_BYTES
from broker.embedded.credentials import Credentials
from broker.embedded.running import BrokerStartError

_LISTENER: Final = "default"
_START_S: Final = 10.0
_STOP_S: Final = 10.0
_CONNECT_S: Final = 10.0
_MOST_UNREAD_BYTES: Final = 8 * 2**20
_READS_AT_ONCE: Final = 8_000
_READS_PER_S: Final = 2_000
"""A packet takes about three. The hub is not paced."""


class Amqtt:
    """A running amqtt; see RunningBroker."""

    kind: Final = "amqtt"

    def __init__(self, folder: Path, address: BrokerAddress) -> None:
        self.address = address
        self._credentials = Credentials(folder)
        self._loop = asyncio.new_event_loop()
        self._broker: _Broker | None = None
        self._server: asyncio.Server | None = None
        self._failure: Exception | None = None
        self._ready = threading.Event()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._main, name="amqtt", daemon=True)

    @property
    def pid(self) -> int:
        """Name this process: amqtt has none of its own."""
        return os.getpid()

    def start(self) -> None:
        """Start the thread and wait until it listens."""
        # Every connection and every lost one would be a line or a trace back.
        for chatty in ("amqtt", "transitions"):
            logging.getLogger(chatty).setLevel(logging.ERROR)
        self._thread.start()
        self._ready.wait(_START_S)
        if self._failure is not None:
            raise BrokerStartError(f"amqtt did not start: {self._failure}")

    def describe(self) -> str:
        """Name it with its version, for people."""
        return f"amqtt {importlib.metadata.version('amqtt')}"

    def reload(self) -> None:
        """Throw removed users out; new ones are known as soon as they are in the file."""
        asyncio.run_coroutine_threadsafe(self._throw_strangers_out(), self._loop).result(_STOP_S)

    def alive(self) -> bool:
        """Tell whether its thread still runs."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(_STOP_S)

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except Exception as error:  # noqa: BLE001  # told to the thread that waits for the start
            self._failure = error
        finally:
            self._ready.set()
            self._loop.close()

    async def _serve(self) -> None:
        self._broker = _Broker(_config(self._credentials.path.parent))
        await self._broker.start()
        self._server = await asyncio.start_server(
            self._connected, self.address.host, self.address.port
        )
        self._ready.set()
        await self._stopping.wait()
        self._server.close()
        await self._broker.shutdown()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._broker is None:
            return
        await self._broker.external_connected(
            _LimitedReader(reader), _LimitedWriter(writer), _LISTENER
        )

    async def _throw_strangers_out(self) -> None:
        if self._broker is None:
            return
        users = self._credentials.read()
        for session, handler in list(self._broker.sessions.values()):
            if session.username not in users:
                await handler.handle_connection_closed()


class _LimitedReader(StreamReaderAdapter):  # type: ignore[misc]  # untyped library
    """Close a connection that announces a larger packet than any of ours; slow a flood down.

    A reader that is not read from makes its sender wait: so the others' packets are not behind it.
    """

    def __init__(self, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self.is_paced = True
        self._left = float(_READS_AT_ONCE)
        self._counted_at = time.monotonic()

    async def read(self, n: int = -1) -> bytes:
        if n > MAX_PACKET_BYTES:
            raise ConnectionAbortedError(f"a packet of {n} bytes")
        if self.is_paced:
            await self._wait_for_turn()
        return bytes(await super().read(n))

    async def _wait_for_turn(self) -> None:
        """Wait as long as this connection has read more than its rate."""
        now = time.monotonic()
        earned = (now - self._counted_at) * _READS_PER_S
        self._left = min(_READS_AT_ONCE, self._left + earned) - 1
        self._counted_at = now
        if self._left < 0:
            await asyncio.sleep(-self._left / _READS_PER_S)


class _LimitedWriter(StreamWriterAdapter):  # type: ignore[misc]  # untyped library
    """Cut the connection of a client that does not read: what waits for it is in our memory."""

    def write(self, data: bytes) -> None:
        transport = self._writer.transport
        if transport.get_write_buffer_size() > _MOST_UNREAD_BYTES:
            transport.abort()
            return
        super().write(data)


class _Broker(Broker):  # type: ignore[misc]  # untyped library
    """amqtt 0.12 without its leak of retained messages, and with sessions that are their user's.

    To each client that connects it sends the retained messages of *everybody's* subscriptions,
    past the topic filter: a terminal would get the status of every other one. And it ends the
    session of a client id before it asks for the password of whoever claims it.
    """

    async def _initialize_client_session(
        self, reader: _LimitedReader, writer: _LimitedWriter, *peer: object
    ) -> tuple[BrokerProtocolHandler, Session]:
        """Let a client in; its session bears its user's name, whatever id it claims."""
        try:
            async with asyncio.timeout(_CONNECT_S):
                handler, session = await BrokerProtocolHandler.init_from_connect(
                    reader, writer, self.plugins_manager
                )
        except (MQTTError, TimeoutError) as error:
            await writer.close()
            raise MQTTError(f"no CONNECT from {peer}") from error
        if not await self._authenticate(session, self.listeners_config[_LISTENER]):
            await ConnackPacket.build(0, NOT_AUTHORIZED).to_stream(writer)
            await writer.close()
            raise MQTTError(f"{peer} may not connect")
        session.client_id, session.clean_session, session.parent = session.username, True, 0
        reader.is_paced = not is_hub(session.username)
        await self._end_older_session(session.client_id)
        return handler, session

    async def _end_older_session(self, client_id: str) -> None:
        """End the connection that its own user had before."""
        _, handler = self._sessions.get(client_id, (None, None))
        if handler is not None:
            await handler.handle_connection_closed()
        await self._delete_session(client_id)

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        holders = self.subscriptions.get(subscription[0], ())
        if any(holder.client_id == session.client_id for holder, _ in holders):
            await super()._publish_retained_messages_for_subscription(subscription, session)


def _config(folder: Path) -> BrokerConfig:
    return BrokerConfig.from_dict(
        {
            "listeners": {_LISTENER: {"type": "external"}},
            "plugins": {
                "broker.embedded.amqtt_access.OrderwireAccess": {"folder": str(folder)},
            },
        }
    )
