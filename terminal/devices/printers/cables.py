"""Cables to printers: a network connection, a serial line with its flow control, a USB device."""

import asyncio
import errno
import fcntl
import os
import select
import struct
import termios
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

from terminal.devices.serial_line import Flow, open_line

_BITS_A_BYTE: Final = 10  # start bit, eight bits, stop bit
_LOOK_AGAIN_S: Final = 0.02
_READ: Final = 1024

Held = Literal["cable", "nothing"]


@dataclass(frozen=True, slots=True)
class Cable:
    """An open connection, both ways.

    `held_by` tells what stops the sender where the printer's buffer is full: the cable itself, or
    nothing at all. `baud` is a serial line's speed. `may_send` is asked before each write.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    held_by: Held = "cable"
    baud: int | None = None
    may_send: Callable[[], bool] = lambda: True

    @property
    def is_lost(self) -> bool:
        """Tell whether the other end is gone."""
        gone = self.reader.exception() is not None or self.reader.at_eof()
        return gone or self.writer.is_closing()

    def wire_s(self, count: int) -> float:
        """Give the seconds that `count` bytes take."""
        return count * _BITS_A_BYTE / self.baud if self.baud else 0.0

    async def write(self, piece: bytes) -> None:
        """Hand a piece to the line, which may hold it back for as long as the printer wishes."""
        while not self.may_send():  # noqa: ASYNC110  # a wire has no event
            await asyncio.sleep(_LOOK_AGAIN_S)
        self.writer.write(piece)
        await self.writer.drain()

    async def finish(self) -> None:
        """Close once everything has gone out.

        A connection that is closed while answers still come would be reset, and what the printer
        had not read yet would be lost: so the printer is told the end, and closes.
        """
        if self.writer.can_write_eof():
            self.writer.write_eof()
            while await self.reader.read(_READ):
                continue
        self.writer.close()
        await self.writer.wait_closed()


Connect = Callable[[], Awaitable[Cable]]


async def tcp_cable(host: str, port: int) -> Cable:
    """Connect to a printer in the network."""
    return Cable(*await asyncio.open_connection(host, port))


async def serial_cable(path: str, baud: int, flow: Flow) -> Cable:
    """Open a serial line."""
    reader, writer, outgoing = await _streams(open_line(path, baud, flow))
    return Cable(
        reader,
        writer,
        held_by="nothing" if flow == "none" else "cable",
        baud=baud,
        may_send=(lambda: data_set_is_ready(outgoing)) if flow == "dsrdtr" else lambda: True,
    )


async def usb_cable(path: str) -> Cable:
    """Open a printer that the system drives as a file, `/dev/usb/lp0`; it takes what it can.

    One that is unplugged has no file, and comes back under the same name. Raises OSError, also for
    what is a file and no device.
    """
    handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    if not _can_wait_on(handle):
        os.close(handle)
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), path)
    reader, writer, _ = await _streams(handle)
    return Cable(reader, writer)


def _can_wait_on(handle: int) -> bool:
    """Tell whether the system says when a handle takes or has more, as of no file on a disk."""
    with select.epoll() as poll:
        try:
            poll.register(handle, select.EPOLLIN)
        except PermissionError:
            return False
    return True


async def _streams(incoming: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, int]:
    """Make streams of an open device; each direction needs its own handle to close."""
    loop = asyncio.get_running_loop()
    outgoing = os.dup(incoming)
    reader = asyncio.StreamReader()
    reading, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(incoming, "rb", buffering=0)
    )
    writing, protocol = await loop.connect_write_pipe(
        lambda: _Writing(reading), os.fdopen(outgoing, "wb", buffering=0)
    )
    writing.set_write_buffer_limits(high=0)  # else what the line holds back would pile up here
    return reader, asyncio.StreamWriter(writing, protocol, reader, loop), outgoing


def data_set_is_ready(handle: int) -> bool:
    """Ask the line DSR, which no driver of the system watches: printers drop it when full."""
    bits = fcntl.ioctl(handle, termios.TIOCMGET, struct.pack("I", 0))
    return bool(struct.unpack("I", bits)[0] & termios.TIOCM_DSR)


class _Writing(asyncio.streams.FlowControlMixin):
    """Holds the writer back while the line is slow; closing it closes the reading side too."""

    def __init__(self, reading: asyncio.ReadTransport) -> None:
        super().__init__()
        self._reading = reading
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, exc: Exception | None) -> None:
        """Close both sides."""
        super().connection_lost(exc)
        self._reading.close()
        if not self._closed.done():
            self._closed.set_result(None)

    def _get_close_waiter(self, _stream: asyncio.StreamWriter) -> asyncio.Future[None]:
        return self._closed
