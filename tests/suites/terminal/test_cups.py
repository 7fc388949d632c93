"""A raw queue of CUPS: what is put into it, and what its answers mean for a slip."""

import asyncio
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from terminal.core.ports import NotSentError, PrinterStatus
from terminal.devices.printers import CupsPrinter
from terminal.devices.printers.cups import CupsError, queue_of, read_answer

JOB = (b"\x1b@slip one\n", b"\x1dV\x00")
PRINT, GET_JOB, GET_PRINTER = 0x0002, 0x0009, 0x000B


class Cups(ThreadingHTTPServer):
    """A server that speaks IPP as CUPS does; a test says how its queue and its job stand."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reasons = ["none"]
        self.state = 3
        self.job_state = 5
        self.refuses = False
        self.documents: list[bytes] = []

    @property
    def address(self) -> str:
        return f"ipp://127.0.0.1:{self.server_port}/printers/Counter"


def attribute(tag: int, name: str, content: bytes) -> bytes:
    return (
        struct.pack(">BH", tag, len(name))
        + name.encode()
        + struct.pack(">H", len(content))
        + content
    )


class _Handler(BaseHTTPRequestHandler):
    server: Cups

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        (operation,) = struct.unpack_from(">H", body, 2)
        head, _, document = body.partition(b"\x03")
        assert self.path == "/printers/Counter"
        assert b"attributes-charset" in head
        told = b""
        if operation == PRINT:
            assert b"application/vnd.cups-raw" in head
            self.server.documents.append(document)
            told = b"\x02" + attribute(0x21, "job-id", struct.pack(">i", 41))
        elif operation == GET_JOB:
            assert struct.pack(">i", 41) in head
            told = b"\x02" + attribute(0x23, "job-state", struct.pack(">i", self.server.job_state))
        elif operation == GET_PRINTER:
            first, *rest = [reason.encode() for reason in self.server.reasons]
            told = b"\x04" + attribute(0x23, "printer-state", struct.pack(">i", self.server.state))
            told += attribute(0x44, "printer-state-reasons", first)
            told += b"".join(attribute(0x44, "", reason) for reason in rest)
        status = 0x0406 if self.server.refuses else 0
        answer = b"\x01\x01" + struct.pack(">HI", status, 1) + b"\x01" + told + b"\x03"
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def cups() -> Iterator[Cups]:
    """Serve a queue."""
    with Cups() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_slip_reaches_the_queue_byte_for_byte_and_is_handed_once_cups_is_done(
    cups: Cups,
) -> None:
    async def play() -> list[str]:
        printer = CupsPrinter(cups.address)
        await printer.send(JOB)
        waiting = await printer.proof()
        cups.job_state = 9
        return [waiting, await printer.proof()]

    assert asyncio.run(play()) == ["waiting", "handed"]
    assert cups.documents == [b"".join(JOB)]


@pytest.mark.parametrize(
    ("reasons", "state", "status"),
    [
        (["none"], 3, "ready"),
        (["media-empty-error"], 5, "paper_out"),
        (["toner-low-report", "cover-open-warning"], 4, "cover_open"),
        (["offline-report"], 4, "offline"),
        (["media-empty-warning"], 3, "unknown"),
        (["offline-report"], 3, "unknown"),
        (["none"], 5, "offline"),
    ],
)
def test_what_cups_knows_of_the_printer_is_its_status(
    cups: Cups, reasons: list[str], state: int, status: PrinterStatus
) -> None:
    cups.reasons, cups.state = reasons, state

    assert asyncio.run(CupsPrinter(cups.address).status()) == status


def test_nothing_is_sent_into_a_queue_that_stands_or_is_not_there(cups: Cups) -> None:
    cups.state = 5
    with pytest.raises(NotSentError):
        asyncio.run(CupsPrinter(cups.address).send(JOB))
    with pytest.raises(NotSentError):
        asyncio.run(CupsPrinter("ipp://127.0.0.1:1/printers/Counter").send(JOB))
    assert cups.documents == []


def test_a_queue_that_only_remembers_what_was_wrong_in_its_last_job_is_sent_to(cups: Cups) -> None:
    cups.reasons, cups.state = ["offline-report"], 3

    asyncio.run(CupsPrinter(cups.address).send(JOB))

    assert cups.documents == [b"".join(JOB)]


def test_a_job_that_cups_gave_up_is_unknown(cups: Cups) -> None:
    async def play() -> None:
        printer = CupsPrinter(cups.address)
        await printer.send(JOB)
        cups.job_state = 8
        await printer.proof()

    with pytest.raises(CupsError):
        asyncio.run(play())


@pytest.mark.parametrize(
    "body", [b"", b"\x01\x01\x00\x00", b"\x01\x01\x00\x00\x00\x00\x00\x01\x21"]
)
def test_what_is_no_ipp_is_an_error_and_no_crash(body: bytes) -> None:
    with pytest.raises(CupsError):
        read_answer(body)


def test_a_queue_of_this_machine_is_named_by_its_name_alone() -> None:
    assert queue_of("Counter").uri == "ipp://localhost:631/printers/Counter"
