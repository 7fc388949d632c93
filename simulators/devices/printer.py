"""A receipt printer at the end of a TCP connection or a serial line."""

import os
import select
import socket
import termios
import threading
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from simulators.devices.mechanism import Fault, Mechanism, Sender
from simulators.devices.paper import Cut, Outcome, Paper, Slip
from simulators.devices.profile import SERIAL, UNPACED, Pace, PrinterProfile

_CHUNK: Final = 4096
_WIRE_SLICE_S: Final = 0.01
"""On a slow line bytes are read in portions of about this long."""


@dataclass(frozen=True, slots=True)
class Printed:
    """Something happened on the paper."""

    slip: int
    """The slip it happened on."""
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class FaultsChanged:
    """Something broke or was repaired."""

    faults: frozenset[Fault]


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes came in, as they were read from the cable."""

    stream: bytes


Event: TypeAlias = Printed | FaultsChanged | Received
Listener: TypeAlias = Callable[[Event], None]


class _Cable:
    """A file descriptor with a sender behind it."""

    def __init__(self, fd: int, close: Callable[[], None]) -> None:
        self.fd = fd
        self.close = close
        self.sender = Sender()
        self.free_at = 0.0
        """When the line has carried what was read last."""


class SimulatedPrinter:
    """Prints what it receives, in its own thread, at the pace of paper; faults switch live.

    Use `on_tcp` or `on_pty`, then `with printer:` or `start` and `stop`. Any method may be called
    from any thread. Several TCP connections at once are served, as many network printers do;
    their commands print in the order of arrival.
    """

    def __init__(self, profile: PrinterProfile, pace: Pace) -> None:
        self._pace = pace
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._slip_number = 1
        self._mechanism = Mechanism(profile, pace, self._on_outcome)
        self._listeners: list[Listener] = []
        self._cables: list[_Cable] = []
        self._door: socket.socket | None = None
        self._wake, self._woken = socket.socketpair()
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="simulated-printer", daemon=True)
        self.address: tuple[str, int] | None = None
        """Host and port of a printer on TCP."""
        self.path: str | None = None
        """Device file of a printer on a serial line."""

    @classmethod
    def on_tcp(
        cls,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        profile: PrinterProfile | None = None,
        pace: Pace = UNPACED,
    ) -> Self:
        """Make a network printer; port 0 takes a free one, see `address`."""
        profile = profile or PrinterProfile()
        printer = cls(profile, pace)
        door = socket.create_server((host, port))
        # Else the kernel would buffer megabytes that no printer holds.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, profile.buffer_bytes)
        door.setblocking(False)
        printer._door = door
        printer.address = (host, door.getsockname()[1])
        return printer

    @classmethod
    def on_pty(cls, *, profile: PrinterProfile | None = None, pace: Pace = SERIAL) -> Self:
        """Make a serial printer behind a pseudo terminal, see `path`."""
        printer = cls(profile or PrinterProfile(), pace)
        fd, far_end = os.openpty()
        tty.setraw(far_end)
        os.set_blocking(fd, False)
        printer.path = os.ttyname(far_end)

        # The far end stays open, so that the program under test may close and open its own.
        def close() -> None:
            os.close(fd)
            os.close(far_end)

        printer._cables.append(_Cable(fd, close))
        return printer

    def start(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Unplug the printer: connections end; the paper stays readable."""
        self._stopping = True
        self._nudge()
        if self._thread.is_alive():
            self._thread.join()
        for cable in self._cables:
            cable.close()
        self._cables.clear()
        for end in (self._door, self._wake, self._woken):
            if end is not None:
                end.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def paper(self) -> Paper:
        """Give the roll with everything printed so far."""
        return self._mechanism.paper

    def slips(self) -> tuple[Slip, ...]:
        """Give all slips that were cut or torn off, oldest first."""
        return self.paper.slips()

    def wait_for_slips(self, count: int, *, timeout_s: float = 10) -> tuple[Slip, ...]:
        """Wait until `count` slips are out in all; raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.slips()) >= count, timeout_s):
                raise TimeoutError(f"{len(self.slips())} of {count} slips came out")
            return self.slips()

    @property
    def held_slips(self) -> int:
        """Count the slips that are in the printer down to their cut, and not on paper yet."""
        with self._lock:
            return self._mechanism.held_slips

    @property
    def faults(self) -> frozenset[Fault]:
        """Tell what is wrong now."""
        return self._mechanism.faults

    @property
    def takes_more(self) -> bool:
        """Tell whether the buffer has room, so that senders need not wait."""
        return self._mechanism.has_room

    @property
    def lost_bytes(self) -> int:
        """Count what came while the buffer was full, on a line that holds nothing back."""
        return self._mechanism.lost_bytes

    def fail(self, fault: Fault) -> None:
        """Break something; once this returns, nothing more is printed."""
        with self._lock:
            self._set_faults(self.faults | {fault})

    def repair(self, fault: Fault) -> None:
        """Put something right; what was held prints when nothing else is wrong."""
        with self._lock:
            self._set_faults(self.faults - {fault})

    def switch_off(self, *, line: bytes = b"\0") -> None:
        """Take the power away: what is not on paper is lost; `line` is what the line makes of it.

        A serial line that falls reads as NULs at the other end.
        """
        with self._lock:
            self._mechanism.switch_off()
            for cable in self._cables:
                cable.sender = Sender()
        self.say(line)

    def switch_on(self, *, notice: bytes = b"") -> None:
        """Give the power back; some printers say so by a notice, `3B 30 00`."""
        with self._lock:
            self._mechanism.switch_on()
        self.say(notice)

    def say(self, stream: bytes) -> None:
        """Send bytes that nobody asked for, over every cable."""
        with self._lock:
            for cable in self._cables:
                cable.sender.replies += stream
        self._nudge()

    def tear_off(self) -> None:
        """Tear off what hangs out."""
        with self._lock:
            if self.paper.hanging.drawn:
                self._mechanism.tear()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Have everything told, from what was printed before to each new event.

        New events come from the printer's thread. Call the result to end it.
        """
        with self._lock:
            for slip in self.slips():
                for outcome in (*slip.drawn, Cut()):
                    listener(Printed(slip.number, outcome))
            for outcome in self.paper.hanging.drawn:
                listener(Printed(self._slip_number, outcome))
            listener(FaultsChanged(self.faults))
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                self._listeners.remove(listener)

        return end

    def _set_faults(self, faults: frozenset[Fault]) -> None:
        if faults != self.faults:
            self._mechanism.set_faults(faults)
            self._tell(FaultsChanged(faults))
            self._nudge()

    def _on_outcome(self, outcome: Outcome) -> None:
        self._tell(Printed(self._slip_number, outcome))
        if isinstance(outcome, Cut):
            self._slip_number = self.paper.hanging.number
            self._changed.notify_all()

    def _tell(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    def _nudge(self) -> None:
        if self._thread.is_alive():
            self._wake.send(b"!")

    # The printer's own thread

    def _serve(self) -> None:
        while not self._stopping:
            ready = self._wait()
            with self._lock:
                if self._woken.fileno() in ready:
                    self._woken.recv(_CHUNK)
                if self._door is not None and self._door.fileno() in ready:
                    self._open(self._door)
                for cable in [c for c in self._cables if c.fd in ready]:
                    self._read(cable)

    def _wait(self) -> set[int]:
        """Print what is due, send answers, and sleep until bytes come or more is due."""
        poll = select.poll()
        poll.register(self._woken, select.POLLIN)
        with self._lock:
            now = time.monotonic()
            waits = [self._mechanism.run(now)]
            if self._door is not None:
                poll.register(self._door, select.POLLIN)
            for cable in tuple(self._cables):
                self._reply(cable)
                if cable.free_at > now:
                    waits.append(cable.free_at - now)
                elif self._mechanism.takes_more and not _is_stopped(cable):
                    poll.register(cable.fd, select.POLLIN)
        timeout = min((wait for wait in waits if wait is not None), default=None)
        return {fd for fd, _ in poll.poll(None if timeout is None else timeout * 1000 + 1)}

    def _open(self, door: socket.socket) -> None:
        connection, _ = door.accept()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._cables.append(_Cable(connection.fileno(), connection.close))

    def _read(self, cable: _Cable) -> None:
        baud = self._pace.baud
        size = _CHUNK if baud is None else max(1, int(baud / 10 * _WIRE_SLICE_S))
        try:
            stream = os.read(cable.fd, size)
        except BlockingIOError:
            return
        except OSError:
            stream = b""
        if not stream:
            self._lose(cable)
            return
        cable.free_at = time.monotonic() + self._pace.wire_s(len(stream))
        self._tell(Received(stream))
        self._mechanism.receive(cable.sender, stream)

    def _reply(self, cable: _Cable) -> None:
        replies = cable.sender.replies
        if not replies:
            return
        try:
            sent = os.write(cable.fd, replies)
        except BlockingIOError:
            return
        except OSError:
            self._lose(cable)
            return
        del replies[:sent]

    def _lose(self, cable: _Cable) -> None:
        self._mechanism.forget(cable.sender)
        self._cables.remove(cable)
        cable.close()


def _is_stopped(cable: _Cable) -> bool:
    """Tell whether XOFF stopped the other end of a line, where what it wrote waits to be sent.

    A pseudo-terminal hands that over at once, where a serial port keeps it and sends no more.
    """
    if not cable.sender.is_held:
        return False
    try:
        flags: int = termios.tcgetattr(cable.fd)[0]
    except termios.error:  # no serial line
        return False
    return bool(flags & termios.IXON)
