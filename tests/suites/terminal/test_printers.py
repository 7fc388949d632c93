"""One suite for every printer cable: a fake that speaks only the status commands, and ours."""

import asyncio
import contextlib
import threading
import tty
from collections.abc import Callable, Coroutine, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, Protocol

import pytest

from simulators.devices import Fault, SimulatedPrinter
from simulators.devices.profile import UNPACED
from terminal.core.ports import NotSentError
from terminal.devices.printers import (
    EscposPrinter,
    NoPrinter,
    Patience,
    serial_printer,
    tcp_printer,
    usb_printer,
)
from tests.fixtures.counter_process import free_port
from tests.fixtures.printers import eventually

JOB = (b"\x1b@Cola 600 ml\n", b"\x1dVB\x00")
LONG_JOB = (b"\x1b@", *[b"Cola 600 ml\n"] * 4000, b"\x1dVB\x00")
HASTE = Patience(connect_s=2, piece_s=2, printed_s=0.2, status_s=0.5)


class Peer(Protocol):
    """A printer at the other end."""

    def driver(self, profile: str = "80mm") -> EscposPrinter:
        """Make the driver for it."""
        ...

    def printed(self) -> int:
        """Count the slips on paper."""
        ...

    def fail(self, fault: Fault) -> None:
        """Break something."""
        ...

    def repair(self, fault: Fault) -> None:
        """Put it right."""
        ...


class StatusSpeaker:
    """A printer on TCP made of nothing but Epson's status replies; `mute` says nothing at all."""

    def __init__(self, *, mute: bool = False) -> None:
        self.mute = mute
        self.received = b""
        self.faults: set[Fault] = set()
        self._held = b""
        self._writers: set[asyncio.StreamWriter] = set()
        self._asked: list[asyncio.StreamWriter] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def driver(self, profile: str = "80mm") -> EscposPrinter:
        """Make the driver for it."""
        return tcp_printer("127.0.0.1", self.port, profile, patience=HASTE)

    def printed(self) -> int:
        """Count the cuts on paper."""
        return self.received.count(b"\x1dVB\x00")

    def fail(self, fault: Fault) -> None:
        """Break something."""
        self.faults.add(fault)

    def repair(self, fault: Fault) -> None:
        """Print what was held and answer what was asked."""
        self.faults.discard(fault)
        self._do(self._release())

    def hang_up(self) -> None:
        """Close every connection."""

        async def close() -> None:
            for writer in self._writers:
                writer.close()

        self._do(close())

    def close(self) -> None:
        """Go away."""
        self._do(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _leave(self) -> None:
        self._server.close()
        for writer in tuple(self._writers):
            writer.close()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*talks, return_exceptions=True)

    async def _release(self) -> None:
        self.received += self._held
        self._held = b""
        for writer in self._asked:
            writer.write(b"\x00")
        self._asked.clear()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        rest = b""
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(4096):
                rest = self._take(rest + chunk, writer)
        self._writers.discard(writer)
        writer.close()

    def _take(self, stream: bytes, writer: asyncio.StreamWriter) -> bytes:
        """Answer real-time commands at once, GS r in order; everything else is print data."""
        while stream:
            if stream in {b"\x10", b"\x10\x04", b"\x1d", b"\x1dr"}:
                return stream
            if stream.startswith(b"\x10\x04"):
                self._reply(writer, self._status(stream[2]))
                stream = stream[3:]
            elif stream.startswith(b"\x1dr\x01"):
                self._in_order(writer)
                stream = stream[3:]
            else:
                self._held, stream = self._held + stream[:1], stream[1:]
        if not self.faults:
            self.received += self._held
            self._held = b""
        return b""

    def _in_order(self, writer: asyncio.StreamWriter) -> None:
        if self.faults:
            self._asked.append(writer)
        else:
            self.received, self._held = self.received + self._held, b""
            self._reply(writer, 0)

    def _reply(self, writer: asyncio.StreamWriter, status: int) -> None:
        if not self.mute:
            writer.write(bytes([status]))

    def _status(self, kind: int) -> int:
        match kind:
            case 1:
                return 0x1A if self.faults else 0x12
            case 2:
                cover = 0x04 if Fault.COVER_OPEN in self.faults else 0
                return 0x12 | cover | (0x20 if Fault.PAPER_OUT in self.faults else 0)
            case _:
                return 0x72 if Fault.PAPER_OUT in self.faults else 0x12


