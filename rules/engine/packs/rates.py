"""Long price lists, cut out of a pack's text before it is parsed.

A terminal has 100,000 products and prices some hundred of them: a search in its list costs
microseconds, a dictionary of it 15 MB. Where orders are many, lists are dictionaries.
"""

import re
from array import array
from io import StringIO
from typing import Any, Final

from rules.values.rates import Rates

_LONG: Final = 2_000
"""Lists of fewer prices are dictionaries everywhere."""

_MOST_SHORT: Final = 2**32 - 1
"""Prices up to 429,496.7295 take four bytes each, those of a list with a dearer one eight."""

_START: Final = re.compile(rb'(?<=[,{])"rates":\{')
_ENTRY: Final = re.compile(rb'"([^"\\]*)":([1-9][0-9]{0,17})([,}])')


def cut_long_lists(packed: bytes) -> tuple[str, list[Rates]]:
    """Take the long price lists out of a pack; gives its text, `[number]` in place of each.

    The lists never become text as a whole, which is larger than all the rest of the pack.
    """
    lists: list[Rates] = []
    parts: list[bytes] = []
    at = 0
    for start in _START.finditer(packed):
        if start.end() < at:
            continue
        found = _rates_at(packed, start.end())
        if found is not None:
            rates, end = found
            parts += (packed[at : start.end() - 1], b"[%d]" % len(lists))
            lists.append(rates)
            at = end
    return b"".join([*parts, packed[at:]]).decode(), lists


def put_back(rule: dict[str, Any], lists: list[Rates]) -> None:
    """Give a rule its price list again."""
    place = rule.get("rates")
    if isinstance(place, list):
        rule["rates"] = lists[place[0]]


def _rates_at(packed: bytes, at: int) -> tuple[Rates, int] | None:
    """Read a list of sorted SKUs whose braces open before a place; None where it is another."""
    names = StringIO()  # and not 100,000 words, however short they live
    ends, prices = array("I", [0]), array("I")
    before, end = "", 0
    while (entry := _ENTRY.match(packed, at)) is not None:
        name = entry[1].decode()
        if prices and name <= before:
            return None
        names.write(name)
        before, end, at = name, end + len(name), entry.end()
        ends.append(end)
        price = int(entry[2])
        if price > _MOST_SHORT and prices.typecode == "I":
            prices = array("Q", prices)
        prices.append(price)
        if entry[3] == b"}":
            long_one = len(prices) >= _LONG
            return (Rates(names.getvalue(), ends, prices), at) if long_one else None
    return None
