"""What a packed scheme is about: the goods that it counts, and what all may have of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from rules.engine.index import path_keys
from rules.engine.schemes.bounds import Packed
from rules.engine.schemes.shared import Shared, shared_of
from rules.language.vocabulary import NODE_SEPARATOR, PRODUCT_KEYS, TREE_KEYS

_SKU: Final = "sku"


class GoodsScope(NamedTuple):
    """Conditions on a product: one of the values of each key of `when`, none of those `barred`."""

    when: Mapping[str, Sequence[str]]
    barred: Mapping[str, Sequence[str]]

    def holds(self, product: Mapping[str, str]) -> bool:
        """Tell whether a product is among these goods.

        `product` has its `sku`, `category` (`drinks/hot`), `brand` and `tax_class`; an empty one is
        none. Of `{category: drinks}`, tea of `drinks/hot` is, and a rice of `grains` is not.
        """
        answers = {key: _answers(key, product.get(key, "")) for key in (*self.when, *self.barred)}
        wanted = (_meet(answers[key], values) for key, values in self.when.items())
        barred = (_meet(answers[key], values) for key, values in self.barred.items())
        return all(wanted) and not any(barred)


class SchemeTerms(NamedTuple):
    """A scheme's goods, who pays for it, and the total limits that all customers share.

    A product is of the goods where any of `goods` holds for it: a combo has one for each part.
    """

    goods: tuple[GoodsScope, ...]
    funder: str
    shared: tuple[Shared, ...]

    @property
    def named(self) -> frozenset[str]:
        """Give the SKUs that its goods are told by."""
        return frozenset(sku for one in self.goods for side in one for sku in side.get(_SKU, ()))

    def covers(self, product: Mapping[str, str]) -> bool:
        """Tell whether a product is of the goods that the scheme counts."""
        return any(one.holds(product) for one in self.goods)


def read_schemes(packed: bytes) -> Mapping[str, SchemeTerms]:
    """Give the terms of each scheme of a pack, without compiling it; none of what is no pack.

    A report on an old scheme needs no more of its pack.
    """
    try:
        document = json.loads(packed)
    except ValueError:
        return {}
    rules = document.get("schemes", ()) if isinstance(document, dict) else ()
    return {
        rule["id"]: SchemeTerms(
            tuple(_goods_of(rule)), rule.get("funder", ""), tuple(shared_of(rule))
        )
        for rule in rules
    }


def _goods_of(rule: Packed) -> Iterator[GoodsScope]:
    for part in rule.get("parts") or (rule,):
        yield GoodsScope(_of_product(part.get("when", {})), _of_product(part.get("not", {})))


def _of_product(conditions: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    return {key: conditions[key] for key in PRODUCT_KEYS if key in conditions}


def _answers(key: str, value: str) -> Sequence[str]:
    if not value:
        return ()
    return path_keys(value.split(NODE_SEPARATOR)) if key in TREE_KEYS else (value,)


def _meet(answers: Sequence[str], values: Sequence[str]) -> bool:
    return any(one in values for one in answers)
