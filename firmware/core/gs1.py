"""GS1 numbers and element strings, as far as a counter needs them: GTIN and count.

Every application identifier is stepped over by the tables of the GS1 General Specifications
(section 3 and figure 7.8.4-2), so that what stands before the count is never taken for it.
"""

GS = "\x1d"

_GS1_SYMBOLOGIES = ("]C1", "]d2", "]Q3", "]e0", "]J1")
# How long an element is with its identifier, where its end is not marked; by two digits.
_FIXED = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8,
    "15": 8, "16": 8, "17": 8, "18": 8, "19": 8, "20": 4, "31": 10, "32": 10, "33": 10,
    "34": 10, "35": 10, "36": 10, "41": 16,
}  # fmt: skip
# Digits of the identifier, where it is not two.
_IDENTIFIER = {
    "23": 3, "24": 3, "25": 3, "31": 4, "32": 4, "33": 4, "34": 4, "35": 4, "36": 4, "39": 4,
    "40": 3, "41": 3, "42": 3, "43": 4, "70": 4, "71": 3, "72": 4, "80": 4, "81": 4, "82": 4,
}  # fmt: skip
_COUNTING = ("30", "37")
_GTIN_DIGITS = 14
_COUNT_DIGITS = 8


def is_gs1(symbology: str) -> bool:
    """Tell whether a symbology identifier announces element strings."""
    return symbology in _GS1_SYMBOLOGIES


def check_digit_fits(digits: str) -> bool:
    """Check the last digit of a GTIN (GS1 7.9: weights 3 and 1 from the right)."""
    if not digits or not all("0" <= char <= "9" for char in digits):
        return False
    total = 0
    weight = 1
    for at in range(len(digits) - 1, -1, -1):
        total += weight * (ord(digits[at]) - 48)
        weight = 4 - weight
    return total % 10 == 0


def read_elements(code: str, forced: bool) -> "tuple[str, int | None] | None":
    """Give GTIN (empty for none) and count (None for none); None where it is no element string.

    `forced` is set where the scanner said so; else only a string with a right GTIN is taken.
    """
    if code.startswith("(") and ")" in code:
        pairs = _bracketed(code)
    else:
        text = code.lstrip(GS)
        if not (
            forced or (text[:2] in ("01", "02") and check_digit_fits(text[2:16]) and len(text) > 15)
        ):
            return None
        pairs = _pairs(text)
    gtin, count = "", None
    for identifier, value in pairs:
        if identifier in ("01", "02") and not gtin and len(value) == _GTIN_DIGITS:
            gtin = value
        elif identifier in _COUNTING and value and all("0" <= char <= "9" for char in value):
            count = int(value[:_COUNT_DIGITS])
    return gtin, count


def _bracketed(code: str) -> "list[tuple[str, str]]":
    """Split text as it stands under a bar code: `(01)...(30)...`."""
    pairs = []
    for part in code.split("(")[1:]:
        identifier, found, value = part.partition(")")
        if found:
            pairs.append((identifier, value.strip(GS)))
    return pairs


def _pairs(text: str) -> "list[tuple[str, str]]":
    pairs = []
    while len(text) > 2:
        digits = _IDENTIFIER.get(text[:2], 2)
        end = _FIXED.get(text[:2])
        if end is None:
            found = text.find(GS)
            end = len(text) if found < 0 else found
        pairs.append((text[:digits], text[digits:end]))
        text = text[end:].lstrip(GS)
    return pairs
