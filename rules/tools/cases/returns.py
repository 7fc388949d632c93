"""The returns of cases: what comes back of a case's order, settled and compared."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from rules.engine.result import Result
from rules.engine.returns import Return, ReturnResult
from rules.tools.cases.comparing import Difference, counts_differ, names_differ
from rules.values.decimals import shown
from rules.values.units import Quantity

Case = Mapping[str, Any]


class _Row(Protocol):
    """A line, or free goods."""

    @property
    def number(self) -> int:
        """Give its own number."""

    @property
    def sku(self) -> str:
        """Name its product."""

    @property
    def quantity(self) -> Quantity:
        """Count its base units."""


def has_return(case: Case) -> bool:
    """Tell whether anything comes back in a case."""
    return any(key in case for key in ("returned", "returned_free", "charged"))


def return_of(case: Case, result: Result) -> Return:
    """Say what comes back, line by line: of several lines of a product the last first."""
    return Return(
        lines=_numbered(case.get("returned", {}), result.lines),
        free=_numbered(case.get("returned_free", {}), result.free),
        charged=_numbered(case.get("charged", {}), result.free),
    )


def _numbered(counts: Mapping[str, int], rows: Iterable[_Row]) -> dict[int, Quantity]:
    numbered: dict[int, Quantity] = {}
    for sku, count in counts.items():
        mine = [row for row in rows if row.sku == sku]
        left = count
        for row in reversed(mine):
            # What is too much stays with the first line, to be refused there.
            part = left if row is mine[0] else min(left, row.quantity)
            if part:
                numbered[row.number] = Quantity(part)
            left -= part
        if left:
            numbered[0] = Quantity(left)
    return numbered


def return_differences(expect: Case, settled: ReturnResult, scale: int) -> Iterator[Difference]:
    """Say where a return came out otherwise."""
    credit = settled.totals.payable
    if expect.get("credit", credit) != credit:
        text = f"credit is {shown(credit, scale)}, not {shown(expect['credit'], scale)}"
        yield Difference(("credit",), text)
    owed: dict[str, int] = {}
    for one in settled.owed:
        owed[one.sku] = owed.get(one.sku, 0) + one.quantity
    if "take_back" in expect:
        yield from counts_differ("take_back", expect["take_back"], owed)
    codes = {reason.code for reason in settled.reasons}
    if "return_reasons" in expect:
        yield from names_differ("return_reasons", expect["return_reasons"], codes)
