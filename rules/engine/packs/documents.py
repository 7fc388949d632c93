"""Packed text to a document; a rule whose text was in the pack before is not parsed again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from rules.engine.errors import PackLoadError

Packed = Mapping[str, Any]


class RuleText(NamedTuple):
    """A rule with the text that says it."""

    text: str
    rule: Packed


RuleTexts = Mapping[str, Sequence[RuleText]]
"""The rules of a pack by the list they stand in, in their order."""


def _refuse_float(text: str) -> int:
    raise PackLoadError(f"a pack holds no such number as {text}")


_JSON: Final = json.JSONDecoder(parse_float=_refuse_float, parse_constant=_refuse_float)


def read_document(text: str, before: RuleTexts) -> tuple[Packed, RuleTexts]:
    """Read a pack's text, with the rules of the pack before it; rules in both are the same objects.

    Text that is not written the one way, without blanks, is parsed as a whole.

    Raises:
        ValueError: it is no JSON.
    """
    document: dict[str, Any] = {}
    texts: dict[str, Sequence[RuleText]] = {}
    try:
        at = 0
        while text[at] != "}":
            name, at = _JSON.raw_decode(text, _past(text, at, ',"' if document else '{"') - 1)
            at = _past(text, at, ":")
            if text.startswith("[{", at):
                texts[name], at = _read_rules(text, at, before.get(name, ()))
                document[name] = [one.rule for one in texts[name]]
            else:
                document[name], at = _JSON.raw_decode(text, at)
        if at == len(text) - 1:
            return document, texts
    except (IndexError, ValueError):
        # Written some other way, or no JSON: the parser of all of it knows which.
        pass
    whole: Packed = _JSON.decode(text)
    return whole, {}


def _read_rules(text: str, at: int, before: Sequence[RuleText]) -> tuple[list[RuleText], int]:
    """Read a list that starts at a place, and tell where it ends."""
    places = {_name(one.rule): place for place, one in enumerate(before)}
    found: list[RuleText] = []
    following = 0
    while text[at] != "]":
        at = _past(text, at, ",{" if found else "[{") - 1
        known = before[following] if following < len(before) else None
        if known is None or not text.startswith(known.text, at):
            rule, end = _JSON.raw_decode(text, at)
            known = RuleText(text[at:end], rule)
            following = places.get(_name(rule), following - 1)
        found.append(known)
        following += 1
        at += len(known.text)
    return found, at + 1


def _name(rule: Packed) -> object:
    """Give what stays where a rule changes: its id, or the name of a case."""
    return rule.get("id", rule.get("name"))


def _past(text: str, at: int, sign: str) -> int:
    if not text.startswith(sign, at):
        raise ValueError(sign)
    return at + len(sign)
