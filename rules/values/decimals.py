"""Exact decimal text to scaled integers and back; no float on the way."""

import re
from functools import lru_cache
from typing import Final

MAX_DIGITS: Final = 18
_INDIAN: Final = frozenset({"INR", "BDT", "NPR", "PKR", "LKR"})
_DECIMAL: Final = re.compile(r"(-?)(\d+)(?:\.(\d+))?", re.ASCII)


def scaled(text: str, scale: int) -> int:
    """Read `12.5` at scale 2 as 1250.

    Raises:
        ValueError: not a plain decimal, too long, or finer than the scale.
    """
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a number such as 12 or 12.50{_remedy(text)}")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if len(whole) + len(fraction) > MAX_DIGITS:
        raise ValueError(f"'{text}' has more than {MAX_DIGITS} digits")
    fraction = fraction.rstrip("0")
    if len(fraction) > scale:
        raise ValueError(
            f"'{text}' has more than {scale} decimals" if scale else f"'{text}' is no whole number"
        )
    return int(f"{sign}{whole}{fraction.ljust(scale, '0')}")


def _remedy(text: str) -> str:
    """Say how a number is written that people write otherwise: with a comma, a sign or a unit."""
    bare = text.strip().strip("%\u20b9$\u20ac\u00a3").strip()
    if re.fullmatch(r"-?\d+,\d{1,2}", bare):
        bare = bare.replace(",", ".")
    bare = bare.replace(",", "").lstrip("+").strip()
    return f": write {bare}" if bare != text and _DECIMAL.fullmatch(bare) else ""


def shown(value: int, scale: int) -> str:
    """Write 1250 at scale 2 as `12.50`."""
    if not scale:
        return str(value)
    if value < 0:
        return "-" + shown(-value, scale)
    digits = str(value)
    if len(digits) <= scale:
        digits = digits.zfill(scale + 1)
    return f"{digits[:-scale]}.{digits[-scale:]}"


def is_indian(currency: str) -> bool:
    """Say whether amounts of a currency are grouped by lakhs and crores."""
    return currency in _INDIAN


def group_digits(whole: int, *, indian: bool) -> str:
    """Group the digits of a whole number: 12,34,567 where that is the custom, else 1,234,567."""
    if not indian:
        return f"{whole:,}"
    head, tail = divmod(whole, 1_000)
    if not head:
        return str(whole)
    pairs = []
    while head:
        head, pair = divmod(head, 100)
        pairs.append(f"{pair:02}")
    return ",".join([*reversed(pairs), f"{tail:03}"]).removeprefix("0")


def shown_amount(minor: int, currency: str, scale: int) -> str:
    """Write an amount of the minor unit as its currency groups it: `-12,34,567.50` of rupees."""
    if minor < 0:
        return "-" + shown_amount(-minor, currency, scale)
    whole, part = divmod(minor, 10**scale)
    digits = group_digits(whole, indian=is_indian(currency))
    return f"{digits}.{part:0{scale}d}" if scale else digits


def shown_unit_price(price: int) -> str:
    """Write a unit price with the decimals it has, at least two: 312,525 is `31.2525`."""
    digits = str(price).zfill(5)
    fraction = digits[-4:-2] if digits.endswith("00") else digits[-4:].rstrip("0")
    return f"{digits[:-4]}.{fraction}"


@lru_cache(maxsize=1024)
def shown_percent(rate: int) -> str:
    """Write a rate in millionths as percent, without idle zeros: 25,000 is `2.5`."""
    text = shown(rate, 4).rstrip("0").rstrip(".")
    return text or "0"
