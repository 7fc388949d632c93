"""Packed text to a document; a rule whose text was in the pack before is not parsed again."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, overload

from rules.engine.errors import PackLoadError
from rules.engine.packs.rates import cut_long_lists, put_back

Packed = Mapping[str, Any]


class Span(NamedTuple):
    """A rule, and where its text starts and ends."""

    start: int
    end: int
    rule: Packed


class Known(NamedTuple):
    """The text of a pack, and the rules in it by the list they stand in, in their order."""

    text: str
    rules: Mapping[str, Sequence[Span]]


NOTHING_KNOWN: Final = Known("", {})


def _refuse_float(text: str) -> int:
    raise PackLoadError(f"a pack holds no such number as {text}")


_LONG: Final = frozenset({"schemes", "cases"})
"""The lists of a pack that may have thousands of members of some hundred characters each."""

_JSON: Final = json.JSONDecoder(parse_float=_refuse_float, parse_constant=_refuse_float)


def read_document(text: str, before: Known | None) -> tuple[Packed, Known]:
    """Read a pack's text, knowing the pack before it; rules in both are the same objects.

    Where no pack follows (None), the text is parsed as a whole, which takes less memory; so is text
    that is not written the one way, without blanks.

    Raises:
        ValueError: it is no JSON.
    """
    if before is None:
        return _whole(text), NOTHING_KNOWN
    document: dict[str, Any] = {}
    rules: dict[str, Sequence[Span]] = {}
    try:
        at = 0
        while text[at] != "}":
            name, at = _JSON.raw_decode(text, _past(text, at, ',"' if document else '{"') - 1)
            at = _past(text, at, ":")
            if text.startswith("[{", at):
                rules[name] = spans = _read_rules(text, at, before, name=name)
                document[name] = [span.rule for span in spans]
                at = spans[-1].end + 1
            else:
                document[name], at = _JSON.raw_decode(text, at)
        if at == len(text) - 1:
            return document, Known(text, rules)
    except (IndexError, ValueError):
        # Written some other way, or no JSON: the parser of all of it knows which.
        pass
    return _whole(text), NOTHING_KNOWN


class Parsed(Sequence[Packed]):
    """Rules or cases as text, each parsed whenever it is asked for and then let go again.

    1,000 schemes are 0.8 MB of text and 5.5 MB of dictionaries. Were those there at once, what is
    built of them would lie between them, and their memory could not be given back.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        """Count the rules."""
        return len(self._texts)

    def __iter__(self) -> Iterator[Packed]:
        """Parse one after the other."""
        return map(_whole, self._texts)

    @overload
    def __getitem__(self, place: int) -> Packed: ...
    @overload
    def __getitem__(self, place: slice) -> "Parsed": ...
    def __getitem__(self, place: int | slice) -> "Packed | Parsed":
        """Parse the rule at a place."""
        texts = self._texts[place]
        return _whole(texts) if isinstance(texts, str) else Parsed(texts)


def read_sparingly(packed: bytes) -> Packed:
    """Read a pack so that it takes little memory at once, and some more time.

    Long price lists become text and numbers, not dictionaries; schemes and cases are `Parsed`.

    Raises:
        ValueError: it is no JSON.
    """
    text, lists = cut_long_lists(packed)
    document = _in_pieces(text)
    for name in ("prices", "floors"):
        for rule in document[name]:
            put_back(rule, lists)
    return document


def _in_pieces(text: str) -> Packed:
    """Read a pack with the long lists of its rules as text; as a whole where it is written else."""
    document: dict[str, Any] = {}
    try:
        at = 0
        while text[at] != "}":
            name, at = _JSON.raw_decode(text, _past(text, at, ',"' if document else '{"') - 1)
            at = _past(text, at, ":")
            if name in _LONG and text.startswith("[{", at):
                document[name], at = _texts(text, at)
            else:
                document[name], at = _JSON.raw_decode(text, at)
        if at == len(text) - 1:
            return document
    except (IndexError, ValueError):
        # Written some other way, or no JSON: the parser of all of it knows which.
        pass
    return _whole(text)


def _texts(text: str, at: int) -> tuple[Parsed, int]:
    """Cut a list that starts at a place and is not empty into its members; gives its end too."""
    found: list[str] = []
    while text[at] != "]":
        start = _past(text, at, ",{" if found else "[{") - 1
        _, at = _JSON.raw_decode(text, start)
        found.append(text[start:at])
    return Parsed(found), at + 1


def _whole(text: str) -> Packed:
    document: Packed = _JSON.decode(text)
    return document


def _read_rules(text: str, at: int, before: Known, *, name: str) -> list[Span]:
    """Read a list that starts at a place and is not empty."""
    known = before.rules.get(name, ())
    found: list[Span] = []
    places: dict[object, int] = {}
    following = 0
    while text[at] != "]":
        at = _past(text, at, ",{" if found else "[{") - 1
        same = known[following] if following < len(known) else None
        if same is not None and text.startswith(before.text[same.start : same.end], at):
            rule, end = same.rule, at + same.end - same.start
        else:
            rule, end = _JSON.raw_decode(text, at)
            if same is None or _name(same.rule) != _name(rule):
                places = places or {_name(span.rule): place for place, span in enumerate(known)}
                following = places.get(_name(rule), following - 1)
        found.append(Span(at, end, rule))
        following += 1
        at = end
    return found


def _name(rule: Packed) -> object:
    """Give what stays where a rule changes: its id, or the name of a case."""
    return rule.get("id", rule.get("name"))


def _past(text: str, at: int, sign: str) -> int:
    if not text.startswith(sign, at):
        raise ValueError(sign)
    return at + len(sign)
