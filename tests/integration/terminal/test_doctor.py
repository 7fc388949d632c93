"""What `terminal doctor` finds, and what it says to do."""

import contextlib
import json
import socket
import sqlite3
from pathlib import Path

import pytest

from simulators.devices import Fault, SimulatedPrinter
from terminal.store import Store
from tests.fixtures.counter_process import CounterProcess, free_port
from tests.fixtures.new_device import NewDevice
from tests.fixtures.printers import no_fribidi
from tests.fixtures.shops import Shop
from tests.integration.terminal.test_commands import command, command_alone


def found(text: str) -> dict[str, dict[str, str]]:
    """Read findings by what they are of."""
    return {one["what"]: one for one in map(json.loads, text.splitlines())}


def test_each_fault_says_what_to_do_and_the_command_fails(tmp_path: Path) -> None:
    process = CounterProcess(tmp_path, printer_port=free_port())

    done = command(process, "doctor", "--json")

    report = found(done.stdout)
    assert done.returncode == 1
    assert report["printer"]["state"] == "fault"
    assert "switch it on" in report["printer"]["fix"]
    assert report["broker"]["state"] == "fault"
    assert "is not reached" in report["broker"]["told"]
    assert report["catalogue"]["state"] == "warning"
    assert all(one["fix"] for one in report.values() if one["state"] != "ok")
    assert all(not one["fix"] for one in report.values() if one["state"] == "ok")


def test_a_machine_that_cannot_join_letters_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_fribidi(tmp_path, monkeypatch)

    report = found(command_alone(CounterProcess(tmp_path), "doctor", "--json").stdout)

    assert report["font"]["state"] == "warning"
    assert "libfribidi0" in report["font"]["fix"]


@pytest.mark.parametrize("path", ["/dev/null", "counter.toml"])
def test_a_printer_that_is_no_device_is_off_and_prints_nothing(tmp_path: Path, path: str) -> None:
    process = CounterProcess(tmp_path)
    named = path if path.startswith("/") else str(process.config)
    written = process.config.read_text()
    process.config.write_text(f'{written}[printer]\nkind = "usb"\npath = "{named}"\n')

    found_out = command_alone(process, "doctor", "--json")
    printed = command_alone(process, "print-sheet")

    assert found(found_out.stdout)["printer"]["told"].endswith("offline")
    assert found_out.stderr == ""
    assert printed.stderr == "not printed: No such device\n"


def test_people_read_the_same_as_lines_with_what_to_do_below(tmp_path: Path) -> None:
    done = command(CounterProcess(tmp_path), "doctor")

    lines = done.stdout.splitlines()
    fault = next(at for at, line in enumerate(lines) if line.startswith("FAULT   broker"))
    assert lines[fault + 1].strip().startswith("fix: ")
    assert "ok      enrolment: this is" in done.stdout


@pytest.mark.parametrize(
    ("fault", "state", "told"),
    [
        (Fault.PAPER_OUT, "paper_out", "put in a roll"),
        (Fault.COVER_OPEN, "cover_open", "close the cover"),
    ],
)
def test_a_printer_that_cannot_print_is_named_with_its_reason(
    tmp_path: Path, tcp_printer: SimulatedPrinter, fault: Fault, state: str, told: str
) -> None:
    assert tcp_printer.address is not None
    process = CounterProcess(tmp_path, printer_port=tcp_printer.address[1])
    tcp_printer.fail(fault)

    printer = found(command(process, "doctor", "--json").stdout)["printer"]

    assert state in printer["told"]
    assert told in printer["fix"]


def test_a_halted_machine_is_told_to_get_a_new_slip(tmp_path: Path, shop: Shop) -> None:
    process = CounterProcess(tmp_path)
    shop.settle(process.data)
    store = Store(process.data, "now")
    store.halt()
    store.close()

    records = found(command(process, "doctor", "--json").stdout)["records"]

    assert records["state"] == "fault"
    assert "halted" in records["told"]
    assert "new enrolment slip" in records["fix"]


def test_damaged_records_are_said_and_nothing_is_changed(tmp_path: Path, shop: Shop) -> None:
    process = CounterProcess(tmp_path)
    shop.settle(process.data)
    records = process.data / "terminal.db"
    records.write_bytes(b"SQLite format 3\x00" + b"\xff" * 8_000)
    before = records.read_bytes()

    report = found(command(process, "doctor", "--json").stdout)

    assert report["records"]["state"] == "fault"
    assert records.read_bytes() == before


@pytest.mark.parametrize("key", ["config", "catalogue"])
def test_a_row_of_the_records_that_is_damaged_is_said(tmp_path: Path, shop: Shop, key: str) -> None:
    process = CounterProcess(tmp_path)
    shop.settle(process.data)
    with contextlib.closing(sqlite3.connect(process.data / "terminal.db")) as records, records:
        records.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, b"\xfb\x00"))

    report = found(command(process, "doctor", "--json").stdout)

    assert report["records"]["state"] == "fault"
    assert report["catalogue"]["fix"]


def test_a_scanner_that_is_not_plugged_in_is_named(tmp_path: Path) -> None:
    process = CounterProcess(tmp_path)
    settings = process.config.read_text()
    process.config.write_text(f'{settings}[scanner]\nkind = "serial"\npath = "/dev/no-scanner"\n')

    scanner = found(command(process, "doctor", "--json").stdout)["scanner"]

    assert scanner["told"] == "/dev/no-scanner is not there"
    assert "plug it in" in scanner["fix"]


def test_a_device_out_of_its_box_is_told_to_scan_its_slip(new_device: NewDevice) -> None:
    done = new_device.run("doctor", "--json")

    report = found(done.stdout)
    assert done.returncode == 1
    assert report["enrolment"]["state"] == "fault"
    assert "scan the enrolment slip" in report["enrolment"]["fix"]
    assert report["printer"]["state"] == "ok"
    assert report["scanner"]["state"] == "ok"


def test_a_broker_that_answers_is_reached(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as broker:
        process = CounterProcess(tmp_path, broker_port=int(broker.getsockname()[1]))

        report = found(command(process, "doctor", "--json").stdout)

    assert report["broker"]["state"] == "ok"
