"""Reads what a person typed or a file holds, one cell at a time; nothing is guessed."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Final

from hub.base.fields import Reason
from hub.base.money import HOUSE_SCALE
from rules import scaled

MOST_AMOUNT: Final = 10**11
EMPTY: Final = "(empty)"
"""What stands in a cell that empties a field; a blank one leaves the field as it is."""

_CODE_LENGTH: Final = 64
_PAGES: Final = frozenset((".", "..", "new", "hand-over"))
_STEPS: Final = frozenset(("change", "labels", "notes", "requests", "served-by"))
"""What addresses mean by a word of their own, behind a slash or alone."""
_MAX_COUNT: Final = 10**12
_LOST: Final = re.compile(r"\d+(?:[.,]\d+)?[eE]\+\d+|\d+[.,]\d+[eE]\d+")
_SPOILT: Final = frozenset(
    ("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "nan", "null", "#######")
)
_WRAPPED: Final = re.compile(r'=".*"|\'.*')
_JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
_VARIANTS: Final = frozenset(chr(one) for one in range(0xFE00, 0xFE10))
_FLAGS: Final = range(0xE0020, 0xE0080)
"""What the flags of regions among emoji are written with."""
_GTIN_LENGTHS: Final = (8, 12, 13, 14)
_PHONE_DIGITS: Final = range(8, 16)
_HOME_DIGITS: Final = 10


class CellError(ValueError):
    """A cell cannot be read; `reason` says why and what would be right."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.reason: Final = Reason(code, params)


def clean(text: str) -> str:
    """Give a text in one form: composed, blanks of every kind as blanks, none at its ends."""
    if text.isascii():
        return text.strip(" ")
    spaced = "".join(
        " " if unicodedata.category(one) == "Zs" else one
        for one in unicodedata.normalize("NFC", text)
    )
    return spaced.strip(" \ufeff")


def read_text(text: str, *, most: int = 200) -> str:
    """Read words in any script; characters that nobody sees are refused, but those of scripts."""
    value = clean(text)
    for one in value if not (value.isascii() and value.isprintable()) else "":
        if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} and not (
            one in _JOINERS or one in _VARIANTS or ord(one) in _FLAGS
        ):
            raise CellError("cell_hidden", character=f"U+{ord(one):04X}")
    if len(value) > most:
        raise CellError("cell_too_long", length=len(value), most=most)
    return value


def read_name(text: str) -> str:
    """Read words that have to be there."""
    value = read_text(text)
    if not value:
        raise CellError("cell_empty")
    return value


def read_code(text: str) -> str:
    """Read an id as it stands, `007` and `KA/001` too; what a spreadsheet has spoilt is refused.

    So is what no page could have in its address: `..`, `new`, `KA/change`.
    """
    value = clean(text)
    if not value.isascii():
        value = clean(unicodedata.normalize("NFKC", value))
    if not value:
        raise CellError("cell_empty")
    if value.casefold() in _SPOILT:
        raise CellError("cell_spoilt", value=value)
    if _LOST.fullmatch(value):
        raise CellError("cell_digits_lost", value=value)
    if _WRAPPED.fullmatch(value):
        raise CellError("cell_wrapped", value=value)
    if len(value) > _CODE_LENGTH:
        raise CellError("cell_too_long", length=len(value), most=_CODE_LENGTH)
    for one in value if not value.isprintable() else "":
        if unicodedata.category(one)[0] == "C":
            raise CellError("cell_hidden", character=f"U+{ord(one):04X}")
    if value in _PAGES or not _STEPS.isdisjoint(value.split("/")[1:]):
        raise CellError("cell_reserved", value=value)
    return value


def look_of_code(code: str) -> str:
    """Give what people take a code for: `c1` and `C1` look alike, as two forms of an é do."""
    return code.lower() if code.isascii() else unicodedata.normalize("NFKC", code).casefold()


SIGNS: Final = "₹$€£৳₦"
"""Signs of currencies, which may stand in front of an amount as pages write it."""
_GROUPED: Final = re.compile(r"(\d{1,2}(,\d\d)*|\d{1,3}(,\d{3})*),\d{3}(\.\d+)?")


def digits_of(text: str) -> str:
    """Write the digits of any script as 0 to 9; the rest stays."""
    if text.isascii():
        return clean(text)
    return "".join(
        str(unicodedata.decimal(one)) if unicodedata.decimal(one, None) is not None else one
        for one in clean(text)
    )


