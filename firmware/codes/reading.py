"""What a scanner read: a product, another code, a command of the sheet, or nothing usable."""

from firmware.codes.gs1 import (
    GS,
    UnclearError,
    check_digit_fits,
    expanded,
    is_digits,
    is_gs1,
    read_elements,
)
from firmware.constants import SHEET_COMMANDS, SHEET_NAMING

PREFIX = "OW-"
COUPON_PREFIX = "COUPON:"
MAX_CODE = 64
THEN_A_CODE = ("REMOVE", "PRICE", "PRICE-SLIP", "STOCK", "CANCEL-ORDER")
"""Commands that are about the code which follows."""
PAYMENTS = ("CREDIT", "CASH", "ADVANCE")
NOT_HERE = {
    "NEAR": "the hub's answer says what is nearly earned",
    "FREE": "the hub chooses among free goods",
    "OPERATOR": "it has no list of operators",
    "SIGN-OUT": "it has no list of operators",
    "CUSTOMER": "it serves its own shop alone",
    "VOLUME": "its buzzer has one loudness",
    "WIFI": "its network is in its claim",
    "UPDATE": "it fetches updates by itself",
    "ENROL": "it takes a claim only as a new one",
}
"""Commands of the sheet that another terminal does, and why this one does not."""
SHORT_CODES = {"CANCEL-ORDER": "CANCEL-ORD"}
"""Codes that stand on the sheet in place of a name that a narrow paper has no room for."""
RULED_COLUMNS = (48, 42, 32, 20)

_BARE = ("SUBMIT", "CANCEL", "UNDO", "REPRINT", "STATUS", "CANCEL-ORDER") + PAYMENTS
_BATCH_LETTERS = 20
_GTIN_LENGTHS = (8, 12, 13, 14)
_NAMING = ("UNIT", "COUPON", "BATCH")
_QUANTITY_DIGITS = 12
_BREAKS = "\r\n\v\f\t"
_EAN_8 = "]E4"
_WITH_ADD_ON = "]E3"
_EAN_8_DIGITS = 8
_UPC_E_SIX = 6
_EAN_OR_UPC = "]E0"
_PERIODICALS = ("977", "978", "979")
_ADD_ONS = {14: 12, 15: 13, 17: 12, 18: 13}
"""Lengths of a code with the two or five digits beside it, and where the code itself ends."""


class Read:
    """One scan. `kind` is `product`, `other`, `bad` or the name of a command.

    A product has `code` (14 digits), `quantity` and the `batch` that the code names; other has
    `code`; QTY, DIGIT and COLUMNS have `quantity`; UNIT, COUPON and BATCH have `code`, which BATCH
    may do without. `why` says what is wrong with a bad one, or why another is no GTIN.
    `instead` is what the same digits may stand for as well: a UPC-E looks like an EAN-8. `grams` is
    the net weight of goods that are sold by weight, None of others.
    """

    def __init__(self, kind: str, code: str = "", quantity: int = 1, *, why: str = "") -> None:
        self.kind = kind
        self.code = code
        self.quantity = quantity
        self.why = why
        self.instead = ""
        self.batch = ""
        self.grams: int | None = None


def read_code(raw: str) -> Read:
    """Tell what was scanned; never raises. One symbol is one code, whatever stands in it."""
    if any(char in _BREAKS for char in raw.strip()):
        return Read("bad", why="line breaks in the code")
    code = _kept(raw)
    symbology = ""
    if _has_symbology(code):
        symbology, code = code[:3], code[3:]
    if not code.strip(GS):
        return Read("bad", why="nothing was read")
    if code.upper().startswith(PREFIX):
        return _command(code[len(PREFIX) :])
    if code.upper().startswith(COUPON_PREFIX):
        return _named("COUPON", code[len(COUPON_PREFIX) :])
    try:
        return _product_or_other(code, symbology)
    except UnclearError as error:
        return Read("bad", why="unclear: %s" % error)


