"""GS1 numbers and element strings, as far as this counter needs them: GTIN, count and weight.

Every application identifier is stepped over by the tables of the GS1 General Specifications
(section 3 and figure 7.8.4-2), so that what stands before the count is never taken for it. Many
scanners lose the separator after an element of variable length: each element is held against its
format, and a count that may hold another element is refused, not guessed.
"""

GS = "\x1d"

_GS1_SYMBOLOGIES = ("]C1", "]d2", "]Q3", "]e0", "]J1")
# Tables are text, two digits and what is told of them: as dictionaries they take 2 kB.
# How long an element is with its identifier, where its end is not marked; by two digits.
_FIXED = (
    " 00=20 01=16 02=16 03=16 04=18 11=08 12=08 13=08 14=08 15=08 16=08 17=08 18=08 19=08"
    " 20=04 31=10 32=10 33=10 34=10 35=10 36=10 41=16"
)
# Digits of the identifier, where it is not two.
_IDENTIFIER = (
    " 23=03 24=03 25=03 31=04 32=04 33=04 34=04 35=04 36=04 39=04 40=03 41=03 42=03 43=04"
    " 70=04 71=03 72=04 80=04 81=04 82=04"
)
# The most letters of an element of variable length.
_MOST = (
    " 10=20 21=20 22=20 23=28 24=30 25=30 30=08 37=08 39=18 40=30 42=20 71=20 43=90 70=90"
    " 72=90 80=90 81=90 82=90"
)
_MOST_OF = {"7003": 10}
_MOST_LETTERS = 90
# What scanners send in a separator's place; none of them can be part of an element's value.
_STAND_INS = (
    "{GS}", "<GS>", "[GS]", "{FNC1}", "<FNC1>", "<1D>", "\\x1D", "\\x1d", "\\u001d", "\\F",
    "#029", "]C1", "^]", "\u241d", "|", "~", "^", "#", "@",
)  # fmt: skip
_VALUE = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_COUNTING = ("30", "37")
_DATES = ("11", "12", "13", "15", "16", "17")
_SHORTEST = 16


class UnclearError(Exception):
    """An element string cannot be read for sure; its text says why."""


def is_gs1(symbology: str) -> bool:
    """Tell whether a symbology identifier announces element strings."""
    return symbology in _GS1_SYMBOLOGIES


def is_digits(text: str) -> bool:
    """Tell whether a text is digits of ASCII and nothing else."""
    return bool(text) and all("0" <= char <= "9" for char in text)


def check_digit_fits(digits: str) -> bool:
    """Check the last digit of a GTIN (GS1 7.9: weights 3 and 1 from the right)."""
    if not is_digits(digits):
        return False
    total = 0
    weight = 1
    for at in range(len(digits) - 1, -1, -1):
        total += weight * (ord(digits[at]) - 48)
        weight = 4 - weight
    return total % 10 == 0


def expanded(digits: str) -> str:
    """Give the UPC-A of a UPC-E with its number system and check digit; empty where it is none."""
    if digits[0] not in "01":
        return ""
    six, last = digits[1:7], digits[6]
    if last in "012":
        body = six[:2] + last + "0000" + six[2:5]
    elif last == "3":
        body = six[:3] + "00000" + six[3:5]
    elif last == "4":
        body = six[:4] + "00000" + six[4]
    else:
        body = six[:5] + "0000" + last
    whole = digits[0] + body + digits[7]
    return whole if check_digit_fits(whole) else ""


def read_elements(code: str, forced: bool) -> "Elements | None":
    """Give GTIN (empty for none), count and net weight in grams (None for none), and the batch.

    None where it is no element string. `forced` is set where the scanner said so; else only a
    string with a right GTIN is taken. Raises UnclearError.
    """
    if code.startswith("(") and is_digits(code[1:3]):
        return _found(_bracketed(code), True)
    text = _with_separators(code)
    if not (forced or text.startswith(GS) or _looks_so(text)):
        return None
    text = text.strip(GS)
    if not all(char in _VALUE or char == GS for char in text):
        raise UnclearError("its separators cannot be read")
    return _found(_pairs(text), GS in text)


def found_in(pairs: "list[tuple[str, str]]") -> "Elements":
    """Read elements that something else has told apart. Raises UnclearError."""
    for identifier, value in pairs:
        _check(identifier, value)
    return _found(pairs, True)


