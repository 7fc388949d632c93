"""Photos as far as the hub looks at them: the bytes of a JPEG."""

from typing import Final

_TABLES: Final = b"\xff\xdb\x00\x04\x01\x02" + b"\xff\xc4\x00\x04\x03\x04"
_SCAN: Final = b"\xff\xda\x00\x04\x05\x06" + b"pixels\xff\x00and\xff\xd0more"


def jpeg(
    *,
    width: int = 640,
    height: int = 480,
    more: bytes = b"",
    scans: int = 1,
    tail: bytes = b"",
    pixels: bytes = b"",
) -> bytes:
    """Write a JPEG of so many pixels; `more` stands before its tables, `tail` after its end.

    `pixels` are what its scans draw from, without a byte of 255.
    """
    size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    frame = b"\xff\xc0\x00\x0b\x08" + size + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + more + _TABLES + frame + (_SCAN + pixels) * scans + b"\xff\xd9" + tail
