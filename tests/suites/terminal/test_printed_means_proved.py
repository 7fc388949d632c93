"""A slip is called printed by a real answer to our question alone, over real lines."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

import pytest

from simulators.devices import Fault, Pace, PrinterProfile, SimulatedPrinter
from simulators.devices.profile import UNPACED
from terminal.core.ports import Job
from terminal.devices.printers import Patience, serial_printer, tcp_printer
from terminal.devices.serial_line import open_line
from tests.fixtures.printers import eventually

JOB: Job = (b"\x1b@", *[b"Cola 600 ml\n"] * 40, b"\x1dVB\x00")
HASTE = Patience(connect_s=2, piece_s=5, printed_s=0.3, status_s=0.3)
STATUSES = {"80mm": PrinterProfile(), "80mm-process-id": PrinterProfile(process_ids=True)}

Happening = Callable[[SimulatedPrinter], None]
Verdict = Literal["printed", "waiting", "doubt"]


@pytest.fixture(params=["80mm", "80mm-process-id"])
def profile(request: pytest.FixtureRequest) -> str:
    """Give each profile whose printers answer in order."""
    return str(request.param)


@pytest.fixture
def printer(profile: str) -> Iterator[SimulatedPrinter]:
    """Run a serial printer of that profile."""
    with SimulatedPrinter.on_pty(profile=STATUSES[profile], pace=UNPACED) as made:
        yield made


def verdict_on(printer: SimulatedPrinter, profile: str, *happenings: Happening) -> Verdict:
    """Send a slip to a printer without paper, have things happen, and ask what became of it."""

    async def run() -> Verdict:
        assert printer.path is not None
        async with aclosing(serial_printer(printer.path, 115_200, profile, patience=HASTE)) as one:
            printer.fail(Fault.PAPER_OUT)
            await one.send(JOB)
            assert await one.proof() == "waiting"
            verdict: Verdict = "waiting"
            for happens in happenings:
                happens(printer)
                try:
                    proof = await one.proof()
                except OSError:
                    return "doubt"
                assert proof != "handed"
                verdict = proof
            return verdict

    return asyncio.run(run())


def noise(stream: bytes) -> Happening:
    """Have bytes come that nobody asked for."""
    return lambda printer: printer.say(stream)


def repaired(printer: SimulatedPrinter) -> None:
    """Put paper in."""
    printer.repair(Fault.PAPER_OUT)


def switched_off(printer: SimulatedPrinter) -> None:
    """Pull the plug: the line falls, once."""
    printer.switch_off()


def switched_on(printer: SimulatedPrinter) -> None:
    """Plug it in again, without a word."""
    printer.repair(Fault.PAPER_OUT)
    printer.switch_on()


def switched_on_aloud(printer: SimulatedPrinter) -> None:
    """Plug in one that says so."""
    printer.repair(Fault.PAPER_OUT)
    printer.switch_on(notice=b"\x3b\x30\x00")


@pytest.mark.parametrize(
    "stream",
    [
        b"\x00",
        b"\x00\x00\x00",
        b"\x0c",
        b"\x3b\x30\x00",
        b"\x2c\x00\x00\x00",
        b"\x3c\x00\x00\x00",
        b"\x18\x00\x0c\x00",
        b"\x1b@\x1c.",
        b"\x10\x04\x01\x1dr\x01",
        b"READY\r\n",
        b"login: ",
        b"\xff\xff",
        b"\x72",
        b"_TM-T20\x00",
        b'7"0000\x00',
    ],
)
def test_what_is_no_answer_never_calls_a_slip_printed(
    printer: SimulatedPrinter, profile: str, stream: bytes
) -> None:
    assert verdict_on(printer, profile, noise(stream)) != "printed"
    assert printer.slips() == ()


@pytest.mark.parametrize(
    "stream",
    [b"\x3c\x00\x00\x00", b"\x18\x00\x0c\x00\x14\x00\x00\x00", b"_TM-T20\x00", b"\x13\x11"],
)
def test_status_that_a_shared_printer_pushes_does_not_spoil_the_proof(
    printer: SimulatedPrinter, profile: str, stream: bytes
) -> None:
    assert verdict_on(printer, profile, noise(stream), repaired) == "printed"
    assert len(printer.slips()) == 1


@pytest.mark.parametrize("again", [switched_on, switched_on_aloud])
def test_a_printer_that_was_off_and_on_again_has_not_printed(
    printer: SimulatedPrinter, profile: str, again: Happening
) -> None:
    assert verdict_on(printer, profile, switched_off, again) in {"waiting", "doubt"}
    assert printer.slips() == ()


def test_an_answer_to_somebody_else_does_not_call_a_slip_printed(
    printer: SimulatedPrinter, profile: str
) -> None:
    """The printer is there and answers its status, but our slip waits for paper."""
    assert verdict_on(printer, profile, noise(b"\x00"), lambda _: None) == "waiting"


def test_a_line_that_gives_back_what_it_is_sent_proves_nothing() -> None:
    async def run() -> str:
        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while received := await reader.read(1024):
                writer.write(received)
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, aclosing(tcp_printer("127.0.0.1", port, "80mm", patience=HASTE)) as one:
            assert await one.status() in {"unknown", "offline"}
            await one.send(JOB)
            try:
                return await one.proof()
            except OSError:
                return "doubt"

    assert asyncio.run(run()) == "doubt"


def long_job(lines: int) -> Job:
    """Make a slip of so many lines, of 27 bytes each."""
    return (b"\x1b@", *[b"%04d Mango chutney, sweet\n" % n for n in range(lines)], b"\x1dVB\x00")


def lines_of(printer: SimulatedPrinter) -> list[int]:
    """Read the numbers of the lines on the only slip."""
    eventually(lambda: len(printer.slips()) == 1, "the slip")
    return [int(row[:4]) for row in printer.slips()[0].text.splitlines()]


SLOW = Pace(baud=115_200, mm_per_s=800)


@dataclass(frozen=True)
class Line:
    """A driver's flow control and profile, and a printer that loses what it has no room for."""

    flow: Literal["none", "xonxoff"]
    profile: str
    buffer_bytes: int
    lines: int


