"""The words of the assistant, read from their file, and where in a question they stand."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from hub.desk.assistant.model.spelling import Word, distance, fold, read_words, skeleton
from hub.desk.reports.model.forms import GROUPS, REPORTS

WORDS_FILE: Final = Path(__file__).with_name("words.toml")
GLUE_FILE: Final = Path(__file__).with_name("glue.txt")
_GAP: Final = 5
_SHORTEST_MISTYPED: Final = 4
_LONG: Final = 7
_MOST_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that mean something: `tag` is what (`reports`, `outstanding`), `weight` how surely."""

    tag: tuple[str, str]
    weight: int
    parts: tuple[frozenset[str], ...]
    gaps: frozenset[int]


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase where it stands in a question."""

    tag: tuple[str, str]
    weight: int
    places: frozenset[int]


class Lexicon:
    """All phrases, and the words that carry no meaning of their own."""

    def __init__(
        self, phrases: Iterable[Phrase], glue: Iterable[str], titles: Iterable[Phrase] = ()
    ) -> None:
        self._by_first: dict[str, list[Phrase]] = defaultdict(list)
        self.words: set[str] = set()
        self._of_titles: set[str] = set()
        self._mended: dict[str, str | None] = {}
        for phrase in phrases:
            for first in phrase.parts[0]:
                self._by_first[first].append(phrase)
            for part in phrase.parts:
                self.words |= part
        self.glue: Final = frozenset(fold(one) for one in glue)
        for title in titles:
            words = {word for part in title.parts for word in part}
            if len(title.parts) > 1 or not words & self.glue:
                self._by_first[min(title.parts[0])].append(title)
                self._of_titles |= words

    def knows(self, word: str) -> bool:
        """Say whether a folded word is a word of the assistant's."""
        return word in self.words or word in self.glue

    def names_something(self, word: str) -> bool:
        """Say whether a folded word stands in the name of a report or of a measure."""
        return word in self._of_titles

    def find(self, folds: Sequence[str]) -> Sequence[Said]:
        """Find every phrase in the folded words of a question; taken words are empty."""
        return [
            Said(phrase.tag, phrase.weight, places)
            for at, word in enumerate(folds)
            for phrase in self._by_first.get(word, ())
            if (places := _stands(phrase, folds, at))
        ]

    def mend(self, word: str) -> str | None:
        """Give the word that a mistyped one is nearest to, looked for once."""
        if word not in self._mended:
            if len(self._mended) > _MOST_KEPT:
                self._mended.clear()
            self._mended[word] = self._nearest(word)
        return self._mended[word]

    def _nearest(self, word: str) -> str | None:
        """Give the word that a mistyped one is nearest to: `ordr` is `order`, `tdy` `today`.

        Of two as near the one with the same end is meant: `deliverd` is `delivered`, not `deliver`.
        """
        if len(word) >= _SHORTEST_MISTYPED:
            most = 1 if len(word) < _LONG else 2
            near = [
                (distance(word, known, most), known[-1] != word[-1], known)
                for known in self.words
                if abs(len(known) - len(word)) <= most
                and len(known) >= _SHORTEST_MISTYPED
                and known[0] == word[0]
            ]
            best = min(near, default=(most + 1, True, ""))
            if best[0] <= most:
                return best[2]
        if len(word) > 2 and skeleton(word) == word:  # noqa: PLR2004 - a word without vowels
            same = [known for known in self.words if skeleton(known) == word]
            return same[0] if len(same) == 1 else None
        return None


def _stands(phrase: Phrase, folds: Sequence[str], at: int) -> frozenset[int] | None:
    places = [at]
    for number, part in enumerate(phrase.parts[1:], 1):
        start = places[-1] + 1
        reach = _GAP + 1 if number in phrase.gaps else 1
        found = next(
            (one for one in range(start, min(start + reach, len(folds))) if folds[one] in part),
            None,
        )
        if found is None:
            return None
        places.append(found)
    return frozenset(places)


def read_phrase(text: str, tag: tuple[str, str], weight: int = 1) -> Phrase:
    """Read a phrase as the file has it: `owe/owes ~ money`."""
    parts: list[frozenset[str]] = []
    gaps: set[int] = set()
    for piece in text.split():
        if piece == "~":
            gaps.add(len(parts))
            continue
        words = [read_words(one) for one in piece.split("/")]
        parts.append(frozenset(one[0].fold for one in words if one))
    return Phrase(tag, weight, tuple(parts), frozenset(gaps))


def phrases_of(table: Mapping[str, Mapping[str, object]]) -> Iterable[Phrase]:
    """Read all phrases of the file of words."""
    for section, entries in table.items():
        for name, value in entries.items():
            if isinstance(value, dict):
                for weight, texts in value.items():
                    yield from (read_phrase(one, (section, name), int(weight)) for one in texts)
            elif isinstance(value, list):
                yield from (read_phrase(one, (section, name)) for one in value)


@dataclass(frozen=True, slots=True)
class Taught:
    """A phrase that somebody taught, and what it means: a section of the file, and a name in it."""

    phrase: str
    section: str
    name: str


MEANINGS: Final[Mapping[str, Sequence[str]]] = {
    "reports": tuple(REPORTS),
    "groups": GROUPS,
    "status": tuple(dict.fromkeys(one for form in REPORTS.values() for one in form.statuses)),
}
"""What a phrase can be taught to mean, by sections of the file of words."""
_TAUGHT_WEIGHT: Final = 12
_LONGEST_TAUGHT: Final = 60


def plain_phrase(text: str) -> str:
    """Give a phrase as it is kept, without the signs of the file; empty where it has no words."""
    words = read_words(text[:_LONGEST_TAUGHT])
    return " ".join(word.typed for word in words if word.text.isalpha())


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[Phrase, ...], tuple[str, ...]]:
    table = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))
    return tuple(phrases_of(table)), tuple(GLUE_FILE.read_text(encoding="utf-8").split())


@dataclass(frozen=True, slots=True)
class Title:
    """The name of a report, or of a measure that the report shows, as a page has it."""

    text: str
    report: str


def _read_titles(titles: Iterable[Title]) -> Iterable[Phrase]:
    for one in titles:
        parts = tuple(frozenset((word.fold,)) for word in read_words(one.text))
        if parts:
            yield Phrase(("titles", one.report), 0, parts, frozenset())


def lexicon_with(taught: Iterable[Taught], titles: Iterable[Title] = ()) -> Lexicon:
    """Give the words that come with the hub, those that people taught it, and names on pages."""
    phrases, glue = _shipped()
    more = [
        read_phrase(
            one.phrase,
            (one.section, one.name),
            _TAUGHT_WEIGHT if one.section == "reports" else 1,
        )
        for one in taught
    ]
    return Lexicon((*phrases, *more), glue, _read_titles(titles))


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """Give the words that come with the hub."""
    return lexicon_with(())


def of_section(said: Iterable[Said], section: str) -> Sequence[Said]:
    """Keep the phrases of one section of the file."""
    return [one for one in said if one.tag[0] == section]


def mended(words: Sequence[Word], lexicon: Lexicon, safe: Iterable[int]) -> list[str]:
    """Give the folded words, those mended that nothing knows; `safe` places stay as they are."""
    kept = set(safe)
    return [
        word.fold
        if at in kept
        or lexicon.knows(word.fold)
        or lexicon.names_something(word.fold)
        or word.text[0].isdigit()
        else lexicon.mend(word.fold) or word.fold
        for at, word in enumerate(words)
    ]
