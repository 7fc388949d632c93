"""Scanners on serial lines that come and go, and codes from standard input."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.devices import SimulatedScanner
from terminal.devices.lines import LineCutter
from terminal.devices.scanners import SerialScanner
from terminal.devices.signals import ScannerBell

DEADLINE_S = 10


async def next_code(scanner: SerialScanner) -> str:
    """Read with a deadline."""
    async with asyncio.timeout(DEADLINE_S):
        return await scanner.read()


async def opened(scanner: SerialScanner) -> "asyncio.Task[str]":
    """Begin to read, and give control back once the line is open."""
    reading = asyncio.create_task(scanner.read())
    await asyncio.sleep(0)
    return reading


@pytest.fixture
def gun() -> Iterator[SimulatedScanner]:
    """Give a scanner on a pseudo terminal."""
    with SimulatedScanner() as made:
        yield made


def test_codes_come_in_order_with_their_gs1_separators(gun: SimulatedScanner) -> None:
    codes = ["8901234500019", "]C101095011015300031017\x1d21X", "OW-SUBMIT"]

    async def run() -> list[str]:
        scanner = SerialScanner(gun.path)
        first = await opened(scanner)
        for code in codes:
            gun.scan(code)
        async with asyncio.timeout(DEADLINE_S):
            read = [await first, await scanner.read(), await scanner.read()]
        scanner.close()
        return read

    assert asyncio.run(run()) == codes


@pytest.mark.parametrize("suffix", ["\r", "\n", "\r\n", "\t"])
def test_any_usual_suffix_ends_a_code(suffix: str) -> None:
    with SimulatedScanner(suffix=suffix) as gun:

        async def run() -> list[str]:
            scanner = SerialScanner(gun.path)
            first = await opened(scanner)
            gun.scan("ONE")
            gun.scan("TWO")
            async with asyncio.timeout(DEADLINE_S):
                read = [await first, await scanner.read()]
            scanner.close()
            return read

        assert asyncio.run(run()) == ["ONE", "TWO"]


def test_what_was_scanned_while_the_terminal_was_off_is_dropped() -> None:
    master, slave = os.openpty()
    path = os.ttyname(slave)
    os.write(master, b"STALE\r")

    async def run() -> str:
        scanner = SerialScanner(path)
        first = await opened(scanner)
        os.write(master, b"FRESH\r")
        async with asyncio.timeout(DEADLINE_S):
            code = await first
        scanner.close()
        return code

    assert asyncio.run(run()) == "FRESH"
    os.close(master)
    os.close(slave)


def test_a_scanner_that_is_unplugged_and_plugged_in_again_goes_on(tmp_path: Path) -> None:
    link = tmp_path / "scanner"

    async def run() -> list[str]:
        first = SimulatedScanner()
        link.symlink_to(first.path)
        scanner = SerialScanner(str(link))
        reading = await opened(scanner)
        first.scan("BEFORE")
        async with asyncio.timeout(DEADLINE_S):
            codes = [await reading]
        reading = asyncio.create_task(scanner.read())
        first.close()
        link.unlink()
        with SimulatedScanner() as second:
            link.symlink_to(second.path)
            async with asyncio.timeout(DEADLINE_S):
                while not reading.done():
                    scan_again(second)
                    await asyncio.wait({reading}, timeout=0.05)
            codes.append(reading.result())
            scanner.close()
        return codes

    assert asyncio.run(run()) == ["BEFORE", "AFTER"]


def scan_again(gun: SimulatedScanner) -> None:
    """Scan as a person does who hears no beep."""
    gun.scan("AFTER")


def test_errors_and_sent_orders_ring_the_scanner_and_taken_codes_do_not() -> None:
    master, slave = os.openpty()
    path = os.ttyname(slave)

    async def run() -> bytes:
        scanner = SerialScanner(path)
        reading = await opened(scanner)
        bell = ScannerBell(scanner)
        bell.beep("ok")
        bell.beep("error")
        bell.beep("done")
        os.write(slave, b"!")
        rung = b""
        while not rung.endswith(b"!"):
            rung += os.read(master, 100)
        reading.cancel()
        scanner.close()
        return rung

    assert asyncio.run(run()) == b"\a" * 5 + b"!"
    os.close(master)
    os.close(slave)


@given(
    st.lists(st.text(alphabet="AB1\x1d-", min_size=1, max_size=12), max_size=6),
    st.sampled_from(["\r", "\n", "\r\n", "\t"]),
    st.integers(1, 7),
)
def test_codes_survive_any_splitting_of_the_line(codes: list[str], suffix: str, piece: int) -> None:
    stream = "".join(code + suffix for code in codes).encode()
    cutter = LineCutter()

    read = [
        code
        for start in range(0, len(stream), piece)
        for code in cutter.feed(stream[start : start + piece])
    ]

    assert read == codes


def test_noise_without_an_end_is_thrown_away() -> None:
    cutter = LineCutter()
    cutter.feed(b"x" * 5000)

    assert cutter.feed(b"\rCODE\r") == ["CODE"]
