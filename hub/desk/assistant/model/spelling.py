"""Words as they are compared: one script, one case, one spelling, and how far apart two words are.

`कितना`, `kitnaa` and `Kitna` are one word here. Names of the masters and the words of the assistant
go through the same functions, so that each meets the other.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_CONSONANTS: Final = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ",
        (
            *("k", "kh", "g", "gh", "n", "ch", "chh", "j", "jh", "n", "t", "th", "d", "dh", "n"),
            *("t", "th", "d", "dh", "n", "p", "ph", "b", "bh", "m", "y", "r", "l", "v"),
            *("sh", "sh", "s", "h", "l"),
        ),
        strict=True,
    )
)
_NUKTA: Final = "\u093c"
_WITH_NUKTA: Final = {"ज": "z", "फ": "f", "ड": "r", "ढ": "rh", "क": "k", "ख": "kh", "ग": "g"}
_VOWELS: Final = dict(
    zip(
        "अआइईउऊऋएऐओऔऑऍ",
        ["a", "aa", "i", "ee", "u", "oo", "ri", "e", "ai", "o", "au", "o", "e"],
        strict=True,
    )
)
_SIGNS: Final = dict(
    zip("ािीुूृेैोौॉॅ", ["aa", "i", "ee", "u", "oo", "ri", "e", "ai", "o", "au", "o", "e"], strict=True)
)
_VIRAMA: Final = "\u094d"
_NASALS: Final = "\u0901\u0902"
_DIGITS: Final = str.maketrans("०१२३४५६७८९", "0123456789")

_PIECE: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{2,4}|\d{4}[-/]\d{2}(?!\d)"  # dates, years of account
    r"|\d[\d,]*(?:\.\d+)?"  # numbers
    r"|(?<=\d)\s?[-\u2013]\s?(?=\d)"  # 1-15
    r"|[\u0900-\u0963\u0970-\u097f]+"  # Devanagari with its signs
    r"|['\u2019]s\b|[^\W\d_]+(?:['\u2019](?!s\b)[^\W\d_]+)?"  # words
    r"|[&%<>+?;]"
)
_UNITS: Final = {
    **dict.fromkeys(("ltr", "ltrs", "litre", "litres", "liter", "liters", "lit"), "l"),
    **dict.fromkeys(("gm", "gms", "gram", "grams", "gr"), "g"),
    **dict.fromkeys(("kgs", "kilo", "kilos", "kilogram"), "kg"),
    "&": "and",
}
_FOLDS: Final = tuple(
    tuple(pair.split(">"))
    for pair in [
        "aa>a",
        "ee>i",
        "ii>i",
        "oo>u",
        "uu>u",
        "chh>ch",
        "ph>f",
        "wh>h",
        "w>v",
        "z>j",
        "q>k",
        "ck>k",
        "x>ks",
        "ou>o",
        "au>o",
        "ow>o",
        "ai>e",
        "ei>e",
        "ay>e",
        "ey>e",
        "y>i",
    ]
)
_TWICE: Final = re.compile(r"(\D)\1+")
_NOT_PLURAL: Final = ("ss", "us", "is", "as")
_VOWEL_LETTERS: Final = re.compile("[aeiou]")
_SHORTEST_PLURAL: Final = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: as it was typed, in small Latin letters, and as it is compared."""

    typed: str
    text: str
    fold: str
    capital: bool = False
    hindi: bool = False


def read_words(text: str) -> tuple[Word, ...]:
    """Cut a text into its words; emoji and most signs are left out."""
    plain = text if text.isascii() else _without_signs(text)
    return tuple(_word_of(piece) for piece in _PIECE.findall(plain))


def _without_signs(text: str) -> str:
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).translate(_DIGITS)
    return "".join(one for one in plain if unicodedata.category(one) not in {"Cf", "Cs", "Co"})


@lru_cache(maxsize=50_000)
def _word_of(piece: str) -> Word:
    hindi = "\u0900" <= piece[0] <= "\u097f"
    text = read_devanagari(piece) if hindi else piece.lower().replace("\u2019", "'")
    text = text.replace(",", "") if text[0].isdigit() else text
    text = "to" if text.strip() in {"-", "\u2013"} else _UNITS.get(text, text)
    return Word(piece, text, fold(text), capital=piece[0].isupper(), hindi=hindi)


def read_devanagari(word: str) -> str:
    """Write a Hindi word in Latin letters as people type it: `बिक्री` is `bikree`."""
    sounds: list[list[str]] = []
    letters = unicodedata.normalize("NFD", word)
    for place, letter in enumerate(letters):
        after = letters[place + 1 : place + 2]
        if letter in _CONSONANTS:
            sound = _WITH_NUKTA.get(letter) if after == _NUKTA else None
            sounds.append([sound or _CONSONANTS[letter], "a"])
        elif letter in _VOWELS:
            sounds.append(["", _VOWELS[letter] + " "])
        elif letter in _SIGNS and sounds:
            sounds[-1][1] = _SIGNS[letter] + " "
        elif letter == _VIRAMA and sounds:
            sounds[-1][1] = ""
        elif letter in _NASALS and sounds:
            sounds[-1][1] = sounds[-1][1].strip() + " "
            sounds.append(["n", ""])
    _drop_silent(sounds)
    return "".join(consonant + vowel for consonant, vowel in sounds).replace(" ", "")


def _drop_silent(sounds: list[list[str]]) -> None:
    """Take away the `a` that is written and not spoken; spoken vowels carry a blank behind."""
    if len(sounds) > 1 and sounds[-1][1] == "a":
        sounds[-1][1] = ""
    for place in range(len(sounds) - 2, 0, -1):
        before, here, after = sounds[place - 1], sounds[place], sounds[place + 1]
        if here[1] == "a" and before[1] and after[0] and after[1]:
            here[1] = ""


@lru_cache(maxsize=400_000)
def fold(word: str) -> str:
    """Give the one spelling of a word that all its usual spellings lead to: `Stores` is `store`."""
    for what, by in _FOLDS:
        word = word.replace(what, by)
    if len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith(_NOT_PLURAL):
        word = word[:-1]
    return _TWICE.sub(r"\1", word)


def skeleton(word: str) -> str:
    """Give the consonants of a folded word: `movement` and `mvmnt` share theirs."""
    return word[:1] + _VOWEL_LETTERS.sub("", word[1:]) if word else ""


def shortened(word: str) -> Iterable[str]:
    """Give a word and what it is with any one letter less, to find words one letter apart by."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def distance(one: str, other: str, most: int = 2) -> int:
    """Count the letters put in, left out, changed or swapped between two words; stop above `most`.

    `ordr` and `order` are 1 apart, `recieve` and `receive` too.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for across, against in enumerate(other, 1):
            cost = min(
                before[across] + 1, row[across - 1] + 1, before[across - 1] + (letter != against)
            )
            if earlier and across > 1 and letter == other[across - 2] and one[place - 2] == against:
                cost = min(cost, earlier[across - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
