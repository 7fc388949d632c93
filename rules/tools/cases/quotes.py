"""The quotes of cases: what the price of an earlier pack is worth once this one serves."""

from collections.abc import Iterator, Mapping
from typing import Any

from rules.engine.result import Result
from rules.engine.tables import AN_HOUR_MS, QuoteTerms
from rules.tools.cases.comparing import Difference


def quote_differences(
    case: Mapping[str, Any], result: Result, terms: QuoteTerms
) -> Iterator[Difference]:
    """Say where a quote is worth something else than expected."""
    expect = case["expect"]
    if "quote" not in expect:
        return
    worth = _worth(case["quoted"], result, terms)
    if worth != expect["quote"]:
        yield Difference(("quote",), f"the quote is {worth}, not {expect['quote']}")


def _worth(quoted: Mapping[str, int], result: Result, terms: QuoteTerms) -> str:
    """Give what follows: the quote holds, or is what this pack asks, or as the pack says."""
    ago = -quoted["captured"] * AN_HOUR_MS if "captured" in quoted else None
    if terms.honours(-quoted["hours"] * AN_HOUR_MS, ago, now_ms=0):
        return "honoured"
    return "unchanged" if result.totals.payable == quoted["payable"] else terms.otherwise