@pytest.mark.parametrize(
    "line",
    [
        Line("none", "80mm", 4096, 400),
        Line("none", "58mm-basic", 1024, 60),
        Line("xonxoff", "80mm", 1200, 200),
        Line("xonxoff", "80mm-realtime", 1200, 200),
        Line("xonxoff", "58mm-basic", 1200, 200),
    ],
    ids=lambda line: f"{line.flow} {line.profile}",
)
def test_a_slip_longer_than_the_buffer_loses_nothing_on_slow_paper(line: Line) -> None:
    kind = PrinterProfile(buffer_bytes=line.buffer_bytes, flow=line.flow)
    with SimulatedPrinter.on_pty(profile=kind, pace=SLOW) as printer:
        path = printer.path
        assert path is not None

        async def run() -> str:
            driver = serial_printer(path, 115_200, line.profile, flow=line.flow)
            async with aclosing(driver) as one:
                await one.send(long_job(line.lines))
                while (proof := await one.proof()) == "waiting":
                    assert await one.status() == "ready"
                return proof

        proof = asyncio.run(run())

        assert lines_of(printer) == list(range(line.lines))
        assert printer.lost_bytes == 0
        assert proof == ("printed" if line.profile == "80mm" else "handed")


def test_what_a_stopped_line_has_not_sent_is_not_lost_however_much_was_written_at_once() -> None:
    kind = PrinterProfile(buffer_bytes=1200, flow="xonxoff")
    with SimulatedPrinter.on_pty(profile=kind, pace=SLOW) as printer:
        assert printer.path is not None
        line = open_line(printer.path, 115_200, "xonxoff")
        try:
            os.write(line, b"".join(long_job(120)))

            assert lines_of(printer) == list(range(120))
            assert printer.lost_bytes == 0
        finally:
            os.close(line)


def test_paper_that_ends_in_the_middle_of_a_long_slip_is_told_and_the_slip_goes_on() -> None:
    with SimulatedPrinter.on_pty(profile=PrinterProfile(flow="none"), pace=SLOW) as printer:
        path = printer.path
        assert path is not None

        async def run() -> list[str]:
            async with aclosing(serial_printer(path, 115_200, "80mm", patience=HASTE)) as one:
                await one.send(long_job(300))
                printer.fail(Fault.PAPER_OUT)
                seen: list[str] = [await one.proof(), await one.status()]
                printer.repair(Fault.PAPER_OUT)
                while (proof := await one.proof()) == "waiting":
                    assert await one.status() == "ready"
                return [*seen, proof]

        assert asyncio.run(run()) == ["waiting", "paper_out", "printed"]
        assert lines_of(printer) == list(range(300))
        assert printer.lost_bytes == 0
