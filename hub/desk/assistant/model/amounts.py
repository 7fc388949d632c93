"""Numbers of a question: amounts (`50k`, `2 lakh`, `1.5 cr`), days, and how many rows."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from hub.desk.assistant.model.spelling import Word, distance, fold

_NUMBERS: Final = (
    "1 one ek;2 two do;3 three teen tin;4 four char chaar;5 five paanch panch;6 six chhe chhah;"
    "7 seven saat;8 eight aath;9 nine nau;10 ten das dus;12 twelve barah dozen;"
    "15 fifteen pandrah;20 twenty bees;25 twentyfive pachees;30 thirty tees;40 forty chalis;"
    "45 fortyfive;50 fifty pachas pachaas;60 sixty saath;75 seventyfive;90 ninety nabbe;"
    "100 hundred sau"
)
NUMBER_WORDS: Final = {
    fold(word): int(number)
    for number, *words in (one.split() for one in _NUMBERS.split(";"))
    for word in words
}
_SCALES: Final = {
    fold(word): scale
    for scale, words in (
        (1_000, "k thousand hazar hazaar hajar hajaar th thousands"),
        (100_000, "lakh lakhs lac lacs lk lkh laakh l"),
        (10_000_000, "cr crore crores karod karor"),
        (100, "hundred sau"),
    )
    for word in words.split()
}
_PARTS: Final = {
    fold(word): Decimal(value)
    for word, value in (("half", "0.5"), ("aadha", "0.5"), ("dedh", "1.5"), ("dhai", "2.5"))
} | {fold("dhaai"): Decimal("2.5"), fold("paune"): Decimal("0.75"), fold("sava"): Decimal("1.25")}
_ABOVE: Final = frozenset(
    fold(one)
    for one in [
        "above",
        "over",
        "more",
        "greater",
        "exceeding",
        "exceed",
        "exceeds",
        "larger",
        "bigger",
        "higher",
        "beyond",
        "crossed",
        "crossing",
        "past",
        "upwards",
        "upar",
        "zyada",
        "jyada",
        "zyaada",
        "adhik",
        "atleast",
        ">",
        "plus",
        "minimum",
        "ooper",
        "jada",
    ]
)
_BELOW: Final = frozenset(
    fold(one)
    for one in [
        "below",
        "under",
        "less",
        "lesser",
        "smaller",
        "lower",
        "fewer",
        "upto",
        "<",
        "neeche",
        "niche",
        "kam",
        "maximum",
    ]
)
_BESIDE: Final = frozenset(
    fold(one)
    for one in [
        "than",
        "rs",
        "inr",
        "rupees",
        "rupee",
        "rupaye",
        "rupaiye",
        "of",
        "the",
        "a",
        "an",
        "se",
        "by",
        "is",
        "ke",
        "ki",
        "ka",
        "ho",
        "worth",
        "value",
        "at",
        "least",
        "as",
        "much",
        "and",
        "hain",
        "se",
        "wale",
    ]
)
_DAYS: Final = {
    fold(word): days
    for days, words in (
        (1, "day days din dino"),
        (7, "week weeks hafta hafte"),
        (30, "month months mahina mahine"),
    )
    for word in words.split()
}
_NEAR: Final = 3
_SHORTEST_MISTYPED: Final = 4
_LARGEST: Final = Decimal(10**13)
_FIRST: Final = frozenset(
    fold(one)
    for one in [
        "top",
        "bottom",
        "first",
        "best",
        "worst",
        "biggest",
        "largest",
        "smallest",
        "highest",
        "lowest",
        "slowest",
        "fastest",
        "name",
        "leading",
        "weakest",
        "heaviest",
        "sabse",
    ]
)
_LEAST_AMOUNT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the words it stands in: `2.5 lakh` is 250000; `days` where it counts days."""

    value: int
    places: frozenset[int]
    days: bool = False
    scaled: bool = False


@dataclass(frozen=True, slots=True)
class ReadAmounts:
    """What a question says of amounts, days and how many rows it wants."""

    above: int | None = None
    below: int | None = None
    days_above: int | None = None
    days_within: int | None = None
    rows: int | None = None
    used: frozenset[int] = field(default_factory=frozenset)


def read_numbers(words: Sequence[Word], taken: frozenset[int]) -> tuple[Number, ...]:
    """Find the numbers of a question that nothing else has taken."""
    found: list[Number] = []
    at = 0
    while at < len(words):
        number = None if at in taken else _number_at(words, at, taken)
        if number is None:
            at += 1
        else:
            found.append(number)
            at = max(number.places) + 1
    return tuple(found)


