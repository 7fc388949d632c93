"""What every board does alike: time that does not wrap, waking, lines of streams, connections."""

import asyncio
import binascii
import os
import time

_WRAP_MS = 1 << 30


class BaseBoard:
    """A board without its pins. `folder` is where records are, `has_printer` whether there is one.

    A board gives `scanner` and `printer` as streams, or None; a printer "-" is the console, where
    slips are lines `print` and hex for a program there. It gives `join_network`, `show` for lamps
    and buzzer, and `feed_watchdog`.
    """

    folder = ""
    target = "host"
    """What the compiler calls this kind of machine."""
    takes_updates = True
    """Whether what starts this board looks for updates where its records are."""

    def __init__(self) -> None:
        self.scanner: Any = None
        self.printer: Any = None
        self._last_ticks = time.ticks_ms()
        self._mono_ms = 0
        self._events: dict[str, asyncio.Event] = {}
        self._trust: tuple[str, Any] = ("", None)

    @property
    def has_printer(self) -> bool:
        """Tell whether slips have where to go."""
        return self.printer is not None

    def ticks_ms(self) -> int:
        """Give monotonic milliseconds since the start; the chip's own count wraps after days."""
        now = time.ticks_ms()
        self._mono_ms += time.ticks_diff(now, self._last_ticks)
        self._last_ticks = now
        return self._mono_ms

    def free_bytes(self) -> int:
        """Tell how much room the records have."""
        told = os.statvfs(self.folder or "/")
        return told[0] * told[3]

    def wake(self) -> None:
        """Have everybody look again at what is to be done."""
        for event in self._events.values():
            event.set()

    async def sleep(self, most_ms: int, who: str) -> None:
        """Rest until there is something to do; what came since the last rest counts."""
        event = self._events.setdefault(who, asyncio.Event())
        try:
            await asyncio.wait_for(event.wait(), most_ms / 1000)
        except asyncio.TimeoutError:
            pass
        event.clear()

    def say(self, tone: str, text: str) -> None:
        """Tell the person: by lamps and buzzer, and in words where somebody reads them."""
        print(tone, text)
        self.show(tone)

    def show(self, tone: str) -> None:
        """Light a lamp and sound the buzzer; a board without any does nothing."""

    def feed_watchdog(self) -> None:
        """Say that the main loop goes round; a board without a watchdog does nothing."""

    async def join_network(self, settings: "Settings") -> None:
        """Join the network; a board with a cable has it already."""

    async def scanned(self) -> bytes:
        """Give one byte of the scanner; empty at its end."""
        return await self.scanner.read(1)

    async def print(self, chunk: bytes) -> None:
        """Send bytes to the printer."""
        if self.printer == "-":
            print("print", binascii.hexlify(chunk).decode())
            return
        self.printer.write(chunk)
        await self.printer.drain()

    def forget_printer_input(self) -> None:
        """Drop what the printer said before; a stream that cannot tell has nothing."""

    async def printer_reply(self, within_s: int) -> "int | None":
        """Give one byte that the printer says, None where it says nothing.

        Whoever reads the console has all that was printed there.
        """
        if self.printer == "-":
            return 0
        try:
            found = await asyncio.wait_for(self.printer.read(1), within_s)
        except asyncio.TimeoutError:
            return None
        return found[0] if found else None

    def connect(self, settings: "Settings") -> "Awaitable":
        """Open the connection to the broker."""
        return self.open(settings.host, settings.port, settings.ca)

    async def open(self, host: str, port: int, ca: str) -> "tuple":
        """Open a connection; with a file of a certificate authority, by TLS and only to its own."""
        if not ca:
            return await asyncio.open_connection(host, port)
        context = self._trusting(ca)
        return await asyncio.open_connection(host, port, ssl=context, server_hostname=host)

    def _trusting(self, ca: str) -> "Any":
        """Give what trusts an authority alone; made once, while the heap is in large pieces."""
        if self._trust[0] != ca:
            import tls

            context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
            context.verify_mode = tls.CERT_REQUIRED  # type: ignore[attr-defined]
            with open(self.folder + "/" + ca, "rb") as stream:
                context.load_verify_locations(stream.read())
            self._trust = (ca, context)
        return self._trust[1]
