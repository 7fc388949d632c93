"""Names of the masters, looked up among all of them: exactly, mistyped, or by a part.

Two names one letter apart are never taken for each other: what is typed exactly is meant, and a
mistyped name that two could be is a question.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from hub.desk.assistant.model.spelling import (
    Word,
    distance,
    fold,
    read_words,
    shortened,
    skeleton,
)

LONGEST: Final = 8
"""So many words of a question can be one name."""
_SHORTEST_MISTYPED: Final = 4
_SHORTEST_SKELETON: Final = 3
_MOST_WAYS: Final = 60
_MOST_PARTLY: Final = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of the masters: its kind (`customer`, `area`), name, and code or SKU."""

    kind: str
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a question that name something, with all that they may name.

    `exact` where they are the name as it is written; `part` where they are only a part of it.
    """

    places: frozenset[int]
    entries: tuple[Entry, ...]
    exact: bool = False
    part: bool = False


class NameIndex:
    """All names there are; made once and asked many times. Those of `shared` are among them."""

    def __init__(self, entries: Iterable[Entry], shared: "NameIndex | None" = None) -> None:
        self.shared: Final = shared
        self._whole: dict[str, list[Entry]] = defaultdict(list)
        self._joined: dict[str, list[Entry]] = defaultdict(list)
        self._with: dict[str, list[Entry]] = defaultdict(list)
        self._near: dict[str, list[str]] = defaultdict(list)
        self._bare: dict[str, list[str]] = defaultdict(list)
        for entry in entries:
            self._add(entry)
        for word in self._with:
            if len(word) >= _SHORTEST_MISTYPED and not word[0].isdigit():
                for short in shortened(word):
                    self._near[short].append(word)
            if len(skeleton(word)) >= _SHORTEST_SKELETON:
                self._bare[skeleton(word)].append(word)

    def _add(self, entry: Entry) -> None:
        folds = _folds(read_words(entry.name))
        if not folds:
            return
        self._whole[" ".join(folds)].append(entry)
        self._joined["".join(folds)].append(entry)
        for word in set(folds):
            self._with[word].append(entry)

    def knows(self, word: str) -> bool:
        """Say whether a folded word stands in any name."""
        return word in self._with or (self.shared is not None and self.shared.knows(word))

    def _all(self, table: str, key: str) -> list[Any]:
        """Give what a table of this index, and of the shared one, has under a key."""
        found: list[Any] = []
        for index in (self, self.shared):
            own: dict[str, list[Any]] = getattr(index, table) if index is not None else {}
            found = [*found, *own.get(key, [])]
        return found

    def find_exact(self, words: Sequence[Word]) -> Sequence[Entry]:
        """Give what words name as they stand; of names apart by case alone the one typed so."""
        folds = _folds(words)
        found = self._all("_whole", " ".join(folds))
        typed = [one for one in found if _typed(read_words(one.name)) == _typed(words)]
        lower = [one for one in found if _lower(read_words(one.name)) == _lower(words)]
        return typed or lower or found

    def find_mistyped(self, words: Sequence[Word]) -> Sequence[Entry]:
        """Give the names that words may be with letters wrong, the nearest alone."""
        joined = self._all("_joined", "".join(_folds(words)))
        if joined:
            return joined
        ways = [self.ways(word) for word in words]
        count = 1
        for one in ways:
            count *= len(one)
        if not count or count > _MOST_WAYS:
            return []
        best: list[Entry] = []
        least = len(words) + 2
        for chosen in product(*ways):
            found = self._all("_whole", " ".join(word for word, _ in chosen))
            cost = sum(one for _, one in chosen)
            if found and cost <= least:
                best = [*best, *found] if cost == least else list(found)
                least = cost
        return best

    def find_partly(self, words: Sequence[Word]) -> Sequence[Entry]:
        """Give the names that hold all the words, at most some hundreds."""
        sets = []
        for word in words:
            held: dict[Entry, None] = {}
            for way, _ in self.ways(word):
                held.update(dict.fromkeys(self._all("_with", way)[:_MOST_PARTLY]))
            sets.append(held)
        if not sets:
            return []
        rest = sorted(sets, key=len)
        return [one for one in rest[0] if all(one in other for other in rest[1:])]

    def ways(self, word: Word) -> Sequence[tuple[str, int]]:
        """Give the words of names that a word may be, with how far each is; exact ones alone."""
        if self.knows(word.fold):
            return [(word.fold, 0)]
        if word.text[0].isdigit():
            return []
        found: dict[str, int] = {}
        if len(word.fold) >= _SHORTEST_MISTYPED:
            for short in shortened(word.fold):
                for known in self._all("_near", short):
                    if (apart := distance(word.fold, known, 2)) <= (1 if len(word.fold) < 7 else 2):  # noqa: PLR2004
                        found[known] = apart
        for known in self._all("_bare", skeleton(word.fold)):
            if word.hindi or len(skeleton(known)) > _SHORTEST_SKELETON:
                found.setdefault(known, 2)
        return sorted(found.items(), key=lambda one: one[1])[:8]


def _folds(words: Sequence[Word]) -> list[str]:
    return [word.fold for word in words if word.text != "'s"]


def _typed(words: Sequence[Word]) -> list[str]:
    return [word.typed for word in words]


def _lower(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


def folded(text: str) -> str:
    """Fold a whole name."""
    return " ".join(fold(word.text) for word in read_words(text))
