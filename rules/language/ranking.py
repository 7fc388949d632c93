"""Which of several matching rules wins: one total order, used at load and by the engine.

Level, then the number of conditions (the unit of a price list is one), then the nearer node, then
the later start, then the larger priority. Rules still equal may not hold for the same customer and
product.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations, product
from typing import Any, Final

from rules.language.vocabulary import LEVELS, NODE_SEPARATOR, TREE_KEYS

When = Mapping[str, Sequence[str]]
Rank = tuple[int, int, int, str, int]

Member = tuple[Mapping[str, Any], When]
"""A rule with the conditions under which it is compared."""

_APART: Final = ("customer", "sku", "brand")
"""Keys of which two rules with other values never meet."""

LEVEL_RANK: Final = {level: rank for rank, level in enumerate(LEVELS)}


def variants(when: When) -> list[dict[str, list[str]]]:
    """Split a condition whose nodes lie at several depths into one condition a depth."""
    keys = list(when)
    choices = []
    for key in keys:
        if key in TREE_KEYS:
            by_depth: dict[int, list[str]] = {}
            for node in when[key]:
                by_depth.setdefault(depth(node), []).append(node)
            choices.append(list(by_depth.values()))
        else:
            choices.append([list(when[key])])
    return [dict(zip(keys, chosen, strict=True)) for chosen in product(*choices)]


def depth(node: str) -> int:
    """Count the steps from the root of a tree to a node."""
    return node.count(NODE_SEPARATOR) + 1


def rank(rule: Mapping[str, Any], when: When) -> Rank:
    """Rank a packed rule under one of its variants; the greater rank wins."""
    nodes = sum(depth(values[0]) for key, values in when.items() if key in TREE_KEYS)
    level = LEVEL_RANK[rule["level"]] if "level" in rule else 0
    return (
        level,
        len(when) + ("per" in rule) + ("if" in rule),
        nodes,
        rule.get("from", ""),
        rule.get("priority", 0),
    )


def can_meet(one: When, other: When) -> bool:
    """Tell whether one customer and product could satisfy both conditions."""
    return all(_values_meet(key, one[key], other[key]) for key in one if key in other)


def near_pairs(members: Sequence[Member]) -> Iterator[tuple[Member, Member]]:
    """Give the pairs that could meet, in their order; the key that most ask for keeps them apart.

    Of 1,000 rules for a product each, only those for the same one are paired, and each of them with
    those for any product.
    """
    asked = Counter(key for _, when in members for key in when if key in _APART)
    key = max(_APART, key=lambda one: asked[one])
    by_value: dict[str, list[int]] = {}
    for place, (_, when) in enumerate(members):
        for value in when.get(key, ()):
            by_value.setdefault(value, []).append(place)
    any_value = [place for place, (_, when) in enumerate(members) if key not in when]
    for mine in by_value.values():
        for pair in chain(combinations(mine, 2), product(any_value, mine)):
            yield members[min(pair)], members[max(pair)]
    for first, second in combinations(any_value, 2):
        yield members[first], members[second]


def shuts_out(barred: When, wanted: When) -> bool:
    """Tell whether a `not` bars all that another condition wants under one of its keys."""
    return any(
        all(
            any(_related(word, bar) if key in TREE_KEYS else word == bar for bar in barred[key])
            for word in wanted[key]
        )
        for key in barred
        if key in wanted
    )


def _values_meet(key: str, one: Sequence[str], other: Sequence[str]) -> bool:
    if key not in TREE_KEYS:
        return not set(one).isdisjoint(other)
    return any(_related(a, b) or _related(b, a) for a in one for b in other)


def _related(node: str, ancestor: str) -> bool:
    return node == ancestor or node.startswith(ancestor + NODE_SEPARATOR)


def dates_meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two rules are valid on a common day."""
    starts, ends = ("0001-01-01", "9999-12-31")
    start: str = max(one.get("from", starts), other.get("from", starts))
    end: str = min(one.get("to", ends), other.get("to", ends))
    return start <= end
