"""GTINs of every length: check digits, zero-suppressed UPC-E, add-on symbols beside a code."""

from typing import Final

_GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
_UPC_E_DIGITS: Final = 8
_UPC_A: Final = 12
_EAN_13: Final = 13
_PERIODICALS: Final = ("977", "978", "979")
_ADD_ONS: Final = {14: _UPC_A, 15: _EAN_13, 17: _UPC_A, 18: _EAN_13}
"""Lengths of a code with the 2 or 5 digits beside it, and where the code itself ends."""


def check_digit_fits(digits: str) -> bool:
    """Check the last digit of a GTIN of any length (GS1 7.9: weights 3 and 1 from the right)."""
    return bool(digits) and digits.isascii() and digits.isdigit() and _sum(digits) % 10 == 0


def check_digit_of(body: str) -> str:
    """Give the digit that completes a GTIN."""
    return str(-_sum(f"{body}0") % 10)


def _sum(digits: str) -> int:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))


def is_gtin_like(code: str) -> bool:
    """Tell whether a code has the letters and length of a GTIN."""
    return code.isascii() and code.isdigit() and len(code) in _GTIN_LENGTHS


def gtins_of(digits: str) -> list[str]:
    """Give every GTIN, as 14 digits, that eight to fourteen digits can stand for.

    Eight digits may be an EAN-8 or a UPC-E, whose check digit is that of the twelve it stands for:
    `04252614` is the UPC-A 042100005264.
    """
    read = [digits.zfill(14)] if check_digit_fits(digits) else []
    if len(digits) == _UPC_E_DIGITS and (whole := expanded(digits)):
        read.append(whole.zfill(14))
    return read


def expanded(digits: str) -> str:
    """Give the UPC-A of a UPC-E with its number system and check digit; empty where it is none."""
    if digits[0] not in "01":
        return ""
    system, six, check = digits[0], digits[1:7], digits[7]
    match six[5]:
        case "0" | "1" | "2":
            body = f"{six[:2]}{six[5]}0000{six[2:5]}"
        case "3":
            body = f"{six[:3]}00000{six[3:5]}"
        case "4":
            body = f"{six[:4]}00000{six[4]}"
        case last:
            body = f"{six[:5]}0000{last}"
    whole = f"{system}{body}{check}"
    return whole if check_digit_fits(whole) else ""


def without_add_on(code: str, *, announced: bool) -> str:
    """Give the code itself where two or five digits stand beside it, as on magazines and books.

    Where the scanner does not announce them, only after the prefixes of magazines and books.
    """
    digits = code.replace(" ", "")
    end = _ADD_ONS.get(len(digits))
    if end is None or not digits.isdigit():
        return code
    if not announced and not digits.startswith(_PERIODICALS):
        return code
    return digits[:end] if check_digit_fits(digits[:end]) else code