class Simulated:
    """Our simulated printer, at the end of a socket, of a serial line or of a file of the system.

    The file is that of a line which is raw by itself, as a USB printer's is.
    """

    def __init__(self, printer: SimulatedPrinter, *, is_file: bool = False) -> None:
        self._printer = printer
        self._is_file = is_file
        if is_file and printer.path is not None:
            with Path(printer.path).open("rb", buffering=0) as line:
                tty.setraw(line.fileno())

    def driver(self, profile: str = "80mm") -> EscposPrinter:
        """Make the driver for it."""
        if self._is_file and self._printer.path is not None:
            return usb_printer(self._printer.path, profile, patience=HASTE)
        if self._printer.path is not None:
            return serial_printer(self._printer.path, 115_200, profile, patience=HASTE)
        assert self._printer.address is not None
        return tcp_printer(*self._printer.address, profile, patience=HASTE)

    def printed(self) -> int:
        """Count the slips."""
        return len(self._printer.slips())

    def fail(self, fault: Fault) -> None:
        """Break something."""
        self._printer.fail(fault)

    def repair(self, fault: Fault) -> None:
        """Put it right."""
        self._printer.repair(fault)


@pytest.fixture
def speaker() -> Iterator[StatusSpeaker]:
    """Run the fake."""
    made = StatusSpeaker()
    yield made
    made.close()


@pytest.fixture(params=["speaker", "tcp", "pty", "file"])
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    """Run each printer."""
    if request.param == "speaker":
        yield request.getfixturevalue("speaker")
        return
    make: Callable[[], SimulatedPrinter] = (
        SimulatedPrinter.on_tcp
        if request.param == "tcp"
        else lambda: SimulatedPrinter.on_pty(pace=UNPACED)
    )
    with make() as printer:
        yield Simulated(printer, is_file=request.param == "file")


def test_a_job_is_printed_and_the_barrier_says_so(peer: Peer) -> None:
    async def run() -> None:
        async with aclosing(peer.driver()) as driver:
            await driver.send(JOB)
            assert await driver.proof() == "printed"

    asyncio.run(run())

    assert peer.printed() == 1


def test_one_job_after_the_other_is_printed(peer: Peer) -> None:
    async def run() -> None:
        async with aclosing(peer.driver()) as driver:
            for _ in range(3):
                await driver.send(JOB)
                assert await driver.proof() == "printed"
                assert await driver.status() == "ready"

    asyncio.run(run())

    assert peer.printed() == 3


@pytest.mark.parametrize(
    ("fault", "status"), [(Fault.PAPER_OUT, "paper_out"), (Fault.COVER_OPEN, "cover_open")]
)
def test_a_printer_in_trouble_says_which_and_prints_once_when_it_is_over(
    peer: Peer, fault: Fault, status: str
) -> None:
    async def run() -> None:
        async with aclosing(peer.driver()) as driver:
            peer.fail(fault)
            await driver.send(JOB)
            assert await driver.proof() == "waiting"
            assert await driver.status() == status
            assert await driver.proof() == "waiting"
            assert peer.printed() == 0
            peer.repair(fault)
            assert await driver.proof() == "printed"

    asyncio.run(run())

    assert peer.printed() == 1


def test_a_job_larger_than_any_buffer_goes_out_in_pieces(peer: Peer) -> None:
    async def run() -> None:
        async with aclosing(peer.driver()) as driver:
            await driver.send(LONG_JOB)
            async with asyncio.timeout(20):
                while await driver.proof() != "printed":
                    assert await driver.status() == "ready"

    asyncio.run(run())

    assert peer.printed() == 1


