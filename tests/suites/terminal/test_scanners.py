"""Scanners on serial lines that come and go, and codes from standard input."""

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.devices import NobodyReadsError, SimulatedScanner
from terminal.devices.scanners import SerialScanner
from terminal.devices.scanners.lines import BlankPeriod, Symbol, SymbolCutter
from terminal.devices.signals import ScannerBell

DEADLINE_S = 60


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
            await asyncio.to_thread(gun.scan, code)
        async with asyncio.timeout(DEADLINE_S):
            read = [await first, await scanner.read(), await scanner.read()]
        scanner.close()
        return read

    assert asyncio.run(run()) == codes


@pytest.mark.parametrize("suffix", ["\r", "\n", "\r\n", "\t", "\x03"])
def test_any_usual_suffix_ends_a_code(suffix: str) -> None:
    with SimulatedScanner(suffix=suffix) as gun:

        async def run() -> list[str]:
            scanner = SerialScanner(gun.path)
            first = await opened(scanner)
            await asyncio.to_thread(gun.scan, "ONE")
            await asyncio.to_thread(gun.scan, "TWO")
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
                    await asyncio.to_thread(scan_again, second)
                    await asyncio.wait({reading}, timeout=0.1)
            codes.append(reading.result())
            scanner.close()
        return codes

    assert asyncio.run(run()) == ["BEFORE", "AFTER"]


def scan_again(gun: SimulatedScanner) -> None:
    """Scan as a person does who hears no beep."""
    with contextlib.suppress(NobodyReadsError):
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


def test_a_scanner_without_suffix_is_read_by_its_pauses() -> None:
    with SimulatedScanner(suffix="", gap_s=0.35) as gun:
        assert all_read(gun, ["ONE", "TWO", "8901234500019"], 3) == ["ONE", "TWO", "8901234500019"]


def test_a_fast_hand_scans_ten_of_one_product() -> None:
    with SimulatedScanner() as gun:
        assert all_read(gun, ["8901234500019"] * 10, 10) == ["8901234500019"] * 10


def test_a_symbol_that_is_read_twice_in_the_blank_period_counts_once(
    gun: SimulatedScanner,
) -> None:
    long = BlankPeriod(blank_s=60)

    assert all_read(gun, ["ONE", "ONE", "TWO", "ONE"], 3, blank=long) == ["ONE", "TWO", "ONE"]


def test_a_symbol_with_line_breaks_comes_as_one_code(gun: SimulatedScanner) -> None:
    assert all_read(gun, ["8901234500019\rOW-SUBMIT\r\nOW-CANCEL"], 1) == [
        "8901234500019\rOW-SUBMIT\r\nOW-CANCEL"
    ]


def all_read(
    gun: SimulatedScanner, codes: list[str], count: int, *, blank: BlankPeriod | None = None
) -> list[str]:
    """Scan codes by hand and read so many."""

    async def run() -> list[str]:
        scanner = SerialScanner(gun.path, blank=blank)
        first = await opened(scanner)
        for code in codes:
            await asyncio.to_thread(gun.scan, code)
        async with asyncio.timeout(DEADLINE_S):
            read = [await first, *[await scanner.read() for _ in range(count - 1)]]
        scanner.close()
        return read

    return asyncio.run(run())


@given(
    st.lists(st.text(alphabet="AB1\x1d-\r\n", max_size=12), max_size=6),
    st.sampled_from(["\r", "\n", "\r\n", "\t", "\x03", ""]),
    st.integers(1, 7),
)
def test_one_symbol_is_one_code_however_the_line_splits_it(
    codes: list[str], suffix: str, piece: int
) -> None:
    cutter, now, read = SymbolCutter(), 0.0, []
    for code in codes:
        now += 1.0
        stream = f"\x02{code}{suffix}".encode()
        for start in range(0, len(stream), piece):
            now += 0.001
            read += cutter.feed(stream[start : start + piece], now)
    read += cutter.ended(now + 1.0)

    assert [symbol.code for symbol in read] == [
        code.strip("\r\n") for code in codes if code.strip("\r\n")
    ]


@pytest.mark.parametrize(
    ("first", "pause_s", "second", "codes"),
    [
        (b"ONE\r", 0.05, b"TWO\r", ["ONE", "TWO"]),
        (b"ONE\r", 0.02, b"TWO\r", ["ONE\rTWO"]),
        (b"8901", 0.2, b"234500019\r", ["8901234500019"]),
        (b"8901", 2.0, b"8901234500019\r", ["8901", "8901234500019"]),
        (b"ONE", 0.35, b"TWO", ["ONE", "TWO"]),
        (b"ONE\r", 0.01, b"\r", ["ONE"]),
        (b"ONE\r", 0.05, b"\r", ["ONE"]),
        (b"\x02ONE\x03", 0.05, b"\x02TWO\x03\r", ["ONE", "TWO"]),
    ],
)
def test_a_pause_ends_a_code(first: bytes, pause_s: float, second: bytes, codes: list[str]) -> None:
    cutter = SymbolCutter()

    read = [*cutter.feed(first, 0.0), *cutter.feed(second, pause_s), *cutter.ended(9.0)]

    assert [symbol.code for symbol in read] == codes


def test_noise_without_an_end_is_one_code_that_is_too_long() -> None:
    cutter = SymbolCutter()

    read = [*cutter.feed(b"x" * 3000, 0.0), *cutter.feed(b"x" * 3000, 0.1), *cutter.ended(1.0)]

    assert [len(symbol.code) for symbol in read] == [4096]


def test_a_trigger_that_is_held_counts_once_and_a_hand_that_scans_again_counts_again() -> None:
    blank = BlankPeriod()

    held = [blank.lets_through(Symbol("ONE", at / 10)) for at in range(20)]
    again = blank.lets_through(Symbol("ONE", 2.15))
    other = blank.lets_through(Symbol("TWO", 2.16))

    assert held == [True, *[False] * 19]
    assert (again, other) == (True, True)