def _number_at(words: Sequence[Word], at: int, taken: frozenset[int]) -> Number | None:
    value = _value_of(words[at])
    if value is None:
        return None
    places, scaled = {at}, False
    after = at + 1
    while after < len(words) and after not in taken and words[after].fold in _SCALES:
        value *= _SCALES[words[after].fold]
        places.add(after)
        after, scaled = after + 1, True
    days = after < len(words) and words[after].fold in _DAYS
    if days:
        value *= _DAYS[words[after].fold]
        places.add(after)
    elif words[at].fold in _PARTS and not scaled:
        return None
    return Number(int(min(value, _LARGEST)), frozenset(places), days, scaled)


def _value_of(word: Word) -> Decimal | None:
    if word.text[0].isdigit():
        try:
            return Decimal(word.text)
        except InvalidOperation:
            return None
    if word.fold in _PARTS:
        return _PARTS[word.fold]
    known = NUMBER_WORDS.get(word.fold)
    return None if known is None else Decimal(known)


def read_amounts(words: Sequence[Word], taken: frozenset[int]) -> ReadAmounts:
    """Read comparisons with amounts and days, and how many rows are wanted.

    `above 50k`, `se 45 din zyada`, `between 1 and 2 lakh`, `within 12 days`, `ten biggest`.
    """
    read: dict[str, int] = {}
    used: set[int] = set()
    numbers = read_numbers(words, taken)
    pair = _between(words, numbers)
    if pair is not None:
        read["above"], read["below"] = (one.value for one in pair)
        used |= pair[0].places | pair[1].places
        numbers = tuple(one for one in numbers if one not in pair and one.places != pair[0].places)
    for number in numbers:
        kind, beside = _kind_of(number, words, taken | used)
        if kind and kind not in read and not number.places & used:
            read[kind] = number.value
            used |= number.places | beside
    return ReadAmounts(used=frozenset(used), **read)


def _between(words: Sequence[Word], numbers: Sequence[Number]) -> tuple[Number, Number] | None:
    """Find `between 1 and 2 lakh`: what the second is counted in holds for the first, too."""
    for first, second in itertools.pairwise(numbers):
        start, end = min(first.places), min(second.places)
        joined = {word.text for word in words[max(first.places) + 1 : end]}
        led = {word.text for word in words[max(0, start - 2) : start]}
        if first.days or second.days or not joined <= {"and", "to", "rs", "aur"} or not joined:
            continue
        if not led & {"between", "from", "beech"}:
            continue
        low = first.value
        if second.scaled and not first.scaled and low < _LEAST_AMOUNT:
            scale = [_SCALES[words[at].fold] for at in sorted(second.places)[1:]]
            for one in scale:
                low *= one
        if low < second.value:
            return Number(low, first.places), second
    return None


def _kind_of(
    number: Number, words: Sequence[Word], taken: frozenset[int]
) -> tuple[str, frozenset[int]]:
    start, end = min(number.places), max(number.places)
    before = list(_walk(words, start - 1, -1, taken=taken))
    after = list(_walk(words, end + 1, 1, taken=taken))
    above = [at for at in (*before, *after) if _is_meant(words[at].fold, _ABOVE)]
    below = [at for at in (*before, *after) if _is_meant(words[at].fold, _BELOW)]
    if number.days:
        return ("days_above" if above else "days_within"), frozenset(above)
    if words[min(end + 1, len(words) - 1)].text == "+":
        return "above", frozenset({end + 1})
    if above or below:
        return ("above" if above else "below"), frozenset(above or below)
    near = [words[at].fold for at in range(max(0, start - 2), min(len(words), end + 4))]
    if not number.scaled and number.value <= _LEAST_AMOUNT and _FIRST & set(near):
        return "rows", frozenset()
    return "", frozenset()


def _is_meant(word: str, known: frozenset[str]) -> bool:
    """Say whether a word beside a number is one of those known, or one wrong letter from it.

    An amount whose `abve` was passed over would leave the figures of all amounts.
    """
    return word in known or (
        len(word) >= _SHORTEST_MISTYPED and any(_is_mistyped(word, one) for one in known)
    )


def _is_mistyped(word: str, known: str) -> bool:
    return len(known) > _SHORTEST_MISTYPED and known[0] == word[0] and distance(word, known, 1) == 1


def _walk(words: Sequence[Word], at: int, step: int, *, taken: frozenset[int]) -> Iterable[int]:
    """Give the places beside a number, as far as its comparison may stand."""
    for _ in range(_NEAR):
        if not 0 <= at < len(words) or at in taken:
            return
        yield at
        if words[at].fold not in _BESIDE:
            return
        at += step
