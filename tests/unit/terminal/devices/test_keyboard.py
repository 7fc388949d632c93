"""Scanners that are keyboards: events as the kernel gives them, from three countries."""

import asyncio
import os
import struct
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from terminal.devices.scanners import KeyboardScanner
from terminal.devices.scanners.input_devices import InputDevice, NoDeviceError, choose, keyboards
from terminal.devices.scanners.keyboard import LAYOUTS, KeyReader

SHIFT, CTRL, ALT, CAPS, ENTER = 42, 29, 56, 58, 28


def event(kind: int, code: int, value: int) -> bytes:
    return struct.pack("llHHi", 1_764_000_000, 4_711, kind, code, value)


def tap(*codes: int) -> bytes:
    """Press keys one after the other, the last one alone being let go; a report ends each step."""
    steps = [(code, 1) for code in codes] + [(code, 0) for code in reversed(codes)]
    return b"".join(event(4, 4, code) + event(1, code, at) + event(0, 0, 0) for code, at in steps)


# As three scanners send "Ab-1/y&" and Enter, set to the keyboard of their country.
RECORDED = {
    "us": tap(SHIFT, 30) + tap(48) + tap(12) + tap(2) + tap(53) + tap(21) + tap(SHIFT, 8),
    "de": tap(SHIFT, 30) + tap(48) + tap(53) + tap(2) + tap(SHIFT, 8) + tap(44) + tap(SHIFT, 7),
    "fr": tap(SHIFT, 16) + tap(48) + tap(7) + tap(SHIFT, 2) + tap(SHIFT, 52) + tap(21) + tap(2),
}


def test_every_layout_was_recorded() -> None:
    assert RECORDED.keys() == LAYOUTS.keys()


@pytest.mark.parametrize("layout", RECORDED)
def test_the_country_of_the_scanner_says_what_stands_on_a_key(layout: str) -> None:
    assert KeyReader(layout).feed(RECORDED[layout] + tap(ENTER)) == b"Ab-1/y&\r"


def test_events_may_come_in_pieces() -> None:
    reader = KeyReader()

    read = b"".join(reader.feed(bytes([byte])) for byte in RECORDED["us"])

    assert read == b"Ab-1/y&"


def test_the_alt_mode_needs_no_country() -> None:
    pad = {"7": 71, "8": 72, "9": 73, "4": 75, "5": 76, "6": 77, "1": 79, "2": 80, "3": 81, "0": 82}
    number = b"".join(tap(pad[digit]) for digit in "029")
    typed = event(1, ALT, 1) + number + event(1, ALT, 0)

    assert KeyReader("de").feed(typed) == b"\x1d"


def test_control_and_a_bracket_are_the_separator_of_gs1() -> None:
    assert KeyReader().feed(tap(CTRL, 27)) == b"\x1d"
    assert KeyReader("de").feed(tap(CTRL, 30)) == b"\x01"


def test_caps_lock_turns_letters_over_and_no_digit() -> None:
    typed = tap(CAPS) + tap(30) + tap(SHIFT, 48) + tap(2) + tap(CAPS) + tap(30)

    assert KeyReader().feed(typed) == b"Ab1a"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(event(0, 3, 0), id="the kernel dropped events"),
        pytest.param(tap(63), id="a key that is no character"),
        pytest.param(tap(CTRL, 2), id="no control character"),
    ],
)
def test_what_cannot_be_told_is_never_guessed(typed: bytes) -> None:
    assert KeyReader().feed(tap(2) + typed + tap(3)).decode() == "1\ufffd2"


def test_a_key_that_repeats_counts_once() -> None:
    assert KeyReader().feed(event(1, 2, 1) + event(1, 2, 2) + event(1, 2, 0)) == b"1"


@contextmanager
def board() -> Iterator[tuple[int, str]]:
    """Give an event device that somebody types on: its far end, and its file."""
    hand, device = os.openpty()
    tty.setraw(device)
    try:
        yield hand, os.ttyname(device)
    finally:
        os.close(hand)
        os.close(device)


def test_codes_are_read_from_the_device_that_is_grabbed() -> None:
    grabbed: list[int] = []

    async def scan() -> list[str]:
        with board() as (hand, path):
            scanner = KeyboardScanner(lambda: path, grab=grabbed.append)
            reading = asyncio.ensure_future(scanner.read())
            await asyncio.sleep(0)  # until the device is open
            os.write(hand, RECORDED["us"] + tap(ENTER))
            first = await reading
            os.write(hand, tap(2) + tap(ENTER))
            second = await scanner.read()
            scanner.close()
            return [first, second]

    assert asyncio.run(scan()) == ["Ab-1/y&", "1"]
    assert len(grabbed) == 1


def test_a_device_that_cannot_be_grabbed_is_not_read() -> None:
    def refuse(_handle: int) -> None:
        raise OSError("busy")

    with board() as (_, path):
        before = len(list(Path("/proc/self/fd").iterdir()))
        with pytest.raises(OSError, match="busy"):
            asyncio.run(KeyboardScanner(lambda: path, grab=refuse).open_device())
        assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """Make the kernel's folder: a mouse, two scanners alike, and another one."""
    keys, buttons = (
        "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe",
        "70000 0 0 0 0",
    )
    for number, (name, usb, serial, bits) in enumerate(
        [
            ("Mouse", ("046d", "c077"), "", buttons),
            ("Scanner", ("0c2e", "0b61"), "A1", keys),
            ("Scanner", ("0c2e", "0b61"), "B2", keys),
            ("Reader", ("1eab", "0003"), "", keys),
        ]
    ):
        device = tmp_path / f"event{number}" / "device"
        for part, text in {
            "name": name,
            "uniq": serial,
            "id/vendor": usb[0],
            "id/product": usb[1],
            "capabilities/key": bits,
        }.items():
            (device / part).parent.mkdir(parents=True, exist_ok=True)
            (device / part).write_text(f"{text}\n")
    return tmp_path


def test_keyboards_are_told_by_their_keys(known: Path) -> None:
    there = keyboards(known)

    assert [one.key for one in there] == ["0c2e:0b61:A1", "0c2e:0b61:B2", "1eab:0003"]
    assert there[0] == InputDevice("/dev/input/event1", "Scanner", "0c2e:0b61", "A1")


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("1EAB:0003", "/dev/input/event3"),
        ("0c2e:0b61:B2", "/dev/input/event2"),
        ("/dev/input/by-id/x", "/dev/input/by-id/x"),
    ],
)
def test_a_scanner_is_found_wherever_it_is_plugged_in(known: Path, wanted: str, path: str) -> None:
    assert choose(wanted, keyboards(known)) == path


@pytest.mark.parametrize(
    ("wanted", "why"),
    [("0c2e:0b61", "more than one"), ("dead:beef", r"there are: 0c2e:0b61:A1 \(Scanner\)")],
)
def test_what_is_meant_is_never_guessed(known: Path, wanted: str, why: str) -> None:
    with pytest.raises(NoDeviceError, match=why):
        choose(wanted, keyboards(known))
