"""GS1 Digital Link: web addresses that name a product, its batch and its expiry.

GS1 Digital Link standard 1.2, section 4 (URI syntax): `https://any.shop/01/GTIN/10/BATCH?17=270131`.
"""

from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from rules.values.gs1 import Elements, UnclearError, of_pairs
from rules.values.gtin import check_digit_fits, is_gtin_like

_SCHEMES: Final = ("http://", "https://")
_WORDS: Final = {"gtin": "01", "cpv": "22", "lot": "10", "ser": "21", "exp": "17"}
"""Words that earlier versions of the standard allowed for identifiers."""


def is_link(code: str) -> bool:
    """Tell whether a code is a web address."""
    return code.lower().startswith(_SCHEMES)


def parse_link(code: str) -> Elements:
    """Read the product that a web address names. Raises UnclearError."""
    try:
        parts = urlsplit(code)
    except ValueError as error:
        raise UnclearError("link_without_product") from error
    steps = [unquote(step) for step in parts.path.split("/") if step]
    names = [_WORDS.get(step.lower(), step) for step in steps]
    for at in range(len(steps) - 1):
        if names[at] == "01" and is_gtin_like(steps[at + 1]):
            break
    else:
        raise UnclearError("link_without_product")
    gtin = steps[at + 1]
    if not check_digit_fits(gtin):
        raise UnclearError("check_digit")
    path = list(zip(names[at + 2 :: 2], steps[at + 3 :: 2], strict=False))
    asked = [(_WORDS.get(name.lower(), name), value) for name, value in parse_qsl(parts.query)]
    pairs = [(name, value) for name, value in (*path, *asked) if name.isdigit()]
    return of_pairs([("01", gtin.zfill(14)), *pairs])
