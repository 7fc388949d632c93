"""What rows of a file make of a price list, kept in columns: a million rows take 16 MB."""

from array import array
from collections.abc import Iterator
from typing import Final

from hub.desk.imports.store.masters.prices import ListPrice
from hub.desk.rulepacks.model.steps import PackStepError

_OUT: Final = -1
"""Stands for a price in the column of a product that is taken out of its list."""
_STAYS: Final = -2
"""Stands for a price where a row says nothing of it."""


class Skus:
    """SKUs by number, each kept once however many lists have it."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []

    def number(self, sku: str) -> int:
        """Give the number of a SKU."""
        found = self._numbers.setdefault(sku, len(self._names))
        if found == len(self._names):
            self._names.append(sku)
        return found

    def name(self, number: int) -> str:
        """Give the SKU of a number."""
        return self._names[number]


class ListColumns:
    """The rows of one list, in their order: of each the product, the price and the line.

    Read as pairs of a SKU and its price, None for a product that is taken out; rows that leave a
    price as it is are not among them.
    """

    def __init__(self, skus: Skus) -> None:
        self._skus = skus
        self._list = ""
        self._numbers = array("I")
        self._prices = array("q")
        self._lines = array("I")

    def add(self, price: ListPrice, *, line: int) -> None:
        """Note what the row of a line says."""
        self._list = price.list
        self._numbers.append(self._skus.number(price.sku))
        self._prices.append(_STAYS if price.stays else _OUT if price.price is None else price.price)
        self._lines.append(line)

    def __iter__(self) -> Iterator[tuple[str, int | None]]:
        """Give each product with the price that it gets."""
        for number, price in zip(self._numbers, self._prices, strict=True):
            if price != _STAYS:
                yield self._skus.name(number), None if price == _OUT else price

    def refuse_twice(self) -> None:
        """Refuse two rows that name one product; raises PackStepError with their lines."""
        if len(set(self._numbers)) == len(self._numbers):
            return
        first: dict[int, int] = {}
        for number, line in zip(self._numbers, self._lines, strict=True):
            earlier = first.setdefault(number, line)
            if earlier != line:
                sku, rows = self._skus.name(number), {"row": str(earlier), "again": str(line)}
                raise PackStepError("priced_twice", sku=sku, **rows, list=self._list)