def test_what_was_sent_before_the_printer_is_let_go_is_printed(peer: Peer) -> None:
    async def run() -> None:
        async with aclosing(peer.driver()) as driver:
            await driver.send(LONG_JOB)

    asyncio.run(run())

    eventually(lambda: peer.printed() == 1, "the job")


def test_a_printer_that_is_not_there_was_sent_nothing() -> None:
    async def run() -> None:
        async with aclosing(
            tcp_printer("127.0.0.1", free_port(), "80mm", patience=HASTE)
        ) as driver:
            with pytest.raises(NotSentError):
                await driver.send(JOB)
            assert await driver.status() == "offline"

    asyncio.run(run())


def test_a_serial_line_that_is_not_there_was_sent_nothing() -> None:
    async def run() -> None:
        async with aclosing(
            serial_printer("/dev/no-such-line", 9600, "80mm", patience=HASTE)
        ) as driver:
            with pytest.raises(NotSentError):
                await driver.send(JOB)
            assert await driver.status() == "offline"

    asyncio.run(run())


def test_a_usb_printer_that_is_plugged_in_again_takes_the_next_slip(tmp_path: Path) -> None:
    plug = tmp_path / "lp0"

    async def run() -> None:
        async with aclosing(usb_printer(str(plug), "80mm", patience=HASTE)) as driver:
            for _ in range(2):
                with pytest.raises(NotSentError):
                    await driver.send(JOB)
                with SimulatedPrinter.on_pty(pace=UNPACED) as printer:
                    there = Simulated(printer, is_file=True)
                    assert printer.path is not None
                    plug.symlink_to(printer.path)
                    await driver.send(JOB)
                    assert await driver.proof() == "printed"
                    assert there.printed() == 1
                    plug.unlink()
                assert await driver.status() == "offline"

    asyncio.run(run())


def test_a_connection_lost_after_the_job_is_an_error_and_not_a_no(speaker: StatusSpeaker) -> None:
    async def run() -> None:
        async with aclosing(speaker.driver()) as driver:
            speaker.fail(Fault.PAPER_OUT)
            await driver.send(JOB)
            assert await driver.proof() == "waiting"
            speaker.hang_up()
            with pytest.raises(OSError, match="connection"):
                await driver.proof()
            with pytest.raises(OSError, match="connection"):
                await driver.proof()

    asyncio.run(run())


def test_a_mute_printer_is_offline_and_never_says_printed() -> None:
    mute = StatusSpeaker(mute=True)

    async def run() -> None:
        async with aclosing(mute.driver()) as driver:
            await driver.send(JOB)
            assert await driver.proof() == "waiting"
            assert await driver.status() == "offline"

    asyncio.run(run())
    mute.close()


def test_a_printer_with_realtime_status_alone_only_ever_has_a_slip_handed_over(
    speaker: StatusSpeaker,
) -> None:
    async def run() -> None:
        async with aclosing(speaker.driver("80mm-realtime")) as driver:
            speaker.fail(Fault.PAPER_OUT)
            await driver.send(JOB)
            assert await driver.proof() == "waiting"
            speaker.repair(Fault.PAPER_OUT)
            assert await driver.proof() == "handed"

    asyncio.run(run())


def test_a_printer_without_any_status_only_ever_has_a_slip_handed_over() -> None:
    mute = StatusSpeaker(mute=True)

    async def run() -> None:
        async with aclosing(mute.driver("58mm-basic")) as driver:
            await driver.send(JOB)
            assert await driver.proof() == "handed"
            assert await driver.status() == "unknown"

    asyncio.run(run())
    eventually(lambda: mute.printed() == 1, "the job")
    mute.close()


def test_no_printer_takes_nothing_and_says_that_there_is_none() -> None:
    async def run() -> None:
        async with aclosing(NoPrinter()) as driver:
            with pytest.raises(NotSentError):
                await driver.send(JOB)
            assert await driver.proof() == "waiting"
            assert await driver.status() == "none"

    asyncio.run(run())
