"""A question becomes a request, a question back, or a plain no; nothing is guessed silently."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from hub.desk.assistant.model.amounts import read_amounts
from hub.desk.assistant.model.choosing import Heard, choose_report
from hub.desk.assistant.model.dates import read_days
from hub.desk.assistant.model.following import follow, with_notes
from hub.desk.assistant.model.lexicon import Lexicon, Said, mended, of_section
from hub.desk.assistant.model.names import LONGEST, Entry, Mention, NameIndex
from hub.desk.assistant.model.replies import (
    Asker,
    Declined,
    Reading,
    Reply,
    Unclear,
    Why,
)
from hub.desk.assistant.model.requesting import of_all_seen, request_of
from hub.desk.assistant.model.spelling import Word, read_words
from hub.desk.reports.model.requests import ReportRequest

MOST_CHARACTERS: Final = 400
"""A longer text is a paste, not a question."""
_SHORTEST_MISTYPED: Final = 5
_SIGNS: Final = (";", "--", "/*", "' or ", "<script", "{{", "${")
_SLOTS: Final = frozenset(
    [
        "of",
        "in",
        "at",
        "by",
        "from",
        "for",
        "to",
        "on",
        "with",
        "ne",
        "ka",
        "ke",
        "ki",
        "ko",
        "se",
        "men",
        "'s",
    ]
)


def read_question(
    text: str,
    asker: Asker,
    index: NameIndex,
    *,
    lexicon: Lexicon,
    today: date,
    after: ReportRequest | None = None,
) -> Reply:
    """Read a question of somebody into what it asks for; `after` is what was asked before it."""
    words = read_words(text) if len(text) <= MOST_CHARACTERS else []
    if not words:
        return Unclear("empty" if len(text) <= MOST_CHARACTERS else "long")
    signs = any(sign in text.lower() for sign in _SIGNS)
    refused = "injection" if signs else _refused(words, index, lexicon)
    if refused is not None:
        return Declined(refused, refused=True)
    heard = _hear(words, index, lexicon=lexicon, today=today)
    if not isinstance(heard, tuple):
        return heard
    reading, found = heard
    plain = request_of(reading, found, asker, today=today)
    reply = plain if after is None else follow(reading, found, after, plain=plain)
    reply = of_all_seen(reply, asker)
    return with_notes(reply, reading, found, index=index, lexicon=lexicon)


_VERBS: Final = frozenset(
    [
        "cancel",
        "delete",
        "approve",
        "reject",
        "release",
        "raise",
        "increase",
        "reduce",
        "change",
        "update",
        "remove",
        "create",
        "add",
        "set",
        "mark",
        "edit",
        "place",
        "book",
        "transfer",
        "dispatch",
        "write",
        "block",
        "pay",
        "close",
        "assign",
        "modify",
        "insert",
        "drop",
        "grant",
        "hatao",
        "badhao",
        "banao",
        "ghatao",
        "email",
        "mail",
        "whatsapp",
    ]
)
_POLITE: Final = frozenset(["please", "pls", "kindly", "can", "you", "could", "and", "then"])


def _begins_with_a_verb(words: Sequence[Word]) -> bool:
    rest = [word.text for word in words]
    while rest and rest[0] in _POLITE:
        rest = rest[1:]
    if len(rest) > 1 and rest[0] == "order" and rest[1].isdigit():
        return True
    return (
        bool(rest)
        and rest[0] in _VERBS
        and len(rest) > 1
        and rest[1] not in {"hue", "hua", "order", "orders"}
    )


def _refused(words: Sequence[Word], index: NameIndex, lexicon: Lexicon) -> Why | None:
    """Say why a question is declined by its words; mistyped words count for writes alone."""
    plain = lexicon.find([word.fold for word in words])
    safe = [at for at, word in enumerate(words) if index.knows(word.fold)]
    near = lexicon.find(mended(words, lexicon, safe))
    for said in (*of_section(plain, "refused"), *of_section(near, "refused")):
        name = said.tag[1]
        if name == "write":
            return "write"
        if said in plain and name == "injection":
            return "injection"
        if said in plain and not _is_in_a_name(words, said, index):
            return "outside"
    return "write" if _begins_with_a_verb(words) else None


def _is_in_a_name(words: Sequence[Word], said: Said, index: NameIndex) -> bool:
    """Say whether a word of another subject is a name's, with the word beside it.

    `orders of Coorg Valley Hotel` are those of a shop; nobody asks for a room.
    """
    first, last = min(said.places), max(said.places)
    pairs = (words[max(first - 1, 0) : last + 1], words[first : last + 2])
    return any(
        len(pair) > len(said.places)
        and all(index.knows(word.fold) for word in pair)
        and index.find_partly(pair)
        for pair in pairs
    )


def _hear(
    words: Sequence[Word], index: NameIndex, *, lexicon: Lexicon, today: date
) -> tuple[Reading, Heard] | Unclear | Declined:
    """Find what a question says: names, days, numbers, phrases; or why it cannot be known."""
    reading = Reading(words)
    _take_exact(reading, index, lexicon)
    days = read_days(words, today, taken=frozenset(reading.taken))
    if days.impossible and days.two is None:
        return Unclear("days", days.impossible)
    reading.taken |= days.used
    amounts = read_amounts(words, frozenset(reading.taken))
    _take_mistyped(reading, index, lexicon)
    reading.taken |= amounts.used
    safe = {at for at, word in enumerate(words) if at in reading.taken or index.knows(word.fold)}
    folds = [
        "" if at in reading.taken else word for at, word in enumerate(mended(words, lexicon, safe))
    ]
    said = lexicon.find(folds)
    heard = Heard(
        tuple(said),
        tuple(folds),
        days.period,
        amounts,
        frozenset(e.kind for m in reading.mentions for e in m.entries),
        days.two,
        _words_before(words, days.used),
    )
    unknown = _unknown(reading, folds, lexicon, said=said)
    if unknown:
        partly = index.find_partly(unknown)
        kinds = {(one.kind, one.name, one.key) for one in partly}
        places = _places_of(words, unknown, partly[0]) if len(kinds) == 1 else frozenset()
        if not places or (len(places) < 2 and len(read_words(partly[0].name)) > 2):  # noqa: PLR2004
            if choose_report(heard) is None and not reading.mentions and not partly:
                return Declined("outside") if len(said) == 0 else Unclear("report")
            return Unclear("name", " ".join(word.typed for word in unknown), tuple(partly[:5]))
        reading.take_part(places, partly[0])
        kinds_named = frozenset(e.kind for m in reading.mentions for e in m.entries)
        left = tuple(one for one in said if not one.places & places)
        heard = replace(heard, kinds=kinds_named, said=left)
    return reading, heard


def _places_of(words: Sequence[Word], unknown: Sequence[Word], entry: Entry) -> frozenset[int]:
    """Give where a part of a name stands: words that nothing else explains, and those beside them.

    Of `Coorg Valley Hotel ke order` all three are the shop's, though `hotel` says something else.
    """
    held = {word.fold for word in read_words(entry.name)}
    places = {at for at, word in enumerate(words) if word in unknown}
    for step in (-1, 1):
        at = (min if step < 0 else max)(places) + step
        while 0 <= at < len(words) and words[at].fold in held:
            places.add(at)
            at += step
    return frozenset(places)


def _words_before(words: Sequence[Word], used: frozenset[int]) -> frozenset[str]:
    """Give the word that leads to the days, within their words or right before them."""
    first = min(used, default=0)
    return frozenset(word.text for word in words[max(first - 1, 0) : first + 1] if used)


def _take_exact(reading: Reading, index: NameIndex, lexicon: Lexicon) -> None:
    words = reading.words
    for length in range(min(LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            places = frozenset(range(start, start + length))
            if places & reading.taken:
                continue
            span = words[start : start + length]
            found = index.find_exact(span)
            if found and (length > 1 or _counts_as_name(words, start, lexicon)):
                reading.take(Mention(places, tuple(found), exact=True))


_LEADS: Final = frozenset(["in", "at", "from", "of", "to", "on", "by", "for"])


def _counts_as_name(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Say whether a usual word stands as a name does: `in Main`, `main godown`."""
    word = words[at]
    if not lexicon.knows(word.fold):
        return True
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    kinds = ("godown", "godam", "warehouse", "depot", "beat", "brand", "gudam")
    beside = after is not None and after.text in kinds
    return (
        beside
        or (word.capital and at > 0)
        or (before is not None and before.text in _LEADS and word.text not in {"me", "the"})
    )


