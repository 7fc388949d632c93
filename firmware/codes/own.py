"""Codes that a shop or its scale makes; loaded for the first of them.

GS1 General Specifications 2.1.12: prefixes 02 and 20 to 29 are for whoever prints them. A table
that comes with the catalogue says of each how many digits name the article, and what follows.
"""

from firmware.codes.gs1 import check_digit_fits

_DIGITS = 12
_GRAMS = {"G": 1, "GM": 1, "GRAM": 1, "KG": 1000, "KGS": 1000}


def read_own(gtin: str, table: "list[list]") -> "tuple[str, str, int] | None":
    """Give the article's own GTIN, what is measured, and how much; None for no own code.

    Of `21 12345 01234 x` with 5 digits for the article it is `21 12345 00000 x` and 1234.
    """
    for prefix, article, measures in table:
        end = len(prefix) + article
        if gtin.startswith("0" + prefix):
            body = "0" + gtin[1 : end + 1] + "0" * (_DIGITS - end)
            found = [body + digit for digit in "0123456789" if check_digit_fits(body + digit)]
            return found[0], measures, int(gtin[end + 1 : _DIGITS + 1])
    return None


def counted(measures: str, amount: int, base_unit: str) -> int:
    """Count a measure in base units; 0 for a weight of what is not weighed.

    A price says nothing of how much there is: 1.
    """
    if measures == "price":
        return 1
    if measures == "count":
        return amount
    grams = _GRAMS.get(base_unit.upper(), 0)
    return 0 if not grams or amount % grams else amount // grams
