"""What a scanner read: a product, another code, a command of the sheet, or nothing usable."""

from firmware.core.gs1 import (
    GS,
    UnclearError,
    check_digit_fits,
    expanded,
    is_digits,
    is_gs1,
    read_elements,
)

PREFIX = "OW-"
COUPON_PREFIX = "COUPON:"
MAX_CODE = 64
PLAIN_COMMANDS = ("SUBMIT", "CANCEL", "UNDO", "REPRINT", "STATUS")
SHEET_QUANTITIES = (2, 3, 5, 6, 10, 12, 24, 100)

_GTIN_LENGTHS = (8, 12, 13, 14)
_NAMING = ("UNIT", "COUPON")
_QUANTITY_DIGITS = 12
_BREAKS = "\r\n\v\f\t"
_EAN_8 = "]E4"
_WITH_ADD_ON = "]E3"
_EAN_8_DIGITS = 8
_UPC_E_SIX = 6
_ADD_ONS = (15, 17, 18)
"""Lengths of a code with the two or five digits beside it."""


class Read:
    """One scan. `kind` is `product`, `other`, `bad` or the name of a command.

    A product has `code` (14 digits) and `quantity`; other has `code`; QTY has `quantity`; UNIT and
    COUPON have `code`. `why` says what is wrong with a bad one, or why another is no GTIN.
    """

    def __init__(self, kind: str, code: str = "", quantity: int = 1, *, why: str = "") -> None:
        self.kind = kind
        self.code = code
        self.quantity = quantity
        self.why = why


def read_code(raw: str) -> Read:
    """Tell what was scanned; never raises. One symbol is one code, whatever stands in it.

    Web addresses and codes with an add-on beside them are refused: this counter does not read them.
    """
    if any(char in _BREAKS for char in raw.strip()):
        return Read("bad", why="line breaks in the code")
    code = _kept(raw)
    symbology = ""
    if _has_symbology(code):
        symbology, code = code[:3], code[3:]
    forced = is_gs1(symbology)
    if not code.strip(GS):
        return Read("bad", why="nothing was read")
    if code.upper().startswith(PREFIX):
        return _command(code[len(PREFIX) :])
    if code.upper().startswith(COUPON_PREFIX):
        return _named("COUPON", code[len(COUPON_PREFIX) :])
    if code.lower().startswith(("http://", "https://")):
        return Read("bad", why="web addresses are not read here")
    if not forced:
        retail = _retail(code, symbology)
        if retail is not None:
            return retail
    try:
        return _element_string_or_other(code, forced)
    except UnclearError as error:
        return Read("bad", why="unclear: %s" % error)


def _retail(code: str, symbology: str) -> "Read | None":
    """Read the digits of a retail code; None where it is none."""
    if not is_digits(code):
        return None
    if (
        symbology == _WITH_ADD_ON
        or len(code) in _ADD_ONS
        or (symbology and len(code) == _UPC_E_SIX)
    ):
        return Read("bad", why="codes with an add-on are not read here")
    if len(code) not in _GTIN_LENGTHS:
        return None
    found = [as_gtin14(code)] if check_digit_fits(code) else []
    if len(code) == _EAN_8_DIGITS:
        whole = expanded(code)
        if whole:
            found.append(as_gtin14(whole))
        if len(found) > 1 and symbology:
            found = found[:1] if symbology == _EAN_8 else found[1:]
    if not found:
        return Read("other", code, why="the check digit does not fit")
    return Read("product", found[0])


def typed(text: str) -> str:
    """Give what a person typed as a scanner would read it: commands may miss their prefix."""
    line = text.strip()
    word, dash, name = line.partition("-")
    known = word.upper() in PLAIN_COMMANDS and not dash
    if known or (dash and word.upper() in ("QTY",) + _NAMING):
        return PREFIX + word.upper() + dash + name
    return line


def as_gtin14(digits: str) -> str:
    """Write a GTIN of any length with 14 digits."""
    return "0" * (14 - len(digits)) + digits


def _kept(raw: str) -> str:
    """Drop control characters, the group separator apart."""
    return "".join([c for c in raw if c == GS or (c >= " " and not "\x7f" <= c <= "\xa0")]).strip(
        " "
    )


def _has_symbology(code: str) -> bool:
    if len(code) < 3 or code[0] != "]":
        return False
    letter, modifier = code[1].upper(), code[2].upper()
    return "A" <= letter <= "Z" and ("A" <= modifier <= "Z" or "0" <= modifier <= "9")


def _element_string_or_other(code: str, forced: bool) -> Read:
    elements = read_elements(code, forced)
    if elements is not None:
        gtin, count = elements
        if not gtin:
            return Read("bad", why="no product in the code")
        if not check_digit_fits(gtin):
            return Read("other", gtin, why="the check digit does not fit")
        if count == 0:
            return Read("bad", why="the code counts nothing")
        return Read("product", gtin, 1 if count is None else count)
    if len(code) > MAX_CODE:
        return Read("bad", why="%d letters are too many" % len(code))
    return Read("other", code.replace(GS, ""))


def _command(text: str) -> Read:
    upper = text.upper()
    if upper in PLAIN_COMMANDS:
        return Read(upper)
    if upper.startswith("QTY-"):
        number = upper[4:]
        digits = number[1:] if number.startswith("-") else number
        if is_digits(digits) and len(digits) <= _QUANTITY_DIGITS:
            return Read("QTY", quantity=int(number))
    for command in _NAMING:
        if upper.startswith(command + "-"):
            return _named(command, text[len(command) + 1 :])
    return Read("bad", why="no such command: " + text[:20])


def _named(command: str, name: str) -> Read:
    kept = " ".join(name.replace(GS, "").split())
    if not kept or len(kept) > MAX_CODE:
        return Read("bad", why="%s needs a name of 1 to %d letters" % (command, MAX_CODE))
    return Read(command, kept)
