"""A TCP proxy that can be told to fail: cut what runs, refuse what comes, restore."""

import asyncio
import contextlib
import socket
import struct
from types import TracebackType
from typing import Final, Self

CHUNK_BYTES: Final = 16 * 1024
_NO_LINGER: Final = struct.pack("ii", 1, 0)


class Proxy:
    """Listen on a port of its own and pass everything on to `host`:`port`."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._refusing = False
        self.port = 0
        self.cuts = 0

    async def __aenter__(self) -> Self:
        """Start to listen; `port` says where."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
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
        self._drop()
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
        return self._refusing

    def cut(self) -> None:
        """Drop every connection without a goodbye and refuse new ones until `restore`."""
        self._refusing = True
        self.cuts += 1
        self._drop()

    def restore(self) -> None:
        """Take new connections again."""
        self._refusing = False

    def _drop(self) -> None:
        for writer in self._open:
            _reset(writer)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # the server calls this in a task
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        if self._refusing:
            _reset(writer)
            return
        try:
            there, back = await asyncio.open_connection(*self._target)
        except OSError:
            _reset(writer)
            return
        if self._refusing:  # cut while the other side was being reached
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
            await asyncio.gather(self._pump(near[0], far[1]), self._pump(far[0], near[1]))
        finally:
            self._open -= writers
            for writer in writers:
                writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one way on; the end of it is passed on too."""
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                writer.write(chunk)
                await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            if writer.can_write_eof():
                writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a pulled cable does to its far end: with a reset, not a goodbye."""
    transport = writer.transport
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
