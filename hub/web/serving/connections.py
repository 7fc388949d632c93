"""The connections of the pages' server: so many at most, and none that says nothing."""

import asyncio
import resource
from collections import OrderedDict
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

WHOLE_REQUEST_S: Final = 10.0
"""How long a connection may take for one whole request, head and body."""
MOST_CONNECTIONS: Final = 1_000
MOST_HEAD_BYTES: Final = 16 * 1024


class Doorkeeper:
    """Counts the connections of one server; used on its event loop alone.

    A connection that has not brought a whole request yet waits at the door. Where all places are
    taken, the one that has waited longest makes room for the next: so whoever asks at once gets in,
    however many hold connections and say nothing.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: OrderedDict[GuardedConnection, None] = OrderedDict()

    def make_room(self, connections: int) -> bool:
        """Say whether one more may come in, beside so many that are there."""
        if connections < self._most:
            return True
        if not self._waiting:
            return False
        longest, _ = self._waiting.popitem(last=False)
        longest.turn_out()
        return True

    def wait(self, connection: "GuardedConnection") -> None:
        """Note that a connection has yet to bring a whole request."""
        self._waiting[connection] = None

    def let_in(self, connection: "GuardedConnection") -> None:
        """Note that a connection has brought one, or is gone."""
        self._waiting.pop(connection, None)


class GuardedConnection(H11Protocol):
    """One connection; it is turned out where its request is not whole after ten seconds."""

    doorkeeper: Doorkeeper

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or close it at once where there is no room."""
        if not self.doorkeeper.make_room(len(self.connections)):
            transport.abort()
        super().connection_made(transport)
        self._patience: asyncio.TimerHandle | None = None
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; a new request on a kept connection has its ten seconds too."""
        self._wait_for_request()
        super().data_received(data)

    def handle_events(self) -> None:
        """Deal with what is whole of the request."""
        super().handle_events()
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            self._stop_waiting()

    def turn_out(self) -> None:
        """Close the connection without a word."""
        self._stop_waiting()
        self.connections.discard(self)
        self.transport.abort()

    def _wait_for_request(self) -> None:
        if self._patience is None and self.conn.their_state in {h11.IDLE, h11.SEND_BODY}:
            self._patience = self.loop.call_later(WHOLE_REQUEST_S, self.turn_out)
            self.doorkeeper.wait(self)

    def _stop_waiting(self) -> None:
        self.doorkeeper.let_in(self)
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def guarded_connections() -> type[GuardedConnection]:
    """Make the connections' class of one server, with a doorkeeper of its own."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    keeper = Doorkeeper(min(MOST_CONNECTIONS, max(1, soft // 2)))
    attributes: dict[str, Any] = {"doorkeeper": keeper}
    return type("Connection", (GuardedConnection,), attributes)
