"""Our slips and our printer against emupos, a printer simulation written by somebody else."""

import pytest

from simulators.devices import Fault, SimulatedPrinter
from tests.fixtures.printers import (
    BARRIER,
    Emupos,
    codes_in,
    confirmed_answer,
    confirmed_slip,
    connected,
    eventually,
    only_slip,
)

pytestmark = [pytest.mark.needs("python3.13"), pytest.mark.xdist_group("emupos")]

STREAMS = {
    "code pages": b"\x1b@\x1bt\x13C\x93te \x9c5 \xd53\n\x1bt\x10\x80 caf\xe9\n\x1bt\x00\x82\xe1\n",
    "a page it lacks": b"\x1b@\x1bt\x63\xe1\xe2\n",
    "a line too long": b"\x1b@"
    + b"x" * 48
    + b"\n"
    + b"y" * 60
    + b"\n"
    + b"\x1d!\x11"
    + b"z" * 30
    + b"\n",
    "font B": b"\x1b@\x1bM\x01" + b"x" * 70 + b"\n",
    "tabs and empty lines": b"\x1b@a\tb\n\n\nc\n",
    "a feed is no line": b"\x1b@a\n\x1bd\x04\x1bJ\x30b\n",
    "text without its line feed": b"\x1b@before\x1bd\x02after\n",
    "styles in a line": b"\x1b@\x1bE\x01bold\x1bE\x00 plain \x1d!\x11big\x1d!\x00\x1dB\x01inverse"
    b"\x1dB\x00\n",
    "spaces around": b"\x1b@  a  \n   \nb\n   \n",
    "a barcode": b"\x1b@\x1dH\x02\x1dh\x50\x1dw\x02\x1dkI\x08{BOW-000\n",
    "a barcode with digits in pairs": b"\x1b@\x1dH\x02\x1dh\x50\x1dw\x02"
    b"\x1dkI\x0b{BOW-0{C\x00\x07\x2a\n",
    "an EAN": b"\x1b@\x1dkC\x0c890171910103",
    "a raster": b"\x1b@\x1dv0\x00\x02\x00\x04\x00\xff\x00\x0f\xf0\xaa\xaa\x55\x55",
    "stored graphics": b"\x1b@\x1d(L\x0e\x000p0\x01\x011\x10\x00\x02\x00\xff\x00\x00\xff"
    b"\x1d(L\x02\x0002",
    "a column image": b"\x1b@\x1b*\x21\x04\x00" + b"\xff\x00\x0f" * 4 + b"\n",
}


def test_the_confirmation_slip_reads_back_with_its_order_in_the_qr_code(emupos: Emupos) -> None:
    order = confirmed_answer().data

    text, picture = emupos.print(confirmed_slip())

    assert "CONFIRMED, CHANGED" in text
    assert f"[qr {order.order}]" in text
    assert codes_in(picture) == {"QR Code": order.order, "Code 128": order.number}


def test_our_printer_reads_the_confirmation_slip_as_emupos_does(emupos: Emupos) -> None:
    stream = confirmed_slip()

    text, picture = emupos.print(stream)

    ours = only_slip(stream)
    assert ours.text == text
    assert codes_in(ours.png()) == codes_in(picture)


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS.keys())
def test_our_printer_prints_the_text_that_emupos_prints(emupos: Emupos, stream: bytes) -> None:
    text, _ = emupos.print(stream + b"\x1dV\x00")

    assert only_slip(stream).text == text


@pytest.mark.parametrize("fault", ["paper-out", "cover-open", "offline"])
def test_a_fault_holds_the_barrier_in_both_until_it_is_repaired(
    emupos: Emupos, tcp_printer: SimulatedPrinter, fault: str
) -> None:
    job = b"\x1b@held\n\x1dV\x00" + BARRIER
    receipts = len(emupos.receipts())
    ours_fault = Fault(fault.replace("-", "_"))
    assert tcp_printer.address is not None
    with connected(emupos.address) as theirs, connected(tcp_printer.address) as ours:
        emupos.ask("PUT", f"faults/{fault}")
        tcp_printer.fail(ours_fault)

        replies = []
        for connection in (theirs, ours):
            connection.sendall(job)
            reply = b""
            for question in (1, 2, 4):
                connection.sendall(bytes([0x10, 4, question]))
                reply += connection.recv(16)
            replies.append(reply)
        printed_at_fault = (len(emupos.receipts()) - receipts, len(tcp_printer.slips()))
        emupos.ask("DELETE", f"faults/{fault}")
        tcp_printer.repair(ours_fault)

        assert replies[0] == replies[1]
        assert printed_at_fault == (0, 0)
        assert theirs.recv(16) == ours.recv(16) == b"\0"
        eventually(lambda: len(emupos.receipts()) > receipts, "the held receipt")
        assert [slip.text for slip in tcp_printer.slips()] == ["held\n"]
        assert len(emupos.receipts()) == receipts + 1


def test_both_print_twice_what_was_sent_twice_into_a_fault(
    emupos: Emupos, tcp_printer: SimulatedPrinter
) -> None:
    job = b"\x1b@twice\n\x1dV\x00"
    receipts = len(emupos.receipts())
    assert tcp_printer.address is not None
    emupos.ask("PUT", "faults/paper-out")
    tcp_printer.fail(Fault.PAPER_OUT)
    for address in (emupos.address, tcp_printer.address):
        for _ in range(2):
            with connected(address) as connection:
                connection.sendall(job + b"\x10\x04\x01")
                connection.recv(1)

    emupos.ask("DELETE", "faults/paper-out")
    tcp_printer.repair(Fault.PAPER_OUT)

    assert [slip.text for slip in tcp_printer.wait_for_slips(2)] == ["twice\n"] * 2
    eventually(lambda: len(emupos.receipts()) > receipts + 1, "both receipts")
    assert len(emupos.receipts()) == receipts + 2


@pytest.mark.parametrize(
    "question",
    [
        b"\x10\x04\x01",
        b"\x10\x04\x02",
        b"\x10\x04\x03",
        b"\x10\x04\x04",
        b"\x1dr\x01",
        b"\x1dr\x02",
        b"\x1da\xff",
    ],
)
@pytest.mark.parametrize("fault", [None, "paper-near-end"])
def test_a_status_question_gets_the_same_answer_from_both(
    emupos: Emupos, tcp_printer: SimulatedPrinter, question: bytes, fault: str | None
) -> None:
    if fault is not None:
        emupos.ask("PUT", f"faults/{fault}")
        tcp_printer.fail(Fault(fault.replace("-", "_")))
    assert tcp_printer.address is not None

    answers = []
    for address in (emupos.address, tcp_printer.address):
        with connected(address) as connection:
            connection.sendall(question)
            answers.append(connection.recv(16))

    assert answers[0] == answers[1]