def _product_or_other(code: str, symbology: str) -> Read:
    """Read what names a product, or anything else. Raises UnclearError."""
    if code.lower().startswith("http://") or code.lower().startswith("https://"):
        from firmware.codes.links import order_in, read_link

        order = order_in(code)
        return Read("other", order) if order else _of_elements(read_link(code))
    forced = is_gs1(symbology)
    if not forced:
        retail = _retail(_without_add_on(code, symbology == _WITH_ADD_ON), symbology)
        if retail is not None:
            return retail
    elements = read_elements(code, forced)
    if elements is not None:
        return _of_elements(elements)
    if len(code) > MAX_CODE:
        return Read("bad", why="%d letters are too many" % len(code))
    return Read("other", code.replace(GS, ""))


def _retail(code: str, symbology: str) -> "Read | None":
    """Read the digits of a retail code; None where it is none."""
    if not is_digits(code):
        return None
    if symbology == _EAN_OR_UPC and len(code) == _UPC_E_SIX:
        return Read("product", as_gtin14(_whole_of_six(code)))
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
    read = Read("product", found[0])
    read.instead = found[-1] if len(found) > 1 else ""
    return read


def _whole_of_six(code: str) -> str:
    """Give the UPC-A of a UPC-E without number system and check digit: both are known."""
    return next(whole for check in "0123456789" if (whole := expanded("0" + code + check)))


def _without_add_on(code: str, announced: bool) -> str:
    """Give the code itself where two or five digits stand beside it, as on magazines and books.

    Where the scanner does not announce them, only after the prefixes of magazines and books.
    """
    digits = code.replace(" ", "")
    end = _ADD_ONS.get(len(digits), 0)
    if not (end and is_digits(digits) and (announced or digits[:3] in _PERIODICALS)):
        return code
    return digits[:end] if check_digit_fits(digits[:end]) else code


def typed(text: str) -> str:
    """Give what a person typed as a scanner would read it: commands may miss their prefix."""
    line = text.strip()
    word, dash, name = line.partition("-")
    if line.upper() in _BARE or (dash and word.upper() in ("QTY",) + _NAMING):
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


def _of_elements(elements: "Elements") -> Read:
    gtin, count, grams, batch = elements
    if not gtin:
        return Read("bad", why="no product in the code")
    if not check_digit_fits(gtin):
        return Read("other", gtin, why="the check digit does not fit")
    if count == 0:
        return Read("bad", why="the code counts nothing")
    read = Read("product", gtin, 1 if count is None else count)
    # Goods that vary in weight have a GTIN that begins with 9; on others it is for information.
    read.grams = grams if gtin[0] == "9" else None
    read.batch = batch
    return read


def _command(text: str) -> Read:
    upper = text.upper()
    name = "CANCEL-ORDER" if upper == SHORT_CODES["CANCEL-ORDER"] else upper
    if name in SHEET_COMMANDS and name not in NOT_HERE:
        return Read(name)
    if len(upper) == 1 and is_digits(upper):
        return Read("DIGIT", quantity=int(upper))
    word, _, rest = upper.partition("-")
    if word == "COLUMNS" and is_digits(rest) and int(rest) in RULED_COLUMNS:
        return Read(word, quantity=int(rest))
    digits = rest[1:] if rest.startswith("-") else rest
    if word == "QTY" and is_digits(digits) and len(digits) <= _QUANTITY_DIGITS:
        return Read(word, quantity=int(rest))
    if word in _NAMING and len(upper) > len(word):
        return _named(word, text[len(word) + 1 :])
    why = NOT_HERE.get(name) or (word in SHEET_NAMING and NOT_HERE.get(word))
    if why:
        return Read("bad", why="this terminal does not do OW-%s: %s" % (text[:20], why))
    return Read("bad", why="no such command: " + text[:20])


def _named(command: str, name: str) -> Read:
    kept = " ".join(name.replace(GS, "").split())
    if not kept or len(kept) > MAX_CODE:
        return Read("bad", why="%s needs a name of 1 to %d letters" % (command, MAX_CODE))
    return Read(command, kept)