def _take_mistyped(reading: Reading, index: NameIndex, lexicon: Lexicon) -> None:
    words = reading.words
    for length in range(min(LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            places = frozenset(range(start, start + length))
            if places & reading.taken:
                continue
            span = words[start : start + length]
            strange = [word for word in span if not lexicon.knows(word.fold)]
            if not strange or (
                length == 1
                and (lexicon.mend(span[0].fold) or len(span[0].fold) < _SHORTEST_MISTYPED)
            ):
                continue
            found = index.find_mistyped(span)
            if found:
                reading.take(Mention(places, tuple(found)))


def _unknown(
    reading: Reading, folds: Sequence[str], lexicon: Lexicon, *, said: Sequence[Said]
) -> list[Word]:
    """Give the first run of words that nothing explains and that stand where a name would."""
    explained = {at for one in said for at in one.places} | reading.taken
    words = reading.words
    strange = [
        at
        for at, one in enumerate(folds)
        if at not in explained
        and one
        and not lexicon.knows(one)
        and not one[0].isdigit()
        and words[at].text.isalpha()
    ]
    for at in strange:
        before = words[at - 1].text if at else ""
        after = words[at + 1].fold if at + 1 < len(words) else ""
        slot = before in _SLOTS or after in {"ka", "ke", "ki", "ko", "ne", "'s"}
        name = (words[at].capital and at > 0) or slot or len(words) <= 6  # noqa: PLR2004
        if name:
            return [words[one] for one in strange if abs(one - at) <= 3]  # noqa: PLR2004
    return []
