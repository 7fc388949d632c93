"""Slip lines as ESC/POS: text in code page 858, QR codes and bar codes of the printer's own.

Commands are those of Epson's reference; nothing of a slip's text can be one, because `latin` has
dropped every control character.
"""

from firmware.core.latin import page_bytes
from firmware.core.layout import lines_of

START = b"\x1b@\x1c.\x1bt\x13"
"""Reset, leave Kanji mode (clones start in it), code page 858."""
END = b"\n\n\n\x1dV\x42\x00"

_DOTS = 12
"""A column of font A, on every paper."""
_STYLES = {
    "text": (b"", b""),
    "centre": (b"", b""),
    "bold": (b"\x1bE\x01", b"\x1bE\x00"),
    "big": (b"\x1d!\x11", b"\x1d!\x00"),
    "inverse": (b"\x1dB\x01", b"\x1dB\x00"),
}


def encoded(rows: "Iterable[tuple]", columns: int) -> "Iterator[bytes]":
    """Encode a slip, line by line, from its reset to its cut."""
    yield START
    for one in rows:
        for style, text in lines_of(one, columns):
            if style == "qr":
                yield _qr(page_bytes(text))
            elif style == "barcode":
                # One that is wider than the paper would not be printed at all: its text is.
                fits = _barcode_dots(text) <= columns * _DOTS
                yield _barcode(page_bytes(text)) if fits else page_bytes(text) + b"\n"
            else:
                before, after = _STYLES[style]
                yield before + page_bytes(text) + b"\n" + after
    yield END


def _qr(content: bytes) -> bytes:
    """Model 2, 5 dots a module, error correction M, stored and printed (GS ( k, 165 to 181)."""
    size = len(content) + 3
    return (
        b"\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05\x1d(k\x03\x001E1"
        + b"\x1d(k" + bytes([size & 0xFF, size >> 8]) + b"1P0" + content
        + b"\x1d(k\x03\x001Q0\n\x1ba\x00"
    )  # fmt: skip


def _barcode_dots(text: str) -> int:
    """Count the dots of a Code 128: 11 modules a letter, start, check and stop.

    The paper's margins, which no printer reaches, are its blank sides.
    """
    return 2 * (11 * (len(text) + 2) + 13)


def _barcode(content: bytes) -> bytes:
    """Code 128 in set B, 60 dots high, its text below (GS k 73)."""
    coded = b"{B" + content.replace(b"{", b"{{")
    return (
        b"\x1ba\x01\x1dh\x3c\x1dw\x02\x1dH\x02\x1dk\x49"
        + bytes([len(coded)]) + coded + b"\n\x1ba\x00"
    )  # fmt: skip
