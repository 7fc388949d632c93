"""Cut a byte stream to an ESC/POS printer into texts and commands, in any chunks."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

_CONTROL: Final = re.compile(rb"[\x00-\x1f]")
_DLE, _ESC, _FS, _GS = b"\x10", b"\x1b", b"\x1c", b"\x1d"
_LEADS: Final = _DLE + _ESC + _FS + _GS
_LONGEST_LIST: Final = 256
"""Lists that end in NUL are cut here, so that a lost NUL does not swallow the whole stream."""


class UnprintableError(ValueError):
    """A command this printer cannot carry out."""


class Command(NamedTuple):
    """One command, or a piece of text."""

    code: bytes
    """What names the command, as `ESC a` or `GS ( k`; empty for text."""
    args: bytes
    """What follows the name, or the text."""

    @property
    def size(self) -> int:
        """Count the bytes it took in the stream."""
        return len(self.code) + len(self.args)


Measure = Callable[[bytearray, int], int]
"""Tells how long the command at a place is, or a longer length than is there, to see more."""


def _sized(at: int, size: int) -> Measure:
    """Measure by a little-endian count of `size` bytes at `at`, of the bytes that follow it."""

    def measure(buffer: bytearray, start: int) -> int:
        return at + size + int.from_bytes(buffer[start + at : start + at + size], "little")

    return measure


def _listed(at: int) -> Measure:
    """Measure by the NUL that ends the list beginning at `at`."""

    def measure(buffer: bytearray, start: int) -> int:
        begin = start + at
        nul = buffer.find(0, begin, begin + _LONGEST_LIST)
        if nul >= 0:
            return nul + 1 - start
        return min(len(buffer) - start + 1, at + _LONGEST_LIST)

    return measure


def _by_byte(at: int, lengths: Mapping[int, int | Measure], other: int) -> Measure:
    """Measure by the value of the byte at `at`."""

    def measure(buffer: bytearray, start: int) -> int:
        if len(buffer) <= start + at:
            return at + 1
        length = lengths.get(buffer[start + at], other)
        return length if isinstance(length, int) else length(buffer, start)

    return measure


def _bit_image(buffer: bytearray, start: int) -> int:
    """Measure `ESC * m nL nH`: one or three bytes a column."""
    dense = bytes(buffer[start + 2 : start + 3]) in (b"\x20", b"\x21")
    return 5 + int.from_bytes(buffer[start + 3 : start + 5], "little") * (3 if dense else 1)


def _raster(buffer: bytearray, start: int) -> int:
    """Measure `GS v 0 m xL xH yL yH`."""
    wide = int.from_bytes(buffer[start + 4 : start + 6], "little")
    return 8 + wide * int.from_bytes(buffer[start + 6 : start + 8], "little")


def _downloaded(buffer: bytearray, start: int) -> int:
    """Measure `GS * x y`: a stored picture of x times y blocks of 8 by 8 dots."""
    x, y = buffer[start + 2 : start + 3], buffer[start + 3 : start + 4]
    return 4 + 8 * int.from_bytes(x, "little") * int.from_bytes(y, "little")


_LENGTHS: Final[dict[bytes, tuple[int, Measure | None]]] = {
    **{_ESC + bytes([c]): (2, None) for c in b"@2<FLSimu"},
    **{_ESC + bytes([c]): (3, None) for c in b" !%-3=?EGJKMRTUVadertv{"},
    **{_ESC + bytes([c]): (4, None) for c in b"$\\c"},
    _ESC + b"p": (5, None),
    _ESC + b"W": (10, None),
    _ESC + b"D": (2, _listed(2)),
    _ESC + b"*": (5, _bit_image),
    _ESC + b"(": (5, _sized(3, 2)),
    **{_FS + bytes([c]): (2, None) for c in b"&."},
    **{_FS + bytes([c]): (3, None) for c in b"!-CW"},
    **{_FS + bytes([c]): (4, None) for c in b"Sp"},
    _FS + b"(": (5, _sized(3, 2)),
    **{_GS + bytes([c]): (2, None) for c in b":"},
    **{_GS + bytes([c]): (3, None) for c in b"!/BEHITabfhrw"},
    **{_GS + bytes([c]): (4, None) for c in b"$LPW\\"},
    _GS + b"^": (5, None),
    _GS + b"*": (4, _downloaded),
    _GS + b"(": (5, _sized(3, 2)),
    _GS + b"8": (7, _sized(3, 4)),
    _GS + b"v": (8, _raster),
    _GS + b"V": (3, _by_byte(2, dict.fromkeys((65, 66, 97, 98, 103, 104), 4), 3)),
    _GS + b"k": (
        3,
        _by_byte(
            2, dict.fromkeys(range(7), _listed(3)) | dict.fromkeys(range(65, 80), _sized(3, 1)), 3
        ),
    ),
    _DLE + b"\x04": (3, _by_byte(2, {7: 4, 8: 4, 18: 4}, 3)),
    _DLE + b"\x05": (3, None),
    _DLE + b"\x14": (3, _by_byte(2, {1: 5, 2: 5, 3: 5, 7: 3, 8: 10}, 3)),
}
"""First two bytes of a command: its least length, and how to measure it from there."""

_NAMED_BY_THREE: Final = frozenset({_ESC + b"(", _FS + b"(", _GS + b"(", _GS + b"8"})
"""Families whose third byte is the command, and whose length is in the stream."""


class Parser:
    """Takes the stream in chunks and gives each command once it is whole."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted = 1

    def feed(self, chunk: bytes) -> list[Command]:
        """Take more bytes and give the texts and commands they complete."""
        buffer = self._buffer
        buffer += chunk
        commands = []
        at = 0
        while len(buffer) - at >= self._wanted:
            length = self._measure(at)
            if length > len(buffer) - at:
                self._wanted = length
                break
            self._wanted = 1
            commands.append(self._command(at, length))
            at += length
        del buffer[:at]
        return commands

    def _measure(self, at: int) -> int:
        buffer = self._buffer
        lead = buffer[at]
        if lead >= 0x20:  # noqa: PLR2004 - the first printable character
            control = _CONTROL.search(buffer, at)
            return (control.start() if control else len(buffer)) - at
        if lead not in _LEADS:
            return 1
        if len(buffer) - at < 2:  # noqa: PLR2004
            return 2
        least, measure = _LENGTHS.get(bytes(buffer[at : at + 2]), (2, None))
        if measure is None or len(buffer) - at < least:
            return least
        return max(least, measure(buffer, at))

    def _command(self, at: int, length: int) -> Command:
        whole = bytes(self._buffer[at : at + length])
        if whole[0] >= 0x20:  # noqa: PLR2004
            return Command(b"", whole)
        named = 1 if whole[0] not in _LEADS else 3 if whole[:2] in _NAMED_BY_THREE else 2
        return Command(whole[:named], whole[named:])