def _with_separators(code: str) -> str:
    """Put the separator back where a scanner sent something in its place: `A|B` may be a SKU."""
    start = code
    found = True
    while found:
        found = False
        for one in _STAND_INS + (GS,):
            if start.startswith(one):
                start = start[len(one) :]
                found = True
                break
    if not _looks_so(start):
        return code
    for one in _STAND_INS:
        start = start.replace(one, GS)
    return GS + start if start != code and code.startswith(GS) else start


def _looks_so(text: str) -> bool:
    return text[:2] in ("01", "02") and len(text) >= _SHORTEST and check_digit_fits(text[2:16])


def _bracketed(code: str) -> "list[tuple[str, str]]":
    """Split text as it stands under a bar code: `(01)...(30)...`."""
    pairs = []
    for part in code.split("(")[1:]:
        identifier, found, value = part.partition(")")
        if not found:
            raise UnclearError("an element has no end")
        value = value.strip(GS + " ")
        _check(identifier, value)
        pairs.append((identifier, value))
    return pairs


def _pairs(text: str) -> "list[tuple[str, str]]":
    """Split into identifiers and values, each of its format."""
    pairs = []
    while text:
        identifier = text[: _told(_IDENTIFIER, text) or 2]
        end = _told(_FIXED, text)
        if not end:
            found = text.find(GS)
            end = len(text) if found < 0 else found
        value = text[len(identifier) : end]
        _check(identifier, value)
        pairs.append((identifier, value))
        text = text[end:].lstrip(GS)
    return pairs


def _check(identifier: str, value: str) -> None:
    """Hold an element against its format. Raises UnclearError."""
    prefix = identifier[:2]
    right = is_digits(identifier) and all(char in _VALUE for char in value)
    right = right and len(identifier) == (_told(_IDENTIFIER, prefix) or 2)
    fixed = _told(_FIXED, prefix)
    if right and fixed:
        right = len(identifier) + len(value) == fixed and is_digits(value)
    elif right:
        most = _MOST_OF.get(identifier, _told(_MOST, prefix))
        if prefix >= "90":
            most = _MOST_LETTERS
        right = 1 <= len(value) <= most
        if prefix in _COUNTING:
            right = right and is_digits(value)
    if not right:
        raise UnclearError("an element is not of its format")


def _told(table: str, text: str) -> int:
    """Look up what a table tells of the first two digits of a text; 0 for nothing."""
    at = table.find(" " + text[:2] + "=") + 4
    return int(table[at : at + 2]) if at > 3 else 0


def _found(pairs: "list[tuple[str, str]]", sure: bool) -> "Elements":
    gtin, count, contained, grams, batch = "", None, False, None, ""
    for identifier, value in pairs:
        if identifier in ("01", "02") and not gtin:
            gtin, contained = value, identifier == "02"
        elif identifier == "10" and not batch:
            # A lost separator may have left dates behind it: no batch is better than a wrong one.
            if sure or not any(_is_dated(value[at:]) for at in range(1, len(value))):
                batch = value
        elif identifier in _COUNTING:
            # Without any separator one may have been lost: 6107 is 6 of batch 7, too.
            if not sure and any(_is_whole(value[at:]) for at in range(1, len(value))):
                raise UnclearError("the count may hold more than a count")
            count = int(value)
        elif identifier[:3] == "310":
            whole, rest = divmod(int(value) * 1000, 10 ** int(identifier[3]))
            grams = None if rest else whole
    if contained and count is None:
        raise UnclearError("how many the case holds is not said")
    return gtin, count, grams, batch


def _is_dated(tail: str) -> bool:
    """Tell whether a tail could be elements that begin with a date."""
    return tail[:2] in _DATES and _is_whole(tail)


def _is_whole(tail: str) -> bool:
    """Tell whether a tail could be elements of its own."""
    try:
        pairs = _pairs(tail)
    except UnclearError:
        return False
    for identifier, value in pairs:
        if identifier in _DATES and not _is_day(value):
            return False
        if identifier in ("01", "02", "03") and not check_digit_fits(value):
            return False
    return True


def _is_day(value: str) -> bool:
    """Tell whether YYMMDD is a day of the calendar; day 00 is the month's last."""
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    if not 1 <= month <= 12:
        return False
    last = (31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    return day <= last
