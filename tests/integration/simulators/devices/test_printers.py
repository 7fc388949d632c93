"""Our printers at the end of a real cable: TCP, a serial line, and the terminal's own port."""

import asyncio
import socket
import threading

import pytest
import serial

from simulators.devices import (
    Event,
    Fault,
    FaultsChanged,
    Pace,
    PaperPrinter,
    Printed,
    SimulatedPrinter,
)
from simulators.devices.paper import Cut
from terminal.core.ports import Printer
from tests.fixtures.printers import PATIENCE_S, confirmed_slip, connected, eventually

JOB = b"\x1b@slip\n\x1dV\x00"
BARRIER = b"\x1dr\x01"


def test_a_job_over_tcp_is_on_paper_when_the_barrier_is_answered(
    tcp_printer: SimulatedPrinter,
) -> None:
    assert tcp_printer.address is not None
    with connected(tcp_printer.address) as connection:
        connection.sendall(JOB + BARRIER)
        answer = connection.recv(1)

    assert answer == b"\0"
    assert [slip.text for slip in tcp_printer.slips()] == ["slip\n"]


def test_a_job_over_a_serial_line_is_on_paper_when_the_barrier_is_answered() -> None:
    with SimulatedPrinter.on_pty() as printer, serial.Serial(printer.path, timeout=15) as line:
        line.write(confirmed_slip() + BARRIER)
        answer = line.read(1)

        assert answer == b"\0"
        assert "CONFIRMED, CHANGED" in printer.slips()[0].text


def test_a_program_may_close_its_serial_line_and_open_it_again() -> None:
    with SimulatedPrinter.on_pty() as printer:
        for _ in range(2):
            with serial.Serial(printer.path, timeout=15) as line:
                line.write(JOB + BARRIER)
                line.read(1)

        assert len(printer.slips()) == 2


def test_a_held_job_is_printed_once_after_its_sender_has_gone(
    tcp_printer: SimulatedPrinter,
) -> None:
    assert tcp_printer.address is not None
    tcp_printer.fail(Fault.COVER_OPEN)
    with connected(tcp_printer.address) as connection:
        connection.sendall(JOB + b"\x10\x04\x02")
        status = connection.recv(1)

    tcp_printer.repair(Fault.COVER_OPEN)

    assert status == b"\x16"
    assert [slip.text for slip in tcp_printer.wait_for_slips(1)] == ["slip\n"]


def test_a_sender_of_more_than_the_buffer_waits_at_a_fault_and_loses_nothing(
    tcp_printer: SimulatedPrinter,
) -> None:
    assert tcp_printer.address is not None
    job = b"".join(b"line %d\n" % n for n in range(20_000)) + b"\x1dV\x00"
    tcp_printer.fail(Fault.PAPER_OUT)
    with connected(tcp_printer.address) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        sender = threading.Thread(target=connection.sendall, args=(job,))
        sender.start()
        eventually(lambda: not tcp_printer.takes_more, "the buffer to be full")

        waiting = sender.is_alive()
        tcp_printer.repair(Fault.PAPER_OUT)
        (slip,) = tcp_printer.wait_for_slips(1)
        sender.join(PATIENCE_S)

    assert waiting
    assert slip.text.count("\n") == 20_000


def test_two_connections_print_one_after_the_other(tcp_printer: SimulatedPrinter) -> None:
    assert tcp_printer.address is not None
    with connected(tcp_printer.address) as one, connected(tcp_printer.address) as two:
        one.sendall(b"one\n\x1dV\x00" + BARRIER)
        one.recv(1)
        two.sendall(b"two\n\x1dV\x00" + BARRIER)
        two.recv(1)

    assert [slip.text for slip in tcp_printer.slips()] == ["one\n", "two\n"]


def test_an_unplugged_printer_ends_its_connections() -> None:
    printer = SimulatedPrinter.on_tcp().start()
    assert printer.address is not None
    with connected(printer.address) as connection:
        connection.sendall(b"\x10\x04\x01")
        connection.recv(1)

        printer.stop()

        assert connection.recv(1) == b""


def test_a_paced_printer_shows_each_line_to_who_listens() -> None:
    events: list[Event] = []
    done = threading.Event()

    def listener(event: Event) -> None:
        events.append(event)
        if isinstance(event, Printed) and isinstance(event.outcome, Cut):
            done.set()

    with SimulatedPrinter.on_tcp(pace=Pace(mm_per_s=2000)) as printer:
        assert printer.address is not None
        printer.listen(listener)
        with connected(printer.address) as connection:
            connection.sendall(b"one\ntwo\n\x1dV\x00")
            assert done.wait(PATIENCE_S)

    printed = [event.outcome for event in events if isinstance(event, Printed)]
    assert events[0] == FaultsChanged(frozenset())
    assert [getattr(outcome, "text", "cut") for outcome in printed] == ["one", "two", "cut"]


def test_who_listens_later_is_told_the_whole_roll_first(tcp_printer: SimulatedPrinter) -> None:
    assert tcp_printer.address is not None
    with connected(tcp_printer.address) as connection:
        connection.sendall(b"one\n\x1dV\x00two\n" + BARRIER)
        connection.recv(1)
    tcp_printer.fail(Fault.PAPER_NEAR_END)
    events: list[Event] = []

    end = tcp_printer.listen(events.append)
    tcp_printer.tear_off()
    end()
    tcp_printer.repair(Fault.PAPER_NEAR_END)

    told = [(e.slip, getattr(e.outcome, "text", "cut")) for e in events if isinstance(e, Printed)]
    assert told == [(1, "one"), (1, "cut"), (2, "two"), (2, "cut")]
    assert [e for e in events if isinstance(e, FaultsChanged)] == [
        FaultsChanged(frozenset({Fault.PAPER_NEAR_END}))
    ]


def test_waiting_for_a_slip_that_does_not_come_ends(tcp_printer: SimulatedPrinter) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 slips"):
        tcp_printer.wait_for_slips(1, timeout_s=0.01)


def test_the_printer_in_process_keeps_the_terminal_s_contract() -> None:
    async def scenario(printer: Printer, paper: PaperPrinter) -> list[object]:
        seen: list[object] = [await printer.status()]
        await printer.send((confirmed_slip(),))
        seen.append(await printer.proof())
        paper.fail(Fault.PAPER_OUT)
        await printer.send((JOB,))
        seen += [await printer.proof(), await printer.status(), len(paper.slips())]
        paper.repair(Fault.PAPER_OUT)
        seen += [await printer.proof(), await printer.status(), len(paper.slips())]
        return seen

    paper = PaperPrinter()

    seen = asyncio.run(scenario(paper, paper))

    assert seen == ["ready", "printed", "waiting", "paper_out", 1, "printed", "ready", 2]
    assert paper.slips()[1].text == "slip\n"
