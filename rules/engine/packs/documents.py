"""Packed text to a document; a rule whose text was in the pack before is not parsed again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

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


def read_sparingly(text: str) -> Packed:
    """Read a pack's text with long price lists as text and numbers, not as dictionaries.

    Raises:
        ValueError: it is no JSON.
    """
    shorter, lists = cut_long_lists(text)
    document = _whole(shorter)
    for name in ("prices", "floors"):
        for rule in document[name]:
            put_back(rule, lists)
    return document


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
