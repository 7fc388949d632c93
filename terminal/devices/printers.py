"""ESC/POS printers over TCP and serial lines: bytes out in pieces, and what became of them.

Sources: Epson ESC/POS command reference, DLE EOT (real-time status) and GS r (status in order).
A GS r reply comes only when everything sent before it has been printed; DLE EOT is answered at
once, also while the printer waits for paper.
"""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from terminal.core.ports import NotSentError, PrinterStatus
from terminal.devices.profiles import PROFILES, Profile
from terminal.devices.serial_line import open_line

_CHUNK: Final = 1024
_GS_R: Final = b"\x1dr\x01"
_DLE_EOT: Final = b"\x10\x04"
_STATUS_PRINTER: Final = 1
_STATUS_OFFLINE_CAUSE: Final = 2
_STATUS_PAPER: Final = 4
# Fixed bits tell the replies apart: 0xx1xx10 is real-time, 0xx0xxxx is in order.
_REALTIME_MASK: Final = 0x93
_REALTIME_BITS: Final = 0x12
_ORDERED_MASK: Final = 0x90
_COVER_OPEN: Final = 0x04
_PAPER_STOP: Final = 0x20
_PAPER_END: Final = 0x60
_OFFLINE: Final = 0x08


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, for a printer to take a piece, for each kind of reply."""

    connect_s: float = 3.0
    piece_s: float = 60.0
    printed_s: float = 3.0
    status_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Cable:
    """An open connection, both ways."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


Connect = Callable[[], Awaitable[Cable]]


class EscposPrinter:
    """The `Printer` port over any cable.

    Over the network each job has a connection of its own, kept until the job is on paper: others
    may want to print too. A serial line is `lasting`: opening it anew resets some printers.
    """

    def __init__(
        self,
        connect: Connect,
        profile: Profile,
        *,
        lasting: bool = False,
        patience: Patience | None = None,
    ) -> None:
        self._connect = connect
        self._profile = profile
        self._lasting = lasting
        self._patience = patience or Patience()
        self._cable: Cable | None = None
        self._asked = False
        self._printed = False

    async def send(self, job: bytes) -> None:
        """Hand over one whole job."""
        self._release()
        try:
            cable = await self._open()
        except OSError as error:
            raise NotSentError(str(error) or type(error).__name__) from error
        await self._drop_stale(cable)
        self._asked = self._printed = False
        for start in range(0, len(job), _CHUNK):
            cable.writer.write(job[start : start + _CHUNK])
            async with asyncio.timeout(self._patience.piece_s):
                await cable.writer.drain()

    async def barrier(self) -> bool:
        """Ask whether the job is on paper."""
        match self._profile.status:
            case "ordered":
                printed = await self._ordered()
            case "realtime":
                # The nearest such a printer can come: it took all of it and complains of nothing.
                printed = await self.status() == "ready"
            case "none":
                printed = True
        if printed:
            self._release()
        return printed

    async def status(self) -> PrinterStatus:
        """Ask what is the matter; over a connection of its own where no job holds one."""
        if self._profile.status == "none":
            return "unknown"
        borrowed = self._cable is not None
        try:
            await self._open()
            return await self._asked_status()
        except OSError:
            return "offline"
        finally:
            if not borrowed:
                self._release()

    async def aclose(self) -> None:
        """Let the printer go; what was sent still goes out, as far as the printer takes it soon."""
        cable, self._cable = self._cable, None
        if cable is None:
            return
        cable.writer.close()
        try:
            async with asyncio.timeout(self._patience.status_s):
                await cable.writer.wait_closed()
        except OSError:  # a printer that takes no more in that time, or that is gone
            cable.writer.transport.abort()

    async def _asked_status(self) -> PrinterStatus:
        cause = await self._realtime(_STATUS_OFFLINE_CAUSE)
        paper = await self._realtime(_STATUS_PAPER)
        if cause & _COVER_OPEN:
            return "cover_open"
        if cause & _PAPER_STOP or paper & _PAPER_END:
            return "paper_out"
        return "offline" if await self._realtime(_STATUS_PRINTER) & _OFFLINE else "ready"

    async def _ordered(self) -> bool:
        cable = self._cable
        if cable is None:
            raise ConnectionResetError("the connection to the printer was lost")
        if not self._asked:
            cable.writer.write(_GS_R)
            self._asked = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience.printed_s):
                while not self._printed:
                    self._note(await self._byte(cable))
        return self._printed

    async def _realtime(self, kind: int) -> int:
        cable = await self._open()
        cable.writer.write(_DLE_EOT + bytes([kind]))
        async with asyncio.timeout(self._patience.status_s):
            while True:
                byte = await self._byte(cable)
                if byte & _REALTIME_MASK == _REALTIME_BITS:
                    return byte
                self._note(byte)

    def _note(self, byte: int) -> None:
        """Keep the reply in order, whenever it comes."""
        if self._asked and byte & _ORDERED_MASK == 0:
            self._printed = True

    async def _byte(self, cable: Cable) -> int:
        received = await cable.reader.read(1)
        if not received:
            self._hang_up()
            raise ConnectionResetError("the printer closed the connection")
        return received[0]

    async def _drop_stale(self, cable: Cable) -> None:
        """Forget replies to an earlier job: one of them would call this job printed."""
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0):
                    if not await cable.reader.read(_CHUNK):
                        return

    async def _open(self) -> Cable:
        if self._cable is None:
            async with asyncio.timeout(self._patience.connect_s):
                self._cable = await self._connect()
        return self._cable

    def _release(self) -> None:
        """Let others have the printer."""
        if not self._lasting:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._cable is not None:
            self._cable.writer.close()
        self._cable = None


class NoPrinter:
    """No printer: slips stay in the spool, and nothing is said about them."""

    async def send(self, job: bytes) -> None:
        """Refuse."""
        raise NotSentError(f"no printer is configured for a slip of {len(job)} bytes")

    async def barrier(self) -> bool:
        """Nothing was sent."""
        return False

    async def status(self) -> PrinterStatus:
        """There is none."""
        return "none"

    async def aclose(self) -> None:
        """There is none to let go."""


def tcp_printer(
    host: str, port: int, profile: str, *, patience: Patience | None = None
) -> EscposPrinter:
    """Drive a printer in the network, usually on port 9100."""

    async def connect() -> Cable:
        return Cable(*await asyncio.open_connection(host, port))

    return EscposPrinter(connect, PROFILES[profile], patience=patience)


def serial_printer(
    path: str, baud: int, profile: str, *, patience: Patience | None = None
) -> EscposPrinter:
    """Drive a printer on a serial line."""

    async def connect() -> Cable:
        return await _serial_cable(path, baud)

    return EscposPrinter(connect, PROFILES[profile], lasting=True, patience=patience)


async def _serial_cable(path: str, baud: int) -> Cable:
    """Make streams of a serial line; each direction needs its own handle to close."""
    loop = asyncio.get_running_loop()
    incoming = open_line(path, baud)
    outgoing = os.dup(incoming)
    reader = asyncio.StreamReader()
    reading, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(incoming, "rb", buffering=0)
    )
    writing, flow = await loop.connect_write_pipe(
        lambda: _Flow(reading), os.fdopen(outgoing, "wb", buffering=0)
    )
    return Cable(reader, asyncio.StreamWriter(writing, flow, reader, loop))


class _Flow(asyncio.streams.FlowControlMixin):
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
