"""Scanners: on a line, as a keyboard or in the network, gone at any time; and standard input."""

import asyncio
import contextlib
import logging
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

from terminal.core.codes import typed
from terminal.core.text import plain
from terminal.devices.scanners.input_devices import grab
from terminal.devices.scanners.keyboard import KeyReader
from terminal.devices.scanners.lines import BlankPeriod, Symbol, SymbolCutter
from terminal.devices.serial_line import open_line

_log = logging.getLogger(__name__)
_RETRY_S: Final = 1.0
_CHUNK: Final = 4096


class DeviceScanner(ABC):
    """A scanner on a device file or a connection, which may be gone and come back.

    Whatever it read before the terminal was there is dropped: a code scanned an hour ago must not
    land in the next order.
    """

    def __init__(self, path: str, *, blank: BlankPeriod | None = None) -> None:
        self._path = path
        self._codes: asyncio.Queue[Symbol] = asyncio.Queue()
        self._cutter = SymbolCutter()
        self._blank = blank or BlankPeriod()
        self._ending: asyncio.TimerHandle | None = None
        self._lost = asyncio.Event()
        self._handle: int | None = None
        self._trouble = ""

    async def read(self) -> str:
        """Give the next code; a scanner that is gone is looked for until it is back."""
        return (await self.read_symbol()).code

    async def read_symbol(self) -> Symbol:
        """Give the next code with what ended it, as `read` does."""
        while self._codes.empty():
            if self._handle is None and not await self._open():
                await asyncio.sleep(_RETRY_S)
                continue
            came = asyncio.ensure_future(self._codes.get())
            lost = asyncio.ensure_future(self._lost.wait())
            try:
                await asyncio.wait((came, lost), return_when=asyncio.FIRST_COMPLETED)
                if came.done() and not came.cancelled():
                    return came.result()
            finally:
                came.cancel()
                lost.cancel()
        return self._codes.get_nowait()

    @abstractmethod
    async def open_device(self) -> int:
        """Open the device; gives its handle, which never blocks. Raises OSError."""

    @abstractmethod
    def read_bytes(self, received: bytes) -> bytes:
        """Give what the scanner sent, of what came from the device."""

    def close(self) -> None:
        """Let go of the line."""
        if self._handle is None:
            return
        if self._ending is not None:
            self._ending.cancel()
        asyncio.get_running_loop().remove_reader(self._handle)
        with contextlib.suppress(OSError):
            os.close(self._handle)
        self._handle = None

    async def _open(self) -> bool:
        try:
            self._handle = await self.open_device()
        except OSError as error:
            if str(error) != self._trouble:
                _log.warning("no scanner %s: %s", self._path, plain(error))
            self._trouble = str(error)
            return False
        self._trouble = ""
        _log.info("scanner on %s", self._path)
        self._cutter = SymbolCutter()
        self._lost.clear()
        asyncio.get_running_loop().add_reader(self._handle, self._take)
        return True

    def _take(self) -> None:
        if self._handle is None:
            return
        try:
            received = os.read(self._handle, _CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            received = b""
            _log.warning("scanner %s lost: %s", self._path, error)
        if not received:
            self.close()
            self._lost.set()
            return
        sent = self.read_bytes(received)
        if sent:
            self._pass_on(self._cutter.feed(sent, asyncio.get_running_loop().time()))
            self._wait_for_end()

    def _wait_for_end(self) -> None:
        """Look again when the code that has begun will be at its end."""
        if self._ending is not None:
            self._ending.cancel()
        if (ends_s := self._cutter.ends_s) is not None:
            self._ending = asyncio.get_running_loop().call_at(ends_s, self._end)

    def _end(self) -> None:
        # The timer may come a moment early, by the clock's resolution: the code is at its end.
        ends_s = self._cutter.ends_s or 0.0
        self._pass_on(self._cutter.ended(max(ends_s, asyncio.get_running_loop().time())))

    def _pass_on(self, symbols: list[Symbol]) -> None:
        for symbol in symbols:
            if self._blank.lets_through(symbol):
                self._codes.put_nowait(symbol)
            else:
                _log.info("one symbol read twice")  # not which: it may be a PIN


class SerialScanner(DeviceScanner):
    """A scanner in serial (CDC) mode: the one that keeps GS1 separators intact by itself."""

    def __init__(self, path: str, baud: int = 9600, *, blank: BlankPeriod | None = None) -> None:
        super().__init__(path, blank=blank)
        self._baud = baud

    async def open_device(self) -> int:
        """Open the line."""
        return open_line(self._path, self._baud)

    def read_bytes(self, received: bytes) -> bytes:
        """Give them as they are."""
        return received

    def ring(self, times: int) -> None:
        """Have the scanner beep: most take BEL for that, and the person is holding it."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.write(self._handle, b"\a" * times)


class KeyboardScanner(DeviceScanner):
    """A scanner in keyboard (HID) mode, as the cheapest are: read past the desktop and its layout.

    `choose` gives the device file, at each opening anew: another place at the hub of the cables is
    another file. It is grabbed, so that what is scanned reaches nobody else.
    """

    def __init__(
        self,
        choose: Callable[[], str],
        layout: str = "us",
        *,
        grab: Callable[[int], None] = grab,
        blank: BlankPeriod | None = None,
    ) -> None:
        super().__init__("as a keyboard", blank=blank)
        self._choose = choose
        self._layout = layout
        self._grab = grab
        self._keys = KeyReader(layout)

    async def open_device(self) -> int:
        """Open it and have it alone."""
        path = self._choose()
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except PermissionError as error:
            raise PermissionError(f"{path} may not be read: be of the group input") from error
        try:
            self._grab(handle)
        except OSError:
            os.close(handle)
            raise
        self._keys = KeyReader(self._layout)
        return handle

    def read_bytes(self, received: bytes) -> bytes:
        """Read events as what was typed."""
        return self._keys.feed(received)


class StdinScanner:
    """Codes typed or piped in, one a line; commands may miss their prefix."""

    def __init__(self) -> None:
        self._reader: asyncio.StreamReader | None = None

    async def read(self) -> str:
        """Give the next line; raises EOFError after the last."""
        if self._reader is None:
            self._reader = await _stdin()
        line = await self._reader.readline()
        if not line:
            raise EOFError
        return typed(line.decode("utf-8", "replace"))


class NoScanner:
    """No scanner: codes come over the page only."""

    async def read(self) -> str:
        """Wait for ever."""
        await asyncio.Event().wait()
        raise EOFError


async def _stdin() -> asyncio.StreamReader:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    try:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    except (ValueError, OSError):
        # A plain file cannot be waited for, and need not be: all of it is there.
        reader.feed_data(await asyncio.to_thread(sys.stdin.buffer.read))
        reader.feed_eof()
    return reader
