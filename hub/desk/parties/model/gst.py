"""GST facts of a party: states by their codes, and the GSTIN with its check character."""

import re
from typing import Final

from hub.desk.parties.model.cells import CellError, clean, digits_of

STATES: Final = tuple(f"{one:02}" for one in (*range(1, 25), 26, 27, *range(29, 39), 97))
"""The state codes of GST; 28 and 25 are of before states were joined and parted."""
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_GSTIN: Final = re.compile(r"\d\d[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]")
_PIN: Final = re.compile(r"[1-9]\d{5}")


def read_gstin(text: str) -> str:
    """Read a GSTIN: state, PAN, entity, Z and a check character over the rest."""
    value = digits_of(text).replace(" ", "").upper()
    if not _GSTIN.fullmatch(value) or value[:2] not in STATES:
        raise CellError("cell_not_gstin", value=clean(text))
    right = check_character(value[:14])
    if value[14] != right:
        raise CellError("cell_gstin_check", value=value, right=value[:14] + right)
    return value


def check_character(first: str) -> str:
    """Compute the 15th character of a GSTIN: of 27AAPFU0939F1Z it is V."""
    total = 0
    for number, one in enumerate(first):
        product = _ALPHABET.index(one) * (1 + number % 2)
        total += product // 36 + product % 36
    return _ALPHABET[-total % 36]


def read_state(text: str) -> str:
    """Read a state's two digits; `9` is 09."""
    value = digits_of(text).zfill(2)
    if value not in STATES:
        raise CellError("cell_not_state", value=clean(text))
    return value


def read_pin(text: str) -> str:
    """Read a PIN: six digits, the first not 0."""
    value = digits_of(text).replace(" ", "")
    if not _PIN.fullmatch(value):
        raise CellError("cell_not_pin", value=clean(text))
    return value
