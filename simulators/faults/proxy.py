"""A TCP proxy that can be told to fail: slow, silent, torn, cut, refused; and put right again."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from simulators.faults.frames import is_numbered_publish, take_packets

CHUNK_BYTES: Final = 16 * 1024
_NO_LINGER: Final = struct.pack("ii", 1, 0)
_LOOK_S: Final = 0.05


@dataclass(slots=True)
class Weather:
    """What a line is like now; each word may change while connections run.

    `delay_s` is what each piece waits, `bytes_per_s` how much passes (0: without a bound).
    `silent` holds everything back, `refusing` takes no new connection. With `tearing` a connection
    ends in the middle of what it sends next. `doubling` and `shuffling` send MQTT messages of
    QoS 1 twice, or one place later than they were written.
    """

    delay_s: float = 0.0
    bytes_per_s: int = 0
    silent: bool = False
    refusing: bool = False
    tearing: bool = False
    doubling: bool = False
    shuffling: bool = False


class Proxy:
    """Listen on a port of its own and pass everything on to `host`:`port`.

    A proxy of MQTT passes whole packets towards the broker, so that it can double and shuffle them.
    """

    def __init__(self, host: str, port: int, *, mqtt: bool = False) -> None:
        self._target = (host, port)
        self._mqtt = mqtt
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._running: set[asyncio.Task[None]] = set()
        self.weather = Weather()
        self.watchers: list[Callable[[bytes], None]] = []
        """Each is shown every MQTT packet, of both ways, on the proxy's loop."""
        self.port = 0
        self.cuts = 0

    async def __aenter__(self) -> Self:
        """Start to listen; `port` says where."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1024)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening and drop every connection."""
        assert self._server is not None  # noqa: S101  # entered before it is left
        self._server.close()
        self.drop()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    @property
    def connections(self) -> int:
        """Count the connections that are passed on now."""
        return len(self._open) // 2

    @property
    def is_cut(self) -> bool:
        """Tell whether it refuses."""
        return self.weather.refusing

    def cut(self) -> None:
        """Drop every connection without a goodbye and refuse new ones until `restore`."""
        self.weather.refusing = True
        self.cuts += 1
        self.drop()

    def restore(self) -> None:
        """Take new connections again."""
        self.weather.refusing = False

    def drop(self) -> None:
        """Drop every connection without a goodbye; new ones are taken as before."""
        for writer in self._open:
            _reset(writer)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # the server calls this in a task
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        if self.weather.refusing:
            _reset(writer)
            return
        try:
            there, back = await asyncio.open_connection(*self._target)
        except OSError:
            _reset(writer)
            return
        if self.weather.refusing:  # cut while the other side was being reached
            _reset(writer)
            _reset(back)
            return
        await self._carry((reader, writer), (there, back))

    async def _carry(
        self,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        """Pass bytes both ways until either end is gone."""
        writers = {near[1], far[1]}
        for writer in writers:
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open |= writers
        try:
            await asyncio.gather(
                self._pump(near[0], far[1], up=True),
                self._pump(far[0], near[1], up=False),
            )
        finally:
            self._open -= writers
            for writer in writers:
                writer.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool
    ) -> None:
        """Pass one way on; the end of it is passed on too."""
        waiting = bytearray()
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                await self._hold(len(chunk))
                if self.weather.tearing:
                    writer.write(chunk[: len(chunk) // 2])
                    await writer.drain()
                    _reset(writer)
                    return
                waiting += chunk if self._mqtt else b""
                packets = list(take_packets(waiting))
                for watcher in self.watchers:
                    for packet in packets:
                        watcher(packet)
                if self._mqtt and up:
                    writer.writelines(self._disturb(packets))
                else:
                    writer.write(chunk)
                await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            if writer.can_write_eof():
                writer.write_eof()

    async def _hold(self, size: int) -> None:
        """Keep a piece for as long as the line's weather keeps it."""
        weather = self.weather
        pause_s = weather.delay_s
        if weather.bytes_per_s:
            pause_s += size / weather.bytes_per_s
        if pause_s:
            await asyncio.sleep(pause_s)
        while weather.silent:  # noqa: ASYNC110  # a word of the weather changes from any thread
            await asyncio.sleep(_LOOK_S)

    def _disturb(self, packets: Iterable[bytes]) -> list[bytes]:
        """Send messages twice or one place later, as the weather is."""
        passed: list[bytes] = []
        late: bytes | None = None
        for packet in packets:
            loose = is_numbered_publish(packet)
            if self.weather.shuffling and loose and late is None:
                late = packet
                continue
            passed += [packet, packet] if self.weather.doubling and loose else [packet]
            if late is not None:
                passed.append(late)
                late = None
        return passed if late is None else [*passed, late]


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a pulled cable does to its far end: with a reset, not a goodbye."""
    transport = writer.transport
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
