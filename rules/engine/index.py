"""Finds the rules whose conditions hold: one integer bitmap a condition value, bit = rule.

The cost of a look-up grows with the conditions in use and, by a machine word each 30 rules, with
the width of the bitmaps; no rule is ever visited that does not match.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Final, Generic, TypeVar

from rules.engine.inputs import Customer, Payment, Product
from rules.language.vocabulary import COUPON_KEY, CUSTOMER_KEYS, NODE_SEPARATOR, PRODUCT_KEYS

Rule = TypeVar("Rule")
Keys = Mapping[str, tuple[str, ...]]

_MOST_CACHED: Final = 20_000
_MOST_BITS: Final = 10_000
_BITS: Final[list[int]] = []
_FIRST_DAY: Final = date.min.toordinal()
_LAST_DAY: Final = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Scope:
    """A rule's conditions and its days as ordinals, both included."""

    when: Mapping[str, Sequence[str]] = field(default_factory=dict)
    barred: Mapping[str, Sequence[str]] = field(default_factory=dict)
    first: int = _FIRST_DAY
    last: int = _LAST_DAY


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
        mask ^= _BITS[place] if place < len(_BITS) else 1 << place
    found.reverse()
    return found


def _know_bits(width: int) -> None:
    """Keep the single bits of bitmaps so wide: making one again costs more than all the rest."""
    _BITS.extend(1 << place for place in range(len(_BITS), min(width, _MOST_BITS)))


class _Dimension:
    """The bitmaps of one condition key."""

    __slots__ = ("_barred", "_free", "_wanted")

    def __init__(self, key: str, scopes: Sequence[Scope]) -> None:
        self._free = 0
        self._wanted: dict[str, int] = {}
        self._barred: dict[str, int] = {}
        for place, scope in enumerate(scopes):
            if key not in scope.when:
                self._free |= 1 << place
            for value in scope.when.get(key, ()):
                self._wanted[value] = self._wanted.get(value, 0) | 1 << place
            for value in scope.barred.get(key, ()):
                self._barred[value] = self._barred.get(value, 0) | 1 << place

    def mask(self, keys: tuple[str, ...]) -> int:
        mask = self._free
        for key in keys:
            mask |= self._wanted.get(key, 0)
        if self._barred:
            for key in keys:
                mask &= ~self._barred.get(key, 0)
        return mask


def _dimensions(keys: Iterable[str], scopes: Sequence[Scope]) -> list[tuple[str, _Dimension]]:
    return [
        (key, _Dimension(key, scopes))
        for key in keys
        if any(key in scope.when or key in scope.barred for scope in scopes)
    ]


class RuleTable(Generic[Rule]):
    """Rules in the order in which they win or apply, and the index over them."""

    def __init__(self, rules: Sequence[Rule], scopes: Sequence[Scope]) -> None:
        self.rules = tuple(rules)
        self.scopes = tuple(scopes)
        _know_bits(len(self.rules))
        self._all = (1 << len(self.rules)) - 1
        self._customer = _dimensions((*CUSTOMER_KEYS, COUPON_KEY), scopes)
        self._sku = dict(_dimensions(["sku"], scopes)).get("sku")
        self._product = _dimensions([key for key in PRODUCT_KEYS if key != "sku"], scopes)
        self.by_product = bool(self._product or self._sku)
        self._products: dict[tuple[tuple[str, ...], str | None, str | None], int] = {}
        self._bounds, self._days = _calendar(scopes)

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

    def first(self, mask: int) -> Rule | None:
        """Give the rule that wins among those of a bitmap."""
        return self.rules[(mask & -mask).bit_length() - 1] if mask else None

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


def _calendar(scopes: Sequence[Scope]) -> tuple[list[int], list[int]]:
    """Cut time where any rule starts or ends; between two cuts the same rules are valid."""
    turns: dict[int, int] = {}
    valid = 0
    for place, scope in enumerate(scopes):
        if scope.first == _FIRST_DAY:
            valid |= 1 << place
        else:
            turns[scope.first] = turns.get(scope.first, 0) ^ 1 << place
        if scope.last < _LAST_DAY:
            turns[scope.last + 1] = turns.get(scope.last + 1, 0) ^ 1 << place
    bounds = sorted(turns)
    masks = [valid]
    for day in bounds:
        valid ^= turns[day]
        masks.append(valid)
    return bounds, masks
