"""The bitmaps of conditions: one integer a condition value, of which every bit is a rule."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from rules.values.sparse import Sparse

FIRST_DAY: Final = date.min.toordinal()
LAST_DAY: Final = date.max.toordinal()

_FEW: Final = 4
_MOST_SPARSE: Final = 16
"""A value that more rules ask for has a bitmap of its own also where memory counts."""

_MANY_VALUES: Final = 200

_Values = Mapping[str, Sequence[str]]
_Places = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Scope:
    """A rule's conditions and its days as ordinals, both included."""

    when: _Values = field(default_factory=dict)
    barred: _Values = field(default_factory=dict)
    first: int = FIRST_DAY
    last: int = LAST_DAY


Change = tuple[int, Scope, Scope]
"""The place of a rule, its scope before and its scope now."""


class Dimension:
    """The bitmaps of one condition key: the rules that do not ask, that want and that bar.

    What `few` rules want may be kept apart, in less memory; such bitmaps do not change any more.
    """

    __slots__ = ("_barred", "_few", "_free", "_wanted")

    def __init__(
        self,
        free: int,
        wanted: Mapping[str, int],
        barred: Mapping[str, int],
        *,
        few: Sparse | None = None,
    ) -> None:
        self._free = free
        self._wanted = dict(wanted)
        self._barred = dict(barred)
        self._few = few

    def copy(self) -> "Dimension":
        """Give bitmaps that can change by themselves."""
        return Dimension(self._free, self._wanted, self._barred, few=self._few)

    @property
    def is_asked_for(self) -> bool:
        """Tell whether any rule asks for the key."""
        return bool(self._wanted or self._barred)

    def mask(self, keys: tuple[str, ...]) -> int:
        """Give the rules that hold for what an order answers to the key."""
        mask = self._free
        for key in keys:
            mask |= self._wanted.get(key, 0)
        if self._few is not None:
            for key in keys:
                mask |= self._few.mask(key)
        if self._barred:
            for key in keys:
                mask &= ~self._barred.get(key, 0)
        return mask

    def take(self, bit: int, wanted: Iterable[str] | None, barred: Iterable[str]) -> None:
        """Take a rule out of what it asks for; None is nothing."""
        if wanted is None:
            self._free &= ~bit
        for bitmaps, values in ((self._wanted, wanted or ()), (self._barred, barred)):
            for value in {*values}:
                bitmaps[value] &= ~bit
                if not bitmaps[value]:
                    del bitmaps[value]

    def put(self, bit: int, wanted: Iterable[str] | None, barred: Iterable[str]) -> None:
        """Put a rule where it asks; None is for nothing."""
        if wanted is None:
            self._free |= bit
        for bitmaps, values in ((self._wanted, wanted or ()), (self._barred, barred)):
            for value in values:
                bitmaps[value] = bitmaps.get(value, 0) | bit


def dimensions(scopes: Sequence[Scope], *, lean: bool = False) -> dict[str, Dimension]:
    """Give the bitmaps of every key that any rule asks for; `lean` ones take less memory."""
    asking: defaultdict[str, list[int]] = defaultdict(list)
    wanted: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(_no_places)
    barred: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(_no_places)
    for place, scope in enumerate(scopes):
        for key, values in scope.when.items():
            asking[key].append(place)
            found = wanted[key]
            for value in values:
                found[value].append(place)
        for key, values in scope.barred.items():
            found = barred[key]
            for value in values:
                found[value].append(place)
    rules = len(scopes)
    every = (1 << rules) - 1
    made = {}
    for key in {**wanted, **barred}:
        few = _few(wanted[key]) if lean else {}
        made[key] = Dimension(
            every ^ _bitmap(asking[key], rules),
            _bitmaps({one: at for one, at in wanted[key].items() if one not in few}, rules),
            _bitmaps(barred[key], rules),
            few=Sparse(few) if few else None,
        )
    return made


def _few(wanted: _Places) -> _Places:
    """Give the values that few rules ask for; none where that would save nothing."""
    few = {value: places for value, places in wanted.items() if len(places) <= _MOST_SPARSE}
    return few if len(few) >= _MANY_VALUES else {}


def dimensions_after(
    before: Mapping[str, Dimension], changes: Sequence[Change], *, rules: int
) -> dict[str, Dimension]:
    """Give the bitmaps that some rules of `before` leave where they ask for something else."""
    found = {key: dimension.copy() for key, dimension in before.items()}
    for place, old, new in changes:
        bit = 1 << place
        for key in {**new.when, **new.barred}:
            if key not in found:
                found[key] = Dimension((1 << rules) - 1, {}, {})
        for key, dimension in found.items():
            dimension.take(bit, old.when.get(key), old.barred.get(key, ()))
            dimension.put(bit, new.when.get(key), new.barred.get(key, ()))
    return {key: dimension for key, dimension in found.items() if dimension.is_asked_for}


def calendar(scopes: Sequence[Scope]) -> tuple[list[int], list[int]]:
    """Cut time where any rule starts or ends; between two cuts the same rules are valid."""
    turns: dict[int, int] = {}
    valid = 0
    for place, scope in enumerate(scopes):
        if scope.first == FIRST_DAY:
            valid |= 1 << place
        else:
            turns[scope.first] = turns.get(scope.first, 0) ^ 1 << place
        if scope.last < LAST_DAY:
            turns[scope.last + 1] = turns.get(scope.last + 1, 0) ^ 1 << place
    bounds = sorted(turns)
    masks = [valid]
    for day in bounds:
        valid ^= turns[day]
        masks.append(valid)
    return bounds, masks


def _no_places() -> defaultdict[str, list[int]]:
    return defaultdict(list)


def _bitmaps(found: _Places, rules: int) -> dict[str, int]:
    return {value: _bitmap(places, rules) for value, places in found.items()}


def _bitmap(places: Sequence[int], rules: int) -> int:
    """Set the bits of rules, in bytes: an integer is copied whole for every bit that is added."""
    if len(places) < _FEW:
        return sum(1 << place for place in {*places})
    bits = bytearray((rules >> 3) + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")
