"""The module patterns of QR codes and barcodes, and the limits a printer keeps to."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from simulators.devices.commands import UnprintableError

QR_CAPACITY: Final = {"L": 2953, "M": 2331, "Q": 1663, "H": 1273}
"""Most bytes a QR code of each error correction level can hold (version 40)."""

_CODE128_START: Final = {"A": 103, "B": 104, "C": 105}
_CODE128_SWITCH: Final = {"A": 101, "B": 100, "C": 99}
_CODE128_SIGNS: Final = {"1": (102, "\x1d"), "3": (96, "")}
"""FNC1 reads as the group separator of GS1; FNC3 is for the scanner, which does not send it."""


@lru_cache(maxsize=64)
def qr_modules(content: bytes, level: str) -> tuple[tuple[bool, ...], ...]:
    """Lay out a QR code: rows of dark and light modules, without the quiet zone."""
    # Loaded late: 60 ms and 5 MiB that a fleet of terminals does not need.
    import qrcode  # type: ignore[import-untyped]  # noqa: PLC0415

    levels = {
        "L": qrcode.ERROR_CORRECT_L,
        "M": qrcode.ERROR_CORRECT_M,
        "Q": qrcode.ERROR_CORRECT_Q,
        "H": qrcode.ERROR_CORRECT_H,
    }
    # Any mask can be read; the search for the handsomest takes most of the time.
    code = qrcode.QRCode(error_correction=levels[level], border=0, mask_pattern=3)
    code.add_data(content, optimize=0)
    code.make(fit=True)
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())


def qr_side(content: bytes, level: str) -> int:
    """Count the modules along one side of a QR code."""
    return len(qr_modules(content, level))


def barcode_text(kind: str, content: bytes) -> str:
    """Read a barcode as a scanner would; raises UnprintableError if it cannot be printed."""
    if kind == "CODE128":
        return "".join(text for _, text in _code128_symbols(content))
    if kind not in _EAN_DIGITS:
        raise UnprintableError(f"{kind} barcodes")
    return _EAN_DIGITS[kind](content)


@lru_cache(maxsize=64)
def barcode_modules(kind: str, content: bytes) -> str:
    """Lay out a barcode: `1` for a dark module, `0` for a light one, without the quiet zone."""
    if kind == "CODE128":
        return _code128_modules(content)
    # Loaded late, as qrcode above.
    import barcode  # noqa: PLC0415

    digits = barcode_text(kind, content)
    if kind == "UPC-A":
        # The same bars as the EAN 13 that begins with a zero.
        kind, digits = "EAN-13", f"0{digits}"
    name = {"EAN-13": "ean13", "EAN-8": "ean8"}[kind]
    return str(barcode.get_barcode_class(name)(digits, no_checksum=True).build()[0])


def _ean(length: int) -> Callable[[bytes], str]:
    """Make the reader of an EAN of `length` digits, the last of which may be left out."""

    def digits(content: bytes) -> str:
        text = content.decode("ascii", "replace")
        if not (text.isascii() and text.isdigit() and len(text) in (length - 1, length)):
            raise UnprintableError(f"{text!r} does not have {length - 1} or {length} digits")
        if len(text) == length:
            return text
        weighted = sum(int(d) * (3, 1)[i % 2] for i, d in enumerate(reversed(text)))
        return f"{text}{-weighted % 10}"

    return digits


_EAN_DIGITS: Final = {"EAN-13": _ean(13), "EAN-8": _ean(8), "UPC-A": _ean(12)}


def _code128_modules(content: bytes) -> str:
    from barcode.charsets import code128  # noqa: PLC0415

    values = [value for value, _ in _code128_symbols(content)]
    check = (values[0] + sum(i * value for i, value in enumerate(values))) % 103
    return "".join(code128.CODES[value] for value in [*values, check]) + f"{code128.STOP}11"


def _code128_symbols(content: bytes) -> list[tuple[int, str]]:
    """Read the `{A`, `{B`, `{C` notation of `GS k 73` into symbol values and their text."""
    text = content.decode("latin-1")
    if text[:2] not in ("{A", "{B", "{C"):
        raise UnprintableError("CODE128 begins with {A, {B or {C")
    active = text[1]
    symbols = [(_CODE128_START[active], "")]
    at = 2
    while at < len(text):
        escape = text[at + 1 : at + 2] if text[at] == "{" else ""
        if escape in _CODE128_START:
            active = escape
            symbols.append((_CODE128_SWITCH[active], ""))
        elif escape in _CODE128_SIGNS:
            symbols.append(_CODE128_SIGNS[escape])
        elif escape and escape != "{":
            raise UnprintableError(f"CODE128 has no {{{escape}")
        else:
            symbols.append(_code128_symbol(active, text[at:]))
        at += 2 if escape else 1
    if len(symbols) == 1:
        raise UnprintableError("CODE128 holds nothing")
    return symbols


def _code128_symbol(active: str, rest: str) -> tuple[int, str]:
    code = ord(rest[0])
    # Set C takes a byte of 0 to 99 and prints it as two digits.
    if active == "C" and code < 100:  # noqa: PLR2004
        return code, f"{code:02}"
    if active == "A" and code < 0x60:  # noqa: PLR2004
        return (code - 0x20 if code >= 0x20 else code + 0x40), rest[0]  # noqa: PLR2004
    if active == "B" and 0x20 <= code < 0x80:  # noqa: PLR2004
        return code - 0x20, rest[0]
    raise UnprintableError(f"CODE128 set {active} has no byte {code}")
