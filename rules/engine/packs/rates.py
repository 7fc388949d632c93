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

_START: Final = re.compile(r'(?<=[,{])"rates":\{')
_ENTRY: Final = re.compile(r'"([^"\\]*)":([1-9][0-9]{0,17})([,}])')


def cut_long_lists(text: str) -> tuple[str, list[Rates]]:
    """Take the long price lists out of a pack's text; in their place stands `[number]`."""
    lists: list[Rates] = []
    parts: list[str] = []
    at = 0
    for start in _START.finditer(text):
        if start.end() < at:
            continue
        found = _rates_at(text, start.end())
        if found is not None:
            rates, end = found
            parts += (text[at : start.end() - 1], f"[{len(lists)}]")
            lists.append(rates)
            at = end
    return "".join([*parts, text[at:]]), lists


def put_back(rule: dict[str, Any], lists: list[Rates]) -> None:
    """Give a rule its price list again."""
    place = rule.get("rates")
    if isinstance(place, list):
        rule["rates"] = lists[place[0]]


def _rates_at(text: str, at: int) -> tuple[Rates, int] | None:
    """Read a list of sorted SKUs whose braces open before a place; None where it is another."""
    names = StringIO()  # and not 100,000 words, however short they live
    ends, prices = array("L", [0]), array("q")
    before, end = "", 0
    while (entry := _ENTRY.match(text, at)) is not None:
        name = entry[1]
        if prices and name <= before:
            return None
        names.write(name)
        before, end, at = name, end + len(name), entry.end()
        ends.append(end)
        prices.append(int(entry[2]))
        if entry[3] == "}":
            long_one = len(prices) >= _LONG
            return (Rates(names.getvalue(), ends, prices), at) if long_one else None
    return None
