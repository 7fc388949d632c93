"""What a file is that somebody sent, by its bytes: a PDF, a JPEG or a PNG; nothing is decoded."""

from typing import Final, Literal

from hub.base.fields import Refused, refused

LARGEST: Final = 5_000_000
"""Bytes of a file at most: a scan of some pages, a photo of a phone."""
MOST_PIXELS: Final = 12_000
"""Pixels of a picture's longer side at most."""
Kind = Literal["pdf", "jpeg", "png"]
TYPES: Final[dict[Kind, str]] = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of a JPEG that say how large it is (ITU-T T.81, table B.1)."""
_FILL: Final = 0xFF
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_HEAD_OF_PNG: Final = 33
"""Bytes of the signature and the first part, which says the size."""
_MOST_PARTS: Final = 400
"""Parts of a JPEG that are looked at before its pixels; a photo of a phone has a dozen."""


def look_at(content: bytes) -> Kind | Refused:
    """Say what a file is, whatever it is called; refused where it is nothing that is kept.

    With file_large, file_wrong or file_pixels.
    """
    if len(content) > LARGEST:
        return refused("file_large", most=LARGEST // 1_000_000)
    if content.startswith(b"%PDF-"):
        return "pdf"
    is_png = content.startswith(_PNG)
    size = _size_of_png(content) if is_png else _size_of_jpeg(content)
    if size is None or min(size) < 1:
        return refused("file_wrong")
    if max(size) > MOST_PIXELS:
        return refused("file_pixels", most=MOST_PIXELS)
    return "png" if is_png else "jpeg"


def _size_of_png(content: bytes) -> tuple[int, int] | None:
    """Read width and height of a PNG; None where its first part is not the one that says them."""
    if len(content) < _HEAD_OF_PNG or content[12:16] != b"IHDR":
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _size_of_jpeg(content: bytes) -> tuple[int, int] | None:
    """Read width and height of a JPEG, going from part to part; None where no frame says them."""
    if not content.startswith(b"\xff\xd8"):
        return None
    place = 2
    for _ in range(_MOST_PARTS):
        head = content[place : place + 9]
        if len(head) < 9 or head[0] != _FILL:  # noqa: PLR2004 -- marker, length, precision, size
            return None
        if head[1] == _FILL:  # fill bytes before a marker
            place += 1
        elif head[1] in _FRAMES:
            return int.from_bytes(head[7:9], "big"), int.from_bytes(head[5:7], "big")
        else:
            place += 2 + int.from_bytes(head[2:4], "big")
    return None
