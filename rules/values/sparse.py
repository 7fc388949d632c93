"""Condition values that few rules ask for, as sorted text and places: a tenth of the memory."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate, chain


class Sparse:
    """The rules that ask for each of many values: products and customers by name, say.

    10,000 SKUs that a scheme or two name are 10,000 words, bitmaps and places of a dictionary, 2 MB
    together; here they are 0.2 MB. A search takes microseconds, once for each product.
    """

    __slots__ = ("_ends", "_names", "_places", "_starts")

    def __init__(self, asking: Mapping[str, Sequence[int]]) -> None:
        """Keep the places of the rules that ask for each value."""
        values = sorted(asking)
        rules = [asking[value] for value in values]
        self._names = "".join(values)
        self._ends = array("I", accumulate(map(len, values), initial=0))
        self._starts = array("I", accumulate(map(len, rules), initial=0))
        self._places = array("I", chain.from_iterable(rules))

    def mask(self, value: str) -> int:
        """Give the rules that ask for a value as a bitmap."""
        count = len(self._ends) - 1
        at = bisect_left(range(count), value, key=self._name)
        if at == count or self._name(at) != value:
            return 0
        mask = 0
        for place in self._places[self._starts[at] : self._starts[at + 1]]:
            mask |= 1 << place
        return mask

    def _name(self, at: int) -> str:
        return self._names[self._ends[at] : self._ends[at + 1]]
