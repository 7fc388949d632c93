"""Which rules hold wherever another does, or may hold beside it: bitmaps over their conditions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rules.language.ranking import dates_meet
from rules.language.vocabulary import NODE_SEPARATOR, TREE_KEYS
from rules.tools.lint.doubts import FOREVER

When = Mapping[str, Sequence[str]]


def above(key: str, value: str) -> list[str]:
    """Name what a value answers to: itself, and in a tree all nodes above it."""
    if key not in TREE_KEYS:
        return [value]
    steps = value.split(NODE_SEPARATOR)
    return [NODE_SEPARATOR.join(steps[: end + 1]) for end in range(len(steps))]


def within(key: str, value: str, nodes: Iterable[str]) -> bool:
    """Tell whether a value is one of several, or lies below one of them."""
    return not set(above(key, value)).isdisjoint(nodes)


class Scopes:
    """The conditions of rules, a bit a rule, by its place in the list."""

    def __init__(self, rules: Sequence[Mapping[str, Any]]) -> None:
        self.rules = rules
        self._all = (1 << len(rules)) - 1
        self._wanted: dict[str, dict[str, int]] = {}
        self._below: dict[str, dict[str, int]] = {}
        self._barred: dict[str, dict[str, int]] = {}
        asking: dict[str, int] = {}
        for place, rule in enumerate(rules):
            for key, values in rule.get("when", {}).items():
                asking[key] = asking.get(key, 0) | 1 << place
                for value in values:
                    self._note(key, value, 1 << place)
            for key, values in rule.get("not", {}).items():
                barred = self._barred.setdefault(key, {})
                for value in values:
                    barred[value] = barred.get(value, 0) | 1 << place
        self._free = {key: self._all & ~bits for key, bits in asking.items()}

    def _note(self, key: str, value: str, bit: int) -> None:
        wanted = self._wanted.setdefault(key, {})
        wanted[value] = wanted.get(value, 0) | bit
        below = self._below.setdefault(key, {})
        for node in above(key, value):
            below[node] = below.get(node, 0) | bit

    def broader(self, when: When) -> int:
        """Give the rules whose wants are met wherever these are; what they bar is not asked."""
        mask = self._all
        for key, free in self._free.items():
            met = self._all if key in when else 0
            for value in when.get(key, ()):
                met &= self._answering(key, value)
            mask &= free | met
        return mask

    def beside(self, when: When) -> int:
        """Give the rules of which any one may hold together with these wants."""
        mask = self._all
        for key, values in when.items():
            if key in self._free:
                met = self._free[key]
                for value in values:
                    met |= self._answering(key, value) | self._below[key].get(value, 0)
                mask &= met
        return mask

    def met_by(self, attributes: Mapping[str, str], keys: Iterable[str]) -> int:
        """Give the rules whose conditions on some keys one product or customer meets."""
        mask = self._all
        for key in keys:
            value = attributes.get(key)
            if key in self._free:
                mask &= self._free[key] | (self._answering(key, value) if value else 0)
            if value and key in self._barred:
                for node in above(key, value):
                    mask &= ~self._barred[key].get(node, 0)
        return mask

    def _answering(self, key: str, value: str) -> int:
        wanted, found = self._wanted[key], 0
        for node in above(key, value):
            found |= wanted.get(node, 0)
        return found


def holds_wherever(broad: Mapping[str, Any], narrow: Mapping[str, Any]) -> bool:
    """Tell whether a rule's conditions and days hold wherever another's do."""
    wanted, barred = narrow.get("when", {}), narrow.get("not", {})
    return (
        broad.get("from", FOREVER[0]) <= narrow.get("from", FOREVER[0])
        and broad.get("to", FOREVER[1]) >= narrow.get("to", FOREVER[1])
        and all(
            key in wanted and all(within(key, value, values) for value in wanted[key])
            for key, values in broad.get("when", {}).items()
        )
        and all(
            all(within(key, value, barred.get(key, ())) for value in values)
            for key, values in broad.get("not", {}).items()
        )
    )


def joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the scope in which two rules hold, None where there is none."""
    if not dates_meet(one, other):
        return None
    when = dict(one.get("when", {}))
    for key, values in other.get("when", {}).items():
        when[key] = _common(key, when[key], values) if key in when else values
    barred = {
        key: [*one.get("not", {}).get(key, ()), *other.get("not", {}).get(key, ())]
        for key in {**one.get("not", {}), **other.get("not", {})}
    }
    for key, values in barred.items():
        if key in when:
            when[key] = [value for value in when[key] if not within(key, value, values)]
    if not all(when.values()):
        return None
    start = max(one.get("from", FOREVER[0]), other.get("from", FOREVER[0]))
    end = min(one.get("to", FOREVER[1]), other.get("to", FOREVER[1]))
    return {"when": when, "not": barred, "from": start, "to": end}


def _common(key: str, one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Give what is in both; of a node and one above it, the lower is."""
    lower = [value for value in one if within(key, value, other)]
    return lower + [value for value in other if value not in lower and within(key, value, one)]
