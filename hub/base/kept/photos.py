"""A photo as a phone sends it: read as a JPEG without being decoded, and bared of all else."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rules import ReasonCode, register

FOLDER: Final = "photos"
"""Below the hub's folder, as files by their hash; backups hold it."""
SUFFIX: Final = ".jpg"
MOST_BYTES: Final = 1_000_000
"""Bytes of a photo at most; a phone scales a photo down to less than half of that."""
MOST_PIXELS: Final = 2_048
"""Pixels of a photo's longer side at most."""
_MOST_SCANS: Final = 16
"""Scans of a photo at most: each is a pass over all pixels for whoever looks at it."""

_BEGINS: Final = b"\xff\xd8"
_ENDS: Final = b"\xff\xd9"
_FRAMES: Final = frozenset((0xC0, 0xC1, 0xC2))
"""The frames that every browser draws: baseline, extended, progressive (ITU-T T.81, B.1.1.3)."""
_TABLES: Final = frozenset((0xC4, 0xDB, 0xDD))
_SCAN: Final = 0xDA
_LEFT_OUT: Final = frozenset((*range(0xE0, 0xF0), 0xFE))
"""What programs add of themselves: the place, the phone, a thumbnail, whole other files."""
_RESTARTS: Final = frozenset(range(0xD0, 0xD8))
_MARK: Final = 0xFF


register(
    ReasonCode("photo_large", {"most": "count"}, "rejects"),
    ReasonCode("photo_many", {"most": "count"}, "rejects"),
    ReasonCode("photo_pixels", {"most": "count"}, "rejects"),
    ReasonCode("photo_wrong", severity="rejects"),
)


class PhotoError(Exception):
    """What was sent is no photo that the hub keeps; `code` says why."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code: Final = code
        self.params: Final = params


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept: its bytes, and how many pixels it is wide and high."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


def read_photo(sent: bytes) -> Photo:
    """Read a photo by its content, whatever it is called; raises PhotoError.

    Nothing is decoded, so no picture is too large to look at; of the file only what draws the
    picture is kept.
    """
    if len(sent) > MOST_BYTES:
        raise PhotoError("photo_large", most=MOST_BYTES // 1_000)
    if not sent.startswith(_BEGINS):
        raise PhotoError("photo_wrong")
    size: tuple[int, int] | None = None
    kept, scans = [_BEGINS], 0
    for kind, part in _parts(sent):
        if kind in _FRAMES:
            if size is not None:
                raise PhotoError("photo_wrong")
            size = _size_of(part)
        elif kind == _SCAN:
            scans += 1
        elif kind not in _TABLES:
            continue
        kept.append(part)
    if size is None or not 0 < scans <= _MOST_SCANS:
        raise PhotoError("photo_wrong")
    if max(size) > MOST_PIXELS or min(size) < 1:
        raise PhotoError("photo_pixels", most=MOST_PIXELS)
    return Photo(b"".join((*kept, _ENDS)), *size)


def _parts(sent: bytes) -> Iterator[tuple[int, bytes]]:
    """Give each part of a JPEG as the kind of its marker and its bytes, up to the end's marker."""
    place = len(_BEGINS)
    while True:
        while sent[place : place + 2] == b"\xff\xff":  # fill bytes before a marker
            place += 1
        if len(sent) < place + 2 or sent[place] != _MARK:
            raise PhotoError("photo_wrong")
        kind = sent[place + 1]
        if kind == _ENDS[1]:
            return
        if kind not in _FRAMES | _TABLES | _LEFT_OUT and kind != _SCAN:
            raise PhotoError("photo_wrong")
        length = int.from_bytes(sent[place + 2 : place + 4], "big")
        after = place + 2 + length
        if length < 2 or after > len(sent):  # noqa: PLR2004 -- the length counts its own two bytes
            raise PhotoError("photo_wrong")
        if kind == _SCAN:
            after = _end_of_scan(sent, after)
        yield kind, sent[place:after]
        place = after


def _end_of_scan(sent: bytes, place: int) -> int:
    """Find where a scan's pixels end: at the first marker that is neither a zero nor a restart."""
    while True:
        place = sent.find(b"\xff", place)
        if place < 0 or place + 1 >= len(sent):
            raise PhotoError("photo_wrong")
        following = sent[place + 1]
        if following not in _RESTARTS and following not in {0, _MARK}:
            return place
        place += 1 if following == _MARK else 2


def _size_of(frame: bytes) -> tuple[int, int]:
    """Read width and height of a frame: marker, length, precision, lines, samples a line."""
    if len(frame) < 9 or frame[4] != 8:  # noqa: PLR2004 -- eight bits a sample
        raise PhotoError("photo_wrong")
    return int.from_bytes(frame[7:9], "big"), int.from_bytes(frame[5:7], "big")
