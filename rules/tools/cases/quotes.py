"""The quotes of cases: what the price of an earlier pack is worth once this one serves."""

from collections.abc import Iterator, Mapping
from typing import Any

from rules.engine.result import Result
from rules.engine.tables import QuoteTerms
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
    if terms.honour_hours > 0 and quoted["hours"] <= terms.honour_hours:
        return "honoured"
    return "unchanged" if result.totals.payable == quoted["payable"] else terms.otherwise