def read_choice(text: str, choices: Sequence[str]) -> str:
    """Read one of some words, in whatever case."""
    value = clean(text).casefold().replace(" ", "_")
    if value not in choices:
        raise CellError("cell_not_choice", value=clean(text), choices=list(choices))
    return value


def read_count(text: str, *, least: int = 0, most: int = _MAX_COUNT) -> int:
    """Read a whole number."""
    value = digits_of(text)
    if not value:
        raise CellError("cell_empty")
    if not (value.isascii() and value.isdigit()):
        raise CellError("cell_not_count", value=value, least=least)
    if len(value.lstrip("0")) > len(str(most)) or int(value) > most:
        raise CellError("cell_too_many", value=value[:64], most=most)
    if int(value) < least:
        raise CellError("cell_not_count", value=value, least=least)
    return int(value)


def read_amount(text: str, scale: int = HOUSE_SCALE) -> int:
    """Read an amount of the major unit from zero to ten thousand crore, as integers of `scale`.

    Above that no sum of amounts would be sure to fit a database's numbers. Digits may be grouped as
    people here group them, `1,00,000.00`, or by thousands; `1,5` is none of both, and refused.
    """
    value = digits_of(text)
    plain = value.lstrip(SIGNS).strip()
    if not plain:
        raise CellError("cell_empty")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        amount = scaled(plain, scale)
    except ValueError:
        amount = -1
    if amount < 0:
        raise CellError("cell_not_amount", value=value, decimals=scale)
    if amount > MOST_AMOUNT * 10**scale:
        raise CellError("cell_above", value=value, most=MOST_AMOUNT)
    return int(amount)


def read_day(text: str) -> date:
    """Read a date as year-month-day; `03/04/2026` may be two days, and is refused."""
    value = digits_of(text)
    if not value:
        raise CellError("cell_empty")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise CellError("cell_not_day", value=value)


def read_path(text: str) -> str:
    """Read a path of nodes such as `IN/KA/BLR`; blanks around the nodes go."""
    nodes = [node.strip() for node in read_text(text).split("/")]
    if nodes != [""] and not all(nodes):
        raise CellError("cell_empty_node", value=clean(text))
    return "/".join(nodes)


def read_phone(text: str) -> str:
    """Read a phone number as +, country and number; ten digits are an Indian one."""
    value = re.sub(r"[\s().\-/]", "", digits_of(text))
    plain = value.removeprefix("+")
    if not (plain.isascii() and plain.isdigit()):
        raise CellError("cell_not_phone", value=clean(text))
    if value.startswith("00"):
        value = f"+{value[2:]}"
    elif not value.startswith("+"):
        home = plain.removeprefix("0") if len(plain) == _HOME_DIGITS + 1 else plain
        is_home = len(home) == _HOME_DIGITS and home[0] in "6789"
        value = f"+91{home}" if is_home else f"+{home}"
        if not is_home and not (len(home) == _HOME_DIGITS + 2 and home.startswith("91")):
            raise CellError("cell_not_phone", value=clean(text))
    if len(value) - 1 not in _PHONE_DIGITS:
        raise CellError("cell_not_phone", value=clean(text))
    return value


def read_gtin(text: str) -> str:
    """Read a bar code of 8, 12, 13 or 14 digits whose last digit checks the others."""
    value = digits_of(text)
    if _LOST.fullmatch(value):
        raise CellError("cell_digits_lost", value=value)
    if not (value.isascii() and value.isdigit()) or len(value) not in _GTIN_LENGTHS:
        raise CellError("cell_not_gtin", value=value)
    right = check_digit(value[:-1])
    if value[-1] != right:
        raise CellError("cell_gtin_check", value=value, right=value[:-1] + right)
    return value


def check_digit(digits: str) -> str:
    """Compute the last digit of a GTIN: 890123456789 has 0."""
    total = sum(int(one) * (3 if n % 2 == 0 else 1) for n, one in enumerate(reversed(digits)))
    return str(-total % 10)


def key_of_gtin(gtin: str) -> str:
    """Give what makes two bar codes one: GTIN-8, 12 and 13 are 14 with zeros before them."""
    return gtin.zfill(14)


def forms_of_gtin(gtin: str) -> tuple[str, ...]:
    """Give every form in which a bar code may be kept: as 8, 12, 13 or 14 digits."""
    key = key_of_gtin(gtin)
    return tuple(key[-length:] for length in _GTIN_LENGTHS if not key[:-length].strip("0"))
