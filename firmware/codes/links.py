"""GS1 Digital Link: web addresses that name a product; loaded for the first of them.

GS1 Digital Link standard 1.2, section 4: `https://any.shop/01/GTIN/10/BATCH?17=270131`.
"""

from firmware.codes.gs1 import UnclearError, check_digit_fits, found_in, is_digits
from firmware.constants import FOLLOW

_ID = "xxxxxxxx-xxxx-7xxx-yxxx-xxxxxxxxxxxx"
_WORDS = {"gtin": "01", "cpv": "22", "lot": "10", "ser": "21", "exp": "17"}
_GTIN_LENGTHS = (8, 12, 13, 14)


def order_in(code: str) -> str:
    """Give the order whose slip has this address as its code; else nothing."""
    address = code.lower().split("#", 1)[0].split("?", 1)[0]
    place = address.split("://", 1)[1]
    at = place.find(FOLLOW)
    order = place[at + len(FOLLOW) :]
    order = order[:-1] if order.endswith("/") else order
    if at < 1 or len(order) != len(_ID):
        return ""
    for at in range(len(_ID)):
        letters = {"x": "0123456789abcdef", "y": "89ab"}.get(_ID[at], _ID[at])
        if order[at] not in letters:
            return ""
    return order


def read_link(code: str) -> "Elements":
    """Give GTIN, count, net weight and batch as `read_elements` does. Raises UnclearError."""
    rest = code.split("#", 1)[0].split("://", 1)[1]
    place, _, query = rest.partition("?")
    steps = [_plain(step) for step in place.split("/")[1:] if step]
    for at in range(len(steps) - 1):
        if _identifier(steps[at]) == "01" and _is_gtin(steps[at + 1]):
            break
    else:
        raise UnclearError("the address names no product")
    gtin = steps[at + 1]
    if not check_digit_fits(gtin):
        raise UnclearError("the check digit does not fit")
    pairs = [("01", "0" * (14 - len(gtin)) + gtin)]
    path = range(at + 2, len(steps) - 1, 2)
    pairs += [(_identifier(steps[step]), steps[step + 1]) for step in path]
    for asked in query.split("&"):
        name, _, value = asked.replace("+", " ").partition("=")
        if value:
            pairs.append((_identifier(_plain(name)), _plain(value)))
    return found_in([one for one in pairs if is_digits(one[0])])


def _identifier(step: str) -> str:
    """Give the identifier for a word that earlier versions of the standard allowed."""
    return _WORDS.get(step.lower(), step)


def _is_gtin(step: str) -> bool:
    return is_digits(step) and len(step) in _GTIN_LENGTHS


def _plain(text: str) -> str:
    """Undo the escapes of an address: `%2F` is a stroke."""
    raw = text.encode()
    plain = bytearray()
    at = 0
    while at < len(raw):
        byte = raw[at]
        at += 1
        if byte == 0x25 and at + 2 <= len(raw):
            try:
                byte = int(raw[at : at + 2], 16)
                at += 2
            except ValueError:
                byte = 0x25
        plain.append(byte)
    try:
        return bytes(plain).decode()
    except UnicodeError:
        return text
