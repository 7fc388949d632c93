"""amqtt in this process, on a thread of its own: for trying out where Mosquitto is missing."""

import asyncio
import importlib.metadata
import logging
import os
import threading
from pathlib import Path
from typing import Final

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig
from amqtt.session import Session

from broker.contract.address import BrokerAddress
from broker.contract.codec import MAX_PACKET_BYTES
from broker.embedded.credentials import Credentials
from broker.embedded.running import BrokerStartError

_LISTENER: Final = "default"
_START_S: Final = 10.0
_STOP_S: Final = 10.0


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
            _LimitedReader(reader), StreamWriterAdapter(writer), _LISTENER
        )

    async def _throw_strangers_out(self) -> None:
        if self._broker is None:
            return
        users = self._credentials.read()
        for session, handler in list(self._broker.sessions.values()):
            if session.username not in users:
                await handler.handle_connection_closed()


class _LimitedReader(StreamReaderAdapter):  # type: ignore[misc]  # untyped library
    """Close a connection that announces a larger packet than any of ours."""

    async def read(self, n: int = -1) -> bytes:
        if n > MAX_PACKET_BYTES:
            raise ConnectionAbortedError(f"a packet of {n} bytes")
        return bytes(await super().read(n))


class _Broker(Broker):  # type: ignore[misc]  # untyped library
    """amqtt 0.12 without its leak of retained messages.

    To each client that connects it sends the retained messages of *everybody's* subscriptions,
    past the topic filter: a terminal would get the status of every other one.
    """

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
