"""The simulated scanner, read by the library the terminal reads scanners with."""

from pathlib import Path

import pytest
import serial

from simulators.devices import NobodyReadsError, SimulatedScanner


@pytest.mark.parametrize(
    "code",
    ["8901719101038", "OW-SUBMIT", "]C1010890171910103810AB12\x1d17260930", "Grün-7 चाय"],
    ids=["EAN", "command", "GS1", "UTF-8"],
)
def test_a_code_arrives_whole_and_ends_in_a_carriage_return(code: str) -> None:
    with SimulatedScanner() as scanner, serial.Serial(scanner.path, timeout=15) as line:
        scanner.scan(code)

        assert line.read_until(b"\r") == code.encode() + b"\r"


def test_a_scan_made_before_the_line_is_opened_waits_in_it() -> None:
    with SimulatedScanner() as scanner:
        scanner.scan("early")

        with Path(scanner.path).open("rb", buffering=0) as line:
            assert line.read(16) == b"early\r"


def test_a_scanner_may_end_its_codes_otherwise() -> None:
    with (
        SimulatedScanner(suffix="\t") as scanner,
        serial.Serial(scanner.path, timeout=15) as line,
    ):
        scanner.scan("1")

        assert line.read_until(b"\t") == b"1\t"


def test_unplugging_is_an_error_for_who_reads() -> None:
    scanner = SimulatedScanner()
    with serial.Serial(scanner.path, timeout=15) as line:
        scanner.close()

        with pytest.raises(serial.SerialException):
            line.read(1)


def test_an_unplugged_scanner_scans_nothing() -> None:
    scanner = SimulatedScanner()
    scanner.close()

    with pytest.raises(ValueError, match="unplugged"):
        scanner.scan("1")


def test_a_line_that_nobody_reads_fills_up() -> None:
    def scan_on(scanner: SimulatedScanner) -> None:
        for _ in range(100_000):
            scanner.scan("8901719101038")

    with SimulatedScanner() as scanner, pytest.raises(NobodyReadsError):
        scan_on(scanner)
