"""Finds the rules whose conditions hold: one integer bitmap a condition value, bit = rule.

The cost of a look-up grows with the conditions in use and, by a machine word each 30 rules, with
the width of the bitmaps; no rule is ever visited that does not match.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Final, Generic, TypeVar

from rules.engine.bitmaps import Dimension, Scope, calendar, dimensions, dimensions_after
from rules.engine.inputs import Customer, Payment, Product
from rules.language.vocabulary import COUPON_KEY, CUSTOMER_KEYS, NODE_SEPARATOR, PRODUCT_KEYS

Rule = TypeVar("Rule")
Keys = Mapping[str, tuple[str, ...]]

_MOST_CACHED: Final = 20_000
_HELD_BYTES: Final = 4 * 2**20
_BITS: Final = 8
_LIST_BYTES: Final = 200
_MOST_CHANGED: Final = 8
"""One rule of so many may change before an index is made anew, which then is faster."""


def customer_keys(
    customer: Customer, payment: Payment, coupons: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Give what an order's customer answers to every condition on the customer's side."""
    return {
        "customer": (customer.id,),
        "customer.type": (customer.type,) if customer.type else (),
        "customer.status": (customer.status,),
        "geo": path_keys(customer.geo),
        "payment": (payment,),
        COUPON_KEY: tuple(code.upper() for code in coupons),
    }


def path_keys(path: Sequence[str]) -> tuple[str, ...]:
    """Name a node and all above it: (`IN`, `IN/KA`)."""
    return tuple(accumulate(path, lambda above, step: f"{above}{NODE_SEPARATOR}{step}"))


def places(mask: int) -> list[int]:
    """Give the rules of a bitmap, the first first.

    It is taken apart from the top, since what is left to look at then gets shorter.
    """
    found = []
    while mask:
        place = mask.bit_length() - 1
        found.append(place)
        mask ^= 1 << place
    found.reverse()
    return found


class RuleTable(Generic[Rule]):
    """Rules in the order in which they win or apply, and the index over them.

    A `lean` one does not keep the scopes of its rules: nobody decides by them, only what explains
    rules, or indexes the next pack's, asks for them.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        scopes: Sequence[Scope],
        *,
        before: "RuleTable[Rule] | None" = None,
        lean: bool = False,
    ) -> None:
        """Index the rules; faster where most of them stand as in the table `before`."""
        self.rules = tuple(rules)
        self.scopes = tuple(scopes)
        self._all = (1 << len(self.rules)) - 1
        self.dimensions = found = self._bitmaps(before, lean=lean)
        self._sku = found.get("sku")
        of_customer, of_product = (*CUSTOMER_KEYS, COUPON_KEY), PRODUCT_KEYS
        self._customer = [(key, found[key]) for key in of_customer if key in found]
        self._product = [(key, found[key]) for key in of_product if key in found and key != "sku"]
        self.by_product = bool(self._product or self._sku)
        self._products: dict[tuple[tuple[str, ...], str | None, str | None], int] = {}
        self._bounds, self._days = calendar(scopes)
        if lean:
            self.scopes = ()
        self._held: dict[int, list[Rule]] = {}
        self._most_held = _HELD_BYTES // (len(self.rules) // _BITS + _LIST_BYTES)

    def for_customer(self, keys: Keys, day: int) -> int:
        """Give the rules that hold for a customer on a day, whatever the product."""
        mask = self._days[bisect_right(self._bounds, day)] if self._bounds else self._days[0]
        for key, dimension in self._customer:
            if not mask:
                break
            mask &= dimension.mask(keys[key])
        return mask

    def for_product(self, product: Product) -> int:
        """Give the rules that hold for a product, whoever the customer."""
        if not self._product:
            return self._all if self._sku is None else self._sku.mask((product.sku,))
        key = (product.category, product.brand, product.tax_class)
        mask = self._products.get(key)
        if mask is None:
            mask = self._look_up(product)
            if len(self._products) >= _MOST_CACHED:
                self._products.clear()
            self._products[key] = mask
        if self._sku is not None:
            mask &= self._sku.mask((product.sku,))
        return mask

    def holding(self, mask: int) -> list[Rule]:
        """Give the rules of a bitmap in their order; the list is kept, and nobody changes it.

        A counter prices the same lines with every scan, and shops order again what they ordered.
        """
        found = self._held.get(mask)
        if found is None:
            rules = self.rules
            found = [rules[place] for place in places(mask)]
            if len(self._held) >= self._most_held:
                self._held.clear()
            self._held[mask] = found
        return found

    def forget(self) -> None:
        """Let go of what is kept of earlier look-ups."""
        self._products.clear()
        self._held.clear()

    def first(self, mask: int) -> Rule | None:
        """Give the rule that wins among those of a bitmap."""
        return self.rules[(mask & -mask).bit_length() - 1] if mask else None

    def _bitmaps(self, before: "RuleTable[Rule] | None", *, lean: bool) -> dict[str, Dimension]:
        if before is not None and len(before.scopes) == len(self.scopes):
            pairs = zip(before.scopes, self.scopes, strict=True)
            changes = [
                (place, old, new) for place, (old, new) in enumerate(pairs) if old is not new
            ]
            if len(changes) * _MOST_CHANGED <= len(self.scopes):
                return dimensions_after(before.dimensions, changes, rules=len(self.scopes))
        return dimensions(self.scopes, lean=lean)

    def _look_up(self, product: Product) -> int:
        keys = {
            "category": path_keys(product.category),
            "brand": (product.brand,) if product.brand else (),
            "tax_class": (product.tax_class,) if product.tax_class else (),
        }
        mask = self._all
        for key, dimension in self._product:
            mask &= dimension.mask(keys[key])
        return mask
