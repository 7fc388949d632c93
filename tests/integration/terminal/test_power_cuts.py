"""The real daemon, killed at every point where it matters, and started again."""

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.devices import UNPACED, Fault, SimulatedPrinter
from terminal.store import audit, read_records
from tests.fixtures.counter_process import CounterProcess
from tests.fixtures.printers import end_paper_with_next_slip, eventually
from tests.fixtures.shops import COLA, RICE, Shop


@pytest.fixture
def at_printer(
    tmp_path: Path, shop: Shop, tcp_printer: SimulatedPrinter
) -> Iterator[CounterProcess]:
    """Give a daemon with a printer on the network."""
    assert tcp_printer.address is not None
    process = CounterProcess(tmp_path, printer_port=tcp_printer.address[1])
    shop.settle(process.data)
    yield process
    process.close()


def test_an_order_cut_off_between_scan_and_submit_is_there_after_the_restart(
    counter_process: CounterProcess,
) -> None:
    counter_process.start()
    counter_process.scan(COLA, COLA, RICE, "QTY-7")
    counter_process.until("both lines", lines=2, said="7 x Basmati rice 5 kg")

    counter_process.kill()
    counter_process.start()

    lines = [(line["sku"], line["quantity"]) for line in counter_process.state()["lines"]]
    assert lines == [("COLA-600", 2), ("RICE-5KG", 7)]
    counter_process.scan("SUBMIT")
    counter_process.until("the order is stored", queued=1)
    assert counter_process.stop() == 0
    assert audit(counter_process.data).faults == ()


def test_whatever_was_shown_as_scanned_is_on_disk_whenever_the_power_goes(
    counter_process: CounterProcess,
) -> None:
    def scanned() -> int:
        return sum(line["quantity"] for line in counter_process.state()["lines"])

    shown = 0
    for round_number in range(4):
        counter_process.start()
        assert scanned() >= shown
        wanted = shown + 5
        counter_process.scan(*[COLA] * (20 + 7 * round_number))
        eventually(lambda wanted=wanted: scanned() > wanted, "some scans")  # type: ignore[misc]
        shown = scanned()
        counter_process.kill()

    counter_process.start()

    assert scanned() >= shown


def test_an_order_cut_off_after_submit_keeps_its_sequence_and_its_slip(
    at_printer: CounterProcess, tcp_printer: SimulatedPrinter
) -> None:
    tcp_printer.fail(Fault.OFFLINE)
    at_printer.start()
    at_printer.scan(RICE, "SUBMIT")
    at_printer.until("the order is stored", queued=1)
    at_printer.kill()
    tcp_printer.repair(Fault.OFFLINE)

    at_printer.start()
    at_printer.scan(COLA, "SUBMIT")
    at_printer.until("both orders are stored", queued=2, slips_waiting=0)

    records = read_records(at_printer.data)
    assert [record.seq for record in records] == [1, 2]
    assert all(record.slips for record in records)
    assert audit(at_printer.data).faults == ()


def test_a_slip_the_printer_held_at_the_cut_comes_out_once_and_is_called_unknown(
    at_printer: CounterProcess, tcp_printer: SimulatedPrinter
) -> None:
    end_paper_with_next_slip(tcp_printer)
    at_printer.start()
    at_printer.scan(RICE, "SUBMIT")
    at_printer.until("the printer is out of paper", printer="paper_out", slips_waiting=1)
    eventually(lambda: tcp_printer.held_slips == 1, "the printer holds the slip")
    at_printer.kill()

    at_printer.start()
    tcp_printer.repair(Fault.PAPER_OUT)
    tcp_printer.wait_for_slips(1)
    at_printer.until("the slip is unknown", slips_unknown=1, printer="ready")
    at_printer.scan("REPRINT")
    at_printer.until("nothing is open", slips_unknown=0, slips_waiting=0)

    slips = tcp_printer.wait_for_slips(2)
    assert ["COPY 1" in slip.text for slip in slips] == [False, True]


@pytest.mark.parametrize(("line", "notice"), [(b"\0", b""), (b"", b"\x3b\x30\x00")])
def test_a_printer_switched_off_and_on_in_the_middle_of_a_slip_is_not_believed(
    tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch, line: bytes, notice: bytes
) -> None:
    with SimulatedPrinter.on_pty(pace=UNPACED) as printer:
        settings = {"KIND": "serial", "PATH": str(printer.path), "BAUD": "115200"}
        for name, value in settings.items():
            monkeypatch.setenv(f"ORDERWIRE_TERMINAL_PRINTER_{name}", value)
        process = CounterProcess(tmp_path)
        shop.settle(process.data)
        with contextlib.closing(process):
            process.start()
            end_paper_with_next_slip(printer)
            process.scan(RICE, "SUBMIT")
            eventually(lambda: printer.held_slips == 1, "the printer holds the slip")
            printer.switch_off(line=line)
            process.until("it is away", printer="offline")
            printer.repair(Fault.PAPER_OUT)
            printer.switch_on(notice=notice)
            process.until("the slip is unknown", slips_unknown=1, slips_waiting=0)
            process.scan("REPRINT")
            process.until("a copy is out", slips_unknown=0, slips_waiting=0)

    assert ["COPY 1" in slip.text for slip in printer.slips()] == [True]
    assert [slip.state for slip in read_records(process.data)[0].slips] == ["unknown", "printed"]


def test_a_full_disk_stops_nothing_but_what_it_must_and_selling_goes_on_when_it_is_cleared(
    counter_process: CounterProcess,
) -> None:
    counter_process.start()
    counter_process.scan(COLA)
    counter_process.until("a line", lines=1)
    before = resource.prlimit(counter_process.pid, resource.RLIMIT_FSIZE, (100, -1))

    counter_process.scan(RICE)
    counter_process.until("the refusal", tone="error", lines=1)
    assert "disk" in counter_process.state()["said"]
    counter_process.scan("SUBMIT")
    counter_process.until("the order stays open", queued=0, lines=1, read="OW-SUBMIT")
    resource.prlimit(counter_process.pid, resource.RLIMIT_FSIZE, before)
    counter_process.scan(RICE, "SUBMIT")
    counter_process.until("the order is stored", queued=1, lines=0)

    counter_process.stop()
    assert audit(counter_process.data).faults == ()


def test_an_orderly_stop_ends_quietly(counter_process: CounterProcess) -> None:
    counter_process.start()

    assert counter_process.stop() == 0
